"""The values of `$X`, `${X:-y}`, `${X%y}` and the like, as far as the script itself determines them."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from posixpath import basename

from osp_compile.diagnostics import nearest
from osp_compile.importing.shell_tree import Tree, parts_of
from osp_compile.importing.shell_values import Item, Scope, Variable
from osp_compile.importing.text import number_of

Expand = Callable[[Tree], Item]  # turns a word into one text
Matches = Callable[[str], object]
NO_OPERATOR = "Slice", "Repl", "Length", "Excl", "Names", "Width"
SHOWN_BY_NAME = {"USER": "user", "LOGNAME": "user", "HOME": "home"}


def items(scope: Scope, node: Tree, expand: Expand) -> tuple[tuple[Item, ...], bool]:
    """The values of a ParamExp, and whether it is a list (`$@`, `${A[@]}`) rather than one text."""
    name = str(node["Param"]["Value"])
    if any(node.get(key) for key in NO_OPERATOR):
        return (Item("", f"this form of `${{{name}...}}` is not worked out here"),), False
    found = lookup(scope, name)
    index = _index(node)
    if name == "@" or (index == "@" and not node.get("Exp")):
        return _listed(found, name), True
    value = None if found is None else _chosen(found, name, index)
    operator = node.get("Exp")
    if operator is None:
        return (_missing(scope, name) if value is None else value,), False
    return (_operated(scope, name, value, operator, expand),), False


def _listed(found: Variable | None, name: str) -> tuple[Item, ...]:
    """The entries of `$@` or of an array; an array that nothing sets has none."""
    if found is not None:
        return found.items
    return (_nobody_knows(name),) if name == "@" else ()


def lookup(scope: Scope, name: str) -> Variable | None:
    """The variable, a positional parameter or a value that the shell sets; None if the script has no such."""
    if name in scope.variables:
        return scope.variables[name]
    if name in SHOWN_BY_NAME:
        return Variable((Item(getattr(scope.undercloud, SHOWN_BY_NAME[name])),))
    if name == "PWD":
        return Variable((scope.folder,))
    if name in {"0", "BASH_SOURCE"}:
        return Variable((script_path(scope),))
    if name in {"@", "*"}:
        return None if scope.given is None else Variable(scope.given, array=True)
    if name.isdecimal() and scope.given is not None:
        number = number_of(name)
        return Variable((Item("") if number is None else next(iter(scope.given[number - 1 : number]), Item("")),))
    return None


def script_path(scope: Scope) -> Item:
    path = scope.undercloud.script
    return Item(path) if path else Item("", "where the script lay on the undercloud is not told here: --script-path")


def _index(node: Tree) -> str | None:
    """`@`, `*` or a number; None without a subscript, "?" for a subscript that is computed."""
    index = node.get("Index")
    if index is None:
        return None
    parts = parts_of(index)
    text = parts[0].get("Value", "?") if len(parts) == 1 else "?"
    return text if re.fullmatch(r"[@*]|\d{1,5}", text) else "?"


def _chosen(found: Variable, name: str, index: str | None) -> Item | None:
    if index in {"*", "@"} or (name == "*" and index is None):
        joined = Item("")
        for number, item in enumerate(found.items):
            joined = joined + Item(" " if number else "") + item
        return joined
    if index == "?":
        return Item("", f"which entry of `{name}` is meant is not worked out here")
    number = int(index or 0)
    return found.items[number] if number < len(found.items) else None if found.array else Item("")


def _nobody_knows(name: str) -> Item:
    return Item("", f"the words that the script was called with (`${name}`) are not in it")


def _missing(scope: Scope, name: str) -> Item:
    """The reason why an unset variable is not taken as empty: the shell that ran the script may have had it set."""
    if name.isdecimal() or name in {"@", "*"}:
        return _nobody_knows(name)
    near = nearest(name, scope.variables, 0.8)
    where = f"; {basename(scope.read[-1])}, which it reads, may" if scope.read else ""
    line = scope.variables[near].line if near else 0
    meant = f"; `{near}`{f' of line {line}' if line else ''} may be meant" if near else ""
    return Item("", f"nothing in this script sets `{name}`{where}{meant}")


def _operated(scope: Scope, name: str, value: Item | None, operator: Tree, expand: Expand) -> Item:
    kind = str(operator["Op"])
    word = expand(operator["Word"]) if operator.get("Word") else Item("")
    if kind in {":-", "-", ":=", "="}:
        return _or_default(scope, name, value, kind, word)
    if kind in {":+", "+"}:
        return _if_set(name, value, kind, word)
    if kind in {":?", "?"}:
        return _missing(scope, name) if value is None else value
    if value is None:
        return _missing(scope, name)
    if kind in {"%", "%%", "#", "##"}:
        return _trimmed(value, kind, word)
    return Item("", f"`${{{name}{kind}...}}` is not worked out here")


def _or_default(scope: Scope, name: str, value: Item | None, kind: str, word: Item) -> Item:
    if value is not None and (value.problem or value.text or not kind.startswith(":")):
        return value
    if value is None:
        word = Item(word.text, word.problem, word.assumed or f"nothing in this script sets `{name}`")
    if kind.endswith("="):
        scope.variables[name] = Variable((word,))
    return word


def _if_set(name: str, value: Item | None, kind: str, word: Item) -> Item:
    if value is None:
        return Item("", None, f"nothing in this script sets `{name}`")
    if value.problem:
        return value
    return word if value.text or not kind.startswith(":") else Item("")


def _trimmed(value: Item, kind: str, pattern: Item) -> Item:
    if value.problem or pattern.problem:
        return Item("", value.problem or pattern.problem)
    matches = re.compile(fnmatch.translate(pattern.text)).match
    without = _without_suffix if kind.startswith("%") else _without_prefix
    return Item(without(value.text, matches, len(kind) == 2), None, value.assumed)


def _without_suffix(text: str, matches: Matches, longest: bool) -> str:
    cuts = range(len(text) + 1) if longest else range(len(text), -1, -1)
    return text[: next((cut for cut in cuts if matches(text[cut:])), len(text))]


def _without_prefix(text: str, matches: Matches, longest: bool) -> str:
    cuts = range(len(text), -1, -1) if longest else range(len(text) + 1)
    return text[next((cut for cut in cuts if matches(text[:cut])), 0) :]
