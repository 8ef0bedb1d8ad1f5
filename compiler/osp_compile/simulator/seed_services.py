"""The control plane's and Ceph's part of a fresh world. The shape is in seed.py."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

SERVICES = ("keystone_public", "nova_osapi", "glance_api", "heat_api", "neutron", "cinder", "horizon", "mysql", "redis")
SCHEMAS = ("cinder", "glance", "heat", "keystone", "neutron", "nova", "nova_api")
UNDERCLOUD_SCHEMAS = ("heat", "ironic", "mistral", "nova")
VIP, REDIS_VIP = "192.0.2.5", "172.16.2.6"


def services(site: Mapping[str, Any], hosts: dict[str, Any], now: float) -> dict[str, Any]:
    """pacemaker, galera, mysql, rabbit, redis, mongo, haproxy and ceph; fills the hosts' hiera."""
    clustered = [name for name, host in hosts.items() if "pacemaker" in host["capabilities"]]
    controllers = [name for name, host in hosts.items() if "controller" in host["capabilities"]]
    passwords = {key: secret(key, site["name"]) for key in ("mysql", "redis", "haproxy", "undercloud", "ceilometer")}
    hosts["undercloud"]["hiera"] = {
        "mysql::server::root_password": passwords["undercloud"],
        "service_names": ["mongodb"],
    }
    mongo = str(site.get("mongodb", "auto")) != "false"
    for name in controllers:
        hosts[name]["hiera"] = {
            "mysql::server::root_password": passwords["mysql"],
            "redis::masterauth": passwords["redis"],
            "redis::requirepass": passwords["redis"],
            "redis_vip": REDIS_VIP,
            "redis::bind": hosts[name]["address"],
            "controller_virtual_ip": VIP,
            "tripleo::haproxy::haproxy_stats_password": passwords["haproxy"],
            "service_names": ["keystone", "mysql", "redis", "rabbitmq", "haproxy", *(["mongodb"] if mongo else [])],
        } | ({"mongodb::server::bind_ip": hosts[name]["address"]} if mongo else {})
        if not mongo:
            hosts[name]["units"].pop("mongod.service", None)
    first = controllers[0] if controllers else ""
    return {
        "pacemaker": pacemaker(clustered, bool(site.get("fencing", True))) if clustered else None,
        "mysql": {"password": passwords["undercloud"], "schemas": {name: ["version"] for name in UNDERCLOUD_SCHEMAS}},
        "galera": {
            "password": passwords["mysql"], "nodes": {name: {"synced": True, "running": True} for name in controllers},
            "schemas": {name: ["alembic_version", "instances"] for name in SCHEMAS},
            "users": [[name, host] for name in SCHEMAS for host in ("%", VIP)],
        } if controllers else None,
        "rabbit": {
            "nodes": {name: {"running": True, "healthy": True} for name in controllers},
        } if controllers else None,
        "redis": {
            "password": passwords["redis"], "vip": REDIS_VIP, "master": first,
            "lastsave": int(now) - 900, "bgsave": None, "status": "ok", "nodes": controllers,
        } if controllers else None,
        "mongo": {
            "replica_set": "tripleo", "primary": controllers[-1], "nodes": {name: {"up": True} for name in controllers},
            "databases": ["ceilometer", "local"],
        } if controllers and mongo else None,
        "haproxy": {
            "password": passwords["haproxy"], "tls": False, "port": 1993, "vip": VIP,
            "services": {
                name: {node: "DOWN" if name == "redis" and node != first else "UP" for node in controllers}
                for name in SERVICES
            },
        } if controllers else None,
        "ceph": ceph(hosts),
    }  # fmt: skip


def secret(*words: str) -> str:
    """A password as TripleO makes them, with a tail of characters that a shell or a my.cnf would trip over."""
    return hashlib.sha256("/".join(words).encode()).hexdigest()[:20] + "#$x"


def pacemaker(nodes: list[str], fencing: bool) -> dict[str, Any]:
    first = nodes[0]

    def spread(role: str) -> dict[str, str]:
        return dict.fromkeys(nodes, role)

    resources = [
        resource(f"ip-{VIP}", "primitive", "ocf::heartbeat:IPaddr2", nodes, {first: "Started"}),
        resource(f"ip-{REDIS_VIP}", "primitive", "ocf::heartbeat:IPaddr2", nodes, {first: "Started"}),
        resource("haproxy-clone", "clone", "systemd:haproxy", nodes, spread("Started")),
        resource("galera-master", "master", "ocf::heartbeat:galera", nodes, spread("Master")),
        resource("rabbitmq-clone", "clone", "ocf::heartbeat:rabbitmq-cluster", nodes, spread("Started")),
        resource("redis-master", "master", "ocf::heartbeat:redis", nodes, spread("Slave") | {first: "Master"}),
        resource("openstack-cinder-volume", "primitive", "systemd:openstack-cinder-volume", nodes, {first: "Started"}),
    ]
    if fencing:
        resources += [
            resource(
                f"stonith-fence_ipmilan-{node}",
                "stonith",
                "stonith:fence_ipmilan",
                nodes,
                {nodes[(index + 1) % len(nodes)]: "Started"},
            )
            for index, node in enumerate(nodes)
        ]
    return {
        "nodes": {node: {"online": True, "standby": False, "maintenance": False} for node in nodes},
        "properties": {
            "cluster-infrastructure": "corosync", "cluster-name": "tripleo_cluster",
            "dc-version": "1.1.16-12.el7_4.8-94ff4df",
            "have-watchdog": "false", "redis_REPL_INFO": first, "stonith-enabled": "true" if fencing else "false",
        },
        "fencing": fencing, "resources": resources, "failed": [],
    }  # fmt: skip


def resource(name: str, kind: str, agent: str, nodes: list[str], state: dict[str, str]) -> dict[str, Any]:
    return {"id": name, "kind": kind, "agent": agent, "nodes": list(nodes), "disabled": False, "state": state}


def ceph(hosts: dict[str, Any]) -> dict[str, Any] | None:
    osds: list[dict[str, Any]] = []
    for name, host in hosts.items():
        if "ceph_osd" in host["capabilities"]:
            osds += [{"id": len(osds) + n, "host": name, "up": True, "in": True} for n in range(3)]
    if not osds:
        return None
    mons = [name for name, host in hosts.items() if "ceph_mon" in host["capabilities"]]
    mons = mons or [name for name, host in hosts.items() if "controller" in host["capabilities"]]
    for name in mons:
        hosts[name]["units"][f"ceph-mon@{name}.service"] = {
            "active": "active",
            "sub": "running",
            "enabled": "enabled",
            "loaded": True,
        }
    return {
        "fsid": "4b5c8c0a-ff60-454b-a1b4-9747aa737d19", "mons": {name: {"up": True} for name in mons}, "osds": osds,
        "pools": {"rbd": 0, "images": 8 * 10**9, "vms": 70 * 10**9, "volumes": 120 * 10**9, "metrics": 10**9},
        "num_pgs": 1024, "stuck": {}, "recovering": None, "config_keys": {},
        "flags": ["sortbitwise", "require_jewel_osds"],
        "used": 600 * 10**9, "total": len(osds) * 2 * 10**12,
    }  # fmt: skip
