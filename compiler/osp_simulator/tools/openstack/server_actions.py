"""openstack server migrate, resize, create, delete; server image create."""

from __future__ import annotations

import uuid

from osp_simulator.engine import events
from osp_simulator.engine.world import World
from osp_simulator.state.clouds import Image
from osp_simulator.state.neutron import Network, NeutronCloud, Port
from osp_simulator.state.nova import Flavor, Guest, Server
from osp_simulator.tools.nova.migrations import begin_cold_migration, begin_live_migration, check_target
from osp_simulator.tools.nova.world import by_id, find_server, new_id, refuse_unless, seconds
from osp_simulator.tools.openstack.images import image_record, start_snapshot
from osp_simulator.tools.openstack.network import owner_of
from osp_simulator.tools.openstack.servers import shown
from osp_simulator.tools.openstack.session import Answer, ClientError, Ends, Session, api_error, command

POLL = 5.0  # how often --wait looks


@command("server migrate")
def server_migrate(session: Session) -> Answer:
    given, world = session.arguments, session.world
    server = find_server(session, given.text("<server>"))
    target = given.value("--live")
    if target is not None:
        refuse_unless(world, server, "os-migrateLive", ("active", "paused"))
        check_target(world, session.cloud, server, target)
        # 3.2.1 has the two flags the wrong way round: without --block-migration it asks for one
        given.flag("--shared-migration")
        refusal = begin_live_migration(world, session.cloud, server, target, not given.flag("--block-migration"))
        if refusal:
            raise api_error(world, refusal, 400)
    else:
        refuse_unless(world, server, "migrate", ("active", "stopped"))
        begin_cold_migration(world, session.cloud, server)
    return wait_for(session, server, "migrating") if given.flag("--wait") else None


def wait_for(session: Session, server: Server, doing: str) -> int:
    """Poll until the server is ACTIVE (a client that waits for something else waits for ever) or in ERROR."""
    world = session.world
    while True:
        found = by_id(world, session.cloud, server["id"])
        status = found["status"] if found else "ERROR"
        if status == "ACTIVE" and not (found and found.get("task_state") == "migrating"):
            session.call.stdout.write("Complete\n" if doing == "migrating" else "\n")
            return 0
        if status == "ERROR":
            session.call.stderr.write(f"Error {doing} server: {server['name' if doing == 'creating' else 'id']}\n")
            session.call.stdout.write(f"Error {doing} server\n")
            raise Ends(0)  # the client's bare SystemExit: status 0
        if status in ("VERIFY_RESIZE", "SHUTOFF"):
            world.clock.hang()
        world.clock.advance(POLL)


@command("server resize")
def server_resize(session: Session) -> Answer:
    given, world = session.arguments, session.world
    server = find_server(session, given.text("<server>"))
    revert = given.flag("--revert")
    if given.flag("--flavor"):
        refuse_unless(world, server, "resize", ("active", "stopped"))
        begin_cold_migration(world, session.cloud, server)
        return wait_for(session, server, "resizing") if given.flag("--wait") else None
    if not given.flag("--confirm") and not revert:
        return None
    refuse_unless(world, server, "revertResize" if revert else "confirmResize", ("resized",))
    confirm(session, server, revert=revert)
    return None


def confirm(session: Session, server: Server, *, revert: bool = False) -> None:
    """Confirm or revert; a confirmation is seen at once in the status it leads to, as on the recorded servers."""
    world, cloud = session.world, session.cloud
    if revert:
        server["status"], server["task_state"] = "REVERT_RESIZE", "resize_reverting"
    world.clock.after(
        seconds(world, cloud, "confirm"), events.resize_settled, cloud=cloud, server=server["id"], revert=revert
    )


@command("server create")
def server_create(session: Session) -> Answer:
    given, world = session.arguments, session.world
    session.need("nova", "/servers")
    server = _new_server(session)
    session.part("nova")["servers"].append(server)
    world.clock.after(
        seconds(world, session.cloud, "build"), events.server_built, cloud=session.cloud, server=server["id"]
    )
    password = str(uuid.uuid5(uuid.NAMESPACE_OID, server["id"])).replace("-", "")[:12]
    if given.flag("--wait"):
        wait_for(session, server, "creating")
        return shown(session, by_id(world, session.cloud, server["id"]) or server)
    return shown(session, server, adminPass=password)


def _new_server(session: Session) -> Server:
    given, world = session.arguments, session.world
    image, flavor = _image_wanted(session), _flavor_wanted(session)
    if image and image["status"] != "active":
        raise api_error(world, f"Image {image['id']} is not active.", 400)
    server: Server = {
        "name": given.text("<server-name>"),
        "id": new_id(world, given.text("<server-name>")),
        "status": "BUILD",
        "task_state": "scheduling",
        "host": None,
        "flavor": flavor["name"],
        "image": image["name"] if image else "",
        "image_id": image["id"] if image else "",
        "project": session.login.project,
        "project_id": session.login.project_id,
        "user_id": session.login.user_id,
        "key_name": given.value("--key-name"),
        "security_groups": given.every("--security-group") or ["default"],
        "created": world.clock.now(),
        "updated": world.clock.now(),
        "launched": None,
        "instance_name": "",
        "networks": {},
        "wanted_networks": {},
        "kind": flavor.get("kind", "normal"),
        "too_big": bool(flavor.get("too_big")),
    }
    zone, _, host = given.text("--availability-zone").partition(":")
    if host:
        server["wanted_host"] = host
    server["zone"] = zone or "nova"
    server["wanted_name"] = f"instance-{1 + len(session.part('nova')['servers']):08x}"
    for nic in given.every("--nic"):
        attach(session, server, dict(part.partition("=")[::2] for part in nic.split(",")))
    return server


def _image_wanted(session: Session) -> Image | None:
    images = session.part("glance")["images"]
    wanted = session.arguments.text("--image")
    found = [i for i in images if i["id"] == wanted] or [i for i in images if i["name"] == wanted]
    if wanted and len(found) != 1:
        several = f"More than one resource exists with the name or ID '{wanted}'."
        raise ClientError(several if found else f"No image with a name or ID of '{wanted}' exists.")
    return found[0] if found else None


def _flavor_wanted(session: Session) -> Flavor:
    wanted = session.arguments.text("--flavor")
    for flavor in session.part("nova")["flavors"]:
        if wanted in (flavor["id"], flavor["name"]):
            return flavor
    raise ClientError(f"No flavor with a name or ID of '{wanted}' exists.")


def attach(session: Session, server: Guest, nic: dict[str, str]) -> None:
    """Take an existing free port, or make one on the network named; `no_port` is in a server that may not have it."""
    neutron = session.part("neutron")
    if "port-id" in nic:
        port = _free_port(session, neutron, nic["port-id"])
    else:
        wanted = nic.get("net-id", "")
        network = next((n for n in neutron["networks"] if wanted in (n["id"], n["name"])), None)
        if network is None:
            raise ClientError(f"ResourceNotFound: No Network found for {wanted}")
        if {"v4-fixed-ip", "v6-fixed-ip"} & nic.keys() and not may_choose_address(session, network):
            server["no_port"] = True
            return
        port = new_port(session.world, network, len(neutron["ports"]))
        port["security_groups"] = list(server["security_groups"])
        _address(session, neutron, nic, port)
        neutron["ports"].append(port)
    port["server"] = server["id"]
    server["wanted_networks"].setdefault(port["network"], []).append(port["address"])


def _free_port(session: Session, neutron: NeutronCloud, wanted: str) -> Port:
    port = next((port for port in neutron["ports"] if wanted in (port["id"], port.get("name"))), None)
    if port is None:
        raise ClientError(f"ResourceNotFound: No Port found for {wanted}")
    if port.get("server"):
        raise api_error(session.world, f"Port {port['id']} is still in use.", 409)
    return port


def may_choose_address(session: Session, network: Network) -> bool:
    """Neutron's policy create_port:fixed_ips: admin and the network's owner."""
    return session.login.project in ("admin", "service") or session.login.project_id == owner_of(session, network)


def _address(session: Session, neutron: NeutronCloud, nic: dict[str, str], port: Port) -> None:
    """Give a new port the one address that is asked for, of the kind it is said to be."""
    four, six = nic.get("v4-fixed-ip"), nic.get("v6-fixed-ip")
    if four and six:
        raise ClientError("Only one of 'v4-fixed-ip' and 'v6-fixed-ip' may be provided.")
    wanted = four or six
    if not wanted:
        return
    if (":" in wanted) != bool(six):
        raise api_error(session.world, f"Invalid fixed IP Address {wanted} in requested networks.", 400)
    if any(wanted in other["address"].split(",") for other in neutron["ports"]):
        raise api_error(session.world, f"Fixed IP address {wanted} is already in use on instance.", 400)
    port["address"] = wanted


def new_port(world: World, network: Network, count: int) -> Port:
    return {
        "name": "",
        "id": new_id(world, "port"),
        "mac": f"fa:16:3e:00:{count // 256 % 256:02x}:{count % 256:02x}",
        "network": network["name"],
        "network_id": network["id"],
        "address": f"{network.get('prefix', '10.0.0')}.{count % 240 + 10}",
        "host": None,
        "server": None,
        "mode": network.get("mode", "normal"),
        "made_for_server": True,
    }


@command("server delete")
def server_delete(session: Session) -> Answer:
    world, cloud = session.world, session.cloud
    for wanted in session.arguments.every("<server>"):
        server = find_server(session, wanted)
        server["task_state"] = "deleting"
        wait = seconds(world, cloud, "delete")
        world.clock.after(wait, events.server_gone, cloud=cloud, server=server["id"])
        if session.arguments.flag("--wait"):
            while by_id(world, cloud, server["id"]) is not None:
                world.clock.advance(POLL)
            session.call.stdout.write("\n")
    return None


@command("server image create")
def server_image_create(session: Session) -> Answer:
    given, world = session.arguments, session.world
    server = find_server(session, given.text("<server>"))
    refuse_unless(world, server, "createImage", ("active", "stopped", "paused", "suspended"))
    image = start_snapshot(world, session.cloud, server, given.text("--name") or server["name"], session.login)
    answer = image_record(image)
    if given.flag("--wait"):
        while image["status"] in ("queued", "saving"):
            world.clock.advance(POLL)
            if image not in session.part("glance")["images"]:
                raise ClientError(f"404 Not Found: No image found with ID {image['id']} (HTTP 404)")
        session.call.stdout.write("\n")
    return answer
