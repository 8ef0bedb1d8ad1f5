"""The two clouds of a fresh world, as the OpenStack clients see them. state/clouds.py has their types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from osp_simulator.hosts import users
from osp_simulator.seed.cloud_parts import nfv_instances, secret
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
from osp_simulator.state.clouds import Account, Clouds, KeystoneCloud
from osp_simulator.state.site import Node, Site


def clouds(site: Site) -> Clouds:
    """The parts of a fresh world's state that the OpenStack clients answer from."""
    nodes: Sequence[Node] = site["nodes"]
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
        "keystone": _keystone(site, nodes),
        "nova": nova,
        "neutron": neutron,
        "cinder": {} if "cinder_api" in without else {"overcloud": cinder_services(nodes)},
        "glance": {"undercloud": {"images": images}, "overcloud": {"images": [rhel()]}},
        "ironic": {"undercloud": {"nodes": ironic_nodes(nodes, images)}},
        "heat": {"undercloud": {"stacks": [stack], "deleted": [], "timing": {}, "prompt": "later"}},
        "mistral": {"undercloud": {"environments": [environment_of(stack)]}},
        "swift": {"undercloud": {"containers": {stack["name"]: {"overcloud.yaml": "heat_template_version: newton\n"}}}},
        "plan": {"stack": stack["name"], "updates": []},
    }


def _keystone(site: Site, nodes: Sequence[Node]) -> dict[str, KeystoneCloud]:
    name = str(site.get("name", "site"))
    tenant: Account = {
        "user": "demo",
        "password": secret("demo", name)[:20],
        "project": "demo",
        "project_id": secret("project demo")[:32],
        "user_id": secret("user demo")[:32],
    }
    both: dict[str, KeystoneCloud] = {}
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


def rc_file(entry: KeystoneCloud, account: Account, cloud_name: str, *, version: int = 2) -> str:
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


def rc_files(site: Site, keystone: Mapping[str, KeystoneCloud]) -> dict[str, str]:
    """{path: text} of the stack user's rc files."""
    home = users.of_undercloud(site).home
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
