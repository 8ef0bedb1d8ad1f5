"""Writes a value of the site into bash, always quoted; no value is ever evaluated."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass

SAFE = re.compile(r"[A-Za-z0-9_@%+:./-]+", re.ASCII)  # without a comma, which ShellCheck takes for a slip in an array


def sh(value: object) -> str:
    """`value` as one shell word: unchanged if it is a plain word, else in single quotes."""
    text = str(value)
    if SAFE.fullmatch(text):
        return text
    return "'" + text.replace("'", "'\\''") + "'"


def sh_quoted(value: object) -> str:
    """`value` as one shell word, always in single quotes: for assignments, where a reader expects them."""
    return "'" + str(value).replace("'", "'\\''") + "'"


def sh_words(values: Iterable[object]) -> str:
    """Several words, each quoted."""
    return " ".join(sh(value) for value in values)


def plain(values: Iterable[object]) -> bool:
    """Whether all of `values` can be written without quotes."""
    return all(SAFE.fullmatch(str(value)) for value in values)


def read_back(text: str) -> list[str]:
    """The words that bash reads from the text that `sh`, `sh_quoted` or `sh_words` wrote."""
    return shlex.split(text)


@dataclass(frozen=True)
class Quoting:
    """How the values of a site are written into a bundle: as they are, or as stand-ins for the lint."""

    sh: Callable[[object], str]
    sh_quoted: Callable[[object], str]
    sh_words: Callable[[Iterable[object]], str]
    comment: Callable[[object], str]


def stand_in(value: object) -> str:
    """A harmless word, quoted as `value` would be, so that ShellCheck judges our shell and not a site's values."""
    return "word" if SAFE.fullmatch(str(value)) else "'a word'"


def proved(write: Callable[..., str], values: Callable[..., list[str]]) -> Callable[..., str]:
    """`write` with a proof: its text is read back at once and must give each value byte for byte."""

    def written(value: object) -> str:
        text = write(value)
        if read_back(text) != values(value):
            raise AssertionError(f"{value!r} is not {text}")
        return text

    return written


def ssh_host(address: str) -> str:
    """An address in the form that ssh takes: IPv6 without brackets."""
    return address.strip("[]")


def url_host(address: str) -> str:
    """An address in the form that scp, rsync and URLs take: IPv6 in brackets."""
    bare = address.strip("[]")
    return f"[{bare}]" if ":" in bare else bare


def comment(text: object) -> str:
    """`text` as the rest of a comment: on one line, whatever it contains."""
    return " ".join(str(text).split())


AS_THEY_ARE = Quoting(
    sh=proved(sh, lambda value: [str(value)]),
    sh_quoted=proved(sh_quoted, lambda value: [str(value)]),
    sh_words=proved(sh_words, lambda values: [str(value) for value in values]),
    comment=comment,
)
STAND_INS = Quoting(
    sh=stand_in,
    sh_quoted=lambda _: "'a word'",
    sh_words=lambda values: " ".join(stand_in(value) for value in values),
    comment=lambda _: "words",
)
