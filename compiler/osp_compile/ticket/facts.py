"""Reads a bundle's manifest without trusting it: parts that a compiler would not write are left out, and named."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from osp_compile.diagnostics import quoted
from osp_compile.spec.model import Language


@dataclass(frozen=True)
class Step:
    """A step as the manifest has it; `facts` are its other keys."""

    id: str
    name: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Section:
    """A section as the manifest has it; `facts` are its other keys."""

    id: str
    script: str
    facts: Mapping[str, Any]
    steps: tuple[Step, ...]

    @property
    def short_name(self) -> str:
        """The script's name without number and ending, such as reboot-ceph-storage."""
        return self.script.removeprefix(f"{self.id}-").removesuffix(".sh")


@dataclass(frozen=True)
class Facts:
    """The manifest's facts: `site` has the spec's values by top-level key; `compiler` is "" if it is not named."""

    compiler: str = ""
    format: str = ""
    site: Mapping[str, Any] = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def language(self) -> Language:
        return "ja" if self.site.get("language") == "ja" else "en"

    def said(self, key: str) -> str:
        """A text among the site's values, or ""."""
        value = self.site.get(key)
        return value if isinstance(value, str) else ""


def read_facts(manifest: bytes | None) -> Facts:
    """The facts in the text of a manifest.json; None if the bundle has no manifest."""
    if manifest is None:
        return Facts(faults=("manifest.json is missing: sites and steps cannot be compared",))
    try:
        document = json.loads(manifest)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        return Facts(faults=("manifest.json cannot be read: sites and steps cannot be compared",))
    faults: list[str] = []
    site = document.get("site")
    if not isinstance(site, dict):
        faults.append("manifest.json describes no site")
    sections = tuple(_sections(document.get("sections"), faults))
    return Facts(
        _compiler(document.get("compiler")),
        str(document.get("format", ""))[:20],
        site if isinstance(site, dict) else {},
        sections,
        tuple(faults),
    )


def _compiler(value: Any) -> str:
    """The compiler as `osp-compile 0.2.0`, from a mapping with name and version or from a text."""
    if isinstance(value, dict):
        value = " ".join(str(value[key]) for key in ("name", "version") if key in value)
    return value[:80] if isinstance(value, str) else ""


def _sections(value: Any, faults: list[str]) -> Iterator[Section]:
    for row in _named(value, ("id",), "section", faults):
        steps = tuple(
            Step(step["id"], step["name"], {key: one for key, one in step.items() if key not in ("id", "name")})
            for step in _named(row.get("steps"), ("id", "name"), f"step of {row['id']}", faults)
        )
        script = row.get("script")
        facts = {key: one for key, one in row.items() if key not in ("id", "script", "steps")}
        yield Section(row["id"], script if isinstance(script, str) else "", facts, steps)


def _named(rows: Any, keys: tuple[str, ...], what: str, faults: list[str]) -> Iterator[dict[str, Any]]:
    """The rows that are mappings with texts under all of `keys`, each id once."""
    seen: set[str] = set()
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in keys):
            faults.append(f"manifest.json has a {what} without {' and '.join(keys)}")
        elif row["id"] in seen:
            faults.append(f"manifest.json has the {what} {quoted(row['id'])} twice")
        else:
            seen.add(row["id"])
            yield row


def localized(value: Any, language: Language) -> str:
    """A value as people read it: the language's text of {en, ja}, lists in a row, all else as JSON writes it."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and isinstance(value.get("en"), str):
        own = value.get(language)
        return own if isinstance(own, str) and own else str(value["en"])
    if isinstance(value, list):
        return ", ".join(localized(one, language) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {localized(one, language)}" for key, one in value.items())
    return json.dumps(value)
