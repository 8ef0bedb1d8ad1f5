"""The output of a `$(...)`, for the few commands that only rework names: dirname, basename, pwd, echo and such."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from posixpath import basename, dirname, normpath

from osp_compile.importing.bash.tree import Tree, name_of
from osp_compile.importing.bash.values import Item, Scope
from osp_compile.importing.bash.words import Words


def printed(words: Words, scope: Scope, statements: Sequence[Tree]) -> Item:
    """The output of these statements in a subshell; an item with a problem if it is unknown."""
    if not statements:  # `# a comment`, as between the lines of a command
        return Item("")
    inner = scope.fork()
    calls = [call for statement in statements for call in _in_row(statement)]
    if not calls or not all(calls):
        return _not_known(words, statements)
    said = Item("")
    for call in calls:
        given = words.all(inner, call.get("Args") or ())
        found = _call(inner, [word.item for word in given])
        if found is None:
            return _not_known(words, statements)
        said = said + found
    return Item(said.text.rstrip("\n"), said.problem, said.assumed)


def _in_row(statement: Tree) -> list[Tree]:
    """The simple commands of `a && b` and `a; b`; an empty tree stands for anything else."""
    command = statement.get("Cmd") or {}
    if command.get("Type") == "CallExpr" and not command.get("Assigns"):
        return [command] if not statement.get("Redirs") or name_of(command) == "cd" else [{}]
    if command.get("Type") == "BinaryCmd" and command.get("Op") == "&&":
        return [*_in_row(command["X"]), *_in_row(command["Y"])]
    return [{}]


def _not_known(words: Words, statements: Sequence[Tree]) -> Item:
    shown = words.script.raw(statements[0]).split("\n")[0][:40] if statements else ""
    return Item("", f"what `{shown}` printed when it ran is not in the script")


def _call(scope: Scope, given: list[Item]) -> Item | None:
    """The output of one call; None for a command that is not known here."""
    problem = next((item for item in given if item.problem), None)
    if problem is not None:
        return problem
    name, *rest = [item.text for item in given] or [""]
    assumed = next((item.assumed for item in given if item.assumed), None)
    if name == "cd" and rest:
        scope.folder = _within(scope, rest[-1])
        return Item("", scope.folder.problem)
    known = CALLS.get(name)
    found = known(scope, rest) if known else None
    return found if found is None else Item(found.text, found.problem, found.assumed or assumed)


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
    return None if rest and rest[0].startswith("-") else Item(" ".join(rest))


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
    "dirname": _directory,
    "basename": _base,
    "echo": _echo,
    "pwd": _pwd,
    "readlink": lambda scope, rest: _real(scope, rest) if rest and rest[0] in {"-f", "-e", "-m"} else None,
    "realpath": _real,
    "whoami": lambda scope, rest: None if rest else _user(scope, rest),
    "id": lambda scope, rest: _user(scope, rest) if rest else None,
}
