"""The effect of a command on those after it: a variable, a folder, positional parameters. Nothing is run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from posixpath import basename, normpath

from osp_compile.importing.bash import aliases, formats, getopts, reading
from osp_compile.importing.bash.values import Item, Scope, Variable, assumed_of, problem_of, unknown
from osp_compile.importing.text import number_of

NAMED_OPTIONS = {"noglob": "f", "errexit": "e"}


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
        letters = _letters(texts[number : number + 2])
        scope.literal = text.startswith("-") if "f" in letters else scope.literal
        scope.stops = text.startswith("-") if "e" in letters else scope.stops
        if text == "--":
            break
    if "--" in texts:
        scope.given = tuple(given[texts.index("--") + 1 :])
    elif given and not texts[0].startswith(("-", "+")):
        scope.given = tuple(given)


def _letters(texts: Sequence[str]) -> str:
    """The letters of the first of these words of `set`, if it is an option; `-o` has the name of one after it."""
    option = texts[-1] if texts[0] in {"-o", "+o"} else texts[0]
    return NAMED_OPTIONS.get(option, option[1:] if option[:1] in {"-", "+"} else "")


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
    name = given[1].text
    text = None if problem_of(given) else formats.printed([item.text for item in given[2:]])
    if not name.isidentifier() or text is None:
        reading.lost(scope, given[1:2], line)
    else:
        scope.variables[name] = Variable((Item(text, None, assumed_of(given)),), line=line)


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
    "getopts": _reading(getopts.options),
    "shopt": lambda scope, given, _: aliases.turn(scope, given),
    "unalias": lambda scope, given, _: aliases.forget(scope, given),
    "echo": _nothing,
    "printf": _print,
}
