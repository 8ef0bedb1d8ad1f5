"""What a shell file shares with the library, so that it can be linted alone: variables, functions that need arguments.

ShellCheck's time grows faster than the text that it follows. With this interface each file is checked once, and a
site's values never require checking a script again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from osp_compile.shell import functions, quoted

ARRAY = re.compile(r"\b([A-Z][A-Z0-9_]*)\+?=\(")
VARIABLE = re.compile(r"\b([A-Z][A-Z0-9_]*)\b")
WORD = re.compile(r"\b[a-z_][a-z0-9_]*\b")
# the arguments as such: one with a default may be missing
ARGUMENTS = re.compile(r"\$(?:[@*1-9]|\{[@*1-9][}@^,#%/])")
# a word with another one after it, as a call that has an argument
CALLED = re.compile(r"(?<![\w$-])([a-z_]\w*) +(?=[\"'$\w/.-])")
COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
# the shell's own variables: setting them here would change what ShellCheck says about the script
FOREIGN = frozenset({"PATH", "HOME", "IFS", "LC_ALL", "CDPATH", "BASH_ENV", "ENV", "PIPESTATUS", "BASH_SOURCE"})


@dataclass(frozen=True)
class Interface:
    """The variables of a library, which of them are arrays, and its functions that need arguments."""

    variables: frozenset[str]
    arrays: frozenset[str]
    functions: frozenset[str]

    def for_file(self, text: str) -> str:
        """A shell file that sets and uses every variable that `text` shares with the library, and has its functions."""
        shared = sorted(self.variables.intersection(VARIABLE.findall(text)))
        called = sorted(self.functions.intersection(WORD.findall(text)).difference(functions.names(text)))
        return "".join([*(self._line(name) for name in shared), *(f'{name}() {{ : "$@"; }}\n' for name in called)])

    def _line(self, name: str) -> str:
        if name in self.arrays:
            return f'{name}=("$@")\n: "${{{name}[@]}}"\n'
        return f'{name}=$1\n: "${name}"\n'


def interface(texts: Iterable[str]) -> Interface:
    """The interface of the library whose files hold `texts`."""
    texts = tuple(texts)
    variables = {name for text in texts for name in VARIABLE.findall(text)}
    arrays = {name for text in texts for name in ARRAY.findall(text)}
    wanting = {name for text in texts for name, body in functions.parted(text)[0].items() if needs_arguments(body)}
    # (what the library itself calls with arguments may be called without any: ShellCheck sees that too)
    given = {name for text in texts for name in CALLED.findall(COMMENT.sub("", text))}
    return Interface(frozenset(variables - FOREIGN), frozenset(arrays), frozenset(wanting - given))


@lru_cache(maxsize=4096)
def needs_arguments(text: str) -> bool:
    """Whether a function's text names an argument that has no default; in single quotes it is some program's own."""
    if not ARGUMENTS.search(text):
        return False
    within = "".join(letter or " " for letter in quoted.enclosing(text))
    return any(within[found.start()] not in "'#" for found in ARGUMENTS.finditer(text))
