"""rsync's command line: the options that backups are made with."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field

from osp_simulator.engine.call import Refused
from osp_simulator.hosts import remote
from osp_simulator.tools.ssh.commands import VALUED as SSH_VALUED

SYNTAX = "rsync error: syntax or usage error (code 1) at main.c(1572) [client=3.1.2]"
FLAGS = frozenset(
    "--archive --checksum --partial --quiet --verbose --recursive --times --perms --relative --compress --delete "
    "--protect-args --numeric-ids --xattrs --acls --sparse --inplace --ignore-existing --remove-source-files "
    "--human-readable --stats --links --append-verify".split()
)
VALUED = frozenset(
    "--rsh --rsync-path --exclude --chmod --timeout --bwlimit --out-format --include".split()
)  # fmt: skip


@dataclass
class Asked:
    """`as_root`: the far side is run by sudo; `places` are the sources and the target."""

    options: remote.Options = field(default_factory=remote.Options)
    recursive: bool = False
    as_root: bool = False
    excluded: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)


def parse(argv: Sequence[str]) -> Asked:
    """Refused for an option that is not listed here, and for fewer than two places."""
    asked, words = Asked(), list(argv)
    while words:
        word = words.pop(0)
        if word == "--":
            asked.places += words
            break
        if word.startswith("-"):
            _option(asked, word, words)
        else:
            asked.places.append(word)
    if len(asked.places) < 2:
        raise Refused(1, SYNTAX)
    return asked


def _option(asked: Asked, word: str, words: list[str]) -> None:
    name, separator, value = word.partition("=")
    if name in VALUED or word == "-e":
        if not separator and not words:
            raise Refused(1, f"rsync: {word}: missing argument\n{SYNTAX}")
        _value(asked, name, value if separator else words.pop(0))
    elif word in FLAGS:
        asked.recursive |= word in ("--archive", "--recursive")
    elif re.fullmatch(r"-[aqvrtpczPhHAXSlsogDn]+", word):
        asked.recursive |= bool(set(word) & {"a", "r"})
    else:
        raise Refused(1, f"rsync: {word}: unknown option\n{SYNTAX}")


def _value(asked: Asked, name: str, value: str) -> None:
    if name in ("-e", "--rsh"):
        _shell(asked.options, value)
    elif name == "--exclude":
        asked.excluded.append(value)
    elif name == "--rsync-path":
        asked.as_root |= "sudo" in value


def _shell(options: remote.Options, text: str) -> None:
    """The ssh command line that `-e` gives."""
    words = shlex.split(text)[1:]
    while words:
        word = words.pop(0)
        if word.startswith("-o"):
            remote.put_option(options, word[2:] or (words.pop(0) if words else ""))
        elif word in ("-i", "-F", "-S", "-p", "-l") and words:
            options.settings[SSH_VALUED.get(word[1], word[1])] = words.pop(0)
