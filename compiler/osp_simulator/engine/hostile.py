"""Hostile texts that a node, a client or a tenant might print: for the faults `answer NAME` and `says NAME`."""

from __future__ import annotations

CANARY = "tmp/EXECUTED"  # a file below a host's root that exists if part of an answer was run as a command
_TOUCH = f"touch /{CANARY}"

_TEXTS: dict[str, str | bytes] = {
    "expression": f"BASH_VERSINFO[$({_TOUCH}; echo 0)]\n",
    "expression-added": f"1+BASH_VERSINFO[$({_TOUCH}; echo 0)]\n",
    "substitution": f"$({_TOUCH})\n",
    "backticks": f"`{_TOUCH}`\n",
    "second-command": f"0; {_TOUCH}; :\n",
    "quotes": f"'; {_TOUCH}; '\"; {_TOUCH}; \"\n",
    "sql": "x'@'%';drop database canary;#\n",
    "escapes": b"\x1b]0;title\x07\x1b[2J\x1b[31mred\x08\x08\x7f\n",
    "c1": "\u009b31mred\u009d0;title\u009c\n",
    "lone-return": b"all is well\rPWNED\n",
    "line-breaks": "yes\nHEALTH_OK\n0\n1\n",
    "words-of-a-view": "health HEALTH_OK\nmonitors 3\nin_quorum 3\nstatus COMPLETE\nmark yes\n",
    "half-a-character": b"\xe3\x81\n",
    "nul": b"a\0b\0\n",
    "nothing": b"",
    "blanks": b" \n\n \t \n",
    "dash": b"--help\n-rf\n",
    "tabs": b"a\tb\tc\td\te\tf\tg\n",
    "number-as-text": b'"42"\n',
    "number": b"42\n",
    "huge-number": b"99999999999999999999999999\n",
    "negative-number": b"-1\n",
    "octal-number": b"0777\n",
    "fraction": b"1e9\n",
    "null": b"null\n",
    "empty-list": b"[]\n",
    "empty-object": b"{}\n",
    "list-of-null": b"[null]\n",
    "deep": b"[" * 20_000 + b"\n",
    "entities": b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>\n',
    "formats": b"%s%n%d \\x1b[31m \\033[0m ${HOME} $1\n",
    "pattern": b"* ? [a-z] ~root /etc/*\n",
    "greeting": b"Welcome to the overcloud\n",
    "much": b"x" * 3_000_000 + b"\n",
    "many-lines": b"0 0 0\n" * 200_000,
    "endless": b"0 0 0\n" * 50_000,
}
ENDLESS = frozenset({"endless"})  # texts that begin like this and never end
# What a command that changes something may print besides: of these texts those that differ in what a screen, a log or a
# record does with them.
SPOKEN = ("expression", "escapes", "c1", "line-breaks", "half-a-character", "nul", "much", "greeting")
ANSWERS = {name: text if isinstance(text, bytes) else text.encode() for name, text in _TEXTS.items()}
