"""The control plane's and Ceph's part of a fresh world. state/control_plane.py has their types."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from osp_simulator.state.control_plane import (
    Ceph,
    ControlPlane,
    Galera,
    Haproxy,
    Kind,
    Mongo,
    Mysql,
    Osd,
    Pacemaker,
    Rabbit,
    Redis,
    Resource,
)
from osp_simulator.state.hosts import Hiera, Host
from osp_simulator.state.site import Site

SERVICES = ("keystone_public", "nova_osapi", "glance_api", "heat_api", "neutron", "cinder", "horizon", "mysql", "redis")
SCHEMAS = ("cinder", "glance", "heat", "keystone", "neutron", "nova", "nova_api")
UNDERCLOUD_SCHEMAS = ("heat", "ironic", "mistral", "nova")
# services of the control plane, each with the role that a site may run it on
# what else puppet's service_names have, by the capability of a node's role; `services` of the spec takes some away
GIVEN = {
    "controller": (
        "keystone", "haproxy", "cinder_api", "cinder_scheduler", "cinder_volume",
        "neutron_dhcp", "neutron_l3", "neutron_metadata", "neutron_ovs_agent", "neutron_plugin_ml2",
    ),
    "compute": ("nova_compute", "neutron_ovs_agent", "neutron_plugin_ml2"),
}  # fmt: skip
AGENTS = frozenset({"neutron_dhcp", "neutron_l3", "neutron_metadata", "neutron_ovs_agent"})
OWN_ROLES = {"mysql": "Database", "rabbitmq": "Messaging", "redis": "Telemetry", "mongodb": "Telemetry"}
VIP, REDIS_VIP = "192.0.2.5", "172.16.2.6"


def services(site: Site, hosts: dict[str, Host], now: float) -> ControlPlane:
    """The parts of the control plane and Ceph; also fills the hosts' hiera."""
    clustered, controllers = with_capability("pacemaker", hosts), with_capability("controller", hosts)
    homes, without = homes_in(site, hosts, controllers), lacking(site)
    passwords = {key: secret(key, site["name"]) for key in ("mysql", "redis", "haproxy", "undercloud", "ceilometer")}
    _tell_puppet(hosts, homes, passwords, without)
    return {
        "pacemaker": pacemaker(clustered, bool(site.get("fencing", True)), homes) if clustered else None,
        "galera": galera(homes["mysql"], passwords["mysql"]) if controllers else None,
        "rabbit": rabbit(homes["rabbitmq"]) if controllers else None,
        "redis": redis(homes["redis"], passwords["redis"], now) if controllers else None,
        "mongo": mongo(homes["mongodb"]) if homes["mongodb"] else None,
        "haproxy": haproxy(controllers, homes["redis"], passwords["haproxy"])
        if controllers and "haproxy" not in without
        else None,
        "ceph": ceph(hosts),
    }


def with_capability(word: str, hosts: Mapping[str, Host]) -> list[str]:
    return [name for name, host in hosts.items() if word in host["capabilities"]]


def mysql(site: Site) -> Mysql:
    password = secret("undercloud", site["name"])
    return {"password": password, "schemas": {name: ["version"] for name in UNDERCLOUD_SCHEMAS}}


def lacking(site: Site) -> frozenset[str]:
    """The services that no role of this site has, by its spec."""
    stated = site.get("services") or {}
    without = {word for word in ("neutron_agents", "volumes", "haproxy") if str(stated.get(word)).lower() == "false"}
    found = {"haproxy"} & without
    if "neutron_agents" in without:
        found |= AGENTS
    if "volumes" in without:
        found |= {"cinder_api", "cinder_scheduler", "cinder_volume"}
    return frozenset(found)


def _tell_puppet(
    hosts: dict[str, Host], homes: Mapping[str, list[str]], passwords: dict[str, str], without: frozenset[str]
) -> None:
    """Fills every host's hiera; a node without mongodb has no unit of it either."""
    hosts["undercloud"]["hiera"] = {
        "mysql::server::root_password": passwords["undercloud"],
        "service_names": ["mongodb"],
    }
    for name, host in hosts.items():
        if name not in ("undercloud", "backup"):
            mine = [service for service, nodes in homes.items() if name in nodes]
            host["hiera"] = hiera(host, mine, passwords, without)
            if "mongodb" not in mine:
                host["units"].pop("mongod.service", None)


# Accounts that the server itself has, as [user, host]; nobody takes their grants to another server.
SERVERS_OWN = [["root", "localhost"], ["root", "%"], ["", "localhost"]]


def galera(nodes: list[str], password: str) -> Galera:
    return {
        "password": password,
        "nodes": {name: {"synced": True, "running": True} for name in nodes},
        "schemas": {name: ["alembic_version", "instances"] for name in SCHEMAS},
        "users": [
            *SERVERS_OWN,
            ["root_backup", "localhost"],
            *([name, host] for name in SCHEMAS for host in ("%", VIP)),
        ],
    }


def rabbit(nodes: list[str]) -> Rabbit:
    return {"nodes": {name: {"running": True, "healthy": True, "partitions": []} for name in nodes}}


def redis(nodes: list[str], password: str, now: float) -> Redis:
    """Redis: the first node is the master; it saved a quarter of an hour ago."""
    return {
        "password": password, "vip": REDIS_VIP, "master": nodes[0] if nodes else "",
        "lastsave": int(now) - 900, "bgsave": None, "status": "ok", "nodes": nodes,
        "dir": "/var/lib/redis",
    }  # fmt: skip


def mongo(nodes: list[str]) -> Mongo:
    return {
        "replica_set": "tripleo",
        "primary": nodes[-1],
        "nodes": {name: {"up": True} for name in nodes},
        "databases": ["ceilometer", "local"],
    }


def haproxy(controllers: list[str], redis_nodes: list[str], password: str) -> Haproxy:
    """HAProxy: every service is up on every controller, redis only on its master."""
    up: dict[str, dict[str, str]] = {name: dict.fromkeys(controllers, "UP") for name in SERVICES}
    up["redis"] = {node: "UP" if node in redis_nodes[:1] else "DOWN" for node in controllers}
    return {"password": password, "tls": False, "port": 1993, "vip": VIP, "services": up}


def homes_in(site: Site, hosts: Mapping[str, Host], controllers: list[str]) -> dict[str, list[str]]:
    """{service: the nodes that run it}; mongodb runs nowhere if the spec says so."""
    homes = {service: homes_of(service, hosts, controllers) for service in OWN_ROLES}
    if str(site.get("mongodb", "auto")) == "false":
        homes["mongodb"] = []
    return homes


def homes_of(service: str, hosts: Mapping[str, Host], controllers: list[str]) -> list[str]:
    """The nodes of the service's own role if the site has one, else the controllers."""
    return [name for name, host in hosts.items() if host["role"] == OWN_ROLES[service]] or controllers


def hiera(
    host: Host, mine: list[str], passwords: dict[str, str], without: frozenset[str] = frozenset()
) -> dict[str, Hiera]:
    """What puppet knows on an overcloud node that runs these services of the control plane."""
    given = [name for word, names in GIVEN.items() if word in host["capabilities"] for name in names]
    names = ["ntp", "sshd", *mine, *(name for name in given if name not in without)]
    found: dict[str, Hiera] = {"service_names": names}
    if "controller" in host["capabilities"]:
        found |= {"controller_virtual_ip": VIP, "tripleo::haproxy::haproxy_stats_password": passwords["haproxy"]}
    if "mysql" in mine:
        found["mysql::server::root_password"] = passwords["mysql"]
    if "redis" in mine:
        found |= {"redis::masterauth": passwords["redis"], "redis::requirepass": passwords["redis"]}
        found |= {"redis_vip": REDIS_VIP, "redis::bind": host["address"]}
    if "mongodb" in mine:
        found["mongodb::server::bind_ip"] = host["address"]
    return found


def secret(*words: str) -> str:
    """A password as TripleO makes them, with characters at its end that a shell or a my.cnf could misread."""
    return hashlib.sha256("/".join(words).encode()).hexdigest()[:20] + "#$x"


def pacemaker(nodes: list[str], fencing: bool, homes: Mapping[str, list[str]]) -> Pacemaker:
    first = nodes[0]
    redis = homes["redis"][0] if homes["redis"] else first

    def spread(role: str, service: str = "") -> dict[str, str]:
        return dict.fromkeys((node for node in nodes if node in homes.get(service, nodes)), role)

    resources = [
        resource(f"ip-{VIP}", "primitive", "ocf::heartbeat:IPaddr2", nodes, {first: "Started"}),
        resource(f"ip-{REDIS_VIP}", "primitive", "ocf::heartbeat:IPaddr2", nodes, {first: "Started"}),
        resource("haproxy-clone", "clone", "systemd:haproxy", nodes, spread("Started")),
        resource("galera-master", "master", "ocf::heartbeat:galera", nodes, spread("Master", "mysql")),
        resource("rabbitmq-clone", "clone", "ocf::heartbeat:rabbitmq-cluster", nodes, spread("Started", "rabbitmq")),
        resource("redis-master", "master", "ocf::heartbeat:redis", nodes, spread("Slave", "redis") | {redis: "Master"}),
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
            "have-watchdog": "false", "redis_REPL_INFO": redis, "stonith-enabled": "true" if fencing else "false",
        },
        "fencing": fencing, "resources": resources, "failed": [],
    }  # fmt: skip


def resource(name: str, kind: Kind, agent: str, nodes: list[str], state: dict[str, str]) -> Resource:
    return {"id": name, "kind": kind, "agent": agent, "nodes": list(nodes), "disabled": False, "state": state}


def ceph(hosts: dict[str, Host]) -> Ceph | None:
    osds: list[Osd] = []
    for name in with_capability("ceph_osd", hosts):
        osds += [{"id": len(osds) + n, "host": name, "up": True, "in": True} for n in range(3)]
    if not osds:
        return None
    mons = with_capability("ceph_mon", hosts) or with_capability("controller", hosts)
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
