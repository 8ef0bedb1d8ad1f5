"""The worlds that expect words which a change has taken out of the product: they are out of date, or will be soon.

A world says which texts it expects on the screen. CI plays a part of the worlds with each commit; those that may have
lost their text are played with the commit that changes it, not weeks later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import yaml

from runner.parts import ROOT, WORLDS
from runner.turns import git

# What texts are printed by; a value that is put in ends a row of words.
PRINTING = ("templates", "compiler/osp_simulator")
VALUE = re.compile(r"\$\{[^}]*\}|\$\w+|\{[^}]*\}|%[sd]|\\n")
PLAIN = re.compile(r"[a-z]+(?:['-][a-z]+)*")
MARKS = ".,:;()\"'`!?[]"
SIZES = (2, 3)  # words in a row by which a text is known again: two where it has no three

Words = tuple[str, ...]


@cache
def worlds_of(revision: str) -> list[Path]:
    """The worlds that expect words which are printed at the revision, and nowhere any more."""
    changes = git("diff", "--unified=0", "--no-color", revision, "--", *PRINTING).splitlines()
    removed = rows(line[1:] for line in changes if line.startswith("-") and not line.startswith("---"))
    lost = removed - rows(_sources()) if removed else removed
    return [file for file in sorted(WORLDS.glob("*/*.yaml")) if lost and any(expected(file, lost))]


def rows(texts: Iterable[str]) -> set[Words]:
    """All words in a row of these lines."""
    return {row for text in texts for size in SIZES for row in rows_of(text, size)}


def rows_of(text: str, size: int) -> Iterator[Words]:
    """Every `size` plain words in a row of one line; values, names and numbers end a row."""
    words = [word.strip(MARKS).lower() for word in VALUE.sub(" | ", text).split()]
    for at in range(len(words) - size + 1):
        row = tuple(words[at : at + size])
        if all(PLAIN.fullmatch(word) for word in row):
            yield row


def expected(file: Path, lost: set[Words]) -> Iterator[str]:
    """The texts that a world expects, and that have lost words."""
    for run in yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)["runs"]:
        for text in map(str, run.get("says") or ()):
            found = [*rows_of(text, 3)] or [*rows_of(text, 2)]
            if lost.intersection(found):
                yield text


def _sources() -> Iterator[str]:
    for name in git("ls-files", "--", *PRINTING).splitlines():
        file = ROOT / name
        if file.is_file() and file.suffix in (".sh", ".j2", ".py", ".yaml", ".tsv"):
            yield from file.read_text("utf-8").splitlines()
