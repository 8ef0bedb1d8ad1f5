"""What people are shown of a step: its apply function's own text with the site's values put in; nothing is run."""

from __future__ import annotations

import re
from collections.abc import Mapping

from osp_compile import quoting
from osp_compile.model import Site
from osp_compile.scalars import scalars

LOCAL = re.compile(r"^\s*local( -[a-z])?( [a-z_]+(=(\$\d|\"\$\d\"|\(\)))?)+$")
VARIABLE = re.compile(r"\"\$\{?([A-Z][A-Z_]*)\}?\"|\$\{?([A-Z][A-Z_]*)\}?")
NODE = re.compile(r"\"\$(node|1)\"|\$(?:node|1)\b")
EXPANSION = re.compile(r'"\$\{([A-Z_]+)\[@\](?:\+[^}]*\})?\}?"')


def commands_of(text: str, function: str, site: Site) -> str:
    """The body of `function` in `text`, without its locals and comments, indented flush; the node reads `<node>`."""
    values = scalars(site)
    lines = [line for line in _body(text, function) if not LOCAL.match(line) and not line.lstrip().startswith("#")]
    return "".join(f"{_put_in(line, values)}\n" for line in _flush(lines))


def _body(text: str, function: str) -> list[str]:
    one_line = re.search(rf"^{function}\(\) \{{ (.*?);? \}}$", text, re.MULTILINE)
    if one_line:
        return [one_line.group(1)]
    block = re.search(rf"^{function}\(\) [{{(]\n(.*?)^[}})]$", text, re.MULTILINE | re.DOTALL)
    return block.group(1).splitlines() if block else []


def _flush(lines: list[str]) -> list[str]:
    return [line.removeprefix("  ") for line in lines if line.strip()]


def _put_in(line: str, values: Mapping[str, str | tuple[str, ...]]) -> str:
    def words(found: re.Match[str]) -> str:
        value = values.get(found.group(1))
        return quoting.sh_words(value) if isinstance(value, tuple) else found.group(0)

    def word(found: re.Match[str]) -> str:
        value = values.get(found.group(1) or found.group(2))
        if not isinstance(value, str):
            return found.group(0)
        # inside a longer quoted string the value stands bare: what is shown is read, never run
        return quoting.sh(value) if found.group(1) else value

    return NODE.sub("<node>", VARIABLE.sub(word, EXPANSION.sub(words, line)))
