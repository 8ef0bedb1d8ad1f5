"""The reasons that a step's questions give: the sentences that an operator reads when the step refuses or stops."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from osp_compile.bundle.page.vocabulary import Word
from osp_compile.shell.quoted import closing

# The functions of the engine that take a reason, followed by a remedy if there is one.
GIVES = re.compile(r"\b(why|why_at_last|give_up|fail) (?=[\"'])")
# A parameter in a sentence: its value is known only when the script runs.
PARAMETER = re.compile(r"\$\{[^}]*\}|\$[A-Za-z_]\w*|\$[0-9*@#?]")
LOCAL = re.compile(r"\$\{?([a-z][a-z_]*)")
SETTING = re.compile(r"\$\{?([A-Z][A-Z0-9_]*)\}?")
NODE = frozenset({"$node", "${node}"})


@dataclass(frozen=True)
class Reason:
    """A reason and its remedy as they are shown, with `‹name›` or `…` for a value that is known only at run time."""

    text: str
    remedy: str


class Reasons:
    """The reasons that functions give, with the site's settings put in; `values` maps a shell variable to its value."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values
        self._known: dict[str, tuple[Reason, ...]] = {}

    def of(self, words: Iterable[Word]) -> list[Reason]:
        """The reasons of all these functions, each once, in order."""
        return list(dict.fromkeys(reason for word in words for reason in self._of_word(word)))

    def _of_word(self, word: Word) -> tuple[Reason, ...]:
        if word.of_the_engine:
            return ()
        if word.text not in self._known:
            self._known[word.text] = tuple(_of_function(word.text, self._values))
        return self._known[word.text]


def _of_function(text: str, values: Mapping[str, object]) -> Iterator[Reason]:
    for gives in GIVES.finditer(text):
        said, end = _strings(text, gives.end())
        if gives[1] == "why" and _is_of_a_yes(text, end):
            continue
        reason, remedy = (*(_sentence(quoted, values) for quoted in said[:2]), "", "")[:2]
        # a reason that only quotes another program's message says nothing here
        if len(re.findall(r"[A-Za-z]{3}", re.sub("‹.*?›", "", reason))) > 1:
            yield Reason(reason, remedy)


def _is_of_a_yes(text: str, end: int) -> bool:
    """Whether the call that ends at `end` is the last statement of its function, which has then answered yes."""
    return text[end:].strip() in {"", "}", ")"}


def _strings(text: str, at: int) -> tuple[list[str], int]:
    """The quoted strings from `at` on, with a blank between them, and where they end."""
    found: list[str] = []
    while text[at : at + 1] in {"'", '"'}:
        end = closing(text, at + 1, text[at])
        if end < 0:
            break
        found.append(text[at : end + 1])
        at = end + 2
    return found, at - 1


def _sentence(quoted: str, values: Mapping[str, object]) -> str:
    """The text of a quoted string; a value that is put in at run time is shown as its name, or as `…`."""
    if quoted.startswith("'"):
        return quoted[1:-1]
    text, out, at = quoted[1:-1], "", 0
    while at < len(text):
        if text.startswith("$(", at):
            end = closing(text, at + 2, ")")
            out, at = out + "…", (end if end > 0 else len(text)) + 1
        elif found := PARAMETER.match(text, at):
            out, at = out + _put_in(found[0], values), found.end()
        elif text[at] == "\\":
            out, at = out + text[at + 1 : at + 2], at + 2
        else:
            out, at = out + text[at], at + 1
    return re.sub("…(?:…| …)+", "…", out)


def _put_in(parameter: str, values: Mapping[str, object]) -> str:
    if parameter in NODE:
        return "<node>"
    if named := LOCAL.match(parameter):
        return f"‹{named[1].replace('_', ' ')}›"
    setting = SETTING.fullmatch(parameter)
    value = values.get(setting[1]) if setting else None
    return value if isinstance(value, str) and value else "…"
