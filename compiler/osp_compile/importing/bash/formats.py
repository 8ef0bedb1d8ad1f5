"""What `echo` and `printf` print, for the options and formats that deploy scripts have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from osp_compile.importing.text import number_of

ESCAPE = re.compile(r"\\(.)", re.DOTALL)
ESCAPES = {"n": "\n", "t": "\t", "\\": "\\"}
FORMAT = re.compile(r"%(?:(?P<percent>%)|(?P<flags>-?)(?P<zero>0?)(?P<width>[1-9]\d{0,2})?(?P<kind>[sd]))")
MOST = 10_000  # rounds through a format


def echoed(words: Sequence[str]) -> str | None:
    """The output of `echo` with these words; None for an option or an escape that is not known here."""
    options = list(takewhile(re.compile(r"-[neE]+").fullmatch, words))
    letters = "".join(options).replace("-", "")
    end, escapes = "" if "n" in letters else "\n", letters.replace("n", "").endswith("e")
    text = " ".join(words[len(options) :])
    shown = _unescaped(text) if escapes else text
    return None if shown is None else shown + end


def printed(words: Sequence[str]) -> str | None:
    """The output of `printf FORMAT WORD...`; None for a format that is not known here."""
    plain = words[:1] == ["--"]
    words = words[plain:]
    pattern = _unescaped(words[0]) if words and (plain or not words[0].startswith("-")) else None
    if pattern is None or "%" in FORMAT.sub("", pattern):
        return None
    return _repeated(pattern, list(words[1:]))


def _repeated(pattern: str, rest: list[str]) -> str | None:
    """The pattern, as often as it takes to print all words; None for one that is not known here."""
    wanted, made = sum(found["percent"] is None for found in FORMAT.finditer(pattern)), ""
    for _ in range(MOST):
        row = [rest.pop(0) if rest else "" for _ in range(wanted)]
        one = _filled(pattern, row)
        if one is None:
            return None
        made += one
        if not rest or not wanted:
            return made
    return None


def _filled(pattern: str, row: list[str]) -> str | None:
    made, at = "", 0
    for found in FORMAT.finditer(pattern):
        made += pattern[at : found.start()]
        at = found.end()
        if found["percent"]:
            made += "%"
            continue
        text = _field(found, row.pop(0))
        if text is None:
            return None
        made += text
    return made + pattern[at:]


def _field(found: re.Match[str], word: str) -> str | None:
    if found["kind"] == "d":
        number = number_of(word or "0")
        if number is None or (len(word) > 1 and word[0] == "0"):  # bash reads it as octal
            return None
        word = str(number)
    elif found["zero"]:
        return None
    width = int(found["width"] or 0)
    if found["flags"]:
        return word.ljust(width)
    return word.rjust(width, "0" if found["zero"] else " ")


def _unescaped(text: str) -> str | None:
    if "\\" in ESCAPE.sub("", text) or any(found[1] not in ESCAPES for found in ESCAPE.finditer(text)):
        return None
    return ESCAPE.sub(lambda found: ESCAPES[found[1]], text)
