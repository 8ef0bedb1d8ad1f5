"""The simulated site of a rehearsal: makes it from the bundle, and compares two of them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from osp_compile.bundle.sums import SIGNATURE
from osp_simulator.engine import lifecycle
from osp_simulator.fast.list_files import files
from osp_simulator.seed.site import seed
from osp_simulator.state import State
from osp_simulator.state.heat import Stack
from osp_simulator.state.hosts import Host

# Time stamps and identifiers, which differ between two runs with the same result.
# Each begins with a class of characters, by which a search can skip a text: the archives of a backup are megabytes.
MOMENT = re.compile(
    r"[0-9](?:(?<=\b1)[56][0-9]{8}(?:\.[0-9]+)?\b|(?<![0-9][0-9])[0-9]{3}(?:"
    r"-?[0-9]{2}-?[0-9]{2}[T_ -]?[0-9]{2}:?[0-9]{2}:?[0-9]{2}Z?|-[0-9]{2}-[0-9]{2}(?:-[0-9]{6})?))"
)
NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
INNER = re.compile(r"-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-")  # found or not in a fortieth of the time
COMPARED = 20_000  # bytes of a file that two worlds are compared by
# Paths whose content does not count: scratch, logs, the change's own record.
PASSING = re.compile(
    r"^(tmp/|run/|var/log/|(?:[^/]+/)+(?:osp-runbook(?:/|\.lock)|\.ssh/)|var/backup/|srv/|var/lib/osp-runbook)"
)


def make(folder: Path, bundle: Path, bash: str | None = None) -> None:
    """Makes a fresh world for the bundle in `folder`, approves the bundle's digest, and starts the world's server."""
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    lifecycle.make(folder, seed(manifest, os.path.realpath(bundle)), bash)
    lifecycle.start(folder)


def take_as_signed(bundle: Path) -> None:
    """Adds what the simulated gpg2 accepts as a signature to a bundle that must be signed and is not."""
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    if manifest["site"].get("require_signature") and not (bundle / SIGNATURE).exists():
        (bundle / SIGNATURE).write_text("rehearsed as if it were signed\n", "utf-8")


def canonical_state(world: Path) -> dict[str, str]:
    """{place: value} of a world at rest, with time stamps and identifiers masked.

    If those of two worlds are equal, their runs have had the same result.
    """
    state: State = json.loads((world / "state.json").read_text("utf-8"))
    found: dict[str, str] = {}
    for part, value in _site(state).items():
        _flatten(f"{part}", value, found)
    found.update(_files(world))
    return found


def _site(state: State) -> dict[str, Any]:
    ceph = state.get("ceph")
    return {
        "hosts": {name: _host(host) for name, host in state["hosts"].items()},
        "pacemaker": state.get("pacemaker"), "galera": state.get("galera"), "rabbit": state.get("rabbit"),
        "ceph": _without("recovering", ceph) if ceph else {},
        **_overcloud(state),
        "images": sorted({one["checksum"] or "" for one in state["glance"]["undercloud"]["images"]}),
        "stacks": {one["name"]: [one["status"], _updated(one)] for one in state["heat"]["undercloud"]["stacks"]},
        "plan": [_without("at", one) for one in state["plan"]["updates"][-1:]],
    }  # fmt: skip


def _without(name: str, row: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in row.items() if key != name}


def _host(host: Host) -> dict[str, Any]:
    return {
        "up": host["up"], "boots": host["boots"], "kernel": host["kernel"], "openvswitch": host["openvswitch"],
        "packages": host["packages"],
        "units": {unit: row["active"] + " " + row["enabled"] for unit, row in host["units"].items()},
    }  # fmt: skip


def _overcloud(state: State) -> dict[str, Any]:
    nova, neutron = state["nova"]["overcloud"], state["neutron"]["overcloud"]
    return {
        "services": {one["host"] + one["binary"]: [one["enabled"], one["reason"]] for one in nova["services"]},
        "servers": {one["name"]: [one["status"], one.get("task_state")] for one in nova["servers"]},
        "ports": {str(one.get("mac")): one.get("mode") for one in neutron.get("ports", [])},
        "agents": {one["name"]: one["admin_up"] for one in neutron["agents"]},
    }


def _updated(stack: Stack) -> list[tuple[str, str]]:
    """{node: its progress} in the newest update of the stack."""
    update = stack.get("update")
    return sorted((name, node["state"]) for name, node in update["nodes"].items()) if update else []


def _flatten(place: str, value: Any, into: dict[str, str]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _flatten(f"{place}.{key}", inner, into)
    else:
        into[place] = mask_volatile(json.dumps(value, sort_keys=True))


def mask_volatile(text: str) -> str:
    """The text without time stamps and identifiers, which differ between any two runs."""
    timeless = MOMENT.sub("<time>", text)
    return NUMBER.sub("<id>", timeless) if INNER.search(timeless) else timeless


def _files(world: Path) -> dict[str, str]:
    return {
        f"{host}:/{mask_volatile(name)}": mask_volatile(content[:COMPARED].decode("utf-8", "replace"))
        for host, name, content in host_files(world, PASSING)
    }


def host_files(world: Path, without: re.Pattern[str]) -> Iterator[tuple[str, str, bytes]]:
    """(host, path, content or target) of every host's files and links, in order; what `without` matches is left out.

    `without` matches beginnings of paths: if it matches a folder's path and /, all that is in the folder is left out.
    """
    for root in sorted((world / "hosts").glob("*/root")):
        for name, entry in files(str(root), without.match):
            if without.match(name):
                continue
            if entry.is_symlink():
                yield root.parent.name, name, os.fsencode(Path(entry.path).readlink())
            elif entry.is_file():
                yield root.parent.name, name, Path(entry.path).read_bytes()
