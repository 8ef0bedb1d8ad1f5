"""fill_director.py STEP: the undercloud's cloud, from what stdin says of it as JSON.

    {cloud, own (addresses), password, profiles: {node: profile}, images: {name: [text, disk, container]}, plan}

`begin` makes images, a network, a flavor and bare metal, and starts the stack. It prints what each server's user data
would bring its node: {name: {auth_url, user_id, password, project_id, stack_id, resource_name}}. `end` waits for the
stack, and gives each machine of ironic its instance.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

from filling import connect, flavor_of, have, image_of, network_of, until

STEP = sys.argv[1]
GIVEN = json.load(sys.stdin)
CLOUD, OWN, PROFILES = GIVEN["cloud"], GIVEN["own"], GIVEN["profiles"]
STACK, HOST, SPARE = "overcloud", "undercloud.localdomain", "spare-0"


def login():
    return connect(CLOUD, GIVEN["password"], "undercloud")


def begin():
    cloud = login()
    with ThreadPoolExecutor(4) as at_once:
        images = images_of(cloud.image)
        machines = [at_once.submit(enroll, name, images) for name in (*PROFILES, SPARE)]
        network_of(cloud.network, "ctlplane", "192.0.2.0/24", "ctlplane-subnet", is_shared=True)
        flavor_of(cloud.compute, "baremetal", ram=4096, vcpus=1, disk=40)
        await_compute(cloud)
        begin_stack(cloud.orchestration)
        told = {name: user_data(cloud.orchestration, place) for name, place in await_servers(cloud).items()}
        for machine in machines:
            machine.result()
    print(json.dumps(told))


def images_of(glance):
    """{name: id}; the whole image comes last, and names its kernel and ramdisk."""
    ids = {}
    for name, (text, disk, container) in GIVEN["images"].items():
        parts = {"kernel_id": f"{name}-vmlinuz", "ramdisk_id": f"{name}-initrd"}
        of_it = {key: ids[part] for key, part in parts.items() if part in ids}
        made = image_of(glance, name, text.encode(), disk_format=disk, container_format=container, **of_it)
        ids[name] = made.id
    return ids


def await_compute(cloud):
    def up():
        return any(one.host == HOST and one.state == "up" for one in cloud.compute.services(binary="nova-compute"))

    def seen():
        return any(one.name == HOST for one in cloud.compute.hypervisors())

    def bound():
        agents = cloud.network.agents(host=HOST)
        return any(one.is_alive and one.binary == "neutron-openvswitch-agent" for one in agents)

    until("the undercloud's nova-compute", up)
    until("the undercloud's hypervisor", seen)
    until("the undercloud's agent in neutron", bound)


def enroll(name, images):
    """A machine that is deployed already is adopted; the spare waits for its turn."""
    ironic = login().baremetal
    ironic.default_microversion = "1.61"
    profile = PROFILES.get(name, "baremetal")
    node = have(f"machine {name}", lambda: ironic.find_node(name), lambda: ironic.create_node(
        name=name, driver="fake-hardware", resource_class="baremetal",
        properties={"cpu_arch": "x86_64", "capabilities": f"profile:{profile},boot_option:local"},
        driver_info={"deploy_kernel": images["bm-deploy-kernel"], "deploy_ramdisk": images["bm-deploy-ramdisk"]},
        instance_info={"image_source": images["overcloud-full"]} if name in PROFILES else {},
    ))  # fmt: skip

    def become(target, state):
        until(f"{name} to {target}", lambda: ironic.set_node_provision_state(node, target) or True)
        until(f"{name} to be {state}", lambda: ironic.get_node(node).provision_state == state)

    become("manage", "manageable")
    become(*(("provide", "available") if name == SPARE else ("adopt", "active")))
    power = "power off" if name == SPARE else "power on"
    until(f"{name} to {power}", lambda: ironic.set_node_power_state(node, power) or True)


def begin_stack(heat):
    started = until(
        "heat", lambda: heat.post("/stacks", json={**GIVEN["plan"], "timeout_mins": 60, "disable_rollback": True})
    )
    # a conflict: it has begun, at a call that had no answer
    if started.status_code not in (201, 409):
        sys.exit(f"the stack is refused: {started.text[:400]}")


def await_servers(cloud):
    """{name: URL of its resource in heat}, once nova has them all running and heat knows of it."""
    names = {}

    def running():
        names.update({server.id: server.name for server in cloud.compute.servers() if server.status == "ACTIVE"})
        return len(names) == len(PROFILES)

    def known():
        answer = cloud.orchestration.get(f"/stacks/{STACK}/resources?nested_depth=3&type=OS::Nova::Server").json()
        found = {}
        for row in answer["resources"]:
            if row["resource_status"] == "CREATE_COMPLETE":
                links = {link["rel"]: link["href"] for link in row["links"]}
                found[names[row["physical_resource_id"]]] = links["self"]
        return found if len(found) == len(PROFILES) else None

    until("the nodes' servers", running, 240)
    return until("the nodes' servers in heat", known)


def user_data(heat, place):
    answer = heat.session.get(f"{place}/metadata").json()
    return answer["metadata"]["os-collect-config"]["heat"]


def end():
    cloud = login()
    heat, ironic = cloud.orchestration, cloud.baremetal
    ironic.default_microversion = "1.61"
    for server in cloud.compute.servers():
        patch = [{"op": "add", "path": "/instance_uuid", "value": server.id}]
        until(f"{server.name} in ironic", lambda name=server.name, patch=patch: ironic.patch_node(name, patch))
    until("the stack", lambda: heat.get(f"/stacks/{STACK}").json()["stack"]["stack_status"] != "CREATE_IN_PROGRESS")
    stack = heat.get(f"/stacks/{STACK}").json()["stack"]
    if stack["stack_status"] != "CREATE_COMPLETE":
        sys.exit(f"the stack is {stack['stack_status']}: {stack['stack_status_reason']}")


{"begin": begin, "end": end}[STEP]()
