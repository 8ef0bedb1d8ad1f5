"""Puppet's data on the controllers, as OSP 10 leaves it for `hiera KEY`; root's alone, since it holds passwords."""

from __future__ import annotations

import json

from lab.parts.files import CONFIG, put
from lab.site import ADDRESSES, CONTROLLERS, PUBLIC_VIP, REDIS_VIP, Lab

SERVICES = (
    "ca_certs",
    "ceph_mon",
    "haproxy",
    "kernel",
    "mysql",
    "ntp",
    "pacemaker",
    "rabbitmq",
    "redis",
    "snmp",
    "sshd",
)


def prepare(lab: Lab) -> None:
    for name in CONTROLLERS:
        for path in ("/etc/puppet/hiera.yaml", "/etc/hiera.yaml"):
            put(lab, name, path, (CONFIG / "hiera.yaml").read_text())
        for file, data in _data(lab, name).items():
            put(lab, name, f"/etc/puppet/hieradata/{file}.json", json.dumps(data, indent=2) + "\n", mode=0o600)


def _data(lab: Lab, name: str) -> dict[str, dict[str, object]]:
    address = ADDRESSES[name]
    return {
        "service_names": {"service_names": list(SERVICES)},
        "service_configs": {
            "mysql::server::root_password": lab.mysql_password,
            "tripleo::profile::base::database::mysql::bind_address": address,
            "redis::masterauth": lab.redis_password,
            "redis::requirepass": lab.redis_password,
            "redis::bind": address,
            "tripleo::haproxy::haproxy_stats_user": "admin",
            "tripleo::haproxy::haproxy_stats_password": lab.haproxy_password,
            "rabbitmq::node_ip_address": address,
        },
        "all_nodes": {
            "redis_vip": REDIS_VIP,
            "public_virtual_ip": PUBLIC_VIP,
            "controller_node_names": ",".join(f"{one}.localdomain" for one in CONTROLLERS),
            "mysql_node_ips": [ADDRESSES[one] for one in CONTROLLERS],
            "redis_node_ips": [ADDRESSES[one] for one in CONTROLLERS],
        },
    }
