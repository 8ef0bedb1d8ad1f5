"""The effect of a command on those after it: a variable, a folder, positional parameters. Nothing is run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from posixpath import normpath

from osp_compile.importing.shell_tree import Tree
from osp_compile.importing.shell_values import Item, Scope, Variable, unknown
from osp_compile.importing.shell_words import Words
from osp_compile.importing.text import number_of


def assign(words: Words, scope: Scope, one: Tree) -> None:
    """`X=y`, `X+=y`, `X=(a b)`, `X[1]=y`, `X+=(c)`, or a name alone, as after `local`."""
    name = one["Name"]["Value"]
    line = words.script.span(one).line
    before = scope.variables.get(name)
    if one.get("Array") is not None:
        items = _elements(words, scope, one["Array"])
        old = before.items if one.get("Append") and before else ()
        scope.variables[name] = Variable((*old, *items), array=True, line=line)
        return
    value = words.one(scope, one.get("Value"))
    if one.get("Index"):
        scope.variables[name] = unknown(f"`{name}[...]` is set entry by entry (line {line})", line)
    elif one.get("Append"):
        scope.variables[name] = _appended(before or Variable((_not_begun(name),)), value, line)
    else:
        scope.variables[name] = Variable((value,), line=line)


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
            return [Item("", "an array with keys is not worked out here")]
        if element.get("Value"):
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


def _popd(scope: Scope, _: Sequence[Item], line: int) -> None:
    scope.folder = Item("", f"where `popd` of line {line} leads is not worked out here")


def _source(scope: Scope, given: Sequence[Item], _: int) -> None:
    if given and not given[0].text.endswith(("stackrc", "overcloudrc")):
        scope.read = (*scope.read, given[0].text or "a file")


def _set(scope: Scope, given: Sequence[Item], _: int) -> None:
    texts = [item.text for item in given]
    if "--" in texts:
        scope.given = tuple(given[texts.index("--") + 1 :])


def _shift(scope: Scope, given: Sequence[Item], _: int) -> None:
    number = number_of(given[0].text) if given else 1
    scope.given = scope.given[number:] if scope.given is not None and number is not None else None


def _unset(scope: Scope, given: Sequence[Item], line: int) -> None:
    for item in given:
        if not item.text.startswith("-"):
            scope.variables[item.text] = Variable((Item(""),), line=line)


def _read(scope: Scope, given: Sequence[Item], line: int) -> None:
    """`read`, `mapfile`, `printf -v`, `getopts`: each variable named gets a value that the script does not show."""
    for item in given:
        if item.text.isidentifier():
            scope.variables[item.text] = unknown(f"it is read or made when the script runs (line {line})", line)


def _nothing(*_: object) -> None:
    """Changes neither a variable nor the folder."""


EFFECTS: dict[str, Callable[[Scope, Sequence[Item], int], None]] = {
    "cd": _cd,
    "pushd": _cd,
    "popd": _popd,
    "source": _source,
    ".": _source,
    "set": _set,
    "shift": _shift,
    "unset": _unset,
    "read": _read,
    "mapfile": _read,
    "readarray": _read,
    "getopts": _read,
    "echo": _nothing,
    "printf": lambda scope, given, line: _read(scope, given[1:2], line) if given and given[0].text == "-v" else None,
}
