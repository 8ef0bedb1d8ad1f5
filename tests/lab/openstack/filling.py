"""What fills the lab's clouds: a login whose calls have a limit, and patience that says what it waits for."""

import sys
import time

import openstack
from keystoneauth1.exceptions import ClientException

CALL = 60  # seconds for one answer: RabbitMQ's own calls are given up after as many
NOT_YET = (openstack.exceptions.SDKException, ClientException)


def connect(address, password, region, who="admin"):
    """As a user whose project has the same name."""
    login = {
        "auth_url": f"http://{address}:5000/v3", "username": who, "password": password, "project_name": who,
        "user_domain_name": "Default", "project_domain_name": "Default",
    }  # fmt: skip
    return openstack.connect(auth=login, region_name=region, api_timeout=CALL)


def until(what, done, seconds=180):
    """Asks until it is so, and returns the answer; a service that has just begun answers with errors first."""
    print(f"waiting for {what}", file=sys.stderr, flush=True)
    end = time.monotonic() + seconds
    last = ""
    while time.monotonic() < end:
        try:
            answer = done()
            if answer:
                return answer
            last = ""
        except NOT_YET as error:
            last = f": {error}"
        time.sleep(0.5)
    sys.exit(f"{what}: not within {seconds} s{last}")


def have(what, find, make):
    """It, made where there is none: a call that had no answer may have made it."""
    return until(what, lambda: find() or make())


def image_of(glance, name, data, **more):
    """The image with all of its data."""

    def whole():
        found = glance.find_image(name)
        if found and found.status != "active":
            glance.delete_image(found)
            return None
        return found

    return have(
        f"image {name}", whole,
        lambda: glance.create_image(name=name, data=data, visibility="public", wait=False, **more),
    )  # fmt: skip


def network_of(neutron, name, range_of_addresses, subnet=None, **more):
    """The network with its subnet, which has its name where none is given."""
    network = have(
        f"network {name}", lambda: neutron.find_network(name), lambda: neutron.create_network(name=name, **more)
    )
    of_it = {"network_id": network.id, "name": subnet or name, "cidr": range_of_addresses}
    have(
        f"subnet {of_it['name']}",
        lambda: neutron.find_subnet(of_it["name"]),
        lambda: neutron.create_subnet(**of_it, ip_version=4, enable_dhcp=False),
    )
    return network


def flavor_of(nova, name, **size):
    return have(f"flavor {name}", lambda: nova.find_flavor(name), lambda: nova.create_flavor(name=name, **size))
