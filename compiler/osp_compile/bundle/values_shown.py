"""Puts the site's values into shell that people read, in place of the names of settings.

The same for the commands of a step, the words of the library on the page, and `osp-compile explain`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from functools import cache

from osp_compile.shell import quoting
from osp_compile.shell.quoted import enclosing

Values = Mapping[str, str | tuple[str, ...]]

# A list, or a setting, alone in double quotes; within more text, with what the shell makes of it; a number by its name.
SETTING = (
    r"\"\$\{(?P<list>[A-Z_]+)\[@\](?:\+\"?\$\{[A-Z_]+\[@\]\}\"?)?\}\""
    r"|\"\$(?P<open>\{)?(?P<quoted>[A-Z][A-Z_]*)(?(open)\})\""
    r"|(?<!\\)\$\{(?P<count>\#)?(?P<braced>[A-Z][A-Z_]*)(?:\[[@*]\])?(?P<how>(?:[^{}]|\$\{[^{}]*\})*)\}"
    r"|(?<!\\)\$(?P<bare>[A-Z][A-Z_]*)(?![A-Za-z0-9_])"
    r"|(?<![\w${\"'-])(?P<number>[A-Z][A-Z_]+)(?![\w=])"
)
# `$1` is the node in an apply; in a helper it may be something else; in the library `$node` may be any.
OF_APPLY = re.compile(rf"(?P<node>\"\$(?:node|1)\"|\$(?:node|1)\b)|{SETTING}")
OF_HELPER = re.compile(rf"(?P<node>\"\$node\"|\$node\b)|{SETTING}")
OF_LIBRARY = re.compile(rf"(?P<node>(?!))|{SETTING}")
ARITHMETIC = re.compile(r"\(\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)\)")
INSTEAD = re.compile(r":?([-+])(.*)", re.DOTALL)
SPECIAL_IN_QUOTES = re.compile(r"[$`\"\\]")
CUT = re.compile(r"(%%?|##?)([^$\"'\\]+)")


def put_in(text: str, names: re.Pattern[str], values: Values, node: str = "<node>") -> str:
    """The text with the variables of the node and of settings replaced, once; text in single quotes stays.

    `names` is OF_APPLY for functions that are called with a node, OF_HELPER for the step's other functions, OF_LIBRARY
    for all else.
    """
    return _filled(text, names, values, node, "")


def _filled(text: str, names: re.Pattern[str], values: Values, node: str, outside: str) -> str:
    # (most functions of the library have no setting at all)
    enclosed = cache(lambda: [*enclosing(text, outside)])
    sums = [found.span() for found in ARITHMETIC.finditer(text)]

    def again(inner: str, around: str) -> str:
        return _filled(inner, names, values, node, around)

    def word(found: re.Match[str]) -> str:
        at = found.start()
        if found["node"]:
            return found[0] if enclosed()[at] == "'" else node
        value = values.get(next(filter(None, found.group("list", "quoted", "braced", "bare", "number"))))
        in_sum = any(begin < at < end for begin, end in sums)
        if (found["number"] and not in_sum) or enclosed()[at] == "'":
            return found[0]
        return _shown(found, value, '"' if in_sum else enclosed()[at], again)

    return names.sub(word, text)


def _shown(
    found: re.Match[str], value: str | tuple[str, ...] | None, around: str, again: Callable[[str, str], str]
) -> str:
    """What is shown in place of a setting that was found: its value, in the quotes that this place needs.

    What is not a setting stays, but for those inside its `${...}`.
    """
    if value is None:
        how = found["how"]
        return found[0].replace(how, again(how, around), 1) if how else found[0]
    if found["braced"]:
        return _expanded(found, value, around, again)
    if found["list"] or found["quoted"]:
        # the first quote may be the end of a string, and the last one begin another
        return f'"{_words(value)}"' if around == '"' else _words(value)
    return _written(value, around)


def _words(value: str | tuple[str, ...]) -> str:
    return quoting.sh(value) if isinstance(value, str) else quoting.sh_words(value)


def _written(value: str | tuple[str, ...], around: str) -> str:
    """The value as a word; as a part of a longer string in double quotes, with a \\ before what is special there."""
    if around not in {'"', "#"}:
        return _words(value)
    plain = value if isinstance(value, str) else " ".join(value)
    return SPECIAL_IN_QUOTES.sub(r"\\\g<0>", plain) if around == '"' else plain


def _expanded(found: re.Match[str], value: str | tuple[str, ...], around: str, again: Callable[[str, str], str]) -> str:
    """What the shell makes of `${...}`: the value, its length, a part of it, or the words that go in its place."""
    how = found["how"]
    if found["count"]:
        return str(len(value))
    if instead := INSTEAD.fullmatch(how):
        there = bool(value) or (isinstance(value, str) and not how.startswith(":"))
        if there and instead[1] == "-":
            return _written(value, around)
        return again(_unquoted(instead[2], around) if there == (instead[1] == "+") else "", around)
    if (cut := CUT.fullmatch(how)) and isinstance(value, str):
        return _written(_without(value, cut[1], cut[2]), around)
    return found[0] if how else _written(value, around)


def _unquoted(words: str, around: str) -> str:
    """The words without their own double quotes, which are not shown twice within others."""
    return words.removeprefix('"').removesuffix('"') if around == '"' else words


def _without(value: str, sign: str, pattern: str) -> str:
    """The value less what the pattern matches at its end (%) or its beginning (#), as much as can be if doubled."""
    places = range(len(value) + 1)
    if sign[0] == "%":
        left = [value[:at] for at in reversed(places) if fnmatchcase(value[at:], pattern)]
    else:
        left = [value[at:] for at in places if fnmatchcase(value[:at], pattern)]
    return left[-1 if len(sign) == 2 else 0] if left else value
