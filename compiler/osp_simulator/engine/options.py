"""A strict parser of GNU-style options, for tools whose options are few enough to list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from osp_simulator.engine.call import Refused


@dataclass
class Parsed:
    """`values` holds the last value of each valued option, `flags` the others, both by the option's canonical name."""

    values: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    rest: list[str] = field(default_factory=list)


def parse(
    argv: Sequence[str],
    flags: Mapping[str, str],
    values: Mapping[str, str],
    unknown: str,
    status: int,
    optional: frozenset[str] = frozenset(),
) -> Parsed:
    """Read argv by two tables from spelling to canonical name; `unknown` is the refusal's text with %s for the option.

    A spelling in `optional` takes a value only when it is attached (mysql's -pPASSWORD).
    """
    result = Parsed()
    words = list(argv)
    while words:
        word = words.pop(0)
        name, separator, value = word.partition("=")
        if word == "--":
            result.rest += words
            break
        if not word.startswith("-") or word == "-":
            result.rest.append(word)
        elif name in values:
            if not separator and name not in optional:
                if not words:
                    raise Refused(status, unknown % word)
                value = words.pop(0)
            result.values[values[name]] = value
        elif word in flags:
            result.flags.add(flags[word])
        elif not _put_letters(result, word, flags, values):
            raise Refused(status, unknown % word)
    return result


def split_up(argv: Sequence[str], rest: list[str], option: Callable[[str, list[str]], None]) -> None:
    """Gives each option to `option`, with the words after it, of which it takes its value; other words go into `rest`.

    After `--` all are other words; `-` is one wherever it is.
    """
    words = list(argv)
    while words:
        word = words.pop(0)
        if word == "--":
            rest += words
            return
        if word.startswith("-") and word != "-":
            option(word, words)
        else:
            rest.append(word)


def _put_letters(result: Parsed, word: str, flags: Mapping[str, str], values: Mapping[str, str]) -> bool:
    """Whether `word` could be put into the result as letters: -pVALUE, or flags in one word as in -la."""
    if word.startswith("--"):
        return False
    if word[:2] in values:
        result.values[values[word[:2]]] = word[2:]
        return True
    letters = {f"-{letter}" for letter in word[1:]}
    if not letters <= flags.keys():
        return False
    result.flags |= {flags[letter] for letter in letters}
    return True
