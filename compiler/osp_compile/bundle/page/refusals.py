"""Which answer of each question makes a step refuse or stop: its no, its yes after `opposite`, or neither."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from osp_compile.bundle.closure import Function, Shell, growing
from osp_compile.bundle.page.reasons import Answer, says_yes
from osp_compile.shell.words import code

Asked = tuple[Function, Answer]

TURNED: dict[Answer, Answer] = {"no": "yes", "yes": "no", "either": "either"}
# The words of lib/engine/question.sh after which a question's no decides nothing until the `--`.
TAKES_EITHER = frozenset({"when_yes", "when_no"})
WORD = re.compile(r"(?<!\S)--(?!\S)|[A-Za-z_][\w-]*|&&|\|\||[;|&(){}!\n]")
SEPARATES = re.compile(r"[^A-Za-z_-]")


class Asking:
    """What the functions of a shell ask, each looked at once: most of the library are reached from many steps."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._known: dict[tuple[Function, Answer, str], list[Asked]] = {}

    def asked(self, begin: Iterable[Function], script: str) -> list[Asked]:
        """Each function that these reach without the engine, with the answers of it at which they refuse, as read."""
        found: dict[Asked, None] = dict.fromkeys((one, "no") for one in begin)
        for function, answer in growing(found):
            found.update(dict.fromkeys(self._asks(function, answer, script)))
        return [*found]

    def _asks(self, function: Function, answer: Answer, script: str) -> list[Asked]:
        key = function, answer, self._shell.scope(function, script)
        if key not in self._known:
            self._known[key] = _asks(self._shell, function, answer, script)
        return self._known[key]


def _asks(shell: Shell, function: Function, answer: Answer, script: str) -> list[Asked]:
    called = [
        (one, at_answer)
        for word, at_answer in _kept_words(function.text, answer)
        for one in shell.called(word.replace("-", "_"), script)
        if not one.of_the_engine and one.name != function.name
    ]
    if answer != "yes":
        return called
    # a yes is told by the last question that says one
    return [] if says_yes(function.text) else called[-1:]


@lru_cache(maxsize=4096)
def _kept_words(text: str, answer: Answer) -> tuple[tuple[str, Answer], ...]:
    """What `words` finds, read once: most functions of the library are reached from many steps."""
    return tuple(words(text, answer))


def words(text: str, answer: Answer = "no") -> Iterator[tuple[str, Answer]]:
    """The words of a function that refuses at `answer`, each with the answer at which it would make it refuse."""
    now, before = answer, list[Answer]()
    for word in WORD.findall(code(text)):
        if SEPARATES.match(word):
            now, before = answer, []
        elif word == "opposite":
            now = TURNED[now]
        elif word == "either":
            before.append(now)
            now = "yes" if now == "yes" else "either"
        elif word in TAKES_EITHER:
            before.append(now)
            now = "either"
        elif word != "--":
            yield word, now
        elif before:
            now = before.pop()
