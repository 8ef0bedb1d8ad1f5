"""fill.py ADDRESS PASSWORD COMPUTE...: networks, an image, a flavor and instances.

Two instances run on each compute, one on the first is shut off, and one belongs to a tenant of its own, vnf.
"""

import sys

from filling import connect, flavor_of, have, image_of, network_of, until

ADDRESS, PASSWORD, *COMPUTES = sys.argv[1:]


def main():
    cloud = connect(ADDRESS, PASSWORD, "regionOne")
    await_computes(cloud)
    network = network_of(cloud.network, "private", "10.0.0.0/24", is_shared=True)
    image = image_of(cloud.image, "cirros", b"lab" * 4096, disk_format="raw", container_format="bare")
    flavor = flavor_of(cloud.compute, "m1.small", ram=512, vcpus=1, disk=1)
    tenants = tenant(cloud.identity)
    have(
        "key pair vnf", lambda: tenants.compute.find_keypair("vnf"), lambda: tenants.compute.create_keypair(name="vnf")
    )
    own = network_of(tenants.network, "vnf", "10.1.0.0/24")
    kind = {"flavor_id": flavor.id, "image_id": image.id}
    made = [
        server_of(
            cloud.compute, f"vm-{number}", **kind, networks=[{"uuid": network.id}],
            availability_zone=f"nova:{COMPUTES[number % len(COMPUTES)]}",
        )
        for number in range(2 * len(COMPUTES) + 1)
    ]  # fmt: skip
    made.insert(0, server_of(tenants.compute, "vnf-0", **kind, networks=[{"uuid": own.id}], key_name="vnf"))
    for server in made:
        settle(cloud.compute, server, "ACTIVE")
    last = cloud.compute.get_server(made[-1].id)
    if last.status != "SHUTOFF":
        cloud.compute.stop_server(last)
    settle(cloud.compute, last, "SHUTOFF")


def server_of(nova, name, **more):
    return have(f"instance {name}", lambda: nova.find_server(name), lambda: nova.create_server(name=name, **more))


def tenant(keystone):
    """A user and a project that are not admin's."""
    of_default = {"name": "vnf", "domain_id": "default"}
    project = have("project vnf", lambda: keystone.find_project("vnf"), lambda: keystone.create_project(**of_default))
    user = have(
        "user vnf",
        lambda: keystone.find_user("vnf"),
        lambda: keystone.create_user(**of_default, password=PASSWORD),
    )
    for name in ("member", "reader"):
        keystone.assign_project_role_to_user(project, user, keystone.find_role(name))
    return connect(ADDRESS, PASSWORD, "regionOne", "vnf")


def await_computes(cloud):
    def up():
        return set(COMPUTES) <= {
            one.host for one in cloud.compute.services() if one.binary == "nova-compute" and one.state == "up"
        }

    def seen():
        return set(COMPUTES) <= {one.name for one in cloud.compute.hypervisors()}

    def bound():
        agents = cloud.network.agents()
        return set(COMPUTES) <= {
            one.host for one in agents if one.is_alive and one.binary == "neutron-openvswitch-agent"
        }

    until("the computes in nova", up)
    until("the hypervisors in nova", seen)
    until("the agents of the computes in neutron", bound)


def settle(nova, server, wanted):
    def is_so():
        state = nova.get_server(server.id).status
        if state == "ERROR" and wanted != "ERROR":
            sys.exit(f"{server.name} has become ERROR")
        return state == wanted

    until(f"{server.name} to be {wanted}", is_so)


main()
