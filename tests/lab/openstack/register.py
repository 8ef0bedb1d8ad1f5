"""register.py CLOUD UNDERCLOUD PASSWORD: who there is in keystone, and where the services of both regions answer.

Some services do not begin without their own user. The two clouds share what has one address in both regions.
"""

import sys

from filling import connect, until

CLOUD, UNDERCLOUD, PASSWORD = sys.argv[1:]
SHARED = {
    "placement": ("placement", f"http://{CLOUD}:8778"), "network": ("neutron", f"http://{CLOUD}:9696"),
}  # fmt: skip
# region: {type: (name, URL)}; Newton's client asks for volumev2, which cinder's v3 is at its lowest microversion
SERVICES = {
    "regionOne": {
        **SHARED, "compute": ("nova", f"http://{CLOUD}:8774/v2.1"), "image": ("glance", f"http://{CLOUD}:9292"),
        "volumev2": ("cinderv2", f"http://{CLOUD}:8776/v3/%(project_id)s"),
        "volumev3": ("cinderv3", f"http://{CLOUD}:8776/v3/%(project_id)s"),
    },
    "undercloud": {
        **SHARED, "compute": ("nova", f"http://{UNDERCLOUD}:8774/v2.1"),
        "identity": ("keystone", f"http://{CLOUD}:5000/v3"), "image": ("glance", f"http://{UNDERCLOUD}:9292"),
        "orchestration": ("heat", f"http://{UNDERCLOUD}:8004/v1/%(project_id)s"),
        "baremetal": ("ironic", f"http://{UNDERCLOUD}:6385"),
        "workflowv2": ("mistral", f"http://{UNDERCLOUD}:8989/v2"),
        "messaging-websocket": ("zaqar-websocket", f"ws://{UNDERCLOUD}:8989"),
    },
}  # fmt: skip


def main():
    keystone = until("keystone", lambda: connect(CLOUD, PASSWORD, "regionOne").identity)
    until("a token", lambda: list(keystone.regions()))
    project = keystone.create_project(name="service", domain_id="default")
    user = keystone.create_user(name="lab", password=PASSWORD, domain_id="default")
    for role in (keystone.find_role("admin"), keystone.create_role(name="service")):
        keystone.assign_project_role_to_user(project, user, role)
    keystone.create_region(id="undercloud")
    known = {service.type: service for service in keystone.services()}
    for region, services in SERVICES.items():
        for kind, (name, url) in services.items():
            if kind not in known:
                known[kind] = keystone.create_service(name=name, type=kind)
            for interface in ("public", "internal", "admin"):
                keystone.create_endpoint(service_id=known[kind].id, interface=interface, url=url, region_id=region)
    ready_for_heat(keystone)


def ready_for_heat(keystone):
    """Its users, whom nodes are in keystone, have a domain of their own."""
    for role in ("heat_stack_owner", "heat_stack_user"):
        keystone.create_role(name=role)
    domain = keystone.create_domain(name="heat")
    user = keystone.create_user(name="heat_domain_admin", password=PASSWORD, domain_id=domain.id)
    keystone.put(f"/domains/{domain.id}/users/{user.id}/roles/{keystone.find_role('admin').id}")


main()
