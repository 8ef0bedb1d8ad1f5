"""The overcloud of a fresh world: services, tenants' instances with their ports, agents, volumes services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from osp_simulator.seed.cloud_parts import (
    MADE,
    agent,
    flavor,
    identifier,
    is_uuid,
    named,
    network,
    nfv_instances,
    secret,
)
from osp_simulator.state.clouds import CinderCloud, Image
from osp_simulator.state.neutron import Network, NeutronCloud, Port, Router
from osp_simulator.state.nova import NovaCloud, Server, Service
from osp_simulator.state.site import Node, Site


def overcloud_nova(site: Site, nodes: Sequence[Node], neutron: NeutronCloud) -> NovaCloud:
    services: list[Service] = []
    for node in nodes:
        host = f"{node['name'].lower()}.localdomain"
        if "controller" in node["capabilities"]:
            for kind in ("nova-consoleauth", "nova-scheduler", "nova-conductor"):
                services.append(named(kind, len(services) + 1, node["name"], host))
    for node in nodes:
        if "compute" in node["capabilities"]:
            host = f"{node['name'].lower()}.localdomain"
            compute = named("nova-compute", len(services) + 1, node["name"], host)
            services.append({**compute, "dpdk": "dpdk" in node["capabilities"]})
    flavors = [flavor("m1.small", 2048, 20, 1), flavor("m1.medium", 4096, 40, 2)]
    flavors.append({**flavor("m1.dpdk", 4096, 20, 4), "kind": "dpdk"})
    computes = [service for service in services if service["binary"] == "nova-compute"]
    return {
        "services": services,
        "servers": _servers(site, computes, neutron),
        "flavors": flavors,
        "aggregates": [],
        "migrations": [],
        "timing": {},
        "max_limit": 1000,
    }


def _servers(site: Site, computes: Sequence[Service], neutron: NeutronCloud) -> list[Server]:
    """Two servers on each compute without DPDK, and those that the site names."""
    servers: list[Server] = []
    for service in computes:
        for _ in range(0 if service["dpdk"] else 2):
            servers.append(_instance(f"vm-{len(servers)}", len(servers), service["host"], "normal", neutron))
    with_dpdk = [service["host"] for service in computes if service["dpdk"]] or [
        service["host"] for service in computes
    ]
    for number, wanted in enumerate(nfv_instances(site)):
        if with_dpdk:
            host = with_dpdk[number % len(with_dpdk)]
            servers.append(_instance(str(wanted["server"]), len(servers), host, "dpdk", neutron))
    return servers


def _instance(wanted: str, number: int, host: str, kind: Literal["normal", "dpdk"], neutron: NeutronCloud) -> Server:
    """An instance of the tenant; one that the site names by id gets a made-up name."""
    by_id = is_uuid(wanted)
    server_id = wanted if by_id else identifier("instance", wanted)
    network = neutron["networks"][1 if kind == "dpdk" else 0]
    address = f"{network['prefix']}.{number // 200}.{number % 200 + 10}"
    port: Port = {
        "name": "",
        "id": identifier("port", wanted),
        "mac": f"fa:16:3e:01:{number // 256:02x}:{number % 256:02x}",
        "network": network["name"],
        "network_id": network["id"],
        "address": address,
        "server": server_id,
        "host": host,
        "mode": "dpdkvhostuser" if kind == "dpdk" else "normal",
        "made_for_server": number % 2 == 0,
    }
    neutron["ports"].append(port)
    image = rhel()
    return {
        "name": f"dpdk-{number}" if by_id else wanted,
        "id": server_id,
        "status": "ACTIVE",
        "task_state": None,
        "host": host,
        "flavor": "m1.dpdk" if kind == "dpdk" else "m1.small",
        "image": image["name"],
        "image_id": image["id"],
        "networks": {network["name"]: [address]},
        "project": "demo",
        "project_id": secret("project demo")[:32],
        "user_id": secret("user demo")[:32],
        "key_name": "demo-key",
        "created": MADE + 86400 + number,
        "updated": MADE + 86400 + number + 20,
        "launched": MADE + 86400 + number + 20,
        "instance_name": f"instance-{number + 1:08x}",
        "kind": kind,
    }


def overcloud_network(nodes: Sequence[Node]) -> NeutronCloud:
    agents = []
    for node in nodes:
        if "controller" in node["capabilities"]:
            agents.append(agent("neutron-openvswitch-agent", "Open vSwitch agent", node["name"]))
            agents.append(agent("neutron-l3-agent", "L3 agent", node["name"]))
            agents.append(agent("neutron-dhcp-agent", "DHCP agent", node["name"]))
            agents.append(agent("neutron-metadata-agent", "Metadata agent", node["name"]))
        elif "compute" in node["capabilities"]:
            agents.append(agent("neutron-openvswitch-agent", "Open vSwitch agent", node["name"]))
    networks: list[Network] = [
        network("private", "10.1"),
        {**network("dpdk", "10.2"), "mode": "dpdkvhostuser"},
        {**network("public", "10.3"), "external": True},
    ]
    on = [entry["host"] for entry in agents if entry["binary"] == "neutron-l3-agent"]
    states = {host: "standby" if number else "active" for number, host in enumerate(on)}
    router: Router = {
        "name": "router-0",
        "id": identifier("router", "router-0"),
        "ha": len(on) > 1,
        "agents": states,
    }
    return {"agents": agents, "networks": networks, "ports": [], "routers": [router]}


def cinder_services(nodes: Sequence[Node]) -> CinderCloud:
    controllers = [node["name"] for node in nodes if "controller" in node["capabilities"]]
    entries = (("cinder-volume", "hostgroup@tripleo_ceph"), ("cinder-scheduler", "hostgroup"))
    services: list[Service] = [
        {
            "name": kind,
            "id": number,
            "binary": kind,
            "host": host,
            "node": "",
            "nodes": controllers,
            "zone": "nova",
            "enabled": True,
            "reason": None,
        }
        for number, (kind, host) in enumerate(entries, 1)
    ]
    return {"services": services, "volumes": []}


def rhel() -> Image:
    return {
        "name": "rhel-7.4",
        "id": identifier("image", "rhel-7.4"),
        "status": "active",
        "size": 538050560,
        "checksum": secret("rhel")[:32],
        "disk_format": "raw",
        "container_format": "bare",
        "visibility": "public",
        "created": MADE + 3600,
        "properties": {},
    }
