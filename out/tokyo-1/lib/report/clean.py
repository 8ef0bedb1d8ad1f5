"""Copies records without the secrets in them.

    clean.py [--tty] SECRETS FROM TO FILE...    each FILE of the folder FROM into the folder TO; prints `FILE COUNT`, tab between, of those
                                                that had secrets: how many places were taken out. With --tty the terminal shows how far it is

SECRETS has one known secret per line, which is taken out everywhere, as it is and as a shell, JSON, XML or a URL writes it. Other secrets are
recognised by what announces them.
Everything else stays, byte for byte. Python 2.7 and 3, standard library only.
"""

from __future__ import print_function

import base64
import io
import json
import os
import re
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from announced import HIDDEN, without_announced
from private_keys import Blocks, has_sign


# how many lines are remembered: a thousand nodes have the same packages
MOST_KNOWN = 20000


class Known(object):
    """What was found in lines, for other files and the same secrets: `plain` are whole lines with no secret in or near them."""

    def __init__(self):
        self.plain = set()
        self._found = {}

    def clean_line(self, text, secrets):
        """As the function does."""
        if text not in self._found:
            if len(self._found) == MOST_KNOWN:
                self._found.clear()
                self.plain.clear()
            self._found[text] = clean_line(text, secrets)
        return self._found[text]


def clean(data, secrets=(), known=None):
    """The bytes of a file without secrets, and how many places that were; `known` is from other files and the same secrets."""
    known = known or Known()
    blocks = Blocks()
    kept = []
    count = 0
    for line in data.splitlines(True):
        # (the packages of a thousand nodes are two million lines, and only some of them differ)
        if line in known.plain and blocks.are_closed:
            kept.append(line)
            continue
        text = line.rstrip(b"\r\n")
        end = line[len(text) :]
        is_apart = blocks.are_closed and not has_sign(text)
        if not is_apart:
            count += blocks.take_back(text, kept)
            taken, text = blocks.take(text)
            count += taken
            if text is None:
                continue
        found, text = known.clean_line(text, secrets)
        if is_apart and not found:
            known.plain.add(line)
        count += found
        kept.append(text + end)
    return b"".join(kept), count


def clean_line(text, secrets):
    """How many secrets a line has, whatever lines are around it, and what is left of it."""
    count = 0
    for secret in secrets:
        if secret in text:
            count += text.count(secret)
            text = text.replace(secret, HIDDEN)
    found, text = without_announced(text)
    return count + found, text


def written(secret):
    """A secret in each form that a text may have it in."""
    text = secret.decode("utf-8", "replace")
    xml = secret.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
    forms = [secret, base64.b64encode(secret), xml]
    forms += [xml.replace(b'"', b"&quot;").replace(b"'", name) for name in (b"'", b"&#39;", b"&#x27;", b"&apos;")]
    forms += [json.dumps(text, ensure_ascii=ascii_alone)[1:-1].encode("utf-8") for ascii_alone in (True, False)]
    forms += [secret.replace(b"'", quoted) for quoted in (b"'\\''", b"'\"'\"'")]
    forms.append(re.sub(br"([^\w@%+=:,./#\x80-\xff-])", br"\\\1", secret))
    forms += [b"".join(_percent(byte, kept) for byte in bytearray(secret)) for kept in (b"-._~", b"-._~/")]
    return forms


def _percent(byte, kept):
    sign = bytes(bytearray([byte]))
    return sign if sign.isalnum() or sign in kept else ("%%%02X" % byte).encode("ascii")


def read(path):
    with io.open(path, "rb") as file:
        return file.read()


def show_on_terminal(done, of):
    """One line, redrawn at every hundredth part; a terminal that is gone keeps nobody from the rest."""
    if done * 100 // of == (done - 1) * 100 // of:
        return
    try:
        with io.open("/dev/tty", "w") as terminal:
            terminal.write(u"\r\x1b[?7ltaking the secrets out of the records: %d of %d files\x1b[K\x1b[?7h" % (done, of))
    except (IOError, OSError):
        pass


def main(*words):
    """Copy the files, and print what was taken out of which."""
    shows = words[:1] == ("--tty",)
    listed, source, target = words[shows:][:3]
    names = words[shows:][3:]
    # the longest first: one may be a part of another
    forms = {form for line in read(listed).splitlines() if len(line) > 3 for form in written(line)}
    secrets = sorted(forms, key=lambda word: (-len(word), word))
    known = Known()
    for done, name in enumerate(names, 1):
        text, count = clean(read(os.path.join(source, name)), secrets, known)
        with io.open(os.path.join(target, name), "wb") as file:
            file.write(text)
        if count:
            print("%s\t%d" % (name, count))
        if shows:
            show_on_terminal(done, len(names))


if __name__ == "__main__":
    main(*sys.argv[1:])
