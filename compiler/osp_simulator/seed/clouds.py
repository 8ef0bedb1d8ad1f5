"""The starting state of the two clouds, as the OpenStack clients see them.

`cloud(site)` gives these parts of the state. Those with two clouds hold them under "undercloud" and "overcloud";
lists of objects can be entered by an object's `name` (nova.overcloud.servers.vm-0.status).

keystone   {cloud: {auth_url, region, user, password, project, project_id, user_id, controllers[] (overcloud: hosts
           that serve its APIs), tenants [{user, password, project, project_id, user_id}], unlisted [service] (not in
           its catalogue)}}
nova       {cloud: {services, servers, flavors, aggregates, migrations, timing {what: seconds}, max_limit,
           conductor_down, resume_guests}}
    service   {name, id, binary, host (full name), node (our host), zone, enabled, reason, up (false: dead although
              its host lives), forced_down, dpdk}
    server    {name, id, status, task_state, host (a service's host or null), flavor, image, image_id,
              networks {net: [address]}, project, project_id, key_name, created, updated, launched, instance_name,
              zone, metadata, previous, kind: normal|pinned|sriov|dpdk, storage: shared|local (absent: as asked for),
              on_live_migration: works|rolls-back|refused-by-cpu|ends-in-error|refused,
              on_cold_migration: works|fails,
              on_snapshot: works|fails, pinned (true is kind pinned)}
    migration {id, server, source, target, status, type, created, updated}
neutron    {cloud: {agents [{name, id, type, binary, host, node, zone, alive (false: dead), admin_up}],
           networks [{name, id, subnets[], prefix, mode, external}], ports [{name, id, mac, network, address, server,
           host, mode: normal|sriov|dpdkvhostuser|dpdkvhostuserclient, made_for_server (nova deletes it again),
           plugged (false: its Open vSwitch has none of it), left {host, mode: where a migration began, until it
           is confirmed}}],
           routers [{name, id, ha, agents {host (full name): active|standby}}]}}
cinder     {overcloud: {services [{name, id, binary, host, node or nodes[], zone, enabled, up}], volumes}}
glance     {cloud: {images [{name, id, status, size, checksum, created, ...}]}}
ironic     {undercloud: {nodes [{name, uuid, instance, power_state, provision_state, maintenance, driver_info,
           properties}]}}
heat       {undercloud: {stacks [{name, id, status, status_reason, created, updated, parameters, outputs, events,
           nodes {name: {deployment, server, update: works|fails|skipped}}, update, busy_until}], deleted[], timing,
           prompt: later|earlier, waits_for_progress}}; `update`: tools/tripleo_stack.py
mistral    {undercloud: {environments [{name, variables, created, updated}]}}
swift      {undercloud: {containers {name: {object: text}}}}
plan       {stack, updates [{at, env_files[], roles_file, arguments[]}]}
undercloud_files   {path: text} of the stack user's rc files
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from osp_simulator.seed.cloud_parts import Node, nfv_instances, secret
from osp_simulator.seed.overcloud import cinder_services, overcloud_network, overcloud_nova, rhel
from osp_simulator.seed.services import lacking
from osp_simulator.seed.undercloud import (
    environment_of,
    ironic_nodes,
    stack_of,
    undercloud_images,
    undercloud_network,
    undercloud_nova,
)


def cloud(site: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a fresh world's state that the OpenStack clients answer from."""
    nodes: Sequence[Node] = site["nodes"]
    keystone = _keystone(site, nodes)
    images = undercloud_images()
    neutron = {"undercloud": undercloud_network(), "overcloud": overcloud_network(nodes)}
    nova = {
        "undercloud": undercloud_nova(nodes, images),
        "overcloud": overcloud_nova(site, nodes, neutron["overcloud"]),
    }
    stack = stack_of(site, nodes)
    without = lacking(site)
    if "neutron_l3" in without:
        neutron["overcloud"] |= {"agents": [], "routers": []}
    return {
        "keystone": keystone,
        "nova": nova,
        "neutron": neutron,
        "cinder": {} if "cinder_api" in without else {"overcloud": cinder_services(nodes)},
        "glance": {"undercloud": {"images": images}, "overcloud": {"images": [rhel()]}},
        "ironic": {"undercloud": {"nodes": ironic_nodes(nodes, images)}},
        "heat": {"undercloud": {"stacks": [stack], "deleted": [], "timing": {}, "prompt": "later"}},
        "mistral": {"undercloud": {"environments": [environment_of(stack)]}},
        "swift": {"undercloud": {"containers": {stack["name"]: {"overcloud.yaml": "heat_template_version: newton\n"}}}},
        "plan": {"stack": stack["name"], "updates": []},
        "undercloud_files": _rc_files(site, keystone),
    }


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
