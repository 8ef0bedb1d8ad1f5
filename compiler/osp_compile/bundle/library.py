"""Which files of the runtime a script needs, worked out from the names that it uses, so that no list is kept by hand.

`runtime.sh` sources the engine, which every script needs. The other files, one per system, are sourced by the scripts
that use one of their functions or variables, directly or through another function.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from osp_compile.shell.functions import names, parted
from osp_compile.shell.words import words

# An assignment at the begin of a line, or right after another: A='' B=(1 2) C="$A"
ASSIGNMENT = re.compile(r"([A-Z][A-Z0-9_]*)=(?:'[^'\n]*'|\"[^\"\n]*\"|\([^)\n]*\)|[^\s'\"(]*)[ \t]*")
# Those within a function, of an element too.
WITHIN = re.compile(r"(?:^|[;{(]|\b(?:then|do|else)\b) *((?:[A-Z][A-Z0-9_]*(?:\[[^]]*\])?\+?=\S* *)+)", re.MULTILINE)
ASSIGNED = re.compile(r"(?<![\w$])([A-Z][A-Z0-9_]*)(?:\[[^]]*\])?\+?=")
LOCAL = re.compile(r"\blocal\b([^;\n]*)")
# What a reader knows from bash itself.
OF_BASH = frozenset({"IFS", "PATH"})
SOURCED = re.compile(r"^\. lib/(\S+)", re.MULTILINE)
# `claim KIND NAME` and the like call claim_KIND, which is in the file of that kind's system
# A word without _ may be a tool: it is a function only where a command begins, as after the pattern of a case, or after
# a word that takes a command.
TAKES_ONE = r"then|do|else|answer|ask|attempt|either|insist|opposite|\w+_\w+"
PLAIN = re.compile(rf"(?:^ *[\w*|. ]+\) +|(?<![^;&|({{!\n]) *|-- |\b(?:{TAKES_ONE}) )(?=([a-z]+)\b)", re.MULTILINE)
BY_KIND = re.compile(r"(?:claim|claimed|claims_of|release)_(.+)")


@dataclass(frozen=True)
class Library:
    """The runtime's shell files.

    `defines` maps a name to the files that define it. `uses` maps a name to the words in its definition, and a file's
    name to the words that run when the file is sourced. `kinds` are the names that define a kind of claim. `sets` maps
    a variable that no file sets outside of its functions to the files whose functions set it.
    """

    core: frozenset[str]
    defines: Mapping[str, frozenset[str]]
    uses: Mapping[str, frozenset[str]]
    kinds: frozenset[str]
    sets: Mapping[str, frozenset[str]]

    def needed_by(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The files beyond the core that `texts` need, by name, those of their needs included."""
        files: set[str] = set()
        seen: set[str] = set()
        new = set().union(*(words_of_script(text) for text in texts))
        while new:
            seen |= new
            more = frozenset().union(*(self.defines.get(word, ()) for word in new)) - files
            files |= more
            new = set().union(*(self.uses.get(word, ()) for word in (*new, *more))) - seen
        return tuple(sorted(files - self.core))

    def words_of(self, texts: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(file, words) for each library file that `texts` use themselves, the core included, sorted by name.

        A kind is listed as it is written after `claim`. A name that the texts define is theirs, even if the library has
        it too.
        """
        texts = [*texts]
        own = {name for text in texts for name in names(text)}
        used = {word for text in texts for word in _used_by(text)}
        listed: dict[str, set[str]] = {}
        for word in used - own - OF_BASH:
            for file in self._files_of(word):
                listed.setdefault(file, set()).add(word.replace("_", "-") if word in self.kinds else word)
        return tuple((file, tuple(sorted(listed[file]))) for file in sorted(listed))

    def _files_of(self, word: str) -> frozenset[str]:
        return self.defines.get(word) or self.sets.get(word, frozenset())


def _used_by(text: str) -> Iterator[str]:
    """The words of a text that can be names; one that is also English counts where it is a command."""
    commands = {*PLAIN.findall(text)}
    return (word for word in words_of_script(text) if word in commands or not word.isalpha() or not word.islower())


def read_library(runtime: Path) -> Library:
    """The library in the folder `runtime`, files by their paths; a name of two files counts for the first by path."""
    files = sorted(runtime.rglob("*.sh"))
    texts = {file.relative_to(runtime).as_posix(): file.read_text("utf-8") for file in files}
    defines: dict[str, set[str]] = {}
    uses: dict[str, set[str]] = {}
    for file, text in texts.items():
        _add_file(file, text, defines, uses)
    return Library(
        core=frozenset(("runtime.sh", "site.sh", *SOURCED.findall(texts["runtime.sh"]))),
        defines={word: frozenset(files) for word, files in defines.items()},
        uses={word: frozenset(used) for word, used in uses.items()},
        kinds=frozenset(found[1] for name in defines if (found := BY_KIND.fullmatch(name))),
        sets=_set_within(texts),
    )


@lru_cache(maxsize=1024)  # a bundle is rendered twice, and each script asked three times
def words_of_script(text: str) -> frozenset[str]:
    """The words of a text, function by function: `bundle/closure.py` asks for each function's again."""
    functions, outside = parted(text)
    return words(outside).union(*map(words, functions.values()))


def _add_file(file: str, text: str, defines: dict[str, set[str]], uses: dict[str, set[str]]) -> None:
    """Adds what a file defines, and the words that it uses, as Library has them."""
    functions, outside = parted(text)
    uses[file] = {*words(outside)}
    for name, body in functions.items():
        for word in answers_to(name):
            if word != name or word not in defines:
                defines.setdefault(word, set()).add(file)
                uses.setdefault(word, set()).update(words(body))
    for name in variables(outside):
        defines.setdefault(name, {file})


def _set_within(texts: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    """{variable: files whose functions set it, and not only for themselves}."""
    found: dict[str, set[str]] = {}
    for file, text in texts.items():
        for name in _set_in(text):
            found.setdefault(name, set()).add(file)
    return {name: frozenset(files) for name, files in found.items()}


@lru_cache(maxsize=1024)  # a bundle is rendered twice
def _set_in(text: str) -> frozenset[str]:
    found: set[str] = set()
    for body in parted(text)[0].values():
        local = {word for words in LOCAL.findall(body) for word in re.findall(r"[A-Z][A-Z0-9_]*", words)}
        found.update({word for words in WITHIN.findall(body) for word in ASSIGNED.findall(words)} - local)
    return frozenset(found)


def variables(outside: str) -> list[str]:
    """The variables that are set outside of functions, each as often as it is."""
    found = []
    for line in outside.splitlines():
        at = 0
        while one := ASSIGNMENT.match(line, at):
            found.append(one[1])
            at = one.end()
    return found


def answers_to(name: str) -> tuple[str, ...]:
    """The words that call the function `name`: the name itself, and its kind after `claim` and the like."""
    kind = BY_KIND.fullmatch(name)
    return (name, kind[1]) if kind else (name,)
