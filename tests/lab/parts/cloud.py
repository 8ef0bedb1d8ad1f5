"""The overcloud's own OpenStack: keystone, placement, nova, neutron, glance and cinder, and real computes.

The APIs are on a machine of their own, as behind a virtual address that outlives any one controller. nova-compute
and the Open vSwitch agent run on each compute, and the other agents on the controllers: they go down with their
machine, and come back with it. The hypervisors are nova's fake ones; no packet leaves an instance.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from lab import newton, tables
from lab.machines import Machine, wait
from lab.parts import rabbitmq, services
from lab.parts.files import config, put
from lab.parts.services import PLACE, full, put_agents, put_folder, put_neutron, put_nova, put_unit, rc, service_words
from lab.site import ADDRESSES, CLOUD, COMPUTES, CONTROLLERS, UNDERCLOUD, Lab
from lab.tables import Tables

PACKAGES = (
    "mariadb-server", "rabbitmq-server", "keystone", "placement-api", "nova-api", "nova-conductor", "nova-scheduler",
    "neutron-server", "glance-api", "cinder-api", "cinder-scheduler", "cinder-volume", "uwsgi-core",
    "uwsgi-plugin-python3", "python3-openstackclient", "python3-openstacksdk", "python3-novaclient",
    "python3-neutronclient",
)  # fmt: skip
PROGRAMS = Path(__file__).parents[1] / "openstack"
DATABASES = ("keystone", "placement", "nova_api", "nova", "nova_cell0", "neutron", "glance", "cinder")
PATIENCE = 600.0
USERS = """\
[Unit]
Description=The users and endpoints of the lab's clouds
ConditionPathExists=!{given}
After=lab-keystone.service
Requires=lab-keystone.service
[Service]
Type=oneshot
RemainAfterExit=yes
Environment=PYTHONDONTWRITEBYTECODE=1
ExecStart=/usr/bin/python3 {place}/register.py {words}
ExecStart=/bin/bash -c 'mariadb-dump --databases keystone >>/var/lib/lab-tables-begun.sql'
ExecStart=/bin/mv /var/lib/lab-tables-begun.sql {made}
# the undercloud's tables.sh waits for it
ExecStart=/usr/bin/mariadb --execute 'CREATE DATABASE lab_has_users'
"""


def wsgi(port: int, program: str, threads: int) -> str:
    """The command of an API that answers so many calls at once."""
    return (
        f"/usr/bin/uwsgi --plugin python3 --master --die-on-term --need-app --http-socket 0.0.0.0:{port} "
        f"--wsgi-file /usr/bin/{program} --processes 1 --threads {threads} --enable-threads --lazy-apps "
        "--buffer-size 65535 --add-header 'Connection: close'"
    )


# unit: (its user, the program with its words)
APIS = {
    # one at a time: with eight, some of those that come while it begins are refused (403)
    "lab-keystone": ("keystone", wsgi(5000, "keystone-wsgi-public", threads=1)),
    "lab-placement": ("placement", wsgi(8778, "placement-api", threads=8)),
    **{f"lab-nova-{one}": ("nova", f"/usr/bin/nova-{one}") for one in ("api", "conductor", "scheduler")},
    "lab-neutron": (
        "neutron",
        f"/usr/bin/python3 {PLACE}/neutron_server.py --config-file /etc/neutron/neutron.conf",
    ),
    "lab-glance": ("glance", "/usr/bin/glance-api"),
    **{f"lab-cinder-{one}": ("cinder", f"/usr/bin/cinder-{one}") for one in ("api", "scheduler", "volume")},
}
PORTS = {"keystone": 5000, "placement": 8778, "nova": 8774, "neutron": 9696, "glance": 9292, "cinder": 8776}
ON_CONTROLLERS = ("neutron-dhcp-agent", "neutron-l3-agent", "neutron-metadata-agent", "neutron-openvswitch-agent")
SHIMS = Path(__file__).parents[1] / "shims"


def prepare(lab: Lab) -> None:
    for name in (CLOUD, *CONTROLLERS, *COMPUTES):
        for program in sorted(PROGRAMS.glob("*.py")):
            lab.write(name, f"{PLACE}/{program.name}", program.read_text("utf-8"))
    services.calm_launchers(lab, CLOUD)
    _prepare_apis(lab)
    for name in COMPUTES:
        put_nova(lab, name, full(name))
        put_neutron(lab, name)
        compute = f"/usr/bin/python3 {PLACE}/nova_compute.py --config-file /etc/nova/nova.conf"
        put_unit(lab, name, "openstack-nova-compute", "nova", compute, after="openvswitch.service")
        put_agents(lab, name, ("neutron-openvswitch-agent",))
        lab.shim(name, "virsh", (SHIMS / "compute/virsh").read_text("utf-8"))
    for name in CONTROLLERS:
        put_neutron(lab, name)
        put_agents(lab, name, ON_CONTROLLERS)
    lab.share(UNDERCLOUD, newton.place(), newton.SEEN_AT)
    lab.write(UNDERCLOUD, "/home/stack/overcloudrc", overcloudrc(lab, "admin"), 0o600)
    lab.write(UNDERCLOUD, "/home/stack/vnf.rc", overcloudrc(lab, "vnf"), 0o600)


def _prepare_apis(lab: Lab) -> None:
    statements = [f"CREATE DATABASE IF NOT EXISTS {name} CHARACTER SET utf8mb3;" for name in DATABASES]
    statements += [
        f"CREATE USER IF NOT EXISTS lab@'%' IDENTIFIED BY '{lab.cloud_password}';",
        "GRANT ALL ON *.* TO lab@'%';",
    ]
    put(lab, CLOUD, "/etc/mysql/lab.sql", "\n".join(statements) + "\n", "mysql")
    put(lab, CLOUD, "/etc/mysql/mariadb.conf.d/99-lab.cnf", config("cloud/mariadb.cnf"))
    put(lab, CLOUD, "/etc/rabbitmq/rabbitmq.conf", config("cloud/rabbitmq.conf"))
    put(lab, CLOUD, "/etc/rabbitmq/rabbitmq-env.conf", rabbitmq.SPARING)
    put(lab, CLOUD, "/etc/rabbitmq/lab.json", config("cloud/rabbitmq.json", password=lab.cloud_password), "rabbitmq")
    for unit in ("mariadb.service", "rabbitmq-server.service"):
        lab.want(CLOUD, unit)
    _tables(lab).lend(lab)
    for service in ("keystone", "placement", "glance-api", "cinder"):
        folder = service.partition("-")[0]
        put(
            lab,
            CLOUD,
            f"/etc/{folder}/{service}.conf",
            config(f"cloud/{service}.conf", **service_words(lab)),
            folder,
            0o640,
        )
    put_nova(lab, CLOUD, full(CONTROLLERS[0]), "nova")
    put_neutron(lab, CLOUD)
    for folder in ("images", "staging", "tasks"):
        put_folder(lab, CLOUD, f"/var/lib/glance/{folder}", "glance")
    words = f"{ADDRESSES[CLOUD]} {ADDRESSES[UNDERCLOUD]} {lab.cloud_password}"
    users = USERS.format(place=PLACE, words=words, given=tables.GIVEN, made=tables.MADE)
    lab.write(CLOUD, "/etc/systemd/system/lab-users.service", users)
    lab.want(CLOUD, "lab-users.service", "/etc/systemd/system/lab-users.service")
    for name, (user, command) in APIS.items():
        # nova gives up where its own user is not known yet
        put_unit(lab, CLOUD, name, user, command, after="lab-users.service" if "nova" in name else "lab-tables.service")


def _tables(lab: Lab) -> Tables:
    register = (PROGRAMS / "register.py").read_text("utf-8")
    return Tables(CLOUD, "cloud", PACKAGES, f"{lab.cloud_password} http://{ADDRESSES[CLOUD]}:5000/v3", register)


def overcloudrc(lab: Lab, who: str) -> str:
    """The rc file of a user whose project has the same name."""
    return rc(lab, "overcloud", "regionOne", IMAGE_API_VERSION="2", USERNAME=who, PROJECT_NAME=who)


def start(lab: Lab, say: Callable[[str], None]) -> None:
    """All of it has begun with the boot; the APIs are waited for, and the cloud is filled."""
    _await_apis(lab)
    say("cloud: every API answers")
    _tables(lab).keep(lab)
    fill(lab.machines[CLOUD], "fill.py", ADDRESSES[CLOUD], lab.cloud_password, *map(full, COMPUTES))
    say(f"cloud: {len(instances(lab))} instances")


def _await_apis(lab: Lab) -> None:
    for name, port in PORTS.items():
        url = f"http://{ADDRESSES[CLOUD]}:{port}/"
        probe = ["curl", "--silent", "--output", "/dev/null", "--max-time", "5", url]
        wait(f"{name}'s API", partial(succeeds, lab.machines[CLOUD], probe), PATIENCE, 0.5)


def fill(machine: Machine, program: str, *words: str, stdin: str | None = None) -> str:
    """What the program prints. ValueError with what it waited for last, where it fails or takes too long."""
    limit = ("timeout", "--kill-after=10", f"{PATIENCE:.0f}")
    return machine.do(*limit, "python3", f"{PLACE}/{program}", *words, stdin=stdin, seconds=PATIENCE + 30)


def succeeds(machine: Machine, words: list[str]) -> bool:
    return machine.ask(*words).returncode == 0


def ask_tables(lab: Lab, database: str, question: str) -> str:
    """What a service's own tables say, a row a line."""
    return lab.machines[CLOUD].do("mariadb", "--batch", "--skip-column-names", database, "--execute", question)


def _rows(lab: Lab, database: str, question: str) -> list[list[str]]:
    return [line.split("\t") for line in ask_tables(lab, database, question).splitlines()]


def instances(lab: Lab) -> dict[str, str]:
    """{name: state} of every instance that is not deleted."""
    rows = _rows(lab, "nova", "select display_name, vm_state from instances where deleted = 0 order by display_name")
    return {row[0]: row[1] for row in rows}


def moving(lab: Lab) -> int:
    """How many instances are on their way from one compute to another."""
    return len(_rows(lab, "nova", "select uuid from instances where deleted = 0 and task_state = 'migrating'"))


def place_of(lab: Lab, server: str) -> tuple[str, str]:
    """Its id, and the node that it is on."""
    question = f"select uuid, host from instances where deleted = 0 and display_name = '{server}'"
    ((uuid, host),) = _rows(lab, "nova", question)
    return uuid, host.partition(".")[0]


def addresses_of(lab: Lab, server: str) -> list[str]:
    uuid, _ = place_of(lab, server)
    question = (
        "select ip_address from ipallocations join ports on ports.id = ipallocations.port_id "
        f"where ports.device_id = '{uuid}' order by ip_address"
    )
    return [row[0] for row in _rows(lab, "neutron", question)]
