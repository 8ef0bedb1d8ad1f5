"""A quoted string of shell as a sentence: what is put in when it runs is shown as its name, in either language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from types import MappingProxyType

from osp_compile.shell.quoted import BETWEEN, CLOSES, closing

# A parameter in a sentence: its value is known only when the script runs.
PARAMETER = re.compile(r"\$[A-Za-z_]\w*|\$[0-9*@#?]")
LOCAL = re.compile(r"\$\{?([a-z][a-z_]*)")
SETTING = re.compile(r"\$\{?([A-Z][A-Z0-9_]*)\}?")
NODE = frozenset({"$node", "${node}"})
# What `ways` says of a section, and how the same is said in Japanese.
A_SECTION = re.compile(r"section (?=2\.)")
SLOT = re.compile(r"\{(\d+)\}")
# The table of sentences in both languages, in the folder of the templates.
TABLE = "_layouts/page/reasons.ja.tsv"
# What printf puts a word in for.
CONVERSION = re.compile(r"%[sdq]")
# What has no sign in it that puts something in.
PLAIN = re.compile(r"[^$\\]+")

Japanese = Mapping[str, str]
NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True)
class Sentence:
    """A quoted string of shell: `plain` has `{1}`, `{2}`, ... for what is put in, and `put_in` how that is shown."""

    plain: str
    put_in: tuple[str, ...]

    def filled(self, plain: str | None = None) -> str:
        """The sentence as it is shown; with `plain` that of a translation."""
        text = SLOT.sub(lambda slot: self.put_in[int(slot[1]) - 1], self.plain if plain is None else plain)
        return re.sub("…(?:…| …)+", "…", text)

    def in_japanese(self, table: Japanese) -> str:
        """The same in Japanese, or nothing where the table does not have it."""
        if self.plain not in table:
            return ""
        named = tuple(A_SECTION.sub("セクション ", value) for value in self.put_in)
        return replace(self, put_in=named).filled(table[self.plain])


def japanese(templates: Path) -> dict[str, str]:
    """The sentences of the table, by the English ones; `{1}` is in both what the shell puts in first."""
    lines = (templates / TABLE).read_text("utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if not line.startswith("#"))


def parts_of(remedy: Sentence) -> list[Sentence]:
    """A remedy's parts, each words or commands."""
    return [replace(remedy, plain=part) for part in remedy.plain.split(" ;; ")]


def known_words(sentence: str) -> int:
    """How many of its words are known before it is run."""
    return len(re.findall(r"[A-Za-z]{3}", re.sub("‹.*?›", "", sentence)))


def strings(text: str, at: int) -> tuple[list[str], int]:
    """The quoted strings from `at` on, with nothing but blanks between them, and where they end."""
    found: list[str] = []
    last = at
    while text[at : at + 1] in {"'", '"'}:
        end = closing(text, at + 1, text[at])
        if end < 0:
            break
        found.append(text[at : end + 1])
        last = end + 1
        between = BETWEEN.match(text, last)
        if between is None:
            break
        at = between.end()
    return found, last


def sentence_of(quoted: str, values: Mapping[str, object] = NOTHING) -> Sentence:
    """A quoted string; a value that is put in at run time is shown as its name, or as `…`."""
    if quoted.startswith("'"):
        return Sentence(quoted[1:-1], ())
    text, plain, at = quoted[1:-1], "", 0
    put_in: list[str] = []
    while at < len(text):
        if found := PLAIN.match(text, at):
            plain, at = plain + found[0], found.end()
        elif text[at] == "\\":
            # a line that goes on is one line
            plain, at = plain + text[at + 1 : at + 2].strip("\n"), at + 2
        elif inserted := _inserted(text, at, values):
            shown, at = inserted
            put_in.append(shown)
            plain += f"{{{len(put_in)}}}"
        else:
            plain, at = plain + text[at], at + 1
    return Sentence(plain, tuple(put_in))


def written(quoted: list[str], values: Mapping[str, object] = NOTHING) -> Sentence:
    """What printf writes, given its quoted words: the format with the others put in."""
    put_in = [sentence_of(one, values).filled() for one in quoted[1:]]
    slots = count(1)
    plain = CONVERSION.sub(lambda _: f"{{{next(slots)}}}", quoted[0][1:-1].replace("\\n", ""))
    return Sentence(plain, tuple(put_in + ["…"] * (next(slots) - 1 - len(put_in))))


def _inserted(text: str, at: int, values: Mapping[str, object]) -> tuple[str, int] | None:
    """(how it is shown, where it ends) of what is put in at the `$` there; None for a `$` that puts nothing in."""
    opens = text[at : at + 2]
    if opens in ("$(", "${"):
        end = closing(text, at + 2, CLOSES[opens])
        end = end if end > 0 else len(text)
        shown = str(values.get(text[at + 2 : end], "…")) if opens == "$(" else _put_in(text[at : end + 1], values)
        return shown, end + 1
    found = PARAMETER.match(text, at)
    return (_put_in(found[0], values), found.end()) if found else None


def _put_in(parameter: str, values: Mapping[str, object]) -> str:
    if parameter in NODE:
        return "<node>"
    if named := LOCAL.match(parameter):
        return f"‹{named[1].replace('_', ' ')}›"
    setting = SETTING.fullmatch(parameter)
    if setting is None:
        return "…"
    value = values.get(setting[1], f"‹{setting[1].replace('_', ' ').lower()}›")
    return value if isinstance(value, str) and value else "…"
