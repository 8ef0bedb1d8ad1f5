"""Which files of the runtime a script needs: found from the names it uses, so that nobody keeps a list.

`runbook.sh` sources the engine, which every script needs. The rest, a file per system, is sourced by the scripts that
use a function or a variable of it, directly or through another function that they use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from osp_compile.shell.functions import parted
from osp_compile.shell.words import words

VARIABLE = re.compile(r"^([A-Z][A-Z0-9_]*)=", re.MULTILINE)
SOURCED = re.compile(r"^\. lib/(\S+)", re.MULTILINE)
# claim KIND NAME and its kin call claim_KIND, which stands with the system of that kind
BY_KIND = re.compile(r"(?:claim|claimed|claims_of|release)_(.+)")


@dataclass(frozen=True)
class Library:
    """The runtime's shell files.

    `defines` maps a name to the files that define it, `uses` a name to the words of what it stands for; a file's own
    name has the words of what runs where it is sourced.
    """

    core: frozenset[str]
    defines: Mapping[str, frozenset[str]]
    uses: Mapping[str, frozenset[str]]

    def needed_by(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The files beyond the core that `texts` need, by name, those of their needs included."""
        files: set[str] = set()
        seen: set[str] = set()
        new = set().union(*(words(text) for text in texts))
        while new:
            seen |= new
            more = frozenset().union(*(self.defines.get(word, ()) for word in new)) - files
            files |= more
            new = set().union(*(self.uses.get(word, ()) for word in (*new, *more))) - seen
        return tuple(sorted(files - self.core))


def read_library(runtime: Path) -> Library:
    """The library in the folder `runtime`, files by their paths; a name of two files counts for the first by path."""
    files = sorted(runtime.rglob("*.sh"))
    texts = {file.relative_to(runtime).as_posix(): file.read_text("utf-8") for file in files}
    defines: dict[str, set[str]] = {}
    uses: dict[str, set[str]] = {}
    for file, text in texts.items():
        functions, outside = parted(text)
        uses[file] = {*words(outside)}
        for name, body in functions.items():
            for word in answers_to(name):
                if word != name or word not in defines:
                    defines.setdefault(word, set()).add(file)
                    uses.setdefault(word, set()).update(words(body))
        for name in VARIABLE.findall(outside):
            defines.setdefault(name, {file})
    return Library(
        core=frozenset(("runbook.sh", "site.sh", *SOURCED.findall(texts["runbook.sh"]))),
        defines={word: frozenset(files) for word, files in defines.items()},
        uses={word: frozenset(used) for word, used in uses.items()},
    )


def answers_to(name: str) -> tuple[str, ...]:
    """The words that call this function: its name, and its kind where `claim KIND` and the like do."""
    kind = BY_KIND.fullmatch(name)
    return (name, kind[1]) if kind else (name,)
