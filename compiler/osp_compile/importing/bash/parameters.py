"""The values of `$X`, `${X:-y}`, `${X%y}` and the like, as far as the script itself determines them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from osp_compile.importing.bash.changes import Expand, changed_by, not_here
from osp_compile.importing.bash.lookups import argument_of_the_script, lookup, missing
from osp_compile.importing.bash.tree import Tree, parts_of
from osp_compile.importing.bash.values import Item, Scope, Variable, problem_of
from osp_compile.importing.text import number_of

Count = Callable[[Tree], int | None]  # turns an arithmetic expression into its value
NOT_HERE = "Names", "Width"
DEFAULTS = frozenset((":-", "-", ":=", "="))
IF_SET = frozenset((":+", "+"))


def items(scope: Scope, node: Tree, expand: Expand, counted: Count) -> tuple[tuple[Item, ...], bool]:
    """The values of a ParamExp, and whether it is a list (`$@`, `${A[@]}`) rather than one text.

    `counted` gives the value of an arithmetic expression, as in `${X:2}`.
    """
    name, found = str(node["Param"]["Value"]), lookup(scope, str(node["Param"]["Value"]))
    index = _index(node, found, expand)
    if any(map(node.get, NOT_HERE)):
        return (not_here(name),), False
    if node.get("Excl"):
        return _of_names(scope, node, found, index)
    if node.get("Length"):
        return (_length(name, found, index),), False
    changed = changed_by(node, expand)
    lists = {"@", "*"} if changed else {"@"}
    if lists.isdisjoint((name, index)):
        return (_single(scope, node, found, expand, counted),), False
    if node.get("Exp") is not None and changed is None:
        return (not_here(name),), False
    listed = _sliced_list(name, _listed(scope, found, name), node, counted)
    listed = tuple(map(changed, listed)) if changed else listed
    return (listed, True) if "@" in (name, index) else ((_joined(scope, listed),), False)


def _of_names(scope: Scope, node: Tree, found: Variable | None, index: str | None) -> tuple[tuple[Item, ...], bool]:
    """`${!X}`, and `${!A[@]}`, which is a list."""
    name = str(node["Param"]["Value"])
    return _keys(found, name) if index == "@" else ((_indirect(scope, name, node),), False)


def _single(scope: Scope, node: Tree, found: Variable | None, expand: Expand, counted: Count) -> Item:
    """The value of a ParamExp that is one text, of the variable that was found by its name."""
    name, changed = str(node["Param"]["Value"]), changed_by(node, expand)
    value = None if found is None else _chosen(scope, found, name, _index(node, found, expand))
    operator = node.get("Exp")
    if operator is None or changed:
        value = _sliced(name, missing(scope, name) if value is None else value, node, counted)
        return changed(value) if changed else value
    if found is not None and found.unset:
        return _of_unset(scope, name, operator, expand)
    return _operated(scope, name, value, operator, expand)


def alternative(scope: Scope, node: Tree, expand: Expand) -> tuple[Tree, str | None] | None:
    """The word that stands in for the variable in `${X:-word}` or `${X:+word}`, and what was assumed; else None."""
    operator, name = node.get("Exp"), str(node["Param"]["Value"])
    if operator is None or not operator.get("Word") or operator["Op"] not in {":-", "-", ":+", "+"}:
        return None
    found, kind = lookup(scope, name), str(operator["Op"])
    index = _index(node, found, expand)
    value = None if found is None or found.unset else _chosen(scope, found, name, index)
    if value is not None and value.problem:
        return None
    if _counts_as_set(value, kind) is (kind in DEFAULTS):
        return None
    return operator["Word"], _assumption(found, value, name)


def _assumption(found: Variable | None, value: Item | None, name: str) -> str | None:
    """What is taken for granted where an operator decides by the value of a variable, or that it has none."""
    if value is not None:
        return value.assumed
    return f"nothing in this script sets `{name}`" if found is None else None


def _counts_as_set(value: Item | None, kind: str) -> bool:
    """Whether an operator takes the variable as set; for one with a `:`, an empty one is not."""
    return value is not None and bool(value.text or not kind.startswith(":"))


def _indirect(scope: Scope, name: str, node: Tree) -> Item:
    """`${!X}`, the variable that X names; `${!#}`, the last word given."""
    if any(map(node.get, ("Exp", "Index", "Slice", "Repl"))):
        return not_here(name)
    if name == "#":
        return scope.given[-1] if scope.given else argument_of_the_script("@")
    named = _first(scope, name)
    if named.problem:
        return named
    return _first(scope, named.text) if named.text.isidentifier() else not_here(name)


def _first(scope: Scope, name: str) -> Item:
    """The value of a variable, or the first one of an array; where there is none, the reason."""
    found = lookup(scope, name)
    return found.items[0] if found is not None and found.items else missing(scope, name)


def _length(name: str, found: Variable | None, index: str | None) -> Item:
    if found is None:
        return not_here(f"#{name}")
    if name in {"@", "*"} or index in {"@", "*"}:
        return Item(str(len(found.items))) if not any(item.problem for item in found.items) else not_here(f"#{name}")
    first = found.items[0] if found.items and index is None else Item("", "which entry is meant is not known")
    return Item("", first.problem) if first.problem else Item(str(len(first.text)), None, first.assumed)


def _range(node: Tree, counted: Count) -> tuple[int | None, int | None]:
    """The offset and the length of a slice; both are None if one is unknown, or the length negative."""
    part = node["Slice"]
    offset = counted(part["Offset"]) if part.get("Offset") else 0
    length = counted(part["Length"]) if part.get("Length") else None
    known = offset is not None and (not part.get("Length") or (length is not None and length >= 0))
    return (offset, length) if known else (None, None)


def _sliced(name: str, value: Item, node: Tree, counted: Count) -> Item:
    if not node.get("Slice") or value.problem:
        return value
    offset, length = _range(node, counted)
    if offset is None:
        return not_here(name)
    if offset < 0:  # from the end
        offset = len(value.text) + offset if -offset <= len(value.text) else len(value.text)
    return Item(value.text[offset:][:length], None, value.assumed)


def _sliced_list(name: str, values: tuple[Item, ...], node: Tree, counted: Count) -> tuple[Item, ...]:
    if not node.get("Slice"):
        return values
    offset, length = _range(node, counted)
    if offset is None or offset < 0 or (name in {"@", "*"} and offset == 0) or any(item.problem for item in values):
        return (not_here(name),)
    return values[offset - (name in {"@", "*"}) :][:length]


def _of_unset(scope: Scope, name: str, operator: Tree, expand: Expand) -> Item:
    """The value for a variable that the script itself has unset."""
    kind = str(operator["Op"])
    word = expand(operator["Word"]) if operator.get("Word") else Item("")
    if kind in DEFAULTS:
        if kind.endswith("="):
            scope.variables[name] = Variable((word,))
        return word
    return Item("") if kind in IF_SET else not_here(name)


def _listed(scope: Scope, found: Variable | None, name: str) -> tuple[Item, ...]:
    """The entries of `$@` or of an array; one that nothing sets has none, unless a file that was read may set it."""
    if found is not None and found.keys is not None and len(found.keys) > 1:
        return (Item("", f"the order in which bash has the entries of `{name}` is not in the script"),)
    if found is not None:
        return found.items
    if name == "@":
        return (argument_of_the_script(name),)
    return (missing(scope, name),) if scope.read else ()


def _keys(found: Variable | None, name: str) -> tuple[tuple[Item, ...], bool]:
    """`${!A[@]}`: the keys of an array."""
    if found is None or any(item.problem for item in found.items) or (found.keys is not None and len(found.keys) > 1):
        return (not_here(f"!{name}[@]"),), False
    keys = found.keys if found.keys is not None else range(len(found.items))
    return tuple(Item(str(key)) for key in keys), True


def _index(node: Tree, found: Variable | None, expand: Expand) -> str | None:
    """`@`, `*` or the number of an entry; None without a subscript, "?" for a subscript that is computed."""
    index = node.get("Index")
    if index is None:
        return None
    parts = parts_of(index)
    text = parts[0].get("Value", "?") if len(parts) == 1 else "?"
    if found is not None and found.keys is not None and text not in {"@", "*"}:
        return _place_of_key(found.keys, index, expand)
    if found is not None and found.array and (index["Type"], index.get("Op")) == ("UnaryArithm", "-"):
        return _place_from_end(len(found.items), index)
    return text if re.fullmatch(r"[@*]|\d{1,5}", text) else "?"


def _place_of_key(keys: Sequence[str], index: Tree, expand: Expand) -> str:
    """The number of the entry with that key, the next after the last if none has it; "?" for a key that is unknown."""
    key = expand(index) if index["Type"] == "Word" else Item("", "it is computed")
    return "?" if key.problem or key.assumed else str([*keys, key.text].index(key.text))


def _place_from_end(length: int, index: Tree) -> str:
    """The number of the entry that `${X[-1]}` means; "?" where there are not so many."""
    number = number_of(str((parts_of(index["X"]) or [{}])[0].get("Value", "")))
    return str(length - number) if number and number <= length else "?"


def _chosen(scope: Scope, found: Variable, name: str, index: str | None) -> Item | None:
    if index in {"*", "@"} or (name, index) == ("*", None):
        return _joined(scope, found.items)
    if index == "?":
        return Item("", f"which entry of `{name}` is meant is not worked out here")
    number = int(index or 0)
    if found.keys is None and number:
        # an entry that is not known may be several, and so may a variable
        problem = problem_of(found.items[: number + 1])
        if problem:
            return Item("", problem)
    return found.items[number] if number < len(found.items) else None if found.array else Item("")


def _joined(scope: Scope, values: Sequence[Item]) -> Item:
    """The values as one text, as `"$*"` has them."""
    own, joined = scope.variables.get("IFS"), Item("")
    between = Item(" ") if own is None or own.unset or not own.items else own.items[0]
    for number, item in enumerate(values):
        joined = joined + (Item(between.text[:1], between.problem) if number else Item("")) + item
    return joined


def _operated(scope: Scope, name: str, value: Item | None, operator: Tree, expand: Expand) -> Item:
    kind = str(operator["Op"])
    word = expand(operator["Word"]) if operator.get("Word") else Item("")
    if kind in DEFAULTS:
        return _or_default(scope, name, value, kind, word)
    if kind in IF_SET:
        return _if_set(name, value, kind, word)
    if kind in {":?", "?"} or value is None:
        return missing(scope, name) if value is None else value
    return Item("", f"`${{{name}{kind}...}}` is not worked out here")


def _or_default(scope: Scope, name: str, value: Item | None, kind: str, word: Item) -> Item:
    if value is not None and (value.problem or _counts_as_set(value, kind)):
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
    return word if _counts_as_set(value, kind) else Item("")
