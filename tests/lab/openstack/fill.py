"""fill.py ADDRESS PASSWORD COMPUTE...: networks, an image, a flavor and instances.

Two instances run on each compute, one on the first is shut off, and one belongs to a tenant of its own, vnf.
"""

import sys

from filling import connect, until

ADDRESS, PASSWORD, *COMPUTES = sys.argv[1:]


def main():
    cloud = connect(ADDRESS, PASSWORD, "regionOne")
    await_computes(cloud)
    network = network_of(cloud.network, "private", "10.0.0.0/24", is_shared=True)
    image = cloud.image.create_image(
        name="cirros", disk_format="raw", container_format="bare", data=b"lab" * 4096, visibility="public", wait=False
    )
    flavor = cloud.compute.create_flavor(name="m1.small", ram=512, vcpus=1, disk=1)
    made = [
        cloud.compute.create_server(
            name=f"vm-{number}", flavor_id=flavor.id, image_id=image.id, networks=[{"uuid": network.id}],
            availability_zone=f"nova:{COMPUTES[number % len(COMPUTES)]}",
        )
        for number in range(2 * len(COMPUTES) + 1)
    ]  # fmt: skip
    tenants = tenant(cloud.identity)
    tenants.compute.create_keypair(name="vnf")
    own = network_of(tenants.network, "vnf", "10.1.0.0/24")
    made.insert(0, tenants.compute.create_server(
        name="vnf-0", flavor_id=flavor.id, image_id=image.id, networks=[{"uuid": own.id}], key_name="vnf"
    ))  # fmt: skip
    for server in made:
        settle(cloud.compute, server, "ACTIVE")
    cloud.compute.stop_server(made[-1])
    settle(cloud.compute, made[-1], "SHUTOFF")


def tenant(keystone):
    """A user and a project that are not admin's."""
    project = keystone.create_project(name="vnf", domain_id="default")
    user = keystone.create_user(name="vnf", password=PASSWORD, domain_id="default")
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


def network_of(neutron, name, range_of_addresses, **more):
    until("neutron", lambda: list(neutron.networks()) or True)
    network = neutron.create_network(name=name, **more)
    neutron.create_subnet(network_id=network.id, name=name, cidr=range_of_addresses, ip_version=4, enable_dhcp=False)
    return network


def settle(nova, server, wanted):
    def is_so():
        state = nova.get_server(server.id).status
        if state == "ERROR" and wanted != "ERROR":
            sys.exit(f"{server.name} has become ERROR")
        return state == wanted

    until(f"{server.name} to be {wanted}", is_so)


main()
