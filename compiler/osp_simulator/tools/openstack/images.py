"""openstack image list, show, create, save, delete, and nova's snapshots."""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from typing import Any

from osp_simulator.engine import events
from osp_simulator.engine.world import World
from osp_simulator.state.clouds import Image
from osp_simulator.state.nova import Server
from osp_simulator.tools.nova.world import by_id, new_id, seconds
from osp_simulator.tools.openstack.format import Record, Table
from osp_simulator.tools.openstack.servers import properties
from osp_simulator.tools.openstack.session import Answer, ClientError, Login, Session, command, is_tty, stamp

UUID = "^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$"


def find_image(session: Session, wanted: str) -> Image:
    session.need("glance", f"/images/{wanted}")
    images = session.part("glance")["images"]
    found = [image for image in images if image["id"] == wanted] or [i for i in images if i["name"] == wanted]
    if len(found) > 1:
        raise ClientError(f"More than one resource exists with the name or ID '{wanted}'.")
    if not found:
        raise ClientError(f"Could not find resource {wanted}")
    return found[0]


def image_record(image: Image) -> Record:
    fields = {
        "checksum": image.get("checksum"),
        "container_format": image.get("container_format"),
        "created_at": stamp(image["created"]),
        "disk_format": image.get("disk_format"),
        "file": f"/v2/images/{image['id']}/file",
        "id": image["id"],
        "min_disk": image.get("min_disk", 0),
        "min_ram": image.get("min_ram", 0),
        "name": image["name"],
        "owner": image.get("owner"),
        "properties": properties(image.get("properties", {})),
        "protected": image.get("protected", False),
        "schema": "/v2/schemas/image",
        "size": image.get("size"),
        "status": image["status"],
        "tags": ", ".join(image.get("tags", ())),
        "updated_at": stamp(image.get("updated", image["created"])),
        "virtual_size": None,
        "visibility": image.get("visibility", "private"),
    }
    return Record(tuple(fields.items()))


@command("image list")
def image_list(session: Session) -> Answer:
    session.need("glance", "/images")
    given = session.arguments
    found = sorted(session.part("glance")["images"], key=lambda image: -float(image["created"]))
    for visibility in ("public", "private", "shared"):
        if given.flag(f"--{visibility}"):
            found = [image for image in found if image.get("visibility", "private") == visibility]
    if given.value("--limit") is not None:
        found = found[: int(given.text("--limit"))]
    if not given.flag("--long"):
        return Table(("ID", "Name", "Status"), tuple((i["id"], i["name"], i["status"]) for i in found))
    columns = (
        "ID",
        "Name",
        "Disk Format",
        "Container Format",
        "Size",
        "Status",
        "Visibility",
        "Protected",
        "Project",
        "Tags",
    )
    return Table(columns, tuple(_long_row(image) for image in found))


def _long_row(image: Image) -> tuple[Any, ...]:
    made = (image["id"], image["name"], image.get("disk_format"), image.get("container_format"), image.get("size"))
    tags = ", ".join(image.get("tags", ()))
    visible = image.get("visibility", "private")
    return (*made, image["status"], visible, image.get("protected", False), image.get("owner"), tags)


@command("image show")
def image_show(session: Session) -> Answer:
    return image_record(find_image(session, session.arguments.text("<image>")))


@command("image create")
def image_create(session: Session) -> Answer:
    given, world = session.arguments, session.world
    session.need("glance", "/images")
    wanted = given.value("--id")
    if wanted is not None and re.match(UUID, wanted) is None:
        raise ClientError(not_an_id(wanted))
    content = _content(session)
    with world.lock:
        images = session.part("glance")["images"]
        if any(image["id"] == wanted for image in images):
            raise ClientError(f"409 Conflict: Image ID {wanted} already exists! (HTTP 409)")
        image: Image = {
            "name": given.text("<image-name>"),
            "id": wanted or new_id(world, "image"),
            "status": "queued",
            "size": None,
            "checksum": None,
            "container_format": given.text("--container-format", "bare"),
            "disk_format": given.text("--disk-format", "raw"),
            "owner": session.login.project_id,
            "visibility": "public" if given.flag("--public") else "private" if given.flag("--private") else "shared",
            "created": world.clock.now(),
            "updated": world.clock.now(),
            "properties": {},
        }
        if content is not None:
            image.update({"status": "active", "size": len(content)})
            image["checksum"] = hashlib.md5(content).hexdigest()
        images.append(image)
        return image_record(image)


def _content(session: Session) -> bytes | None:
    """The image's bytes: the file's, or those on stdin; None, for no upload, if stdin is a terminal."""
    name = session.arguments.value("--file")
    if name is not None:
        path = session.world.files.path(session.call.host, os.path.join(session.call.cwd, name))
        if not path.is_file():
            raise ClientError(f"[Errno 2] No such file or directory: u'{name}'")
        return path.read_bytes()
    return None if is_tty(session.call, 0) else session.call.stdin.read()


def not_an_id(wanted: str) -> str:
    pattern = f"u'{UUID}'"
    return (
        f"Unable to set 'id' to '{wanted}'. Reason: u'{wanted}' does not match {pattern}\n\n"
        "Failed validating u'pattern' in schema[u'properties'][u'id']:\n"
        "    {u'description': u'An identifier for the image',\n"
        f"     u'pattern': {pattern},\n"
        "     u'type': u'string'}\n\n"
        f"On instance[u'id']:\n    u'{wanted}'"
    )


@command("image save")
def image_save(session: Session) -> Answer:
    image = find_image(session, session.arguments.text("<image>"))
    if image["status"] != "active":
        raise ClientError(f"404 Not Found: No image data for {image['id']} (HTTP 404)")
    content = f"image {image['id']}\n".encode()
    name = session.arguments.value("--file")
    if name is None:
        session.call.stdout.write(content.decode())
        return None
    target = session.world.files.path(session.call.host, os.path.join(session.call.cwd, name))
    if not target.parent.is_dir():
        raise ClientError(f"[Errno 2] No such file or directory: u'{name}'")
    target.write_bytes(content)
    session.world.changes.touch()
    return None


@command("image delete")
def image_delete(session: Session) -> Answer:
    failed = 0
    wanted = session.arguments.every("<image>")
    for name in wanted:
        try:
            image = find_image(session, name)
            if image.get("protected"):
                raise ClientError(f"403 Forbidden: Image {image['id']} is protected and cannot be deleted. (HTTP 403)")
            session.part("glance")["images"].remove(image)
        except ClientError as error:
            failed += 1
            session.call.stderr.write(f"Failed to delete image with name or ID '{name}': {error.words}\n")
    if failed:
        raise ClientError(f"Failed to delete {failed} of {len(wanted)} images.")
    return None


def start_snapshot(world: World, cloud: str, server: Server, name: str, login: Login) -> Image:
    """The queued image of a server, to be filled later."""
    image: Image = {
        "name": name,
        "id": new_id(world, "snapshot"),
        "status": "queued",
        "size": None,
        "checksum": None,
        "disk_format": None,
        "container_format": None,
        "min_disk": server.get("min_disk", 0),
        "owner": login.project_id,
        "visibility": "private",
        "created": world.clock.now(),
        "updated": world.clock.now(),
        "properties": {
            "base_image_ref": server.get("image_id", ""),
            "image_type": "snapshot",
            "instance_uuid": server["id"],
        },
    }
    server["task_state"] = "image_pending_upload"
    world.state["glance"][cloud]["images"].append(image)
    wait = seconds(world, cloud, "snapshot")
    world.clock.after(wait, events.snapshot_ends, cloud=cloud, server=server["id"], image=image["id"])
    if wait > 2:
        world.clock.after(wait / 2, events.snapshot_saving, cloud=cloud, image=image["id"])
    return image


@events.snapshot_saving.handler
def snapshot_saving(world: World, cloud: str, image: str) -> None:
    for entry in world.state["glance"][cloud]["images"]:
        if entry["id"] == image and entry["status"] == "queued":
            entry["status"] = "saving"


@events.snapshot_ends.handler
def snapshot_ends(world: World, cloud: str, server: str, image: str) -> None:
    """The image is there, or nova has deleted it again because taking it failed."""
    source = by_id(world, cloud, server)
    images = world.state["glance"][cloud]["images"]
    failed = source is None or source.get("on_snapshot", "works") != "works"
    if source is not None:
        source["task_state"] = None
    for entry in list(images):
        if entry["id"] == image and failed:
            images.remove(entry)
        elif entry["id"] == image:
            checksum = hashlib.md5(uuid.UUID(image).bytes).hexdigest()
            entry.update({"status": "active", "size": 1073741824, "checksum": checksum})
            entry.update({"updated": world.clock.now(), "container_format": "bare", "disk_format": "raw"})
