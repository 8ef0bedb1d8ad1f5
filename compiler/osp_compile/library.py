"""Which files of the runtime a script needs: found from the names it uses, so that nobody keeps a list.

`runbook.sh` sources what every script needs. The rest, one file per system, is sourced by the scripts that use a
function or a variable of it, directly or through another file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from osp_compile.shellwords import words

DEFINED = re.compile(r"^(?:([a-z][a-z0-9_]*)\(\)|([A-Z][A-Z0-9_]*)=)", re.MULTILINE)
SOURCED = re.compile(r"^\. lib/(\S+)", re.MULTILINE)
# claim KIND NAME and its kin call claim_KIND, which stands with the system of that kind
BY_KIND = re.compile(r"(?:claim|claimed|claims_of|release)_(.+)")


@dataclass(frozen=True)
class Library:
    """The runtime's shell files: `defines` maps a name to its file, `uses` a file to the words in it."""

    core: frozenset[str]
    defines: Mapping[str, str]
    uses: Mapping[str, frozenset[str]]

    def needed_by(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The files beyond the core that `texts` need, by name, those of their needs included."""
        found: set[str] = set()
        named = frozenset().union(*(words(text) for text in texts))
        while more := {self.defines[word] for word in named if word in self.defines} - found:
            found |= more
            named = named.union(*(self.uses[file] for file in more))
        return tuple(sorted(found - self.core))


def read_library(runtime: Path) -> Library:
    """The library in the folder `runtime`; a name that two files define counts for the first by name."""
    texts = {file.name: file.read_text("utf-8") for file in sorted(runtime.glob("*.sh"))}
    defines: dict[str, str] = {}
    for name, text in texts.items():
        for function, variable in DEFINED.findall(text):
            defines.setdefault(function or variable, name)
            if kind := BY_KIND.fullmatch(function):
                defines.setdefault(kind[1], name)
    return Library(
        core=frozenset(("runbook.sh", "site.sh", *SOURCED.findall(texts["runbook.sh"]))),
        defines=defines,
        uses={name: words(text) for name, text in texts.items()},
    )
