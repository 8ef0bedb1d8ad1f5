"""Copies records without the secrets in them.

    clean.py SECRETS FROM TO FILE...    each FILE of the folder FROM into the folder TO; prints `FILE COUNT`, tab between, of those that
                                        had secrets: how many places were taken out

SECRETS has a known secret a line, which is taken out wherever it stands, as it is and as a shell, JSON, XML or a URL writes it; the rest is told by what announces it.
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
from private_keys import Blocks


# lines that are remembered: the packages of one node are those of a thousand others
MOST_KNOWN = 20000


def clean(data, secrets=(), known=None):
    """The bytes of a file without secrets, and how many places that were.

    `known` is filled with what was found in a line by itself, {line: (count, rest)}, for other files and the same secrets.
    """
    known = {} if known is None else known
    blocks = Blocks()
    kept = []
    count = 0
    for line in data.splitlines(True):
        text = line.rstrip(b"\r\n")
        end = line[len(text) :]
        count += blocks.take_back(text, kept)
        taken, text = blocks.take(text)
        count += taken
        if text is None:
            continue
        if text not in known:
            if len(known) == MOST_KNOWN:
                known.clear()
            known[text] = clean_line(text, secrets)
        found, text = known[text]
        count += found
        kept.append(text + end)
    return b"".join(kept), count


def clean_line(text, secrets):
    """How many secrets a line has, whatever stands around it, and what is left of it."""
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


def main(known, source, target, *names):
    """Copy the files, and print what was taken out of which."""
    # the longest first: one may be a part of another
    words = {form for line in read(known).splitlines() if len(line) > 3 for form in written(line)}
    secrets = sorted(words, key=lambda word: (-len(word), word))
    known = {}
    for name in names:
        text, count = clean(read(os.path.join(source, name)), secrets, known)
        with io.open(os.path.join(target, name), "wb") as file:
            file.write(text)
        if count:
            print("%s\t%d" % (name, count))


if __name__ == "__main__":
    main(*sys.argv[1:])
