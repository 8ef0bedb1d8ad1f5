"""What an assignment makes of a variable: `X=y`, `X=(a b)`, `X[1]=y`, `declare -A X`. Nothing is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from osp_compile.importing.bash import braces
from osp_compile.importing.bash.tree import Tree, parts_of
from osp_compile.importing.bash.values import Item, Scope, Variable, problem_of, unknown
from osp_compile.importing.bash.words import Words
from osp_compile.importing.text import number_of

# what the options of `declare` make of a value
DECLARED: dict[str, Callable[[str], str]] = {"u": str.upper, "l": str.lower, "i": str}


def assign(words: Words, scope: Scope, one: Tree) -> None:
    """`X=y`, `X+=y`, `X=(a b)`, `X[1]=y`, `X+=(c)`, or a name alone, as after `local`."""
    name = one["Name"]["Value"]
    line = words.script.span(one).line
    before = scope.variables.get(name)
    if name in scope.frozen:
        _refused(scope, name, line)
        return
    if one.get("Array") is not None:
        scope.variables[name] = _array(words, scope, one, before, line)
        return
    value = _value(words, scope, one, line)
    if one.get("Index"):
        scope.variables[name] = _with_entry(words, scope, one, value, line)
    elif one.get("Append"):
        scope.variables[name] = _appended(before or Variable((_not_begun(name),)), value, line)
    else:
        scope.variables[name] = _replaced(before, value, line)


def _array(words: Words, scope: Scope, one: Tree, before: Variable | None, line: int) -> Variable:
    """`X=(a b)` and `X+=(c)`."""
    if before is not None and before.keys is not None:
        return _with_keys(words, scope, one, before, line)
    items = _elements(words, scope, one["Array"])
    old = before.items if one.get("Append") and before else ()
    return Variable((*old, *items), array=True, line=line)


def _value(words: Words, scope: Scope, one: Tree, line: int) -> Item:
    """The one text that is assigned."""
    value = words.one(scope, one.get("Value"))
    if any(part["Type"] == "Lit" and ":~" in str(part.get("Value", "")) for part in parts_of(one.get("Value"))):
        return Item("", f"a `~` after a `:` is not worked out here (line {line})")
    return value


def _replaced(before: Variable | None, value: Item, line: int) -> Variable:
    """The variable after `X=y`: of an array, that is its first entry."""
    if before is None or not before.array:
        return Variable((value,), line=line)
    if before.keys is not None:
        return unknown(f"it is an array with keys, and line {line} sets it without one", line)
    rest = before.items if before.items and before.items[0].problem else before.items[1:]
    return Variable((value, *rest), array=True, line=line)


def declare(words: Words, scope: Scope, one: Tree, flags: str, line: int) -> None:
    """A name after `declare`, `local`, `export` or `readonly`; `flags` has the letters of their options."""
    name = one["Name"]["Value"]
    if "n" in flags:
        reason = f"it is another name of a variable (line {line})"
        target = words.one(scope, one.get("Value")).text
        scope.variables.update({each: unknown(reason, line) for each in (name, target) if each})
        return
    if "A" in flags and "A" not in _kind(scope.variables.get(name)):
        scope.variables[name] = Variable((), array=True, line=line, keys=())
    if one.get("Naked"):
        return
    assign(words, scope, one)
    found = scope.variables[name]
    if one.get("Value") and len(braces.expanded(one["Value"])) > 1:
        found = unknown(f"line {line} sets it several times, by braces", line)
    scope.variables[name] = _as_declared(found, flags)


def _kind(found: Variable | None) -> str:
    """The letter of `declare` for an array: `A` with keys, `a` without; else nothing."""
    return "" if found is None or not found.array else "a" if found.keys is None else "A"


def _refused(scope: Scope, name: str, line: int) -> None:
    """An assignment that `readonly` refuses: the value stays."""
    found = scope.variables.get(name) or Variable((Item(""),))
    reason = f"line {line} sets it again, which `readonly` refuses"
    items = tuple(Item(item.text, item.problem, item.assumed or reason) for item in found.items)
    scope.variables[name] = replace(found, items=items)


def _with_keys(words: Words, scope: Scope, one: Tree, before: Variable, line: int) -> Variable:
    """`A=([k]=v ...)` and `A+=([k]=v ...)` of an array that was declared with keys."""
    entries = dict(zip(before.keys or (), before.items, strict=True)) if one.get("Append") else {}
    for element in one["Array"].get("Elems") or ():
        key = _key(words, scope, element["Index"]) if element.get("Index") else None
        if key is None:
            return unknown(f"a key of `{one['Name']['Value']}` is not known (line {line})", line)
        entries[key] = words.one(scope, element.get("Value"))
    return Variable(tuple(entries.values()), array=True, line=line, keys=tuple(entries))


def _key(words: Words, scope: Scope, index: Tree) -> str | None:
    """The key that a subscript is; None if it is unknown."""
    if index.get("Type") == "Word":
        item = words.one(scope, index)
        return None if item.problem or item.assumed else item.text
    raw = words.script.raw(index)
    return None if set(raw) & set("$`\"'\\ \t\n*@") else raw


def _as_declared(found: Variable, flags: str) -> Variable:
    """The variable with what the options of `declare` make of its values."""
    for flag in flags:
        if flag in DECLARED:
            found = replace(found, items=tuple(_of_kind(item, flag) for item in found.items))
    return found


def _of_kind(item: Item, flag: str) -> Item:
    if flag == "i" and number_of(item.text) is None:
        return Item("", item.problem or "it is a number that bash computes")
    return Item(DECLARED[flag](item.text), item.problem, item.assumed)


def _with_entry(words: Words, scope: Scope, one: Tree, value: Item, line: int) -> Variable:
    """The array with one entry set: one that it has, or the one after its last."""
    name, index = one["Name"]["Value"], one["Index"]
    before = scope.variables.get(name) or Variable((), array=True)
    if before.keys is not None:
        return _with_key(words, scope, one, before, value, line)
    at = _place(before, words.number(scope, index) if index.get("Type") else None)
    # without a first entry of its own, it may be an array with keys
    if at is None or one.get("Append") or not before.array:
        return unknown(f"`{name}[...]` is set entry by entry (line {line})", line)
    return Variable((*before.items[:at], value, *before.items[at + 1 :]), array=True, line=line)


def _with_key(words: Words, scope: Scope, one: Tree, before: Variable, value: Item, line: int) -> Variable:
    """The array with the entry of one key set, or with the value after its text."""
    key = _key(words, scope, one["Index"])
    if key is None:
        return unknown(f"which entry of `{one['Name']['Value']}` line {line} sets is not known", line)
    entries = dict(zip(before.keys or (), before.items, strict=True))
    entries[key] = entries.get(key, Item("")) + value if one.get("Append") else value
    return Variable(tuple(entries.values()), array=True, line=line, keys=tuple(entries))


def _place(before: Variable, number: int | None) -> int | None:
    """The place of the entry that `X[number]` is, from 0 to the one after the last; None if it is not known."""
    if number is None:
        return None
    at = number + len(before.items) if number < 0 else number
    # an entry that is not known may be several
    return at if 0 <= at <= len(before.items) and not problem_of(before.items[: at + 1]) else None


def _appended(before: Variable, value: Item, line: int) -> Variable:
    """With the value after its text; of an array, after that of its first entry."""
    first, *rest = before.items or (Item(""),)
    return Variable((first + value, *rest), before.array, line)


def _not_begun(name: str) -> Item:
    """An unset variable that is added to: it counts as empty, and the assumption is recorded."""
    return Item("", None, f"nothing in this script sets `{name}` before it is added to")


def _elements(words: Words, scope: Scope, array: Tree) -> list[Item]:
    found: list[Item] = []
    for element in array.get("Elems") or ():
        if element.get("Index"):
            number = words.number(scope, element["Index"]) if element["Index"].get("Type") else None
            if number != len(found):
                return [Item("", "an array with keys or gaps is not worked out here")]
            found.append(words.one(scope, element.get("Value")))
        elif element.get("Value"):
            found += words.fields(scope, element["Value"])
    return found
