"""Wrappers before the actual command: `exec`, `time`, `nohup`, `sudo -u stack`, `env A=b`, `bash -c`, ..."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from posixpath import basename

from osp_compile.importing.bash.values import Item
from osp_compile.importing.bash.words import Word

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
    "flock": ("wE", 1),
    "systemd-run": ("pHMEu", 0),
    "taskset": ("", 1),
    "strace": ("eoOpPsSuEabI", 0),
    "proxychains": ("f", 0),
    "proxychains4": ("f", 0),
    "screen": ("Schpts", 0),
}
SHELLS = frozenset(("bash", "sh", "ksh", "su", "runuser", "script", "sudo", "ssh", "sg", "at", "batch", "flock"))
INHERIT = frozenset(("bash", "sh", "ksh", "script", "sg", "at", "batch", "flock"))  # with the exported variables
# these run no text of their standard input
OF_WORDS = frozenset(("script", "sudo", "sg", "flock"))
SSH_VALUED = "BbcDEeFIiJLlmOopQRSWw"
PYTHON = re.compile(r"python[0-9.]*")
ASSIGNED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")


def meant(words: Sequence[Word]) -> Sequence[Word]:
    """The words of the command that finally runs, without its wrappers."""
    for _ in range(8):
        name = basename(words[0].text) if words else ""
        if PYTHON.fullmatch(name) and len(words) > 1 and basename(words[1].text) == "openstack":
            return words[1:]
        if name not in BEFORE or words[0].item.problem or _asks(words) or _is_flock_of_text(words):
            return words
        words = _after(words[1:], *BEFORE[name])
    return words


def _asks(words: Sequence[Word]) -> bool:
    """Whether it is `command -v NAME`, which only asks where that is."""
    return basename(words[0].text) == "command" and len(words) > 1 and words[1].text in {"-v", "-V"}


def _is_flock_of_text(words: Sequence[Word]) -> bool:
    """Whether it is `flock FILE -c TEXT`, which a shell runs."""
    return basename(words[0].text) == "flock" and any(word.text in {"-c", "--command"} for word in words[1:])


def _after(words: Sequence[Word], valued: str, own: int) -> Sequence[Word]:
    at = 0
    while at < len(words):
        text = words[at].text
        if text == "--":
            at += 1
            break
        if text.startswith("-") and len(text) > 1:
            at += 2 if re.fullmatch(rf"-[A-Za-z]*[{valued or '-'}]", text) else 1
        elif ASSIGNED.match(text):
            at += 1
        else:
            break
    return words[at + own :]


def inner_script(words: Sequence[Word]) -> Word | None:
    """The word that is itself a script, as in `bash -c`, `su - stack -c`, `eval`, `ssh HOST COMMAND`, `tmux new`."""
    name = basename(words[0].text) if words else ""
    if name == "eval":
        return one_script(words[1:])
    if name == "ssh":
        return one_script(_after(words[1:], SSH_VALUED, 1))
    if name == "tmux":
        # the last text of `tmux new TEXT`, before the names of keys in `tmux send-keys TEXT C-m`
        return next((word for word in reversed(words[2:]) if " " in word.text), None)
    if name not in SHELLS:
        return None
    for option, value in pairwise(words):
        if re.fullmatch(r"-[a-z]*c|--command", option.text):
            return value
    return None


def one_script(words: Sequence[Word]) -> Word | None:
    """The words joined by blanks, as `eval` and `ssh` read them; None without any."""
    if not words:
        return None
    item = words[0].item
    for word in words[1:]:
        item = item + Item(" ") + word.item
    return Word(item, " ".join(word.raw for word in words), words[0].span)


def reads_script(words: Sequence[Word]) -> bool:
    """Whether the command runs what it is given on its standard input: `bash`, `bash -s`, `ssh HOST`, `su - stack`."""
    name = basename(words[0].text) if words else ""
    if name == "ssh":
        there = meant(_after(words[1:], SSH_VALUED, 1))
        return not there or (basename(there[0].text) in INHERIT - {"ssh"} and reads_script(there))
    return name in SHELLS - OF_WORDS and inner_script(words) is None


def begins_at_home(words: Sequence[Word]) -> bool:
    """Whether the command begins in a user's home: `ssh`, and `su` or `runuser` that log in."""
    name, given = basename(words[0].text), {word.text for word in words[1:]}
    return name == "ssh" or (name in {"su", "runuser"} and bool(given & {"-", "-l", "--login"}))
