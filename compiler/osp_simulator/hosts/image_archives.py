"""The overcloud's images as they are packaged: archives under /usr/share, and the files these hold."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping

IMAGES = "/usr/share/rhosp-director-images"


def image_files(version: str) -> dict[str, str]:
    """{archive: its files} of one version of the images."""
    parts = ("overcloud-full.qcow2", "overcloud-full.vmlinuz", "overcloud-full.initrd")
    agent = ("ironic-python-agent.kernel", "ironic-python-agent.initramfs")
    return {name: f"{name} {version}\n" for name in (*parts, *agent)}


def archives(version: str) -> dict[str, tuple[bytes, int]]:
    """{absolute path: (content, mode)}, as the packages rhosp-director-images and -ipa of this version install them."""
    found: dict[str, tuple[bytes, int]] = {}
    for stem in ("overcloud-full", "ironic-python-agent"):
        members = {name: text for name, text in image_files(version).items() if name.startswith(stem)}
        stored = _tar(members)
        found[f"{IMAGES}/{stem}-latest-10.0.tar"] = (stored, 0o644)
    return found


def _tar(members: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode, info.mtime = len(text), 0o644, 1538956800
            archive.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()
