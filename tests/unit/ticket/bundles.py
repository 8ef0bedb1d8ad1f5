"""A small bundle for the tests of the ticket: three files, and a manifest as the compiler writes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from osp_compile.bundle import on_disk
from osp_compile.bundle.render import File
from osp_compile.ticket.ustar import Member

MANIFEST: Mapping[str, Any] = {
    "format": 1,
    "compiler": {"name": "osp-compile", "version": "1.2.3"},
    "site": {"name": "lab-1", "change": "CHG1"},
}


def small(out: Path, manifest: Mapping[str, Any] = MANIFEST) -> Path:
    """Writes it to out/lab-1."""
    files = (
        File("2.00-a.sh", "#!/usr/bin/env bash\necho a\n", executable=True),
        File("lib/engine/b.sh", "b() { :; }\n"),
        File("manifest.json", json.dumps(manifest)),
    )
    with on_disk.staged(files, out, "lab-1") as stage:
        on_disk.publish(stage, out / "lab-1")
    return out / "lab-1"


def changed(**site: Any) -> dict[str, Any]:
    """The manifest with other words for the site."""
    return {**MANIFEST, "site": {**MANIFEST["site"], **site}}


def members(bundle: Path) -> list[Member]:
    """Its files as those of an archive."""
    files = (path for path in sorted(bundle.rglob("*")) if path.is_file())
    return [Member(f"lab-1/{path.relative_to(bundle)}", 0o644, path.read_bytes()) for path in files]
