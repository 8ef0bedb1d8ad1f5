"""`osp-compile explain`: a step, or a library function, with everything that it runs and this site's values."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from osp_compile.assets import STANDARD_INPUT, TEMPLATES
from osp_compile.bundle.closure import LIBRARY, Function, Shell
from osp_compile.bundle.on_disk import sums_of
from osp_compile.bundle.page.view import meanings
from osp_compile.bundle.shell_variables import site_values
from osp_compile.bundle.values_shown import OF_APPLY, OF_HELPER, OF_LIBRARY, put_in
from osp_compile.diagnostics import Diagnostic, error, has_errors, nearest, quoted
from osp_compile.pipeline import render_site
from osp_compile.ticket.opened import MANIFEST, open_bundle

SHORT = re.compile(r"2\.(\d)(/.*)")


@dataclass(frozen=True)
class Step:
    """A step of the manifest; `group` names the nodes that it runs for, one after the other, or is None."""

    id: str
    name: str
    title: str
    shape: str
    risk: str
    group: str | None
    script: str


@dataclass(frozen=True)
class Explained:
    """An explanation; `functions` begins with the one asked for; `step` is None for a library function.

    `digest` and `sections` are the bundle's.
    """

    diagnostics: tuple[Diagnostic, ...]
    step: Step | None = None
    node: str | None = None
    functions: tuple[Function, ...] = ()
    uses: Mapping[str, tuple[str, ...]] | None = None
    digest: str | None = None
    sections: tuple[str, ...] = ()


def explain(place: Path, word: str, node: str | None = None) -> Explained:
    """Explains `word`, the id or name of a step or the name of a function, in the bundle, archive or spec `place`."""
    texts, digest, found = _texts(place)
    if not texts:
        return Explained(found)
    bundle = _Bundle(texts)
    step = bundle.step(word)
    fault = bundle.fault(word, step, node)
    if fault:
        return Explained((*found, fault), digest=digest, sections=bundle.sections)
    functions = bundle.all_of(step) if step else bundle.functions(word)
    uses = {one.place: tuple(used.name for used in bundle.shell.uses(one, step.script if step else one.file))
            for one in functions}  # fmt: skip
    filled = tuple(bundle.filled(one, step, node) for one in functions)
    return Explained(found, step, node, filled, uses, digest, bundle.sections)


def _texts(place: Path) -> tuple[Mapping[str, str], str | None, tuple[Diagnostic, ...]]:
    """({path: text}, digest) of the bundle; empty and None if it is incomplete, or if the spec has errors."""
    if place == STANDARD_INPUT or (place.suffix in {".yaml", ".yml"} and not place.is_dir()):
        files, found = render_site(place)
        sums = sums_of({file.path: file.text.encode() for file in files})
        digest = hashlib.sha256(sums.encode()).hexdigest()
        return {file.path: file.text for file in files}, digest if files else None, found
    opened = open_bundle(place)
    if has_errors(opened.diagnostics):
        return {}, None, opened.diagnostics
    texts = {name: data.decode("utf-8", "replace") for name, data in opened.files.items()}
    return texts, opened.digest, opened.diagnostics


class _Bundle:
    """The texts of a bundle, in which steps and functions are looked up."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.shell = Shell({file: text for file, text in texts.items() if file.endswith(".sh") or file == "runbook"})
        manifest = json.loads(texts[MANIFEST])
        self.steps = tuple(_steps(manifest))
        self.sections = tuple(section["id"] for section in manifest["sections"])
        self._meanings = meanings(TEMPLATES)
        self._values = site_values(texts.get("lib/site.sh", ""))
        rows = (row.split("\t") for row in texts.get("lib/nodes.tsv", "").splitlines() if not row.startswith("#"))
        self.nodes = {row[0]: row[3].split(",") for row in rows if len(row) == 4}

    def step(self, word: str) -> Step | None:
        """The step of this id (2.9/5 is accepted too) or name."""
        short = SHORT.fullmatch(word)
        wanted = f"2.0{short[1]}{short[2]}" if short else word
        return next((step for step in self.steps if wanted in (step.id, step.name)), None)

    def all_of(self, step: Step) -> tuple[Function, ...]:
        """All that the step runs, what the engine has at the end."""
        found = self.shell.of_step(step.name, step.script)
        return (*found.own, *found.engine)

    def functions(self, word: str) -> tuple[Function, ...]:
        """The functions of this name, the library's first."""
        found = [one for functions in self.shell.functions.values() for one in functions if one.name == word]
        return tuple(sorted(found, key=lambda one: not one.file.startswith("lib/")))

    def fault(self, word: str, step: Step | None, node: str | None) -> Diagnostic | None:
        """The diagnostic that says why the word cannot be explained."""
        if step is None and not self.functions(word):
            return self._unknown(word)
        if node is None:
            return None
        if step is None:
            message = f"{quoted(word)} is a function, which has the values of whoever calls it, and not those of a node"
            return error("other-node", message, None, "leave --node out, or name a step that calls it")
        if node not in self.nodes:
            near = nearest(node, self.nodes)
            return error(
                "unknown-node", f"no node {quoted(node)} in this site", None, near and f"did you mean `{near}`?"
            )
        group = step.group
        if group not in self.nodes[node]:
            whom = f"it runs for each of the {group}" if group else "it runs once, and not for each node"
            return error("other-node", f"{step.id} does not run for {node}: {whom}", None, "leave --node out")
        return None

    def _unknown(self, word: str) -> Diagnostic:
        words = {one.name for functions in self.shell.functions.values() for one in functions}
        near = nearest(word, [*(step.id for step in self.steps), *(step.name for step in self.steps), *words], 0.7)
        what = "step" if "/" in word else "step or function"
        help = f"did you mean `{near}`?" if near else "RUNBOOK.md has the steps, lib/ the functions"
        return error("unknown-word", f"no {what} {quoted(word)} in this bundle", None, help)

    def filled(self, one: Function, step: Step | None, node: str | None) -> Function:
        """The text of the function with the site's values, and with <node> for the step's node.

        One without a comment has what the page says of it, if that has a row for it.
        """
        names = OF_LIBRARY
        if step and step.group and one.file == step.script:
            names = OF_APPLY if one in self.shell.parts(step.name, step.script) else OF_HELPER
        comment = one.comment
        if not comment and one.name in self._meanings and one.file.startswith(LIBRARY):
            comment = (f"# {self._meanings[one.name].en}",)
        return replace(one, text=put_in(one.text, names, self._values, node or "<node>"), comment=comment)


def _steps(manifest: Any) -> Iterator[Step]:
    language = manifest["site"]["language"]
    for section in manifest["sections"]:
        for step in section["steps"]:
            yield Step(
                step["id"], step["name"], step["title"][language], step["shape"], step["risk"], step["for_each"],
                section["script"],
            )  # fmt: skip


def page(found: Explained) -> str:
    """The explanation as bash for people: a table of contents, then each function with its comment."""
    lines = [*_head(found), ""]
    shown: set[tuple[str, ...]] = set()
    for one in found.functions:
        lines.append(f"# {one.place}")
        if one.comment not in shown:
            lines += one.comment
            shown.add(one.comment)
        lines += [*one.text.splitlines(), ""]
    return "\n".join(lines)


def _head(found: Explained) -> Iterator[str]:
    step = found.step
    if step:
        whom = f"; for each of the {step.group}" if step.group else ""
        yield f"# {step.id}  {step.title}"
        yield f"# {step.shape}, {step.risk}{whom}{f', here {found.node}' if found.node else ''}"
        files = len({one.file for one in found.functions})
        yield f"# {len(found.functions)} functions in {files} files, as a reader meets them, the engine's last:"
    width = max(len(one.name) for one in found.functions)
    for one in found.functions:
        yield f"#   {one.name:<{width}}  {one.place}"
    if step is None:
        used = found.uses[found.functions[0].place] if found.uses else ()
        yield f"# uses: {', '.join(used) or 'no other function'}"


def as_data(found: Explained) -> dict[str, object]:
    """The explanation as JSON data; only what is known of the bundle if nothing was explained."""
    step = found.step
    named: dict[str, object] = {"digest": found.digest, "sections": list(found.sections)}
    if not found.functions:
        return named
    return {
        **named,
        "step": None if step is None else {
            "id": step.id, "name": step.name, "title": step.title, "shape": step.shape, "risk": step.risk,
            "for_each": step.group, "script": step.script,
        },
        "node": found.node,
        "functions": [
            {
                "name": one.name, "file": one.file, "line": one.line, "text": one.text,
                "comment": "\n".join(line.removeprefix("#").removeprefix(" ") for line in one.comment),
                "uses": list((found.uses or {}).get(one.place, ())),
            }
            for one in found.functions
        ],
    }  # fmt: skip
