"""What `${X%y}`, `${X/y/z}` and `${X^^}` make of a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from osp_compile.importing.bash import globs
from osp_compile.importing.bash.globs import WILD
from osp_compile.importing.bash.tree import Tree, parts_of
from osp_compile.importing.bash.values import Item

Expand = Callable[[Tree], Item]  # turns a word into one text
Change = Callable[[str], str]
LONGEST_TRIMMED = 2000  # characters from whose end a pattern is taken
LONGEST_WORD = 300  # characters in which a pattern is looked for everywhere
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


def not_here(name: str) -> Item:
    return Item("", f"this form of `${{{name}...}}` is not worked out here")


def changed_by(node: Tree, expand: Expand) -> Callable[[Item], Item] | None:
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
            return Item("", problem or not_here(str(node["Param"]["Value"])).problem)
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
