"""The starting state of the two clouds, as the OpenStack clients see them.

`cloud(site)` gives these parts of the state. Those with two clouds hold them under "undercloud" and "overcloud";
lists of objects can be entered by an object's `name` (nova.overcloud.servers.vm-0.status).

    keystone   {cloud: {auth_url, region, user, password, project, project_id, user_id, controllers[] (overcloud: hosts that serve
               its APIs), tenants [{user, password, project, project_id, user_id}]}}
    nova       {cloud: {services, servers, flavors, aggregates, migrations, timing {what: seconds}, max_limit, conductor_down,
               resume_guests}}
        service   {name, id, binary, host (full name), node (our host), zone, enabled, reason, up (false: dead although its host
                  lives), forced_down, dpdk}
        server    {name, id, status, task_state, host (a service's host or null), flavor, image, image_id, networks {net: [address]},
                  project, project_id, key_name, created, updated, launched, instance_name, zone, metadata, previous,
                  kind: normal|pinned|sriov|dpdk, storage: shared|local (absent: as asked for),
                  on_live_migration: works|rolls-back|ends-in-error|refused, on_cold_migration: works|fails,
                  on_snapshot: works|fails, boot_id (of its host when it last ran)}
        migration {id, server, source, target, status, type, created, updated}
    neutron    {cloud: {agents [{name, id, type, binary, host, node, zone, alive (false: dead), admin_up}], networks [{name, id,
               subnets[], prefix, mode, external}], ports [{name, id, mac, network, address, server, host,
               mode: normal|sriov|dpdkvhostuser|dpdkvhostuserclient}]}}
    cinder     {overcloud: {services [{name, id, binary, host, node or nodes[], zone, enabled, up}], volumes}}
    glance     {cloud: {images [{name, id, status, size, checksum, created, ...}]}}
    ironic     {undercloud: {nodes [{name, uuid, instance, power_state, provision_state, maintenance, driver_info, properties}]}}
    heat       {undercloud: {stacks [{name, id, status, status_reason, created, updated, parameters, outputs, events, nodes {name:
               {deployment, server}}, update}], deleted[], timing, prompt: later|earlier}}; `update` in tripleo_stack.py
    mistral    {undercloud: {environments [{name, variables, created, updated}]}}
    swift      {undercloud: {containers {name: {object: text}}}}
    plan       {stack, updates [{at, env_files[], roles_file, arguments[]}]}
    undercloud_files   {path: text} of the stack user's rc files
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from osp_compile.simulator.hostfiles import image_files
from osp_compile.simulator.seed_hosts import UNDERCLOUD

Node = Mapping[str, Any]
MADE = 1530000000.0  # 2018-06-26: when the overcloud was deployed
SHAPES = {"Controller": "control", "Compute": "compute", "CephStorage": "ceph-storage"}


def cloud(site: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a fresh world's state that the OpenStack clients answer from."""
    nodes: Sequence[Node] = site["nodes"]
    keystone = _keystone(site, nodes)
    images = _undercloud_images()
    neutron = {"undercloud": _undercloud_network(), "overcloud": _overcloud_network(nodes)}
    nova = {
        "undercloud": _undercloud_nova(nodes, images),
        "overcloud": _overcloud_nova(site, nodes, neutron["overcloud"]),
    }
    stack = _stack(site, nodes)
    return {
        "keystone": keystone,
        "nova": nova,
        "neutron": neutron,
        "cinder": {"overcloud": _cinder(nodes)},
        "glance": {"undercloud": {"images": images}, "overcloud": {"images": [_rhel()]}},
        "ironic": {"undercloud": {"nodes": _ironic(nodes, images)}},
        "heat": {"undercloud": {"stacks": [stack], "deleted": [], "timing": {}, "prompt": "later"}},
        "mistral": {"undercloud": {"environments": [_environment(stack)]}},
        "swift": {"undercloud": {"containers": {stack["name"]: {"overcloud.yaml": "heat_template_version: newton\n"}}}},
        "plan": {"stack": stack["name"], "updates": []},
        "undercloud_files": _rc_files(site, keystone),
    }


def identifier(*words: str) -> str:
    """The same UUID for the same words."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, "/".join(words)))


def secret(*words: str) -> str:
    return hashlib.sha1("/".join(words).encode()).hexdigest()


def _keystone(site: Mapping[str, Any], nodes: Sequence[Node]) -> dict[str, Any]:
    name = str(site.get("name", "site"))
    tenant = {
        "user": "demo",
        "password": secret("demo", name)[:20],
        "project": "demo",
        "project_id": secret("project demo")[:32],
        "user_id": secret("user demo")[:32],
    }
    both = {}
    for which, url in (("undercloud", "http://192.0.2.1:5000/v2.0"), ("overcloud", "http://192.0.2.5:5000/v2.0")):
        both[which] = {
            "auth_url": url,
            "region": "regionOne",
            "user": "admin",
            "password": secret("admin", which, name),
            "project": "admin",
            "project_id": secret("project", which)[:32],
            "user_id": secret("user", which)[:32],
            "controllers": [node["name"] for node in nodes if "controller" in node["capabilities"]],
            "tenants": [tenant] if which == "overcloud" else [],
        }
    return both


def rc_file(entry: Mapping[str, Any], account: Mapping[str, Any], cloud_name: str, *, version: int = 2) -> str:
    """The text of a stackrc or overcloudrc."""
    url = str(entry["auth_url"])
    lines = {
        "OS_NO_CACHE": "True",
        "OS_CLOUDNAME": cloud_name,
        "OS_AUTH_URL": url if version == 2 else url.replace("/v2.0", "/v3"),
        "NOVA_VERSION": "1.1",
        "COMPUTE_API_VERSION": "1.1",
        "OS_USERNAME": account["user"],
        "OS_PASSWORD": account["password"],
        "PYTHONWARNINGS": '"ignore:Certificate has no, ignore:A true SSLContext object is not available"',
    }
    if version == 2:
        lines["OS_TENANT_NAME"] = account["project"]
    else:
        lines |= {"OS_PROJECT_NAME": account["project"], "OS_USER_DOMAIN_NAME": "Default"}
        lines |= {"OS_PROJECT_DOMAIN_NAME": "Default", "OS_IDENTITY_API_VERSION": "3"}
    return "".join(f"export {key}={value}\n" for key, value in lines.items())


def _rc_files(site: Mapping[str, Any], keystone: Mapping[str, Any]) -> dict[str, str]:
    home = str((site.get("undercloud") or {}).get("home") or "/home/stack")
    stack = str(site.get("stack", "overcloud"))
    below, above = keystone["undercloud"], keystone["overcloud"]
    files = {
        f"{home}/stackrc": rc_file(below, below, "undercloud"),
        f"{home}/{stack}rc": rc_file(above, above, stack),
        f"{home}/{stack}rc.v3": rc_file(above, above, stack, version=3),
    }
    for instance in nfv_instances(site):
        files[str(instance["rc_file"])] = rc_file(above, above["tenants"][0], stack)
    return files


def nfv_instances(site: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    nfv = site.get("nfv")
    return list(nfv.get("instances") or []) if isinstance(nfv, Mapping) else []


def _named(kind: str, number: int, node: str, host: str, **more: Any) -> dict[str, Any]:
    return {
        "name": f"{kind}@{node}",
        "id": number,
        "binary": kind,
        "host": host,
        "node": node,
        "zone": "nova" if kind == "nova-compute" else "internal",
        "enabled": True,
        "reason": None,
        **more,
    }


def _undercloud_nova(nodes: Sequence[Node], images: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    kinds = ("nova-conductor", "nova-scheduler", "nova-compute")
    services = [_named(kind, n, "undercloud", "undercloud.localdomain") for n, kind in enumerate(kinds, 1)]
    flavors = [_flavor("baremetal", 4096, 40, 1)]
    flavors += [_flavor(name, 4096, 40, 1) for name in sorted({flavor_of(node) for node in nodes} - {"baremetal"})]
    image = next(image for image in images if image["name"] == "overcloud-full")
    servers = []
    for number, node in enumerate(nodes):
        servers.append(
            {
                "name": node["name"],
                "id": identifier("server", node["name"]),
                "status": "ACTIVE",
                "task_state": None,
                "host": "undercloud.localdomain",
                "hypervisor": identifier("ironic", node["name"]),
                "flavor": flavor_of(node),
                "image": image["name"],
                "image_id": image["id"],
                "networks": {"ctlplane": [node["address"]]},
                "project": "admin",
                "created": MADE + number,
                "updated": MADE + number + 300,
                "launched": MADE + number + 300,
                "instance_name": f"instance-{number + 1:08x}",
            }
        )
    return {
        "services": services,
        "servers": servers,
        "flavors": flavors,
        "migrations": [],
        "timing": {},
        "max_limit": 1000,
    }


def flavor_of(node: Node) -> str:
    return SHAPES.get(str(node["role"]), "baremetal")


def _flavor(name: str, ram: int, disk: int, vcpus: int, **more: Any) -> dict[str, Any]:
    fields = {"name": name, "id": identifier("flavor", name), "ram": ram, "disk": disk, "ephemeral": 0, "vcpus": vcpus}
    return {**fields, "public": True, **more}


def _overcloud_nova(site: Mapping[str, Any], nodes: Sequence[Node], neutron: dict[str, Any]) -> dict[str, Any]:
    services: list[dict[str, Any]] = []
    for node in nodes:
        host = f"{node['name']}.localdomain"
        if "controller" in node["capabilities"]:
            for kind in ("nova-consoleauth", "nova-scheduler", "nova-conductor"):
                services.append(_named(kind, len(services) + 1, node["name"], host))
    for node in nodes:
        if "compute" in node["capabilities"]:
            host = f"{node['name']}.localdomain"
            dpdk = "dpdk" in node["capabilities"]
            services.append(_named("nova-compute", len(services) + 1, node["name"], host, dpdk=dpdk))
    flavors = [_flavor("m1.small", 2048, 20, 1), _flavor("m1.medium", 4096, 40, 2)]
    flavors.append(_flavor("m1.dpdk", 4096, 20, 4, kind="dpdk"))
    computes = [service for service in services if service["binary"] == "nova-compute"]
    servers: list[dict[str, Any]] = []
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
    return {
        "services": services,
        "servers": servers,
        "flavors": flavors,
        "aggregates": [],
        "migrations": [],
        "timing": {},
        "max_limit": 1000,
    }


def _instance(wanted: str, number: int, host: str, kind: str, neutron: dict[str, Any]) -> dict[str, Any]:
    """An instance of the tenant; one that the site names by its id gets a name of ours."""
    by_id = is_uuid(wanted)
    server_id = wanted if by_id else identifier("instance", wanted)
    network = neutron["networks"][1 if kind == "dpdk" else 0]
    address = f"{network['prefix']}.{number // 200}.{number % 200 + 10}"
    neutron["ports"].append(
        {
            "name": "",
            "id": identifier("port", wanted),
            "mac": f"fa:16:3e:01:{number // 256:02x}:{number % 256:02x}",
            "network": network["name"],
            "network_id": network["id"],
            "address": address,
            "server": server_id,
            "host": host,
            "mode": "dpdkvhostuser" if kind == "dpdk" else "normal",
        }
    )
    image = _rhel()
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


def is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _agent(kind: str, title: str, node: str) -> dict[str, Any]:
    zone = "nova" if kind in ("neutron-dhcp-agent", "neutron-l3-agent") else None
    entry = {"name": f"{kind}@{node}", "id": identifier("agent", kind, node), "type": title, "binary": kind}
    return {**entry, "host": f"{node}.localdomain", "node": node, "zone": zone, "admin_up": True}


def _undercloud_network() -> dict[str, Any]:
    agents = [_agent("neutron-openvswitch-agent", "Open vSwitch agent", "undercloud")]
    agents.append(_agent("neutron-dhcp-agent", "DHCP agent", "undercloud"))
    return {"agents": agents, "networks": [_network("ctlplane", "192.0")], "ports": []}


def _network(name: str, prefix: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "id": identifier("network", name),
        "subnets": [identifier("subnet", name)],
        "prefix": prefix,
        **more,
    }


def _overcloud_network(nodes: Sequence[Node]) -> dict[str, Any]:
    agents = []
    for node in nodes:
        if "controller" in node["capabilities"]:
            agents.append(_agent("neutron-openvswitch-agent", "Open vSwitch agent", node["name"]))
            agents.append(_agent("neutron-l3-agent", "L3 agent", node["name"]))
            agents.append(_agent("neutron-dhcp-agent", "DHCP agent", node["name"]))
            agents.append(_agent("neutron-metadata-agent", "Metadata agent", node["name"]))
        elif "compute" in node["capabilities"]:
            agents.append(_agent("neutron-openvswitch-agent", "Open vSwitch agent", node["name"]))
    networks = [
        _network("private", "10.1"),
        _network("dpdk", "10.2", mode="dpdkvhostuser"),
        _network("public", "10.3", external=True),
    ]
    return {"agents": agents, "networks": networks, "ports": []}


def _cinder(nodes: Sequence[Node]) -> dict[str, Any]:
    controllers = [node["name"] for node in nodes if "controller" in node["capabilities"]]
    entries = (("cinder-volume", "hostgroup@tripleo_ceph"), ("cinder-scheduler", "hostgroup"))
    services = [
        {
            "name": kind,
            "id": number,
            "binary": kind,
            "host": host,
            "node": "",
            "nodes": controllers,
            "zone": "nova",
            "enabled": True,
        }
        for number, (kind, host) in enumerate(entries, 1)
    ]
    return {"services": services, "volumes": []}


def _undercloud_images() -> list[dict[str, Any]]:
    """The five images of the deployment, with the checksums of the packaged files that are in use."""
    files = image_files(UNDERCLOUD["rhosp-director-images"][0])
    names = {
        "overcloud-full": ("overcloud-full.qcow2", "qcow2", "bare"),
        "overcloud-full-initrd": ("overcloud-full.initrd", "ari", "ari"),
        "overcloud-full-vmlinuz": ("overcloud-full.vmlinuz", "aki", "aki"),
        "bm-deploy-ramdisk": ("ironic-python-agent.initramfs", "ari", "ari"),
        "bm-deploy-kernel": ("ironic-python-agent.kernel", "aki", "aki"),
    }
    found: list[dict[str, Any]] = []
    for number, (name, (file, disk, container)) in enumerate(names.items()):
        content = files[file].encode()
        entry = {"name": name, "id": identifier("image", name), "status": "active", "size": len(content)}
        entry |= {"checksum": hashlib.md5(content).hexdigest(), "disk_format": disk, "container_format": container}
        found.append({**entry, "visibility": "public", "created": MADE - 7200 - number, "properties": {}})
    kernel, ramdisk = (identifier("image", f"overcloud-full-{part}") for part in ("vmlinuz", "initrd"))
    found[0]["properties"] = {"kernel_id": kernel, "ramdisk_id": ramdisk}
    return found


def _rhel() -> dict[str, Any]:
    entry = {"name": "rhel-7.4", "id": identifier("image", "rhel-7.4"), "status": "active", "size": 538050560}
    entry |= {"checksum": secret("rhel")[:32], "disk_format": "raw", "container_format": "bare", "visibility": "public"}
    return {**entry, "created": MADE + 3600, "properties": {}}


def _ironic(nodes: Sequence[Node], images: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    ids = {image["name"]: image["id"] for image in images}
    info = {
        "deploy_kernel": ids["bm-deploy-kernel"],
        "deploy_ramdisk": ids["bm-deploy-ramdisk"],
        "ipmi_username": "admin",
    }
    found = []
    for node in (*nodes, None):
        name = node["name"] if node else "spare-0"
        entry: dict[str, Any] = {
            "name": name,
            "uuid": identifier("ironic", name),
            "maintenance": False,
            "created": MADE - 3600,
        }
        entry["instance"] = identifier("server", name) if node else None
        entry |= {
            "power_state": "power on" if node else "power off",
            "provision_state": "active" if node else "available",
        }
        profile = flavor_of(node) if node else "baremetal"
        entry["driver_info"] = {**info, "ipmi_address": f"192.0.2.{100 + len(found)}", "ipmi_password": "******"}
        entry["properties"] = {"cpu_arch": "x86_64", "capabilities": f"profile:{profile},boot_option:local"}
        found.append(entry)
    return found


def role_counts(nodes: Sequence[Node]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for node in nodes:
        counts[f"{node['role']}Count"] = counts.get(f"{node['role']}Count", 0) + 1
    return counts


def _stack(site: Mapping[str, Any], nodes: Sequence[Node]) -> dict[str, Any]:
    name = str(site.get("stack", "overcloud"))
    roles = sorted({str(node["role"]) for node in nodes})
    return {
        "name": name,
        "id": identifier("stack", name),
        "description": "Deploy an OpenStack environment, consisting of several node types (roles)",
        "status": "CREATE_COMPLETE",
        "status_reason": "Stack CREATE completed successfully",
        "created": MADE,
        "updated": None,
        "parameters": {
            **{key: str(value) for key, value in role_counts(nodes).items()},
            "DeployIdentifier": str(int(MADE)),
            "UpdateIdentifier": "",
        },
        "outputs": {"KeystoneURL": "http://192.0.2.5:5000/v2.0/"},
        "events": [
            {"time": MADE, "resource": None, "status": "CREATE_IN_PROGRESS", "reason": "Stack CREATE started"},
            {
                "time": MADE + 3000,
                "resource": None,
                "status": "CREATE_COMPLETE",
                "reason": "Stack CREATE completed successfully",
            },
        ],
        "resources": [
            {
                "name": role,
                "physical_id": identifier("group", role),
                "type": "OS::Heat::ResourceGroup",
                "status": "CREATE_COMPLETE",
            }
            for role in roles
        ],
        "nodes": {
            str(node["name"]): {
                "deployment": identifier("deployment", node["name"]),
                "server": identifier("server", node["name"]),
            }
            for node in nodes
        },
        "update": None,
    }


def _environment(stack: Mapping[str, Any]) -> dict[str, Any]:
    variables = {
        "template": "overcloud.yaml",
        "environments": [{"path": "overcloud-resource-registry-puppet.yaml"}],
        "parameter_defaults": {key: int(value) for key, value in stack["parameters"].items() if key.endswith("Count")},
    }
    return {"name": stack["name"], "description": None, "variables": variables, "created": MADE - 60, "updated": MADE}
