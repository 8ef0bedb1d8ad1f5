"""Rules for folders that must not contain each other, and for places where a file would be lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address
from posixpath import normpath

from osp_compile.diagnostics import Diagnostic, quoted
from osp_compile.spec.rules import client
from osp_compile.spec.rules.client import PLACES
from osp_compile.spec.rules.nodes import parse_address
from osp_compile.spec.rules.view import View
from osp_compile.spec.yaml_tree import Path

SYSTEM = frozenset(
    "/ /bin /boot /dev /etc /home /lib /lib64 /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /var "
    "/var/lib /var/log /var/run /var/tmp /var/backup /var/spool".split()
)
# emptied at a reboot or by tmpfiles, or not on disk
FLEETING = ("/tmp", "/var/tmp", "/run", "/var/run", "/dev", "/proc", "/sys", "/boot")  # noqa: S108  only names
LOCAL = frozenset({"localhost", "localhost.localdomain"})
REMOTE = re.compile(r"(?:(?P<user>[^@/]*)@)?(?P<host>\[[^]]*\]|[^:/]+):(?P<path>/.*)")


def is_within(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or is below it, by their names alone."""
    inner, outer = clean(path), clean(folder)
    return inner == outer or inner.startswith(outer.rstrip("/") + "/")


def clean(path: str) -> str:
    return normpath(path).replace("//", "/", 1) if path.startswith("//") else normpath(path)


def backup_directory(view: View) -> Iterator[Diagnostic]:
    path = ("backup", "directory")
    directory = view.get(*path)
    wrong = None if directory is None else _no_backup_in(directory, view)
    if wrong is not None:
        yield view.error("backup-place", wrong, path, "choose a folder of its own, such as /var/backup/osp")


def _no_backup_in(directory: str, view: View) -> str | None:
    """The reason why backups cannot be kept in this folder; None if they can."""
    home, images = view.get("undercloud", "home") or "/", view.get("undercloud", "images_dir")
    if clean(directory) in SYSTEM - {"/root", *FLEETING} or clean(directory) == clean(home):
        return f"the backup directory cannot be {quoted(directory)} itself"
    fleeting = _fleeting(directory)
    if fleeting is not None:
        return f"{quoted(fleeting)} is not permanent storage; a backup there may be lost"
    if is_within(directory, "/root"):
        return "the backup contains /root, so it cannot be inside it"
    if images is not None and is_within(directory, images):
        return f"the backup directory lies in {quoted(images)}, which is emptied for new images"
    return None


def _fleeting(path: str) -> str | None:
    return next((folder for folder in FLEETING if is_within(path, folder)), None)


def images_directory(view: View) -> Iterator[Diagnostic]:
    """Refuses other files in the images directory, where everything is moved away or deleted."""
    images = view.get("undercloud", "images_dir")
    if images is None:
        return
    home = view.get("undercloud", "home")
    if clean(images) in SYSTEM or (home is not None and is_within(home, images)):
        message = f"the images directory cannot be {quoted(images)}: whatever is in it is moved away"
        help = "choose a folder of its own, such as /home/stack/images"
        yield view.error("images-place", message, ("undercloud", "images_dir"), help)
        return
    for path, file in _files(view):
        if is_within(file, images):
            message = f"{quoted(file)} lies in {quoted(images)}, which is emptied for new images"
            yield view.error(
                "file-in-images", message, path, "keep it elsewhere, or name another `undercloud.images_dir`"
            )


def _files(view: View) -> Iterator[tuple[Path, str]]:
    """Every file and folder of the undercloud that the spec relies on, the backup directory apart."""
    yield from view.words("env_files")
    yield from view.words("deploy", "environment_directories")
    for one in client.given(view.words("deploy", "extra_args")):
        if one.option.name in PLACES and one.value:
            yield one.value_path, one.value
    single = tuple(("deploy", word) for word in ("templates", "roles_file", "answers_file"))
    hooks = tuple(("hooks", word) for word in ("before_node", "after_node", "before_update"))
    for path in (*single, *hooks):
        value = view.get(*path)
        if isinstance(value, str):
            yield path, value
    for index, instance in enumerate(view.get("nfv", "instances") or ()):
        if isinstance(instance, dict) and isinstance(instance.get("rc_file"), str):
            yield ("nfv", "instances", index, "rc_file"), instance["rc_file"]


def copy_to(view: View) -> Iterator[Diagnostic]:
    path = ("backup", "copy_to")
    target = view.get(*path)
    remote = None if target is None else REMOTE.fullmatch(target)
    if remote is not None:
        yield from _remote_copy(view, path, remote["host"])
    elif target is not None:
        yield from _local_copy(view, path, target, view.get("backup", "directory"))


def _remote_copy(view: View, path: Path, host: str) -> Iterator[Diagnostic]:
    if host.startswith("["):
        try:
            if ip_address(host[1:-1]).version != 6:
                raise ValueError
        except ValueError:
            message = f"{quoted(host[1:-1])} is not an IPv6 address"
            yield view.error("bad-address", message, path, "use brackets only around an IPv6 address")
            return
    if host in LOCAL or parse_address(host.strip("[]"))[1].startswith("is a loopback"):
        message = f"{quoted(host)} is the undercloud itself"
        yield view.error("copy-place", message, path, "copy backups to another host; name a mounted folder by its path")
        return
    mine = parse_address(host.strip("[]"))[0]
    for node, text in view.nodes("address"):
        if mine is not None and parse_address(text)[0] == mine:
            line = view.source.value(node).line
            message = f"{quoted(host)} is the node of line {line}, which this change updates and reboots"
            yield view.warning("copy-to-node", message, path, "copy the backups to a host outside of the site")
            return


def _local_copy(view: View, path: Path, target: str, directory: str | None) -> Iterator[Diagnostic]:
    images = view.get("undercloud", "images_dir")
    if directory is not None and (is_within(target, directory) or is_within(directory, target)):
        message = f"{quoted(target)} and the backup directory {quoted(directory)} contain each other"
        yield view.error("copy-place", message, path, "copy to another place, best on another host")
    elif _fleeting(target) is not None or clean(target) in SYSTEM:
        message = f"{quoted(target)} is not a place to keep a backup"
        yield view.error("copy-place", message, path, "name a mounted folder of another host, or `user@host:/path`")
    elif images is not None and is_within(target, images):
        message = f"{quoted(target)} lies in {quoted(images)}, which is emptied for new images"
        yield view.error("copy-place", message, path, "name a mounted folder of another host, or `user@host:/path`")


RULES = (backup_directory, images_directory, copy_to)
