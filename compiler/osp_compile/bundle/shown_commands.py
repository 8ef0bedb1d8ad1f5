"""The commands of a step as people read them: the text of its apply function with the site's values put in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from osp_compile.bundle.shell_variables import shell_variables
from osp_compile.shell import quoting
from osp_compile.shell.functions import body, parted
from osp_compile.spec.model import Site

LOCAL = re.compile(r"^\s*local( -[a-z])?( [a-z_]+(=(\$\d|\"\$\d\"|\(\)))?)+$")
# a list setting, a setting, or the node by its names in an apply; in a helper $1 may be something else
SETTING = (
    r"\"\$\{(?P<list>[A-Z_]+)\[@\](?:\+\"?\$\{[A-Z_]+\[@\]\}\"?)?\}\""
    r"|\"\$\{?(?P<quoted>[A-Z][A-Z_]*)\}?\"|(?<!\\)\$(?P<brace>\{)?(?P<bare>[A-Z][A-Z_]*)(?(brace)\}|(?![A-Za-z0-9_]))"
)
OF_APPLY = re.compile(rf"(?P<node>\"\$(?:node|1)\"|\$(?:node|1)\b)|{SETTING}")
OF_HELPER = re.compile(rf"(?P<node>\"\$node\"|\$node\b)|{SETTING}")
OF_LIBRARY = re.compile(rf"(?P<node>(?!))|{SETTING}")  # whose `$node` may be any
REACHES_OUT = re.compile(r"\b(with_(?!each_)[a-z]+|sudo|on|as_root|as_root_on) ")
# arrays of words that become a command
COLLECTS = re.compile(r"^\s*(?:if .*; then )?[A-Z_]+\+=\(", re.MULTILINE)
SPECIAL_IN_QUOTES = re.compile(r"[$`\"\\]")
NAME = re.compile(r"(?<![\w$-])[a-z_][a-z0-9_]*")


def commands_of(text: str, function: str, site: Site) -> str:
    """The body of `function` in `text`, without its locals and comments, indented flush; the node is written `<node>`.

    Helper functions of the same step follow if the body uses them, directly or not, and if they reach another host or
    build a command: the reader has to see what they run too.
    """
    values = shell_variables(site)
    lines = _flush(_commands(body(text, function)))
    shown = [put_in("\n".join(lines), OF_APPLY, values)] if lines else []
    for helper in _used(text, function)[1:]:
        if any(_acts(body(text, used)) for used in _used(text, helper)):
            lines = _commands(body(text, helper))
            # (a function of one line has no indent)
            lines = lines if len(lines) > 1 else [f"  {line.strip()}" for line in lines]
            shown += [f"{helper}() {{", put_in("\n".join(lines), OF_HELPER, values), "}"]
    return "".join(f"{line}\n" for line in shown)


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


def put_in(text: str, names: re.Pattern[str], values: Mapping[str, str | tuple[str, ...]], node: str = "<node>") -> str:
    """The text with the variables of the node and of settings replaced, once; text in single quotes stays.

    `names` is OF_APPLY for functions that are called with a node, OF_HELPER for the step's other functions.
    """
    around = enclosures(text)

    def word(found: re.Match[str]) -> str:
        within = around[found.start()]
        if within == "'":
            return found[0]
        if found["node"]:
            return node
        line = text[text.rfind("\n", 0, found.start()) + 1 :]
        # a condition on a setting says more than one on its value
        value = (
            None if line.lstrip().startswith("if [[") else values.get(found["list"] or found["quoted"] or found["bare"])
        )
        if found["list"]:
            return quoting.sh_words(value) if isinstance(value, tuple) else found[0]
        if not isinstance(value, str):
            return found[0]
        return SPECIAL_IN_QUOTES.sub(r"\\\g<0>", value) if within == '"' else quoting.sh(value)

    return names.sub(word, text)


def enclosures(text: str) -> str:
    """For each sign of the text what it is quoted by: `'`, `"`, or a blank for nothing; the quotes are part of it.

    Within double quotes a single quote is plain text, except in a command substitution, which is quoted by nothing.
    """
    found = ""
    outer = [" "]  # what encloses the current place: nothing, double quotes, or a command substitution
    while len(found) < len(text):
        at = len(found)
        sign, within = text[at], outer[-1] if outer[-1] == '"' else " "
        length = 1
        if sign == "\\" or text.startswith("$(", at):
            length = min(2, len(text) - at)
        if sign == "'" and within == " ":
            end = text.find("'", at + 1)
            length = (len(text) if end < 0 else end + 1) - at
            within = sign
        elif sign == '"':
            outer.pop() if within == sign else outer.append(sign)
        elif text.startswith("$(", at):
            outer.append("(")
        elif sign == ")" and outer[-1] == "(":
            outer.pop()
        found += within * length
    return found
