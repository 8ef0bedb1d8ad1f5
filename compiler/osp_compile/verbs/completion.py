"""Completes a command line: files, and names from the spec or the bundle on it.

Completion never fails and never prints: from an unreadable file it offers nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from osp_compile.diagnostics import visible

SOURCES = ("source", "spec", "specs", "directory", "bundle")  # the parameters that name a spec or a bundle
Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="file")]


def folders(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(incomplete, type="dir")]


def _completing(words: Callable[[dict[str, Any]], Iterator[tuple[str, str]]]) -> Complete:
    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        try:
            document = _manifest(_source(ctx))
            found = [(word, help) for word, help in words(document) if word.startswith(incomplete)]
        except Exception:  # no traceback may appear in the middle of a prompt
            return []
        # a terminal would obey what a hostile manifest has for a title
        return [CompletionItem(word, help=visible(help)) for word, help in found if word.isprintable()]

    return complete


def _sections(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((section["id"], section["title"]["en"]) for section in document["sections"])


def _steps(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((step["id"], step["title"]["en"]) for section in document["sections"] for step in section["steps"])


def _nodes(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((node["name"], node["role"]) for node in document["site"]["nodes"])


sections, steps, nodes = _completing(_sections), _completing(_steps), _completing(_nodes)


def _source(ctx: click.Context) -> Path | None:
    """The spec or the bundle that the command line names so far."""
    for name in SOURCES:
        value = ctx.params.get(name)
        one = value[0] if isinstance(value, tuple) and value else value
        if isinstance(one, Path | str):
            return Path(one).expanduser()
    # before an option that still needs its value, click has not yet assigned the words to parameters
    return next((Path(word).expanduser() for word in ctx.args if not word.startswith("-")), None)


def _manifest(source: Path | None) -> dict[str, Any]:
    """The manifest of the bundle, or that of the spec's bundle; without either, of a site with every section."""
    from osp_compile.ticket.unpacking import is_archive, unpack

    # reading a pipe here would leave nothing for the command itself
    there = source if source is not None and (source.is_dir() or source.is_file()) else None
    if there is not None and (there.is_dir() or is_archive(there)):
        text = (there / "manifest.json").read_bytes() if there.is_dir() else unpack(there).files["manifest.json"]
        document: dict[str, Any] = json.loads(text)
        return document
    return _planned(there)


def _planned(spec: Path | None) -> dict[str, Any]:
    """The manifest of the spec's bundle; without a spec, or with one that is wrong, that of every section."""
    from osp_compile.assets import TEMPLATES
    from osp_compile.bundle.manifest import manifest
    from osp_compile.guide.model import known_steps
    from osp_compile.guide.plan import make_plan
    from osp_compile.guide.reader import read_sections
    from osp_compile.spec import loading

    found, _ = read_sections(TEMPLATES)
    site = loading.load(spec, known_steps(found))[0] if spec is not None else None
    if site is not None:
        planned: dict[str, Any] = json.loads(manifest(make_plan(site, found), ()))
        return planned
    rows = [
        {
            "id": section.id,
            "title": {"en": section.title.en},
            "steps": [{"id": step.id, "title": {"en": step.title.en}} for step in section.steps],
        }
        for section in found
    ]
    return {"site": {"nodes": []}, "sections": rows}
