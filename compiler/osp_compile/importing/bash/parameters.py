"""The values of `$X`, `${X:-y}`, `${X%y}` and the like, as far as the script itself determines them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from posixpath import basename

from osp_compile.diagnostics import nearest
from osp_compile.importing.bash import globs
from osp_compile.importing.bash.globs import WILD
from osp_compile.importing.bash.tree import Tree, parts_of
from osp_compile.importing.bash.values import Item, Scope, Variable, problem_of
from osp_compile.importing.text import number_of

Expand = Callable[[Tree], Item]  # turns a word into one text
Count = Callable[[Tree], int | None]  # turns an arithmetic expression into its value
Change = Callable[[str], str]
LONGEST_TRIMMED = 2000  # characters from whose end a pattern is taken
LONGEST_WORD = 300  # characters in which a pattern is looked for everywhere
NOT_HERE = "Names", "Width"
CASES: Mapping[str, Change] = {
    "^^": str.upper,
    ",,": str.lower,
    "^": lambda text: text[:1].upper() + text[1:],
    ",": lambda text: text[:1].lower() + text[1:],
}
# `${X/#y/z}` and `${X/%y/z}`
ANCHORED: Mapping[str, Callable[[str, globs.Matches, str], str]] = {
    "#": globs.replaced_at_start,
    "%": globs.replaced_at_end,
}
TRIMS = frozenset(("%", "%%", "#", "##"))
DEFAULTS = frozenset((":-", "-", ":=", "="))
IF_SET = frozenset((":+", "+"))
# what bash sets by itself, so that no script does
OF_BASH = frozenset(
    "_ ? $ ! RANDOM SECONDS LINENO HOSTNAME HOSTTYPE UID EUID PPID BASHPID PIPESTATUS FUNCNAME OLDPWD BASH_REMATCH"
    " BASH_VERSION BASH_VERSINFO SHLVL EPOCHSECONDS BASH_LINENO BASH_SUBSHELL".split()
)


def items(scope: Scope, node: Tree, expand: Expand, counted: Count) -> tuple[tuple[Item, ...], bool]:
    """The values of a ParamExp, and whether it is a list (`$@`, `${A[@]}`) rather than one text.

    `counted` gives the value of an arithmetic expression, as in `${X:2}`.
    """
    name, found = str(node["Param"]["Value"]), lookup(scope, str(node["Param"]["Value"]))
    index = _index(node, found, expand)
    if any(map(node.get, NOT_HERE)):
        return (_not_here(name),), False
    if node.get("Excl"):
        return _of_names(scope, node, found, index)
    if node.get("Length"):
        return (_length(name, found, index),), False
    changed = _changed(node, expand)
    lists = {"@", "*"} if changed else {"@"}
    if lists.isdisjoint((name, index)):
        return (_single(scope, node, found, expand, counted),), False
    if node.get("Exp") is not None and changed is None:
        return (_not_here(name),), False
    listed = _sliced_list(name, _listed(scope, found, name), node, counted)
    listed = tuple(map(changed, listed)) if changed else listed
    return (listed, True) if "@" in (name, index) else ((_joined(scope, listed),), False)


def _of_names(scope: Scope, node: Tree, found: Variable | None, index: str | None) -> tuple[tuple[Item, ...], bool]:
    """`${!X}`, and `${!A[@]}`, which is a list."""
    name = str(node["Param"]["Value"])
    return _keys(found, name) if index == "@" else ((_indirect(scope, name, node),), False)


def _single(scope: Scope, node: Tree, found: Variable | None, expand: Expand, counted: Count) -> Item:
    """The value of a ParamExp that is one text, of the variable that was found by its name."""
    name, changed = str(node["Param"]["Value"]), _changed(node, expand)
    value = None if found is None else _chosen(scope, found, name, _index(node, found, expand))
    operator = node.get("Exp")
    if operator is None or changed:
        value = _sliced(name, _missing(scope, name) if value is None else value, node, counted)
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
    if value is not None:
        return operator["Word"], value.assumed
    return operator["Word"], f"nothing in this script sets `{name}`" if found is None else None


def _counts_as_set(value: Item | None, kind: str) -> bool:
    """Whether an operator takes the variable as set; for one with a `:`, an empty one is not."""
    return value is not None and bool(value.text or not kind.startswith(":"))


def _not_here(name: str) -> Item:
    return Item("", f"this form of `${{{name}...}}` is not worked out here")


def _indirect(scope: Scope, name: str, node: Tree) -> Item:
    """`${!X}`, the variable that X names; `${!#}`, the last word given."""
    if any(map(node.get, ("Exp", "Index", "Slice", "Repl"))):
        return _not_here(name)
    if name == "#":
        return scope.given[-1] if scope.given else _nobody_knows("@")
    named = _first(scope, name)
    if named.problem:
        return named
    return _first(scope, named.text) if named.text.isidentifier() else _not_here(name)


def _first(scope: Scope, name: str) -> Item:
    """The value of a variable, or the first one of an array; where there is none, the reason."""
    found = lookup(scope, name)
    return found.items[0] if found is not None and found.items else _missing(scope, name)


def _length(name: str, found: Variable | None, index: str | None) -> Item:
    if found is None:
        return _not_here(f"#{name}")
    if name in {"@", "*"} or index in {"@", "*"}:
        return Item(str(len(found.items))) if not any(item.problem for item in found.items) else _not_here(f"#{name}")
    first = found.items[0] if found.items and index is None else Item("", "which entry is meant is not known")
    return Item("", first.problem) if first.problem else Item(str(len(first.text)), None, first.assumed)


def _changed(node: Tree, expand: Expand) -> Callable[[Item], Item] | None:
    """What `${X%y}`, `${X/y/z}` or `${X^^}` makes of one value; None without such an operator."""
    operator, replaced = node.get("Exp"), node.get("Repl")
    if replaced:
        return _replacement(node, replaced, expand)
    if operator is None:
        return None
    kind, word = str(operator["Op"]), operator.get("Word")
    if kind in TRIMS:
        pattern = _pattern(word, expand) if word else Item("")
        return lambda item: _trimmed(item, kind, pattern)
    if kind in CASES and not word:
        return lambda item: item if item.problem else Item(CASES[kind](item.text), None, item.assumed)
    return None


def _pattern(word: Tree, expand: Expand) -> Item:
    """A pattern's text; one that has both wildcards and quoted wildcards is not worked out here."""
    found = expand(word)
    quoted = any(part["Type"] in {"SglQuoted", "DblQuoted"} for part in parts_of(word))
    escaped = any(part["Type"] == "Lit" and "\\" in str(part.get("Value", "")) for part in parts_of(word))
    if (quoted or escaped) and not found.problem and WILD.search(found.text):
        return Item("", "a pattern with quoted wildcards is not worked out here")
    return found


def _replacement(node: Tree, replaced: Tree, expand: Expand) -> Callable[[Item], Item]:
    old = _pattern(replaced["Orig"], expand) if replaced.get("Orig") else Item("")
    new = expand(replaced["With"]) if replaced.get("With") else Item("")

    def change(item: Item) -> Item:
        problem = item.problem or old.problem or new.problem
        text = None if problem else _with(item.text, old.text, new.text, bool(replaced.get("All")))
        if text is None:
            return Item("", problem or _not_here(str(node["Param"]["Value"])).problem)
        return Item(text, None, item.assumed or new.assumed)

    return change


def _with(text: str, old: str, new: str, everywhere: bool) -> str | None:
    """The text with `new` for the pattern `old`, which may begin with `#` or `%`; None if it is not known here."""
    if not old:
        return text
    anchored = None if everywhere else ANCHORED.get(old[0])
    matches = globs.matcher(old[1:] if anchored else old)
    if matches is None or (WILD.search(old) and len(text) > LONGEST_WORD):
        return None
    if anchored:
        return anchored(text, matches, new)
    if WILD.search(old):
        return globs.replaced(text, matches, new, everywhere)
    return text.replace(old, new, -1 if everywhere else 1)


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
        return _not_here(name)
    if offset < 0:  # from the end
        offset = len(value.text) + offset if -offset <= len(value.text) else len(value.text)
    return Item(value.text[offset:][:length], None, value.assumed)


def _sliced_list(name: str, values: tuple[Item, ...], node: Tree, counted: Count) -> tuple[Item, ...]:
    if not node.get("Slice"):
        return values
    offset, length = _range(node, counted)
    if offset is None or offset < 0 or (name in {"@", "*"} and offset == 0) or any(item.problem for item in values):
        return (_not_here(name),)
    return values[offset - (name in {"@", "*"}) :][:length]


def _of_unset(scope: Scope, name: str, operator: Tree, expand: Expand) -> Item:
    """The value for a variable that the script itself has unset."""
    kind = str(operator["Op"])
    word = expand(operator["Word"]) if operator.get("Word") else Item("")
    if kind in DEFAULTS:
        if kind.endswith("="):
            scope.variables[name] = Variable((word,))
        return word
    return Item("") if kind in IF_SET else _not_here(name)


def _listed(scope: Scope, found: Variable | None, name: str) -> tuple[Item, ...]:
    """The entries of `$@` or of an array; one that nothing sets has none, unless a file that was read may set it."""
    if found is not None and found.keys is not None and len(found.keys) > 1:
        return (Item("", f"the order in which bash has the entries of `{name}` is not in the script"),)
    if found is not None:
        return found.items
    if name == "@":
        return (_nobody_knows(name),)
    return (_missing(scope, name),) if scope.read else ()


def _keys(found: Variable | None, name: str) -> tuple[tuple[Item, ...], bool]:
    """`${!A[@]}`: the keys of an array."""
    if found is None or any(item.problem for item in found.items) or (found.keys is not None and len(found.keys) > 1):
        return (_not_here(f"!{name}[@]"),), False
    keys = found.keys if found.keys is not None else range(len(found.items))
    return tuple(Item(str(key)) for key in keys), True


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
    """The number of the entry with that key, that behind the last if none has it; "?" for a key that is unknown."""
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
    if kind in DEFAULTS:
        return _or_default(scope, name, value, kind, word)
    if kind in IF_SET:
        return _if_set(name, value, kind, word)
    if kind in {":?", "?"} or value is None:
        return _missing(scope, name) if value is None else value
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


def _trimmed(value: Item, kind: str, pattern: Item) -> Item:
    if value.problem or pattern.problem:
        return Item("", value.problem or pattern.problem)
    matches = globs.matcher(pattern.text)
    if matches is None or (WILD.search(pattern.text) and len(value.text) > LONGEST_TRIMMED):
        return Item("", f"the pattern `{pattern.text[:40]}` is not worked out here")
    without = _without_suffix if kind.startswith("%") else _without_prefix
    return Item(without(value.text, matches, len(kind) == 2), None, value.assumed)


def _without_suffix(text: str, matches: globs.Matches, longest: bool) -> str:
    cuts = range(len(text) + 1) if longest else range(len(text), -1, -1)
    return text[: next((cut for cut in cuts if matches(text[cut:])), len(text))]


def _without_prefix(text: str, matches: globs.Matches, longest: bool) -> str:
    cuts = range(len(text), -1, -1) if longest else range(len(text) + 1)
    return text[next((cut for cut in cuts if matches(text[:cut])), 0) :]
