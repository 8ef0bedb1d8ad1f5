"""Wrappers before the actual command: `exec`, `time`, `nohup`, `sudo -u stack`, `env A=b`, `bash -c`, ..."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from posixpath import basename

from osp_compile.importing.shell_words import Word

# a command that runs the command after it: its options that take a value, and how many words of its own follow them
BEFORE: dict[str, tuple[str, int]] = {
    "exec": ("a", 0),
    "command": ("", 0),
    "builtin": ("", 0),
    "time": ("fo", 0),
    "nohup": ("", 0),
    "setsid": ("", 0),
    "unbuffer": ("", 0),
    "stdbuf": ("ioe", 0),
    "nice": ("n", 0),
    "ionice": ("cn", 0),
    "timeout": ("ks", 1),
    "env": ("uCS", 0),
    "sudo": ("ugpCDhrtU", 0),
    "chrt": ("", 1),
}
SHELLS = frozenset(("bash", "sh", "/bin/bash", "/bin/sh", "/usr/bin/bash", "ksh", "su", "script", "sudo", "ssh"))
ASSIGNED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")


def meant(words: Sequence[Word]) -> Sequence[Word]:
    """The words of the command that finally runs, without its wrappers."""
    for _ in range(8):
        name = basename(words[0].text) if words else ""
        if name not in BEFORE or words[0].item.problem:
            return words
        words = _after(words[1:], *BEFORE[name])
    return words


def _after(words: Sequence[Word], valued: str, own: int) -> Sequence[Word]:
    at = 0
    while at < len(words):
        text = words[at].text
        if text == "--":
            at += 1
            break
        if text.startswith("-") and len(text) > 1:
            at += 2 if len(text) == 2 and text[1] in valued else 1
        elif ASSIGNED.match(text):
            at += 1
        else:
            break
    return words[at + own :]


def inner_script(words: Sequence[Word]) -> Word | None:
    """The word that is itself a script, as in `bash -c`, `su - stack -c`, `eval`, `ssh HOST COMMAND`."""
    name = basename(words[0].text) if words else ""
    if name == "eval" and len(words) == 2:
        return words[1]
    if name == "ssh":
        return words[-1] if len(words) > 2 and " " in words[-1].text else None
    if name not in SHELLS:
        return None
    for option, value in pairwise(words):
        if re.fullmatch(r"-[a-z]*c|--command", option.text):
            return value
    return None


def reads_script(words: Sequence[Word]) -> bool:
    """Whether the command runs what it is given on its standard input: `bash`, `bash -s`, `ssh HOST`, `su - stack`."""
    name = basename(words[0].text) if words else ""
    return name in SHELLS - {"script", "sudo"} and inner_script(words) is None
