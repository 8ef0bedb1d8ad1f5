"""`xargs`: the words of the command that it runs, with what it reads after them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from osp_compile.importing.bash import splitting
from osp_compile.importing.bash.values import Item, Scope
from osp_compile.importing.bash.words import Word
from osp_compile.importing.bash.wrappers import meant

OWN = frozenset(("-r", "-t", "--no-run-if-empty", "--verbose", "--"))


def meant_by(scope: Scope, words: Sequence[Word]) -> Sequence[Word]:
    """The words of the command that `xargs` runs, with what it reads after them; those of any other as they are."""
    return meant(_given(scope, words)) if words and words[0].text == "xargs" else words


@dataclass(frozen=True)
class _Call:
    """A call of `xargs`: the words of the command that it runs, and why not all that it does is worked out here.

    `instead` is the text in place of which it puts what it reads, None if that comes after the words.
    """

    own: Sequence[Word]
    problem: str | None
    instead: str | None


def _call(words: Sequence[Word]) -> _Call:
    at, problem, instead = 1, None, None
    while at < len(words) and words[at].text.startswith("-"):
        option = words[at].text
        if option not in OWN:
            problem = f"how `xargs {option}` divides what it reads is not worked out here"
            if option.startswith(("-I", "-i")):
                instead = option[2:] or (words[at + 1].text if option == "-I" and at + 1 < len(words) else "{}")
            at += len(option) == 2 and option[1] in "adEILnPs"
        at += 1
    return _Call(words[at:], problem, instead)


def _read(scope: Scope) -> Item:
    """What `xargs` reads, as far as it is known and has no quotes in it."""
    text = scope.input or Item("", "what `xargs` read when it ran is not in the script")
    if text.problem is None and re.search(r"[\"'\\]", text.text):
        return Item("", "`xargs` takes the quotes out of what it reads")
    return text


def _given(scope: Scope, words: Sequence[Word]) -> list[Word]:
    call, text = _call(words), _read(scope)
    if not call.own:
        return list(words)
    if call.instead:
        lost = Item("", call.problem)
        return [replace(one, item=lost) if call.instead in one.text else one for one in call.own]
    span, raw = words[0].span, "$(xargs)"
    problem = call.problem or text.problem
    if problem:
        return [*call.own, Word(Item("", problem), raw, span)]
    read = splitting.words(text.text, splitting.BLANKS)
    return [*call.own, *(Word(Item(one, None, text.assumed), raw, span) for one in read)]
