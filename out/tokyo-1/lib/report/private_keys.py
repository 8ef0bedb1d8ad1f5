"""Private keys in a text, whatever form they have there. Python 2.7 and 3, standard library only.

A key may have lines of its own, be indented, follow what a log writes before each line, be one line with its ends written as \\n, be cut
off anywhere, or come below `password: |` as YAML has it.
"""

import re

HIDDEN = b"***"
WORDS = br"(?: |%20|\+)(?:[A-Z0-9 +]|%20)*PRIVATE(?: |%20|\+)KEY(?:(?: |%20|\+)BLOCK)? ?-{4,5}"
BEGIN = re.compile(br"-{4,5} ?BEGIN" + WORDS + br"|PuTTY-User-Key-File-\d: \S+")
END = re.compile(br"-{4,5} ?END" + WORDS + br"|Private-MAC: \S+")
# what is left of a key after its first words, where its ends of lines are written as \n, or its lines are a list of texts
WRITTEN_ON = re.compile(
    br"""(?:[A-Za-z0-9+/=]|\\+[rn])*(?:(?:[\s,"'|]|%0[AD]|[ub](?=["']))+(?:[A-Za-z0-9+/=]|\\+[rn]){16,})*"""
)
BODY = re.compile(br"[A-Za-z0-9+/=]+\Z")
# (hexadecimal digits alone are a checksum)
LONG_BODY = re.compile(br"(?![0-9a-f]+\Z)[A-Za-z0-9+/]{40,}=*\Z")
HEADING = re.compile(br"(?:Proc-Type|DEK-Info|Comment|Version|Hash|Charset|Encryption|Public-Lines|Private-Lines|Subject): ?.*\Z|\Z")
# `password: |`, whose value is in the lines below it, further in; YAML may have a tag or an anchor, and a comment
BELOW = re.compile(
    br"(?i)^(\s*)(?:-\s+)?[\"']?[\w.:-]{0,80}(?:passw(?:or)?d|passphrase|secret|token|private[_-]?key|privkey|credential|fernet|cookie)[\w.:-]{0,80}[\"']?:"
    br"\s*(?:(?:!!?|&)[\w./:-]+\s+)*[|>][+-]?\d?[+-]?\s*(?:#.*)?\Z"
)
# `password:` whose value is a word alone in the next line, and `name: OS_PASSWORD`, whose value the next line has
ALONE_BELOW = re.compile(br"(?i)^\s*(?:-\s+)?[\"']?[\w.:-]{0,80}(?:passw(?:or)?d|passphrase|secret|token)[\"']?:\s*(?:(?:!!?|&)[\w./:-]+\s*)*\Z")
ALONE = re.compile(br"^(\s+)([\"'][^\"']*[\"']|[^\s:#]+)(,?)\Z")
NAMED = re.compile(br"(?i)^\s*(?:-\s+)?[\"']?(?:name|key)[\"']?:\s*[\"']?[\w.:-]{0,80}(?:passw(?:or)?d|passphrase|secret|token)[\"']?,?\s*\Z")
VALUE = re.compile(br"(?i)^(\s*[\"']?value[\"']?:\s*)(\S.*?)(,?)\Z")
# In small letters; a line with none of them begins, ends and announces no block.
SIGNS = (b"----", b"putty-user-key", b"private-mac", b"passw", b"passphrase", b"secret", b"token", b"private", b"privkey", b"credential", b"fernet", b"cookie")


def has_sign(line):
    """Whether a line may begin, end or announce a block; nearly every line has none of it, and the patterns below are slow."""
    small = line.lower()
    for sign in SIGNS:
        if sign in small:
            return True
    return False


class Blocks(object):
    """What of a text is within a block that is a secret: asked line by line."""

    def __init__(self):
        self._words_before = None
        self._indent = None
        self._next = None

    @property
    def are_closed(self):
        """Whether the lines so far say nothing of the next one."""
        return self._words_before is None and self._indent is None and self._next is None

    def take(self, line):
        """How many secrets begin in the line, and what is left of it: None where the whole line is part of one."""
        if self._words_before is not None and self._goes_on(line):
            return 0, None
        if self._indent is not None:
            if not line.strip() or _indent_of(line) > self._indent:
                return 0, None
            self._indent = None
        pattern, self._next = self._next, None
        found = pattern.match(line) if pattern else None
        if found and not found.group(2).startswith(HIDDEN):
            return 1, found.group(1) + HIDDEN + found.group(3)
        self._next = ALONE if ALONE_BELOW.match(line) else VALUE if NAMED.match(line) else None
        return self._look(line)

    def take_back(self, line, kept):
        """How many keys end in the line whose beginning was cut off: what was kept of them before it is taken out again."""
        if self._words_before is not None or not END.search(line) or BEGIN.search(line):
            return 0
        before = len(kept)
        while kept and _is_body(kept[-1]):
            kept.pop()
        if len(kept) == before:
            return 0
        kept.append(HIDDEN + b" a private key\n")
        return 1

    def _look(self, line):
        count = 0
        begin = BEGIN.search(line)
        while begin:
            count += 1
            end = END.search(line, begin.end())
            stop = end.end() if end else WRITTEN_ON.match(line, begin.end()).end()
            # (a key that is whole in one line opens nothing)
            if not end and stop == begin.end():
                self._words_before = len(_words(line[: begin.start()]))
            head = line[: begin.start()] + HIDDEN + b" a private key"
            line, at = head + line[stop:], len(head)
            begin = BEGIN.search(line, at)
        below = BELOW.match(line)
        if below:
            self._indent = len(below.group(1))
            return count + 1, line + b" " + HIDDEN
        return count, line

    def _goes_on(self, line):
        """A key that is cut off must not hide what comes after it."""
        end = END.search(line)
        if end:
            self._words_before = None
            return not line[end.end() :].strip(b" \\rn\"',")
        words = _words(line)
        # a sentence of as many words would have to end in one of base64's letters alone
        if len(words) == self._words_before + 1 and BODY.match(words[-1]):
            return True
        if words and LONG_BODY.match(words[-1]):
            return True
        if self._words_before == 0 and HEADING.match(line.strip()):
            return True
        self._words_before = None
        return False


def _words(text):
    """The words of a line, without the bars of a table and the signs that a diff, a quotation or a list puts around them."""
    words = [word.strip(b">\"',").lstrip(b"+") for word in text.replace(b"|", b" ").split()]
    return [word for word in words if word]


def _is_body(line):
    words = _words(line)
    return bool(words) and bool(LONG_BODY.match(words[-1]) or (len(words) == 1 and BODY.match(words[0]) and words[0].endswith(b"=")))


def _indent_of(line):
    return len(line) - len(line.lstrip())
