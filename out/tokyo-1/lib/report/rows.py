"""The journal's rows, as they are written and as people read them. Python 2.7 and 3, standard library only.

What a row says comes from nodes, clients and people: it is only text, and whatever could act as more is taken out here.
"""

from __future__ import print_function

import calendar
import collections
import io
import time

# Ends of lines, what a terminal obeys, and what reverses the direction of a text, so that it is misread.
CONTROLS = dict.fromkeys(
    list(range(32)) + list(range(127, 160)) + [0x200E, 0x200F, 0x2028, 0x2029]
    + list(range(0x202A, 0x202F)) + list(range(0x2066, 0x206A)),
    u" ",
)  # fmt: skip

Row = collections.namedtuple("Row", "when who change bundle section step node event detail")


def plain(text):
    """A text as one line, one blank between its words."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    # (JSON can hold half a pair of surrogates, which UTF-8 cannot)
    text = (u"%s" % (text,)).encode("utf-8", "replace").decode("utf-8", "replace")
    return u" ".join(text.translate(CONTROLS).split())


def cells(path):
    """The columns of each line of a table with tabs between columns; nothing where there is no such file."""
    try:
        with io.open(path, "rb") as file:
            lines = file.read().split(b"\n")
    except IOError:
        return
    for line in lines:
        if line:
            yield [plain(cell) for cell in line.split(b"\t")]


def rows_of(path):
    """The rows of a journal. One that was cut short before its event says nothing."""
    for columns in cells(path):
        if len(columns) >= 8:
            yield Row(*(columns + [u"-"])[:9])


def seconds(when):
    """Seconds since 1970 of a time such as 2026-11-22T22:00:00Z; None if it is not a time."""
    try:
        return calendar.timegm(time.strptime(when, "%Y-%m-%dT%H:%M:%SZ"))
    except (ValueError, OverflowError, TypeError):
        return None
