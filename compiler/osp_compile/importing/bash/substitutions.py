"""What commands print, for those that only rework what they are given: echo, printf, cat, seq, dirname and such."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from posixpath import basename, dirname, normpath

from osp_compile.importing.bash import formats
from osp_compile.importing.bash.tree import Script, Tree
from osp_compile.importing.bash.values import Item, Scope, assumed_of
from osp_compile.importing.text import number_of

NEWLINE = "\n"
MOST_NUMBERS = 2000  # that `seq` prints
SMALL = re.compile(r"-?(0|[1-9]\d{0,5})")


def joined(pieces: Sequence[Item | None], script: Script, statements: Sequence[Tree]) -> Item:
    """The output of these statements, of what each command has printed; None of them is a command not known here."""
    text = Item("")
    for piece in pieces:
        if piece is None:
            return Item("", f"what `{script.raw(statements[0]).split(NEWLINE)[0][:40]}` printed when it ran"
                            " is not in the script")  # fmt: skip
        text = text + piece
    return text


def called(scope: Scope, given: Sequence[Item]) -> Item | None:
    """The output of one call; None for a command that is not known here."""
    problem = next((item for item in given if item.problem), None)
    if problem is not None:
        return problem
    name, *rest = [item.text for item in given] or [""]
    known = CALLS.get(name)
    found = known(scope, rest) if known else None
    return found if found is None else Item(found.text, found.problem, found.assumed or assumed_of(given))


def _within(scope: Scope, path: str) -> Item:
    if path.startswith("/"):
        return Item(normpath(path))
    return scope.folder if scope.folder.problem else Item(normpath(f"{scope.folder.text}/{path}"))


def _nothing(_: Scope, __: list[str]) -> Item:
    return Item("")


def _directory(_: Scope, rest: list[str]) -> Item | None:
    rest = [word for word in rest if word != "--"]
    return Item(dirname(rest[0].rstrip("/")) or ("." if "/" not in rest[0] else "/")) if len(rest) == 1 else None


def _base(_: Scope, rest: list[str]) -> Item | None:
    if not 1 <= len(rest) <= 2 or rest[0].startswith("-"):
        return None
    name = basename(rest[0].rstrip("/"))
    return Item(name.removesuffix(rest[1]) if len(rest) == 2 and name != rest[1] else name)


def _echo(_: Scope, rest: list[str]) -> Item | None:
    return _item(formats.echoed(rest))


def _printf(_: Scope, rest: list[str]) -> Item | None:
    return _item(formats.printed(rest))


def _item(text: str | None) -> Item | None:
    return None if text is None else Item(text)


def _line(item: Item | None) -> Item | None:
    return None if item is None else item + Item(NEWLINE)


def _cat(scope: Scope, rest: list[str]) -> Item | None:
    """What comes on standard input; a file is not looked at here."""
    return scope.input if rest in ([], ["-"]) else None


def _seq(_: Scope, rest: list[str]) -> Item | None:
    """`seq LAST`, `seq FIRST LAST`, `seq FIRST STEP LAST`, and `-w`."""
    wide = rest[:1] == ["-w"]
    words = rest[wide:]
    if not 1 <= len(words) <= 3 or not all(map(SMALL.fullmatch, words)):
        return None
    first, step, last = _steps(words)
    if not step or (wide and min(first, last) < 0):
        return None
    found = range(first, last + (1 if step > 0 else -1), step)
    if len(found) > MOST_NUMBERS:
        return None
    width = max(len(str(first)), len(str(last))) if wide else 0
    return Item("".join(f"{number:0{width}d}{NEWLINE}" for number in found))


def _steps(words: Sequence[str]) -> tuple[int, int, int]:
    """FIRST, STEP and LAST, of which `seq` takes 1 for the first two where they are not given."""
    numbers = [int(word) for word in words]
    first = numbers[0] if len(numbers) > 1 else 1
    return first, numbers[1] if len(numbers) == 3 else 1, numbers[-1]


def _expr(_: Scope, rest: list[str]) -> Item | None:
    """`expr A + B`, with whole numbers."""
    if len(rest) != 3 or rest[1] not in {"+", "-", "*"}:
        return None
    one, other = number_of(rest[0]), number_of(rest[2])
    if one is None or other is None:
        return None
    return Item(str(one + other if rest[1] == "+" else one - other if rest[1] == "-" else one * other))


def _which(_: Scope, rest: list[str]) -> Item | None:
    """The client's path: its name is all that matters where it is run."""
    names = [word for word in rest if word != "-v"]
    return Item("/usr/bin/openstack", None, "the client is in /usr/bin") if names == ["openstack"] else None


def _pwd(scope: Scope, rest: list[str]) -> Item | None:
    return scope.folder if rest in ([], ["-P"], ["-L"]) else None


def _real(scope: Scope, rest: list[str]) -> Item | None:
    """The path as written: the script does not show whether it contains a link."""
    paths = [word for word in rest if not word.startswith("-")]
    return _within(scope, paths[0]) if len(paths) == 1 else None


def _user(scope: Scope, rest: list[str]) -> Item | None:
    return Item(scope.undercloud.user) if rest in ([], ["-un"], ["-u", "-n"]) else None


CALLS: dict[str, Callable[[Scope, list[str]], Item | None]] = {
    ":": _nothing,
    "true": _nothing,
    "dirname": lambda scope, rest: _line(_directory(scope, rest)),
    "basename": lambda scope, rest: _line(_base(scope, rest)),
    "echo": _echo,
    "printf": _printf,
    "cat": _cat,
    "seq": _seq,
    "expr": lambda scope, rest: _line(_expr(scope, rest)),
    "command": _which,
    "which": _which,
    "pwd": lambda scope, rest: _line(_pwd(scope, rest)),
    "readlink": lambda scope, rest: _line(_real(scope, rest)) if rest and rest[0] in {"-f", "-e", "-m"} else None,
    "realpath": lambda scope, rest: _line(_real(scope, rest)),
    "whoami": lambda scope, rest: None if rest else _line(_user(scope, rest)),
    "id": lambda scope, rest: _line(_user(scope, rest)) if rest else None,
}
