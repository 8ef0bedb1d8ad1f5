"""The syntax tree of a shell script, made by shfmt's parser (mvdan.cc/sh); the script itself is never run.

A tree is the parser's own JSON: dicts with `Type`; offsets count bytes.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from osp_compile.diagnostics import Diagnostic, RefusedError, Span, error
from osp_compile.importing.text import Text
from osp_compile.lint.checking import tool

Tree = dict[str, Any]
LARGEST = 512 * 1024  # bytes of a script
LIMIT = 60  # seconds
SAID = re.compile(r"(?:<standard input>:)?(?P<line>\d+):(?P<column>\d+): (?P<reason>.*)")


@dataclass(frozen=True)
class Script:
    """A text with its statements; for a part of a file, `first` is the line of the file on which the part begins.

    `indent` is the number of blanks that the lines of the file have before those of the part.
    """

    text: Text
    statements: tuple[Tree, ...]
    data: bytes
    first: int = 1
    indent: int = 0

    def span(self, node: Tree) -> Span:
        """The place where a node of the tree begins, and its length on that line."""
        start, end = node["Pos"], node["End"]
        line = start["Line"] + self.first - 1
        shown = self.text.at(line).text.encode()
        begins = start["Col"] - 1 + self.indent
        column = len(shown[:begins].decode("utf-8", "replace")) + 1
        last = end["Col"] - 1 + self.indent if end["Line"] == start["Line"] else len(shown)
        return self.text.at(line, column, len(shown[begins:last].decode("utf-8", "replace")))

    def raw(self, node: Tree) -> str:
        """The source text of the node."""
        return self.data[node["Pos"]["Offset"] : node["End"]["Offset"]].decode("utf-8", "replace")


def parse(text: Text, part: str | None = None, first: int = 1, indent: int = 0) -> Script | Diagnostic:
    """The script of a file, or of its `part` that begins on the line `first`; a diagnostic if it is not valid bash."""
    data = (text.all if part is None else part).encode("utf-8", "replace") + b"\n"
    words = [tool("shfmt", "pip install shfmt-py"), "--to-json", "--language-dialect", "bash"]
    try:
        done = subprocess.run(words, input=data, capture_output=True, check=False, timeout=LIMIT)
    except subprocess.TimeoutExpired as problem:
        raise RefusedError(f"{text.file}: its syntax was not read within {LIMIT} s") from problem
    if done.returncode:
        return _wrong(text, done.stderr.decode("utf-8", "replace"), first)
    try:
        return Script(text, tuple(json.loads(done.stdout).get("Stmts") or ()), data, first, indent)
    except (RecursionError, KeyError, TypeError):
        return error("shell-syntax", "the script is nested too deeply to be read", text.whole())


def _wrong(text: Text, message: str, first: int) -> Diagnostic:
    found = SAID.match(message.strip())
    help = "bash reads no further than this either: give the script as it ran"
    if found is None:
        return error("shell-syntax", f"the script cannot be read: {message.strip()[:200]}", text.whole(), help)
    line = int(found["line"]) + first - 1
    before = text.at(line).text.encode()[: int(found["column"]) - 1].decode("utf-8", "replace")
    return error("shell-syntax", f"this is not bash: {found['reason'][:200]}", text.at(line, len(before) + 1), help)


def parts_of(word: Tree | None) -> list[Tree]:
    """The parts of a word: literals, quotes, parameters."""
    return list((word or {}).get("Parts") or ())


def within(node: object) -> Iterator[Tree]:
    """The node and every node in it."""
    if isinstance(node, list):
        for one in node:
            yield from within(one)
    elif isinstance(node, dict):
        yield node
        for one in node.values():
            yield from within(one)


def name_of(command: Tree | None) -> str:
    """The name of a simple command if it is a plain word, else ""."""
    words = list((command or {}).get("Args") or ())
    parts = parts_of(words[0]) if words else []
    return str(parts[0].get("Value", "")) if parts else ""
