"""The completion scripts of bash, zsh and fish for osp-compile: those of click, with their faults corrected.

click's script for zsh loses all verbs before the first letter is typed, offers nothing the second time in a session,
and puts a value in the place of the whole `--option=value`; the one for fish cuts a description at its first comma, and
knows neither `--option=value` nor `~/`. The one for bash is right, but for the words that it is given.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ZshComplete,
    add_completion_class,
    get_completion_class,
)

SHELLS = ("bash", "zsh", "fish")


def script(program: click.Command, shell: str) -> str:
    """The lines that a shell reads to complete osp-compile."""
    found = get_completion_class(shell)
    assert found is not None
    return found(program, {}, "osp-compile", "_OSP_COMPILE_COMPLETE").source()


def _line(item: CompletionItem[Any]) -> str:
    """One offer: what kind it is of, the word, and what is said of it, with tabs between them."""
    return "\t".join((item.type, item.value, " ".join((item.help or "").split()))).rstrip("\t")


class _Bash(BashComplete):
    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is written, and that one. Bash has made three words of `option=value`."""
        words, incomplete = super().get_completion_args()
        found: list[str] = []
        for word in words:
            if found and (word == "=" or found[-1].endswith("=")):
                found[-1] += word
            else:
                found.append(word)
        if found and found[-1].endswith("="):
            incomplete = found.pop() + incomplete
        return found, incomplete


class _Zsh(ZshComplete):
    def source(self) -> str:
        return Path(__file__).with_name("completion.zsh").read_text("utf-8")

    def format_completion(self, item: CompletionItem[Any]) -> str:
        return _line(item)


class _Fish(FishComplete):
    def source(self) -> str:
        return Path(__file__).with_name("completion.fish").read_text("utf-8")

    def format_completion(self, item: CompletionItem[Any]) -> str:
        return _line(item)


for one in (_Bash, _Zsh, _Fish):
    add_completion_class(one)
