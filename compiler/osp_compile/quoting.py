"""The one way a value of the site gets into bash; nothing of it is ever evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterable

SAFE = re.compile(r"[A-Za-z0-9_@%+:,./-]+", re.ASCII)


def sh(value: object) -> str:
    """`value` as one shell word. Plain words stand as they are; all else is in single quotes."""
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


def ssh_host(address: str) -> str:
    """An address as ssh takes it: IPv6 without brackets."""
    return address.strip("[]")


def url_host(address: str) -> str:
    """An address as scp, rsync and URLs take it: IPv6 in brackets."""
    bare = address.strip("[]")
    return f"[{bare}]" if ":" in bare else bare


def comment(text: object) -> str:
    """`text` as the rest of a comment: one line, whatever it holds."""
    return " ".join(str(text).split())
