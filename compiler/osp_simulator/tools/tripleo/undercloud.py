"""openstack undercloud upgrade; overcloud image upload; overcloud node configure."""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from pathlib import Path

from osp_simulator.hosts import packages
from osp_simulator.state.clouds import BareMetal, Image
from osp_simulator.tools.nova.world import new_id
from osp_simulator.tools.openstack.baremetal import find_node
from osp_simulator.tools.openstack.format import table
from osp_simulator.tools.openstack.session import Answer, ClientError, Session, command, stamp
from osp_simulator.tools.tripleo.update import need_mistral

INSTALL_SECONDS = 1500
DONE = """
#############################################################################
Undercloud upgrade complete.

The file containing this installation's passwords is at
/home/stack/undercloud-passwords.conf.

There is also a stackrc file at /home/stack/stackrc.

These files are needed to interact with the OpenStack services, and should be
secured.

#############################################################################
"""


@command("undercloud upgrade")
def undercloud_upgrade(session: Session) -> Answer:
    """Yum update, then instack, which starts every service that it configures."""
    call, world = session.call, session.world
    if call.user == "root":
        raise ClientError("This command cannot run under root user. Switch to a normal user.")
    host = world.state["hosts"]["undercloud"]
    call.stderr.write("Logging to /home/stack/.instack/install-undercloud.log\n")
    if not host["repositories"] or packages.unresolved(world, "undercloud"):
        raise ClientError("Command '['sudo', 'yum', 'update', '-y']' returned non-zero exit status 1")
    with world.lock:
        packages.remember_offers(world, "undercloud")
        packages.update(world, "undercloud", (), "-y update")
        world.clock.advance(INSTALL_SECONDS)
        for unit in host["units"].values():
            if unit["enabled"] == "enabled":
                unit["active"], unit["sub"], unit["loaded"] = "active", "running", True
    call.stdout.write(DONE)
    return 0


@command("overcloud image upload")
def image_upload(session: Session) -> Answer:
    """Upload the images that differ from glance's; the old ones keep their content under a dated name."""
    given = session.arguments
    folder = given.text("--image-path", ".").rstrip("/") or "/"
    whole = given.text("--os-image", "overcloud-full.qcow2")
    given.flag("--update-existing")  # is asked again where an image differs
    stem = whole.rpartition(".")[0] or whole
    for file in (
        "ironic-python-agent.initramfs",
        "ironic-python-agent.kernel",
        whole,
        f"{stem}.vmlinuz",
        f"{stem}.initrd",
    ):
        if not local(session, folder, file).is_file():
            raise ClientError(f'Required file "{folder}/{file}" does not exist.')
    session.need("glance", "/images")
    kernel = upload(session, f"{stem}-vmlinuz", local(session, folder, f"{stem}.vmlinuz"), "aki")
    ramdisk = upload(session, f"{stem}-initrd", local(session, folder, f"{stem}.initrd"), "ari")
    whole_image = upload(session, stem, local(session, folder, whole), "qcow2")
    whole_image["properties"] = {"kernel_id": kernel["id"], "ramdisk_id": ramdisk["id"]}
    upload(session, "bm-deploy-kernel", local(session, folder, "ironic-python-agent.kernel"), "aki")
    upload(session, "bm-deploy-ramdisk", local(session, folder, "ironic-python-agent.initramfs"), "ari")
    boot = given.text("--http-boot", "/httpboot")
    for source, target in (("kernel", "agent.kernel"), ("initramfs", "agent.ramdisk")):
        copy(session, local(session, folder, f"ironic-python-agent.{source}"), f"{boot}/{target}")
    return 0


def local(session: Session, folder: str, file: str) -> Path:
    return session.world.files.path(session.call.host, os.path.join(session.call.cwd, folder, file))


def upload(session: Session, name: str, file: Path, disk: str) -> Image:
    """The image of this name: the present one if its checksum is the file's, else a new one."""
    world, out = session.world, session.call.stdout
    content = file.read_bytes()
    checksum = hashlib.md5(content).hexdigest()
    images = session.part("glance")["images"]
    present = next((image for image in images if image["name"] == name), None)
    if present is not None:
        if _is_kept(session, present, file):
            return present
        created = str(stamp(present["created"], "%Y-%m-%dT%H:%M:%S.000000"))
        present["name"] = f"{name}_{re.sub(r'[:.-]|0+$', '', created)}"
    world.clock.advance(10)
    image: Image = {
        "name": name,
        "id": new_id(world, "image"),
        "status": "active",
        "size": len(content),
        "checksum": checksum,
        "disk_format": disk,
        "container_format": "bare" if disk == "qcow2" else disk,
        "visibility": "public",
        "created": world.clock.now(),
        "updated": world.clock.now(),
        "properties": {},
    }
    images.append(image)
    out.write(f'Image "{name}" was uploaded.\n')
    columns = ("ID", "Name", "Disk Format", "Size", "Status")
    out.write(table(columns, [[image["id"], name, disk, str(image["size"]), image["status"]]]))
    return image


def _is_kept(session: Session, present: Image, file: Path) -> bool:
    """Whether an image stays as it is, and says why.

    It is compared with the file of that name in the working folder, whatever --image-path says.
    """
    out = session.call.stdout
    beside = local(session, "", file.name)
    if not beside.is_file():
        raise ClientError(f"The given file {file.name} is not a regular file")
    if present.get("checksum") == hashlib.md5(beside.read_bytes()).hexdigest():
        out.write(f'Image "{present["name"]}" is up-to-date, skipping.\n')
        return True
    if not session.arguments.flag("--update-existing"):
        out.write(f'Image "{present["name"]}" already exists and can be updated with --update-existing.\n')
        return True
    return False


def copy(session: Session, source: Path, target: str) -> None:
    """Copy the agent where ironic serves it, unless it is there already."""
    path = session.world.files.path(session.call.host, target)
    if path.is_file() and path.read_bytes() == source.read_bytes():
        session.call.stdout.write(f'Image file "{target}" is up-to-date, skipping.\n')
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(source.read_bytes())
    session.world.changes.touch()


@command("overcloud node configure")
def node_configure(session: Session) -> Answer:
    """Point nodes at the present deploy images and at local boot."""
    given, world = session.arguments, session.world
    need_mistral(session)
    images = _deploy_images(session)
    nodes = [find_node(session, name) for name in given.every("<node_uuid>")]
    if given.flag("--all-manageable"):
        nodes = [node for node in session.part("ironic")["nodes"] if node.get("provision_state") == "manageable"]
    execution = uuid.uuid5(uuid.NAMESPACE_OID, f"configure {world.clock.now()}")
    session.call.stdout.write(f"Started Mistral Workflow. Execution ID: {execution}\n")
    world.clock.advance(5 + 2 * len(nodes))
    for node in nodes:
        node["driver_info"] = {**node.get("driver_info", {}), **images}
        set_boot(node, given.text("--instance-boot-option", "local"))
    session.call.stdout.write("Nodes configured successfully.\n")
    return 0


def _deploy_images(session: Session) -> dict[str, str]:
    """{key of ironic's driver_info: id of the image}; ClientError for an image that glance does not have."""
    given = session.arguments
    images = {image["name"]: image["id"] for image in session.part("glance")["images"]}
    wanted = {"deploy_kernel": given.text("--deploy-kernel", "bm-deploy-kernel")}
    wanted["deploy_ramdisk"] = given.text("--deploy-ramdisk", "bm-deploy-ramdisk")
    for key, name in wanted.items():
        if name not in images and name not in images.values():
            raise ClientError(f"Image {name} for {key} could not be found")
    return {key: images.get(name, name) for key, name in wanted.items()}


def set_boot(node: BareMetal, option: str) -> None:
    properties = node.setdefault("properties", {})
    kept = [
        part
        for part in str(properties.get("capabilities", "")).split(",")
        if part and not part.startswith("boot_option:")
    ]
    properties["capabilities"] = ",".join([*kept, f"boot_option:{option}"])
