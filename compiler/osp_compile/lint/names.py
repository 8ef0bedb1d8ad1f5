"""Finds calls of functions that are not defined, when a bundle is compiled and not when it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from osp_compile.shell.functions import begun, parted, spans
from osp_compile.shell.words import words

# our functions have an underscore in their names; so have these programs
PROGRAMS = frozenset({"crm_mon", "crm_node", "crm_resource", "crm_attribute"})
# where bash expects a command; an assignment, a pattern of `case` and an array's entry are followed by something else
CALLED = re.compile(
    r"(?:^\s*|&&\s+|\|\|\s+|[^|]\|\s+|\bthen\s+|\bdo\s+|\belse\s+|\bif\s+|\bwhile\s+|!\s+|\s--\s+|\{\s+)"
    r"([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?=\s+[\"'$A-Za-z0-9-]|;|\s*$|\s+(?:&&|\|\||\||\}|>))"
    r"|[$<]\(([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?=[\s)])"
)
SOURCED = re.compile(r"^\. (lib/\S+\.sh)", re.MULTILINE)
ARITHMETIC = re.compile(r"\(\(.*?\)\)")
HERE = re.compile(r"<<-?\s*['\"]?(\w+)['\"]?")


@dataclass(frozen=True)
class _Names:
    """The functions of a file: those it defines, those it calls as (line, name), and the function around each line."""

    defined: frozenset[str]
    called: tuple[tuple[int, str], ...]
    owners: Mapping[int, str]


def undefined(texts: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
    """(file, line, name) of each function that is called in these shell files and not defined in them.

    A script is checked together with the files that it sources, as far as it uses them. A library function that no
    script uses is checked against all files.
    """
    files = {file: _names(text) for file, text in texts.items()}
    everywhere = PROGRAMS.union(*(names.defined for names in files.values()))
    wrong = {(file, *call) for file, names in files.items() for call in names.called if call[1] not in everywhere}
    for script, text in texts.items():
        # `runtime.sh` sources the core; a library file is checked with each script that sources it
        if "/" not in script and "lib/runtime.sh" in SOURCED.findall(text):
            wrong.update(_undefined_for(script, texts, files))
    yield from sorted(wrong)


def _undefined_for(
    script: str, texts: Mapping[str, str], files: Mapping[str, _Names]
) -> Iterator[tuple[str, int, str]]:
    """(file, line, name) of undefined functions that this script would call, itself or in the files that it sources."""
    together = _with_sourced(script, texts)
    known = PROGRAMS.union(*(files[file].defined for file in together))
    used = _used([texts[script], *(texts[file] for file in sorted(together - {script}))])
    for file in together:
        for number, name in files[file].called:
            if name not in known and files[file].owners.get(number, "") in used:
                yield file, number, name


def _names(text: str) -> _Names:
    defined = frozenset(begun(line.lstrip()) for line in text.splitlines())  # within another function too
    return _Names(defined, tuple(_called(text)), _owners(text))


def _owners(text: str) -> dict[int, str]:
    """{line: function around it}, for the lines within a function."""
    return {line: name for name, first, last in spans(text) for line in range(first, last + 1)}


def _used(texts: Sequence[str]) -> set[str]:
    """The functions that the first of the texts uses, directly or not; all its own are included."""
    bodies: dict[str, str] = {}
    for text in texts:
        bodies.update(parted(text)[0])
    new = {word for text in texts for word in words(parted(text)[1])} | {*parted(texts[0])[0]}
    # "" is the owner of lines outside of all functions
    found = {""}
    while new:
        found |= new
        new = {word for name in new if name in bodies for word in words(bodies[name])} - found
    return found


def _with_sourced(script: str, texts: Mapping[str, str]) -> set[str]:
    """The script and all files that it sources, directly or not."""
    found, left = {script}, [script]
    while left:
        more = {file for file in SOURCED.findall(texts[left.pop()]) if file in texts} - found
        found |= more
        left += more
    return found


def _called(text: str) -> Iterator[tuple[int, str]]:
    for number, line in _code(text):
        for name in (first or second for first, second in CALLED.findall(line)):
            yield number, name


def _code(text: str) -> Iterator[tuple[int, str]]:
    """The lines that bash reads as commands: no comment, nothing in single quotes, no here-document."""
    end, quoted, goes_on = "", False, False
    for number, line in enumerate(text.splitlines(), 1):
        if end:
            end = "" if line.strip() == end else end
            continue
        if not quoted and line.lstrip().startswith("#"):
            continue
        pieces = line.split("'")
        outside = pieces[1::2] if quoted else pieces[0::2]
        quoted = quoted != (len(pieces) % 2 == 0)
        code = "''".join(outside)
        here = HERE.search(code)
        end = here[1] if here and "<<<" not in code else ""
        # a continued line does not begin with a command
        yield number, ("\\ " if goes_on else "") + ARITHMETIC.sub("", code)
        goes_on = code.endswith("\\")
