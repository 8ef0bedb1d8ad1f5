"""What the parsers read and print: an answer of another kind is refused, and a value that somebody else has set cannot break a line, add a
column or draw on a screen.

Python 2.7 and 3, standard library only.
"""

from __future__ import print_function

import json
import re

NONE = "-"
# Ends of lines and what a terminal obeys: C0, DEL and C1, and two that some programs take for the end of a line. Tabs separate columns.
CONTROLS = dict.fromkeys([code for code in range(32) if code != 9] + list(range(127, 160)) + [0x2028, 0x2029], u" ")


# Characters of a value: bash takes seconds to cut or compare longer ones.
LONGEST = 32768


IDENTITY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]*\Z")
MOST_DIGITS = 100  # of a number: Python 2 takes hours to read one of millions


def read_list(stream):
    """The rows of a client's list, each an object. Raises ValueError for other JSON: `{}` would pass for a list without rows."""
    rows = json_of(stream.read())
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise ValueError("a list of objects was asked for, and the answer is other JSON")
    return rows


def read_object(stream):
    """What a client shows of one thing. Raises ValueError for other JSON."""
    found = json_of(stream.read())
    if not isinstance(found, dict):
        raise ValueError("an object was asked for, and the answer is other JSON")
    return found


def json_of(text):
    """JSON of any kind; a number that is longer than any real one is refused (ValueError)."""
    return json.loads(text, parse_int=whole)


def whole(digits):
    if len(digits) > MOST_DIGITS:
        raise ValueError("this is not a number: %s[...]" % digits[:20])
    return int(digits)


def plain(value):
    """A value as a column between tabs, or as the last one of a line: one blank between its words, - for nothing."""
    if value in (None, "", "None"):
        return NONE
    text = u" ".join(text_of(value).translate(CONTROLS).split())
    return (text if len(text) <= LONGEST else text[:LONGEST] + u"[...]") or NONE


def identity(value):
    """An id, which is given to the clients as a word: one that begins with - would be an option there, and a shell puts the names of files in the
    place of a pattern. Raises ValueError.
    """
    text = plain(value)
    if not IDENTITY.match(text):
        raise ValueError("this is not an id: %s" % ascii_of(text[:60]))
    return text


def ascii_of(text):
    """Text as a message can hold it, whatever the locale is."""
    return str(text.encode("ascii", "replace").decode("ascii"))


def text_of(value):
    """Python 2 reads lines as bytes."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else u"%s" % (value,)


def word(value):
    """A value as a column between blanks: underscores for the blanks in it, - for nothing."""
    return u"_".join(plain(value).split())


def row(*values):
    """Values joined by tabs."""
    return u"\t".join(plain(value) for value in values)


def words(*values):
    """Values joined by blanks."""
    return u" ".join(word(value) for value in values)


def show(lines):
    """Print the lines, whatever is in them: one for each."""
    for line in lines:
        text = text_of(line).translate(CONTROLS)
        # (JSON can hold half a pair of surrogates, which UTF-8 cannot)
        print(text.encode("utf-8", "replace").decode("utf-8"))
