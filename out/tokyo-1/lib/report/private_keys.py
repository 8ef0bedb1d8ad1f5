"""Private keys in a text, whatever form they have there. Python 2.7 and 3, standard library only.

A key may stand in lines of its own, be indented, follow what a log writes before each line, be one line with its ends written as \\n, be cut
off anywhere, or stand below `password: |` as YAML has it.
"""

import re

HIDDEN = b"***"
BEGIN = re.compile(br"-{4,5} ?BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)? ?-{4,5}|PuTTY-User-Key-File-\d: \S+")
END = re.compile(br"-{4,5} ?END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)? ?-{4,5}|Private-MAC: \S+")
# what is left of a key behind its first words, where its ends of lines are written as \n
WRITTEN_ON = re.compile(br"(?:[A-Za-z0-9+/=]|\\+[rn])*")
BODY = re.compile(br"[A-Za-z0-9+/=]+\Z")
HEADING = re.compile(br"(?:Proc-Type|DEK-Info|Comment|Version|Hash|Charset|Encryption|Public-Lines|Private-Lines|Subject): ?.*\Z|\Z")
# `password: |`, whose value is in the lines below it, further in
BELOW = re.compile(
    br"(?i)^(\s*)(?:-\s+)?[\"']?[\w.:-]{0,80}(?:passw(?:or)?d|passphrase|secret|token|private_?key|credential|fernet|cookie)[\w.:-]{0,80}[\"']?:"
    br"\s*[|>][+-]?\d?\s*\Z"
)


class Blocks(object):
    """What of a text is within a block that is a secret: asked line after line."""

    def __init__(self):
        self._words_before = None
        self._indent = None

    def take(self, line):
        """How many secrets begin in the line, and what is left of it: None where the whole line is part of one."""
        if self._words_before is not None and self._goes_on(line):
            return 0, None
        if self._indent is not None:
            if not line.strip() or _indent_of(line) > self._indent:
                return 0, None
            self._indent = None
        return self._look(line)

    def _look(self, line):
        count = 0
        begin = BEGIN.search(line)
        while begin:
            count += 1
            end = END.search(line, begin.end())
            stop = end.end() if end else WRITTEN_ON.match(line, begin.end()).end()
            # (a key that is whole in one line opens nothing)
            if not end and stop == begin.end():
                self._words_before = len(line[: begin.start()].split())
            head = line[: begin.start()] + HIDDEN + b" a private key"
            line, at = head + line[stop:], len(head)
            begin = BEGIN.search(line, at)
        below = BELOW.match(line)
        if below:
            self._indent = len(below.group(1))
            return count + 1, line + b" " + HIDDEN
        return count, line

    def _goes_on(self, line):
        """A key that is cut off hides nothing of what comes behind it."""
        end = END.search(line)
        if end:
            self._words_before = None
            return not line[end.end() :].strip(b" \\rn\"',")
        words = line.split()
        # a sentence of as many words would have to end in one of base64's letters alone
        if len(words) == self._words_before + 1 and BODY.match(words[-1]):
            return True
        if self._words_before == 0 and HEADING.match(line.strip()):
            return True
        self._words_before = None
        return False


def _indent_of(line):
    return len(line) - len(line.lstrip())
