"""Shells as a person has them before him: what each offers for a command line that is half written."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from click.shell_completion import split_arg_string

from unit.terminal import Terminal, at_a_terminal
from unit.waiting import LIMIT

# Keys that the start-up files bind: insert every completion; tell the line as it stands, and empty it.
ALL, TELL = "\x18a", "\x18t"
TAB = "\t"
READY, LINE = "<<ready>>\n", "\n<<(.*)>>\n"
BASH = r"""
. ~/.local/share/bash-completion/completions/osp-compile
tell() { printf '\n<<%s>>\n' "$READLINE_LINE"; READLINE_LINE=; }
bind '"\C-xa": insert-completions'
bind -x '"\C-xt": tell'
echo '<<ready>>'
"""
ZSH = r"""
fpath=(~/.zfunc $fpath)
autoload -Uz compinit && compinit -D -u
zle -C all-matches complete-word _generic
zstyle ':completion:all-matches:*' completer _all_matches _complete
zstyle ':completion:all-matches:*' insert true
tell() { print -rn -- $'\n<<'"$BUFFER"$'>>\n' >$TTY; BUFFER= }
zle -N tell
bindkey '^Xa' all-matches
bindkey '^Xt' tell
print -r -- '<<ready>>'
"""
START = {
    "bash": (BASH, ".rc", ("bash", "--noprofile", "--rcfile", ".rc", "-i")),
    "zsh": (ZSH, ".zshrc", ("zsh", "-di")),
}


class Shell(Protocol):
    """One shell, in the home of who asks it."""

    name: str

    def offered(self, line: str) -> set[str]:
        """What may stand for the last word of the line; folders end with `/` or not, as the shell likes it."""


class Line:
    """bash or zsh at a terminal, with its own line editor."""

    def __init__(self, name: str, terminal: Terminal) -> None:
        self.name, self._terminal = name, terminal
        terminal.until(READY)

    @classmethod
    @contextmanager
    def begun(cls, name: str, home: Path) -> Iterator[Line]:
        text, file, words = START[name]
        (home / file).write_text(text)
        with at_a_terminal(words, cwd=home, env=surroundings(home)) as terminal:
            yield cls(name, terminal)

    def offered(self, line: str) -> set[str]:
        found = self.typed(line + ALL)
        # a quote of the last word may still be open
        written = len(split_arg_string(line)) - (not line.endswith(" "))
        return {*shlex.split(found)[written:]} if found != line else set()

    def typed(self, keys: str) -> str:
        """The line as it is after these keys."""
        self._terminal.type(keys + TELL)
        found = re.search(LINE, self._terminal.until(LINE), re.DOTALL)
        assert found is not None
        return found[1]


class Fish:
    """fish, which lists by itself what it offers."""

    def __init__(self, home: Path) -> None:
        self.name, self._home = "fish", home

    @classmethod
    @contextmanager
    def begun(cls, home: Path) -> Iterator[Fish]:
        yield cls(home)

    def offered(self, line: str) -> set[str]:
        return {*self.described(line)}

    def described(self, line: str) -> dict[str, str]:
        """{word: what is said of it}."""
        words = ["fish", "--command", "complete --do-complete $LINE"]
        done = subprocess.run(
            words, cwd=self._home, env=surroundings(self._home, LINE=line), capture_output=True, text=True, check=True,
            timeout=LIMIT,
        )  # fmt: skip
        assert done.stderr == ""
        return dict(row.partition("\t")[::2] for row in done.stdout.splitlines())


def surroundings(home: Path, **more: str) -> dict[str, str]:
    """An environment in which nothing of who runs the tests is seen."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("PYTHON")}
    path = f"{home / 'bin'}:{os.environ['PATH']}"
    return {**kept, "HOME": str(home), "PATH": path, "LANG": "C.UTF-8", "TERM": "dumb", "INPUTRC": "/dev/null", **more}
