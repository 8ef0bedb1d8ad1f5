"""The undercloud's own services: a real MariaDB, and units of the names that the guide stops and starts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lab.machines import wait
from lab.site import COMPUTES, CONTROLLERS, UNDERCLOUD, Lab

PACKAGES = ("mariadb-server", "rsync", "screen", "tmux")
# Units of OpenStack whose work the simulator does: they run, stop, start and outlive a reboot as any other.
UNITS = {
    UNDERCLOUD: (
        "httpd openstack-heat-api openstack-heat-engine openstack-glance-api openstack-ironic-api "
        "openstack-ironic-conductor openstack-mistral-api openstack-mistral-engine openstack-mistral-executor "
        "openstack-nova-api openstack-nova-conductor openstack-nova-scheduler openstack-nova-compute "
        "openstack-swift-proxy openstack-zaqar neutron-server neutron-dhcp-agent neutron-openvswitch-agent"
    ),
    **dict.fromkeys(
        CONTROLLERS,
        "httpd openstack-nova-api openstack-nova-conductor openstack-nova-scheduler openstack-glance-api "
        "openstack-heat-engine openstack-cinder-api neutron-server neutron-l3-agent neutron-dhcp-agent",
    ),
    **dict.fromkeys(COMPUTES, "libvirtd openstack-nova-compute neutron-openvswitch-agent"),
}
UNIT = """\
[Unit]
Description={name} of the lab
[Service]
ExecStart=/bin/sleep infinity
"""
MARIADB = """\
[mysqld]
init-file=/etc/mysql/lab.sql
bind-address=127.0.0.1
innodb-buffer-pool-size=32M
performance-schema=0
"""
DATA = Path(__file__).parents[1] / "config" / "undercloud.sql"


def prepare(lab: Lab) -> None:
    quoted = lab.mysql_password.replace("\\", "\\\\").replace("'", "\\'")
    # one statement a line: that is how an init file is read
    statements = f"ALTER USER root@localhost IDENTIFIED BY '{quoted}';\n" + DATA.read_text("utf-8")
    lab.write(UNDERCLOUD, "/etc/mysql/lab.sql", statements)
    lab.write(UNDERCLOUD, "/etc/mysql/mariadb.conf.d/99-lab.cnf", MARIADB)
    lab.write(UNDERCLOUD, "/root/.my.cnf", lab.mysql_login, 0o600)
    lab.want(UNDERCLOUD, "mariadb.service")
    for machine, names in UNITS.items():
        for name in names.split():
            lab.write(machine, f"/etc/systemd/system/{name}.service", UNIT.format(name=name))
            lab.want(machine, f"{name}.service", f"/etc/systemd/system/{name}.service")


def start(lab: Lab, say: Callable[[str], None]) -> None:
    """The database of a machine that boots comes by itself."""
    seconds = wait("the undercloud's MariaDB", lambda: _answers(lab), 60)
    say(f"the undercloud's MariaDB answers after {seconds:.0f} s")


def _answers(lab: Lab) -> bool:
    return lab.undercloud.ask("mysql", "--defaults-file=/root/.my.cnf", "-e", "select 1").returncode == 0
