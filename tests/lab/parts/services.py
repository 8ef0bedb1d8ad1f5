"""What every part of OpenStack needs on a machine: its configuration, its units, and the rc files that lead to it."""

from __future__ import annotations

import shlex
from pathlib import Path

from lab.parts.files import config, give, put
from lab.site import ADDRESSES, CLOUD, Lab

LAUNCHER = Path("/usr/lib/python3/dist-packages/oslo_service/service.py")
PLACE = "/usr/local/lib/lab"  # where a machine has the lab's own programs
UNIT = """\
[Unit]
Description={name} of the lab's cloud
After={after}
Requires={after}
[Service]
{user}Environment=PYTHONPATH={place} PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=ignore
ExecStart={command}
Restart=always
RestartSec=1
"""


def calm_launchers(lab: Lab, machine: str) -> None:
    """The parents of OpenStack's workers look a hundred times a second for one that has ended; here twice a second."""
    text = LAUNCHER.read_text("utf-8")
    lab.write(machine, str(LAUNCHER), text.replace("wait_interval=0.01", "wait_interval=0.5"))


def full(name: str) -> str:
    """A node as nova and neutron know it."""
    return f"{name}.localdomain"


def service_words(lab: Lab, region: str = "") -> dict[str, str]:
    cloud = ADDRESSES[CLOUD]
    service = (
        f"auth_url = http://{cloud}:5000/v3\nauth_type = password\nusername = lab\npassword = {lab.cloud_password}\n"
        "project_name = service\nuser_domain_name = Default\nproject_domain_name = Default\n"
    )
    return {
        "cloud": cloud,
        "service": service,
        "keystone": f"[keystone_authtoken]\nwww_authenticate_uri = http://{cloud}:5000/v3\n{service}",
        "database": f"mysql+pymysql://lab:{lab.cloud_password}@{cloud}",
        "broker": f"rabbit://lab:{lab.cloud_password}@{cloud}:5672/{region}",
    }


def put_nova(lab: Lab, machine: str, host: str, names: str = "", region: str = "") -> None:
    """`names` is what its databases' names begin with, where it has any; a region has a virtual host in RabbitMQ."""
    words = service_words(lab, region)
    place = f"connection = {words['database']}/{names}"
    databases = f"[api_database]\n{place}_api\n[database]\n{place}\n" if names else ""
    driver = "BareMetal" if region else "Hypervisor"
    text = config("cloud/nova.conf", host=host, address=ADDRESSES[machine], databases=databases, driver=driver, **words)
    put(lab, machine, "/etc/nova/nova.conf", text, "nova", 0o640)
    for folder in ("/var/lib/nova/tmp", "/var/lib/lab"):
        put_folder(lab, machine, folder, "nova")


def put_folder(lab: Lab, machine: str, path: str, owner: str) -> None:
    """A folder that the packages have not made."""
    put(lab, machine, f"{path}/.keep", "")
    give(lab.layer(machine, path), owner)


def put_neutron(lab: Lab, machine: str) -> None:
    put(lab, machine, "/etc/neutron/neutron.conf", config("cloud/neutron.conf", **service_words(lab)), "neutron", 0o640)


def put_agents(lab: Lab, machine: str, binaries: tuple[str, ...]) -> None:
    """The last of them, as a unit, speaks for all: a process each would only cost memory."""
    words = " ".join(f"{full(machine)}:{binary}" for binary in binaries)
    command = f"/usr/bin/python3 {PLACE}/agents.py --config-file /etc/neutron/neutron.conf {words}"
    put_unit(lab, machine, binaries[-1], "neutron", command, after="network.target")


def put_unit(lab: Lab, machine: str, name: str, user: str, command: str, *, after: str) -> None:
    text = UNIT.format(name=name, after=after, user=f"User={user}\n", place=PLACE, command=command)
    lab.write(machine, f"/etc/systemd/system/{name}.service", text)
    lab.want(machine, f"{name}.service", f"/etc/systemd/system/{name}.service")


def rc(lab: Lab, cloud: str, region: str, **more: str) -> str:
    """The text of an rc file."""
    values = {
        "NO_CACHE": "True", "CLOUDNAME": cloud, "AUTH_URL": f"http://{ADDRESSES[CLOUD]}:5000/v3",
        "USERNAME": "admin", "PASSWORD": lab.cloud_password, "PROJECT_NAME": "admin", "USER_DOMAIN_NAME": "Default",
        "PROJECT_DOMAIN_NAME": "Default", "IDENTITY_API_VERSION": "3", "REGION_NAME": region, **more,
    }  # fmt: skip
    return "".join(f"export OS_{key}={shlex.quote(value)}\n" for key, value in values.items())
