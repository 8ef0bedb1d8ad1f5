"""The effect of a command on those after it: a variable, a folder, positional parameters. Nothing is run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from posixpath import basename, normpath

from osp_compile.importing.bash import aliases, braces, formats, reading
from osp_compile.importing.bash.tree import Tree, parts_of
from osp_compile.importing.bash.values import Item, Scope, Variable, unknown
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
    if one.get("Array") is not None and before is not None and before.keys is not None:
        scope.variables[name] = _with_keys(words, scope, one, before, line)
        return
    if one.get("Array") is not None:
        items = _elements(words, scope, one["Array"])
        old = before.items if one.get("Append") and before else ()
        scope.variables[name] = Variable((*old, *items), array=True, line=line)
        return
    value = words.one(scope, one.get("Value"))
    if any(part["Type"] == "Lit" and ":~" in str(part.get("Value", "")) for part in parts_of(one.get("Value"))):
        value = Item("", f"a `~` behind a `:` is not worked out here (line {line})")
    if one.get("Index"):
        scope.variables[name] = _with_entry(words, scope, one, value, line)
    elif one.get("Append"):
        scope.variables[name] = _appended(before or Variable((_not_begun(name),)), value, line)
    elif before is not None and before.keys is not None:
        scope.variables[name] = unknown(f"it is an array with keys, and line {line} sets it without one", line)
    elif before is not None and before.array:
        rest = before.items if before.items and before.items[0].problem else before.items[1:]
        scope.variables[name] = Variable((value, *rest), array=True, line=line)
    else:
        scope.variables[name] = Variable((value,), line=line)


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
    for flag in flags:
        if flag in DECLARED:
            found = replace(found, items=tuple(_as_declared(item, flag) for item in found.items))
    scope.variables[name] = found


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


def _as_declared(item: Item, flag: str) -> Item:
    if flag == "i" and number_of(item.text) is None:
        return Item("", item.problem or "it is a number that bash computes")
    return Item(DECLARED[flag](item.text), item.problem, item.assumed)


def _with_entry(words: Words, scope: Scope, one: Tree, value: Item, line: int) -> Variable:
    """The array with one entry set: one that it has, or the one after its last."""
    name, index = one["Name"]["Value"], one["Index"]
    before = scope.variables.get(name) or Variable((), array=True)
    if before.keys is not None:
        key = _key(words, scope, index)
        entries = dict(zip(before.keys, before.items, strict=True))
        if key is None:
            return unknown(f"which entry of `{name}` line {line} sets is not known", line)
        entries[key] = entries.get(key, Item("")) + value if one.get("Append") else value
        return Variable(tuple(entries.values()), array=True, line=line, keys=tuple(entries))
    number = words.number(scope, index) if index.get("Type") else None
    if number is not None and -len(before.items) <= number < 0:
        number += len(before.items)
    if any(item.problem for item in before.items[: (number or 0) + 1]) or (number or 0) < 0:
        number = None  # an entry that is not known may be several
    # without a first entry of its own, it may be an array with keys
    if number is None or number > len(before.items) or one.get("Append") or not before.array:
        return unknown(f"`{name}[...]` is set entry by entry (line {line})", line)
    return Variable((*before.items[:number], value, *before.items[number + 1 :]), array=True, line=line)


def _appended(before: Variable, value: Item, line: int) -> Variable:
    """With the value behind its text; of an array, behind that of its first entry."""
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


def _cd(scope: Scope, given: Sequence[Item], line: int) -> None:
    paths = (item for item in given if item.problem or not item.text.startswith("-"))
    target = next(paths, Item(scope.undercloud.home))
    if target.problem or (given and given[-1].text == "-"):
        scope.folder = Item("", target.problem or f"`cd -` of line {line} is not worked out here")
    elif target.text.startswith("/"):
        scope.folder = Item(normpath(target.text), None, target.assumed)
    elif not scope.folder.problem:
        scope.folder = Item(normpath(f"{scope.folder.text}/{target.text}"), None, target.assumed)


def _pushd(scope: Scope, given: Sequence[Item], line: int) -> None:
    if not given or given[0].text.startswith(("+", "-")):
        scope.folder = Item("", f"where `pushd` of line {line} leads is not worked out here")
        scope.folders = ()
        return
    scope.folders = (*scope.folders, scope.folder)
    _cd(scope, given, line)


def _popd(scope: Scope, given: Sequence[Item], line: int) -> None:
    if given or not scope.folders:
        scope.folder = Item("", f"where `popd` of line {line} leads is not worked out here")
        return
    *below, scope.folder = scope.folders
    scope.folders = tuple(below)


def _source(scope: Scope, given: Sequence[Item], line: int) -> None:
    """A file that is read may set again what is set here; the rc files of the clouds set nothing of the script's."""
    if not given or given[0].text.endswith(("stackrc", "overcloudrc")):
        return
    scope.read = (*scope.read, given[0].text or "a file")
    may_set_again(scope, f"{basename(given[0].text) or 'a file'}, which line {line} reads, is taken not to set `{{}}`")


def may_set_again(scope: Scope, reason: str) -> None:
    """Marks every variable as assumed; `{}` in the reason is its name."""
    for name, found in scope.variables.items():
        items = tuple(Item(item.text, item.problem, item.assumed or reason.format(name)) for item in found.items)
        scope.variables[name] = replace(found, items=items)


def _set(scope: Scope, given: Sequence[Item], _: int) -> None:
    """`set -- A B` and `set A B` set the positional parameters; options alone do not."""
    texts = [item.text for item in given]
    for number, text in enumerate(texts):
        option = texts[number + 1] if text in {"-o", "+o"} and number + 1 < len(texts) else text
        letters = {"noglob": "f", "errexit": "e"}.get(option, option[1:] if option[:1] in {"-", "+"} else "")
        scope.literal = text.startswith("-") if "f" in letters else scope.literal
        scope.stops = text.startswith("-") if "e" in letters else scope.stops
        if text == "--":
            break
    if "--" in texts:
        scope.given = tuple(given[texts.index("--") + 1 :])
    elif given and not texts[0].startswith(("-", "+")):
        scope.given = tuple(given)


def _shift(scope: Scope, given: Sequence[Item], _: int) -> None:
    number = number_of(given[0].text) if given else 1
    scope.given = scope.given[number:] if scope.given is not None and number is not None else None


def _unset(scope: Scope, given: Sequence[Item], line: int) -> None:
    functions = bool(given) and given[0].text == "-f"
    for item in given:
        name, entry, _ = item.text.partition("[")
        if functions:
            scope.functions.pop(item.text, None)
        elif entry:
            scope.variables[name] = unknown(f"`unset` takes an entry out of it (line {line})", line)
        elif not item.text.startswith("-"):
            scope.variables[item.text] = Variable((Item(""),), line=line, unset=True)


Known = Callable[[Scope, Sequence[Item], int], bool]


def _reading(known: Known) -> Known:
    """An effect that is worked out by `known`, or else makes what it sets unknown."""

    def effect(scope: Scope, given: Sequence[Item], line: int) -> bool:
        if not known(scope, given, line):
            reading.lost(scope, given, line)
        return True

    return effect


def _print(scope: Scope, given: Sequence[Item], line: int) -> None:
    """`printf -v NAME FORMAT WORD...`."""
    if len(given) < 3 or given[0].text != "-v":
        return
    name, problem = given[1].text, next((item.problem for item in given if item.problem), None)
    text = None if problem else formats.printed([item.text for item in given[2:]])
    assumed = next((item.assumed for item in given if item.assumed), None)
    if not name.isidentifier() or text is None:
        reading.lost(scope, given[1:2], line)
    else:
        scope.variables[name] = Variable((Item(text, None, assumed),), line=line)


def _nothing(*_: object) -> None:
    """Changes neither a variable nor the folder."""


EFFECTS: dict[str, Callable[[Scope, Sequence[Item], int], object]] = {
    "cd": _cd,
    "pushd": _pushd,
    "popd": _popd,
    "source": _source,
    ".": _source,
    "set": _set,
    "shift": _shift,
    "unset": _unset,
    "read": _reading(reading.read),
    "mapfile": _reading(reading.fill),
    "readarray": _reading(reading.fill),
    "getopts": _reading(reading.options),
    "shopt": lambda scope, given, _: aliases.turn(scope, given),
    "unalias": lambda scope, given, _: aliases.forget(scope, given),
    "echo": _nothing,
    "printf": _print,
}
