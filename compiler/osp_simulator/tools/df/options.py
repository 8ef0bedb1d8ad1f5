"""What df of coreutils 8.22 is asked: its columns, its unit, which file systems."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from osp_simulator.engine.call import Refused
from osp_simulator.engine.options import split_up

COLUMNS = {
    "source": "Filesystem", "fstype": "Type", "itotal": "Inodes", "iused": "IUsed", "iavail": "IFree",
    "ipcent": "IUse%", "size": "Size", "used": "Used", "avail": "Avail", "pcent": "Use%", "file": "File",
    "target": "Mounted on",
}  # fmt: skip
FLAGS = {
    "--portability": "P", "--print-type": "T", "--human-readable": "h", "--inodes": "i", "--si": "H",
}  # fmt: skip
VALUED = {"--exclude-type": "x", "--type": "t", "--block-size": "B"}
MULTIPLES = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
HELP = "\nTry 'df --help' for more information."


@dataclass
class Asked:
    """`unit` is the bytes of a block, `human` the base of -h (1024) or -H (1000), else 0."""

    columns: list[str] = field(default_factory=list)
    unit: int = 1024
    block: str = ""
    human: int = 0
    posix: bool = False
    fstype: bool = False
    inodes: bool = False
    excluded: list[str] = field(default_factory=list)
    only: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def wants(self, fstype: str) -> bool:
        return fstype not in self.excluded and (not self.only or fstype in self.only)


def parse(argv: Sequence[str]) -> Asked:
    """Refused, as df says it, for options that it does not know and for those that exclude each other."""
    asked = Asked()
    split_up(argv, asked.paths, lambda word, words: _option(asked, word, words))
    _check(asked)
    return asked


def _option(asked: Asked, word: str, words: list[str]) -> None:
    if word.startswith("--"):
        _long(asked, word, words)
    else:
        _letters(asked, word[1:], words)


def _long(asked: Asked, word: str, words: list[str]) -> None:
    name, separator, value = word.partition("=")
    if name == "--output":
        asked.columns = value.split(",") if separator else list(COLUMNS)
    elif name in VALUED:
        if not separator and not words:
            raise Refused(1, f"df: option '{name}' requires an argument{HELP}")
        _value(asked, VALUED[name], value if separator else words.pop(0))
    elif word in FLAGS:
        _flag(asked, FLAGS[word])
    else:
        raise Refused(1, f"df: unrecognized option '{word}'{HELP}")


def _letters(asked: Asked, letters: str, words: list[str]) -> None:
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter in VALUED.values():
            if not letters and not words:
                raise Refused(1, f"df: option requires an argument -- '{letter}'{HELP}")
            _value(asked, letter, letters or words.pop(0))
            return
        if letter not in "hHPTkmi":
            raise Refused(1, f"df: invalid option -- '{letter}'{HELP}")
        _flag(asked, letter)


def _flag(asked: Asked, letter: str) -> None:
    asked.human = {"h": 1024, "H": 1000}.get(letter, asked.human)
    asked.unit = {"k": 1024, "m": 1 << 20}.get(letter, asked.unit)
    asked.posix |= letter == "P"
    asked.fstype |= letter == "T"
    asked.inodes |= letter == "i"


def _value(asked: Asked, letter: str, value: str) -> None:
    if letter == "B":
        match = re.fullmatch(r"(\d*)([KMGT]?)(i?B)?", value)
        if not match:
            raise Refused(1, f"df: invalid -B argument '{value}'")
        asked.unit, asked.block = int(match[1] or 1) * MULTIPLES[match[2]], value
    else:
        (asked.excluded if letter == "x" else asked.only).append(value)


def _check(asked: Asked) -> None:
    for column in asked.columns:
        if column not in COLUMNS:
            raise Refused(1, f"df: option --output: field '{column}' unknown{HELP}")
    rivals = {"-P": asked.posix, "-T": asked.fstype, "-i": asked.inodes}
    rival = next((letter for letter, given in rivals.items() if given), None)
    if asked.columns and rival:
        raise Refused(1, f"df: options {rival} and --output are mutually exclusive{HELP}")
