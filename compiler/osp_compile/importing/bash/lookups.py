"""What a name means: a variable of the script, a word that it was called with, or what the shell itself sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from posixpath import basename

from osp_compile.diagnostics import nearest
from osp_compile.importing.bash.values import Item, Scope, Variable
from osp_compile.importing.text import number_of

# what bash sets by itself, so that no script does
OF_BASH = frozenset(
    "_ ? $ ! RANDOM SECONDS LINENO HOSTNAME HOSTTYPE UID EUID PPID BASHPID PIPESTATUS FUNCNAME OLDPWD BASH_REMATCH"
    " BASH_VERSION BASH_VERSINFO SHLVL EPOCHSECONDS BASH_LINENO BASH_SUBSHELL".split()
)


def lookup(scope: Scope, name: str) -> Variable | None:
    """The variable, a positional parameter or a value that the shell sets; None if the script has no such."""
    if name in scope.variables:
        return scope.variables[name]
    if name in OF_THE_SHELL:
        return Variable((OF_THE_SHELL[name](scope),))
    if name in OF_BASH:
        return Variable((Item("", f"`{name}` is what bash itself sets when the script runs"),))
    return None if scope.given is None else _of_given(scope.given, name)


def _of_given(given: tuple[Item, ...], name: str) -> Variable | None:
    """`$@`, `$#` and `$1`, of the words that a script or a function was called with; None for any other name."""
    if name in {"@", "*"}:
        return Variable(given, array=True)
    if name == "#":
        return Variable((Item(str(len(given))),))
    if not name.isdecimal():
        return None
    number = number_of(name)
    found = given[number - 1 : number] if number else ()
    return Variable(found) if found else Variable((Item(""),), unset=True)


def script_path(scope: Scope) -> Item:
    path = scope.undercloud.script
    return Item(path) if path else Item("", "where the script lay on the undercloud is not told here: --script-path")


def argument_of_the_script(name: str) -> Item:
    return Item("", f"the words that the script was called with (`${name}`) are not in it")


def missing(scope: Scope, name: str) -> Item:
    """The reason why an unset variable is not taken as empty: the shell that ran the script may have had it set."""
    if name.isdecimal() or name in {"@", "*"}:
        return argument_of_the_script(name)
    near = nearest(name, scope.variables, 0.8)
    where = f"; {basename(scope.read[-1])}, which it reads, may" if scope.read else ""
    line = scope.variables[near].line if near else 0
    meant = f"; `{near}`{f' of line {line}' if line else ''} may be meant" if near else ""
    return Item("", f"nothing in this script sets `{name}`{where}{meant}")


# what every shell has set when it begins
OF_THE_SHELL: Mapping[str, Callable[[Scope], Item]] = {
    "USER": lambda scope: Item(scope.undercloud.user),
    "LOGNAME": lambda scope: Item(scope.undercloud.user),
    "HOME": lambda scope: Item(scope.undercloud.home),
    "PWD": lambda scope: scope.folder,
    "IFS": lambda _: Item(" \t\n"),
    "0": script_path,
    "BASH_SOURCE": script_path,
}
