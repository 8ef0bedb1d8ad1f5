"""The variables that a shell file shares with the library, so that it can be linted alone.

ShellCheck's time grows faster than the text that it follows. With this interface each file is checked once, and a
site's values never require checking a script again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

ARRAY = re.compile(r"\b([A-Z][A-Z0-9_]*)\+?=\(")
VARIABLE = re.compile(r"\b([A-Z][A-Z0-9_]*)\b")
# the shell's own variables: setting them here would change what ShellCheck says about the script
FOREIGN = frozenset({"PATH", "HOME", "IFS", "LC_ALL", "CDPATH", "BASH_ENV", "ENV", "PIPESTATUS", "BASH_SOURCE"})


@dataclass(frozen=True)
class Interface:
    """The variables of a library, and which of them are arrays."""

    variables: frozenset[str]
    arrays: frozenset[str]

    def for_file(self, text: str) -> str:
        """A shell file that sets and uses every variable that `text` shares with the library."""
        shared = sorted(self.variables.intersection(VARIABLE.findall(text)))
        return "".join(self._line(name) for name in shared)

    def _line(self, name: str) -> str:
        if name in self.arrays:
            return f'{name}=("$@")\n: "${{{name}[@]}}"\n'
        return f'{name}=$1\n: "${name}"\n'


def interface(texts: Iterable[str]) -> Interface:
    """The interface of the library whose files hold `texts`."""
    texts = tuple(texts)
    variables = {name for text in texts for name in VARIABLE.findall(text)}
    arrays = {name for text in texts for name in ARRAY.findall(text)}
    return Interface(frozenset(variables - FOREIGN), frozenset(arrays))
