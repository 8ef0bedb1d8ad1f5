"""Diagnostics for other programs: SARIF 2.1.0, and the workflow commands of GitHub Actions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from osp_compile import __version__
from osp_compile.diagnostics import Diagnostic, visible
from osp_compile.output import Report, tell

SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


class Annotations(Report):
    """A report that also has the forms `sarif` and `github`, which go to standard output."""

    def finish(
        self, diagnostics: Sequence[Diagnostic], facts: Mapping[str, object] | None = None, lines: Sequence[str] = ()
    ) -> None:
        found = list(dict.fromkeys(diagnostics))
        if self.form == "sarif":
            tell(sarif(found))
        elif self.form == "github":
            tell("".join(f"{github(one)}\n" for one in found) + "".join(f"{visible(line)}\n" for line in lines))
        else:
            super().finish(diagnostics, facts, lines)


def sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """A SARIF run with a result for each diagnostic; columns count characters from 1, files are relative URIs."""
    rules = sorted({one.code for one in diagnostics})
    driver = {
        "name": "osp-compile",
        "version": __version__,
        "rules": [{"id": code, "shortDescription": {"text": code.replace("-", " ")}} for code in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, rules.index(one.code)) for one in diagnostics],
    }
    document = {"$schema": SARIF, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=True, indent=2) + "\n"


def _result(one: Diagnostic, rule: int) -> dict[str, Any]:
    text = f"{one.message}\n{one.help}" if one.help else one.message
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": one.severity,
        "message": {"text": "\n".join(visible(line) for line in text.split("\n"))},
    }
    if one.span is None:
        return result
    place: dict[str, Any] = {"artifactLocation": {"uri": _address(one.span.file)}}
    if one.span.line:
        first, length = one.span.column, max(1, one.span.length)
        place["region"] = {"startLine": one.span.line, "startColumn": first, "endColumn": first + length}
    return {**result, "locations": [{"physicalLocation": place}]}


def _address(file: str) -> str:
    path = PurePath(file)
    name = quote(path.as_posix(), errors="surrogateescape")
    return f"file://{name}" if path.is_absolute() else name


def github(one: Diagnostic) -> str:
    """A workflow command on one line; messages and file names are escaped and cannot start another command."""
    words = [f"title={_property(one.code)}"]
    if one.span is not None:
        words.insert(0, f"file={_property(one.span.file)}")
        if one.span.line:
            end = one.span.column + max(1, one.span.length) - 1
            words[1:1] = [f"line={one.span.line}", f"col={one.span.column}", f"endColumn={end}"]
    text = f"{one.message}\n{one.help}" if one.help else one.message
    return f"::{one.severity} {','.join(words)}::{_escaped(text)}"


def _escaped(text: str) -> str:
    for char, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        text = text.replace(char, code)
    return visible(text)


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
