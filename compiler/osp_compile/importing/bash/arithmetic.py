"""`$((N + 1))`, `((N++))` and `let`: whole numbers, as far as the script itself determines them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from osp_compile.importing.bash.lookups import lookup
from osp_compile.importing.bash.tree import Tree
from osp_compile.importing.bash.values import Item, Scope, Variable, unknown

Expand = Callable[[Tree], Item]  # turns a word into one text
NUMBER = re.compile(r"0|[1-9]\d{0,8}")
COMPARED = frozenset(("==", "!=", "<=", ">="))
SIGNS: Mapping[str, Callable[[int], int]] = {
    "-": lambda one: -one,
    "+": lambda one: one,
    "!": lambda one: int(not one),
}
OPERATORS: Mapping[str, Callable[[int, int], int]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "<": lambda one, other: int(one < other),
    ">": lambda one, other: int(one > other),
    "<=": lambda one, other: int(one <= other),
    ">=": lambda one, other: int(one >= other),
    "==": lambda one, other: int(one == other),
    "!=": lambda one, other: int(one != other),
    # towards zero, as in C
    "/": lambda one, other: abs(one) // abs(other) * (1 if (one < 0) is (other < 0) else -1),
    "%": lambda one, other: abs(one) % abs(other) * (-1 if one < 0 else 1),
}
DIVISIONS = frozenset(("/", "%"))


class _UnknownError(Exception):
    """The number is not determined by the script, or by arithmetic that is done here."""


def number(scope: Scope, node: Tree, expand: Expand) -> int | None:
    """The value of an arithmetic expression; None if it is unknown, or too much for what is done here."""
    try:
        return _value(scope, node, expand)
    except _UnknownError:
        return None


def _value(scope: Scope, node: Tree, expand: Expand) -> int:
    match node["Type"]:
        case "Word":
            return _of_text(scope, expand(node))
        case "ParenArithm":
            return _value(scope, node["X"], expand)
        case "UnaryArithm" if str(node.get("Op", "")) in SIGNS:
            return SIGNS[node["Op"]](_value(scope, node["X"], expand))
        case "BinaryArithm":
            return _of_two(scope, node, str(node.get("Op", "")), expand)
    raise _UnknownError


def _of_two(scope: Scope, node: Tree, operator: str, expand: Expand) -> int:
    if operator in {"?", "&&", "||"}:
        return _chosen(scope, node, operator, expand)
    if operator not in OPERATORS:
        raise _UnknownError
    one, other = _value(scope, node["X"], expand), _value(scope, node["Y"], expand)
    if operator in DIVISIONS and not other:
        raise _UnknownError
    return OPERATORS[operator](one, other)


def _chosen(scope: Scope, node: Tree, operator: str, expand: Expand) -> int:
    """`X ? Y : Z`, `X && Y` and `X || Y`."""
    decided = _value(scope, node["X"], expand)
    if operator == "?":
        return _value(scope, node["Y"]["X" if decided else "Y"], expand)
    if bool(decided) is (operator == "||"):
        return int(bool(decided))
    return int(bool(_value(scope, node["Y"], expand)))


def _of_text(scope: Scope, item: Item) -> int:
    """The number that a word or a variable's value is; a name stands for the value of that variable."""
    if not item.problem and item.text.isidentifier():
        found = lookup(scope, item.text)
        item = found.items[0] if found is not None and found.items else Item("", "nothing sets it")
    if item.problem or item.assumed or not NUMBER.fullmatch(item.text):
        raise _UnknownError
    return int(item.text)


def perform(scope: Scope, node: Tree, expand: Expand, line: int) -> None:
    """The assignments of `((...))` and `let`; what cannot be computed is unknown from here on."""
    for one in assigning(node):
        name = expand(one["X"]).text
        value = _new_value(scope, one, expand)
        reason = f"it is computed when the script runs (line {line})"
        scope.variables[name] = unknown(reason, line) if value is None else Variable((Item(str(value)),), line=line)


def assigning(node: Tree | None) -> Iterator[Tree]:
    """The parts of an expression that set a variable: `N++`, `N = 1`, `N += 2`."""
    if not node or "Type" not in node:
        return
    operator = str(node.get("Op", ""))
    if operator in {"++", "--"} or (operator.endswith("=") and operator not in COMPARED):
        yield node
    for key in ("X", "Y"):
        if isinstance(node.get(key), dict):
            yield from assigning(node[key])


def _new_value(scope: Scope, node: Tree, expand: Expand) -> int | None:
    operator, before = str(node["Op"]), number(scope, node["X"], expand)
    if operator in {"++", "--"}:
        return None if before is None else before + (1 if operator == "++" else -1)
    value = number(scope, node["Y"], expand)
    if operator == "=" or value is None:
        return value
    known = OPERATORS.get(operator[:-1]) if operator[:-1] in {"+", "-", "*"} else None
    return None if before is None or known is None else known(before, value)
