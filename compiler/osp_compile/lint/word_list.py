"""The word list: words and phrases that no text has, and the texts of a shell file, which are searched for them.

The rows of word_list.tsv have four columns: where it holds, the phrase, what to write instead, and why. A phrase is a
regular expression for whole words in any case; a blank in it matches any white space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from osp_compile.shell.quoted import closing

TABLE = Path(__file__).with_name("word_list.tsv")
# the rows that hold for texts that people see, and for comments and docstrings
SEEN, UNSEEN = frozenset({"seen", "all", "ja"}), frozenset({"all"})
# whole words; Japanese has no blanks between them
WHOLE = r"(?<![\w-])(?:{})(?![\w-])"
CAUSE_AND_REMEDY = slice(4, 6)  # the columns of remedies.tsv that people see
# a comment, an escaped character, the start of a here-document or of a quoted string
TURN = re.compile(
    r"""\\.|(?<![^\s;&|(])\#[^\n]*|<<-?[ ]?(?P<mark>['"]?)(?P<end>[A-Za-z_]\w*)(?P=mark)|(?P<quote>["'])""",
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True)
class Entry:
    """A row of the word list; `where` is seen (by people), all (comments and docstrings too) or ja (Japanese)."""

    where: str
    phrase: str
    instead: str
    reason: str


@cache
def entries() -> tuple[Entry, ...]:
    """The rows of the word list, in order."""
    lines = TABLE.read_text("utf-8").splitlines()
    return tuple(Entry(*line.split("\t")) for line in lines if line and not line.startswith("#"))


@cache
def _patterns(where: frozenset[str]) -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], Entry], ...]]:
    """One pattern for all entries that hold there, which is fast if nothing is found, and one for each."""
    chosen = [entry for entry in entries() if entry.where in where]
    words = "|".join(entry.phrase for entry in chosen if entry.where != "ja")
    japanese = [entry.phrase for entry in chosen if entry.where == "ja"]
    each = ((entry.phrase if entry.where == "ja" else WHOLE.format(entry.phrase), entry) for entry in chosen)
    any_of_them = _pattern("|".join([WHOLE.format(words), *japanese]))
    return any_of_them, tuple((_pattern(phrase), entry) for phrase, entry in each)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def refused(text: str, where: frozenset[str] = SEEN) -> Iterator[str]:
    """What to write instead of each phrase in `text` that the word list refuses there."""
    text = " ".join(text.split())
    any_of_them, each = _patterns(where)
    if any_of_them.search(text):
        for pattern, entry in each:
            yield from (f"`{one[0]}`: write {entry.instead} ({entry.reason})" for one in pattern.finditer(text))


def in_shell(text: str) -> Iterator[tuple[int, str]]:
    """(line, what to write instead) of each refused phrase in the strings of the shell file `text`."""
    for line, string in strings(text):
        yield from ((line, instead) for instead in refused(string))


def in_remedies(table: str) -> Iterator[tuple[int, str]]:
    """(line, what to write instead) of each refused phrase in the causes and remedies of the text of remedies.tsv."""
    for number, line in enumerate(table.splitlines(), 1):
        if not line.startswith("#"):
            texts = line.split("\t")[CAUSE_AND_REMEDY]
            yield from ((number, instead) for text in texts for instead in refused(text))


def strings(text: str) -> Iterator[tuple[int, str]]:
    """(line, text) of each quoted string of several words, and of each here-document, in a shell file."""
    at = 0
    while turn := TURN.search(text, at):
        at = end = turn.end()
        if turn["quote"]:
            end = closing(text, at, turn["quote"])
        elif turn["end"]:
            last = re.compile(rf"^\s*{turn['end']}$", re.MULTILINE).search(text, at)
            end = last.start() if last else -1
        if end < 0:
            return
        if " " in text[at:end]:
            yield text.count("\n", 0, at) + 1, text[at:end]
        at = end + len(turn["quote"] or "")
