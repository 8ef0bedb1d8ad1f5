"""Checks the manifest of a bundle from elsewhere, before any of it becomes a path, a title or a command.

The sums of a bundle prove that it is unmodified, not who made it.
"""

from __future__ import annotations

import ipaddress
import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from osp_compile.diagnostics import RefusedError
from osp_simulator.state.misfits import misfit

NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9-]{1,63})*")
SECTION = re.compile(r"2\.\d\d")
SCRIPT = re.compile(r"2\.\d\d-[a-z0-9-]+\.sh")
STEP = re.compile(r"2\.\d\d/\d{1,3}[a-z]?")
FUNCTION = re.compile(r"[a-z][a-z0-9_]*")
MINUTES = re.compile(r"\d{1,6} \d{1,6}")
TEXT = re.compile(r".+", re.DOTALL)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
SHOWN = 5  # the most faults that are reported


class ForeignError(RefusedError):
    """A manifest that our compiler has not written; the text says what is wrong with it."""


def prove(bundle: Path) -> None:
    """Raises ForeignError if the manifest of this bundle has content that a manifest never has."""
    try:
        manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
        faults = [*_sections(manifest), *_site(manifest["site"]), *_texts(manifest, "manifest.json")]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        faults = [f"manifest.json cannot be read: {type(error).__name__} {error}"]
    if faults:
        raise ForeignError("\n".join(f"{bundle.name}: {CONTROL.sub(' ', fault)}" for fault in faults[:SHOWN]))


def _sections(manifest: Any) -> Iterator[str]:
    for section in manifest["sections"]:
        yield from _is(SECTION, section["id"], "section")
        yield from _is(SCRIPT, section["script"], "script")
        yield from _is(TEXT, section["title"]["en"], "title")
        if section.get("duration") is not None:
            yield from _is(TEXT, section["duration"]["en"], "duration")
        yield from _is(MINUTES, " ".join(map(repr, section["minutes"].values())), "minutes")
        for step in section["steps"]:
            yield from _is(STEP, step["id"], "step")
            yield from _is(FUNCTION, step["name"], "function of a step")
            yield from _is(TEXT, step["title"]["en"], "title")
        nodes = {node["name"] for node in manifest["site"]["nodes"]}
        for goal in section.get("goal", ()):
            yield from (f"{section['id']}: goal: {why}" for why in _goal(goal, nodes))


def _goal(goal: Any, nodes: set[str]) -> Iterator[str]:
    """What is wrong with a goal; a goal about a place that the site does not have could never be met."""
    if "is" not in goal:
        yield from (why for place in goal["then"] if (why := misfit(place)) is not None)
    elif not isinstance(goal["is"], str) or not isinstance(goal["nodes"], list) or not nodes.issuperset(goal["nodes"]):
        yield f"it names others than the nodes of the site: {goal!r}"


def _site(site: Any) -> Iterator[str]:
    for key in ("name", "change", "stack"):
        yield from _is(re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*"), site[key], key)
    for user in (site["undercloud"]["user"], site["ssh"]["user"]):
        yield from _is(re.compile(r"[A-Za-z_][A-Za-z0-9_-]*"), user, "user")
    for node in site["nodes"]:
        yield from _is(NAME, node["name"], "node")
        yield from _is(re.compile(r"\w+"), node["role"], "role")
        try:
            ipaddress.ip_address(node["address"])
        except ValueError:
            yield f"no address: {node['address']!r}"


def _is(pattern: re.Pattern[str], text: Any, what: str) -> Iterator[str]:
    if not isinstance(text, str) or not pattern.fullmatch(text):
        yield f"no {what}: {text!r}"


def _texts(value: Any, place: str) -> Iterator[str]:
    """What is wrong with the texts: control characters, or a path that leads upwards."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _texts(str(key), place)
            yield from _texts(one, f"{place}: {key}")
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, place)
    elif isinstance(value, str):
        if CONTROL.search(value):
            yield f"{place} has control characters: {value!r}"
        if value.startswith("/") and posixpath.normpath(value) != value.rstrip("/") and ".." in value.split("/"):
            yield f"{place} leads upwards: {value!r}"
