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
NAMED_NODE = re.compile(r"\"\$node\"|\$node\b")
REACHES_OUT = re.compile(r"\b(with_[a-z]+|sudo|on|as_root|as_root_on) ")
DEFINED = re.compile(r"^([a-z_]+)\(\) \{$", re.MULTILINE)
CALLED = re.compile(r"(?:^\s*|; do |; then )([a-z_]+)\b")
EXPANSION = re.compile(r'"\$\{([A-Z_]+)\[@\](?:\+[^}]*\})?\}?"')


def commands_of(text: str, function: str, site: Site) -> str:
    """The body of `function` in `text`, without its locals and comments, indented flush; the node reads `<node>`.

    Functions of the same step that it calls as commands and that reach out follow: what they run is read as well.
    """
    values = scalars(site)
    shown = [NODE.sub("<node>", line) for line in _flush(_commands(_body(text, function)))]
    for helper in _helpers(text, shown):
        # its $1 need not be the node
        body = [NAMED_NODE.sub("<node>", line) for line in _commands(_body(text, helper))]
        if any(REACHES_OUT.search(line) for line in body):
            shown += [f"{helper}() {{", *body, "}"]
    return "".join(f"{_put_in(line, values)}\n" for line in shown)


def _commands(lines: list[str]) -> list[str]:
    return [line for line in lines if line.strip() and not LOCAL.match(line) and not line.lstrip().startswith("#")]


def _helpers(text: str, lines: list[str]) -> list[str]:
    """Names of the functions in `text` that `lines` call as commands, and those that these call, in order."""
    found: list[str] = []
    defined = set(DEFINED.findall(text))
    waiting = list(lines)
    while waiting:
        for name in CALLED.findall(waiting.pop(0)):
            if name in defined and name not in found:
                found.append(name)
                waiting += _body(text, name)
    return found


def _body(text: str, function: str) -> list[str]:
    one_line = re.search(rf"^{function}\(\) \{{ (.*?);? \}}$", text, re.MULTILINE)
    if one_line:
        return [one_line.group(1)]
    block = re.search(rf"^{function}\(\) [{{(]\n(.*?)^[}})]$", text, re.MULTILINE | re.DOTALL)
    return block.group(1).splitlines() if block else []


def _flush(lines: list[str]) -> list[str]:
    return [line.removeprefix("  ") for line in lines]


def _put_in(line: str, values: Mapping[str, str | tuple[str, ...]]) -> str:
    # a condition on a setting says more than one on its value
    if line.lstrip().startswith("if [["):
        return line

    def words(found: re.Match[str]) -> str:
        value = values.get(found.group(1))
        return quoting.sh_words(value) if isinstance(value, tuple) else found.group(0)

    def word(found: re.Match[str]) -> str:
        value = values.get(found.group(1) or found.group(2))
        if not isinstance(value, str):
            return found.group(0)
        # inside a longer quoted string the value stands bare: what is shown is read, never run
        return quoting.sh(value) if found.group(1) else value

    return VARIABLE.sub(word, EXPANSION.sub(words, line))
