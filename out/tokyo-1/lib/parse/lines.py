"""What the parsers print: a value that somebody else has set cannot break a line, add a column or draw on a screen.

Python 2.7 and 3, standard library only.
"""

from __future__ import print_function

NONE = "-"
# Ends of lines and what a terminal obeys: C0, DEL and C1, and two that some programs take for the end of a line. Tabs separate columns.
CONTROLS = dict.fromkeys([code for code in range(32) if code != 9] + list(range(127, 160)) + [0x2028, 0x2029], u" ")


# Characters of a value: bash takes seconds to cut or compare longer ones.
LONGEST = 32768


def plain(value):
    """A value as a column between tabs, or as the last one of a line: one blank between its words, - for nothing."""
    if value in (None, "", "None"):
        return NONE
    text = u" ".join(text_of(value).translate(CONTROLS).split())
    return (text if len(text) <= LONGEST else text[:LONGEST] + u"[...]") or NONE


def identity(value):
    """An id, which is given to the clients as a word: one that begins with - would be an option there. Raises ValueError."""
    text = plain(value)
    if text.startswith("-") or " " in text:
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
