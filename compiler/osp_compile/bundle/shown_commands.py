"""The commands of a step as people read them: the text of its apply function with the site's values put in."""

from __future__ import annotations

import re

from osp_compile.bundle.values_shown import OF_APPLY, OF_HELPER, OF_LIBRARY, Values, put_in
from osp_compile.shell.functions import body, parted

LOCAL = re.compile(r"^\s*local( -[a-z])?( [a-z_]+(=(\$\d|\"\$\d\"|\(\)))?)+$")
REACHES_OUT = re.compile(r"\b(with_(?!each_)[a-z]+|sudo|on|as_root|as_root_on) ")
# arrays of words that become a command
COLLECTS = re.compile(r"^\s*(?:if .*; then )?[A-Z_]+\+=\(", re.MULTILINE)
# The end of a line that goes on in the next one.
GOES_ON = re.compile(r" *(?:\\)?\n")
NAME = re.compile(r"(?<![\w$-])[a-z_][a-z0-9_]*")


def commands_of(text: str, function: str, values: Values) -> str:
    """The body of `function` in `text`, without its locals and comments, indented flush; the node is written `<node>`.

    Helper functions of the same step follow if the body uses them, directly or not, and if they reach another host or
    build a command: the reader has to see what they run too.
    """
    lines = _flush(_commands(body(text, function)))
    shown = [put_in("\n".join(lines), OF_APPLY, values)] if lines else []
    for helper in _used(text, function)[1:]:
        if any(_acts(body(text, used)) for used in _used(text, helper)):
            lines = _commands(body(text, helper))
            # (a function of one line has no indent)
            lines = lines if len(lines) > 1 else [f"  {line.strip()}" for line in lines]
            shown += [f"{helper}() {{", put_in("\n".join(lines), OF_HELPER, values), "}"]
    return "".join(f"{line}\n" for line in shown)


def gate_of(text: str, function: str, values: Values, *, of_nodes: bool) -> str:
    """The body of the question `function` in `text`, on one line; `of_nodes` where it is asked of `<node>`."""
    lines = "\n".join(line.strip() for line in _commands(body(text, function)))
    names = OF_APPLY if of_nodes else OF_LIBRARY
    return put_in(GOES_ON.sub(" ", lines), names, values)


def _commands(lines: list[str]) -> list[str]:
    return [line for line in lines if line.strip() and not LOCAL.match(line) and not line.lstrip().startswith("#")]


def _used(text: str, function: str) -> list[str]:
    """The function, and the names of those in `text` that it uses and that these use, in order."""
    found = [function]
    defined = parted(text)[0]
    for name in found:
        code = "\n".join(_unquoted(line) for line in _commands(body(text, name)))
        found += [used for used in dict.fromkeys(NAME.findall(code)) if used in defined and used not in found]
    return found


def _acts(lines: list[str]) -> bool:
    code = "\n".join(_unquoted(line) for line in _commands(lines))
    return bool(REACHES_OUT.search(code) or COLLECTS.search(code))


def _unquoted(line: str) -> str:
    """The line without its quoted parts, which may be prose; substitutions within them are left out too."""
    return re.sub(r"'[^']*'|\"[^\"]*\"", "''", line)


def _flush(lines: list[str]) -> list[str]:
    return [line.removeprefix("  ") for line in lines]
