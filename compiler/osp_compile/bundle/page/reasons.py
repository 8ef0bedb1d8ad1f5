"""What a step's questions give as their reasons: the sentences that an operator reads when it refuses or stops."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from osp_compile.bundle.closure import Function
from osp_compile.guide.model import Section
from osp_compile.shell.quoted import BETWEEN, CLOSES, closing

# The words of the engine that take a reason, and where there is one a remedy behind it.
WORDS = ("why", "why_at_last", "give_up", "fail")
ENDS = ("give_up", "fail")  # of these those that end the run, whoever asks
GIVES = re.compile(rf"\b({'|'.join(WORDS)}){BETWEEN.pattern}(?=[\"'])")
# A parameter in a sentence: its value is known only when the script runs.
PARAMETER = re.compile(r"\$[A-Za-z_]\w*|\$[0-9*@#?]")
LOCAL = re.compile(r"\$\{?([a-z][a-z_]*)")
SETTING = re.compile(r"\$\{?([A-Z][A-Z0-9_]*)\}?")
NODE = frozenset({"$node", "${node}"})
# A part of a remedy that says where its commands run (lib/engine/remedies.sh).
COMMANDS = re.compile(r"(on \S+|rc|stackrc|here): (.+)", re.DOTALL)


# What `ways` says of a section, and how the same is said in Japanese.
A_SECTION = re.compile(r"section (?=2\.)")
SLOT = re.compile(r"\{(\d+)\}")
# The table of sentences in both languages, in the folder of the templates.
TABLE = "_layouts/page/reasons.ja.tsv"

# What has no sign in it that puts something in.
PLAIN = re.compile(r"[^$\\]+")

Japanese = Mapping[str, str]
# What a question is asked for: where its no or its yes makes a step refuse, or where neither does by itself.
Answer = Literal["no", "yes", "either"]
NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True)
class Reason:
    """`text` and `remedy` as they are shown, with `‹name›` or `…` for what is found out when it runs.

    `text_ja` and `remedy_ja` say the same in Japanese; empty where the table does not have it.
    """

    text: str
    remedy: str
    text_ja: str = ""
    remedy_ja: str = ""


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


def ways(sections: Iterable[Section]) -> dict[str, str]:
    """What `$(section_named NAME)` and `$(way_to_step NAME)` print in the scripts of these sections, by the command.

    A step's name that several sections have is left out: each script means its own.
    """
    found: dict[str, str] = {}
    steps: Counter[str] = Counter()
    for section in sections:
        found[f"section_named {section.short_name}"] = f"section {section.id}"
        for step in section.steps:
            found[f"way_to_step {step.name}"] = f"./{section.name}.sh --step {step.id}"
            steps[f"way_to_step {step.name}"] += 1
    return {command: text for command, text in found.items() if steps[command] < 2}


class Reasons:
    """The reasons of functions, with the site's settings put in; `values` has these by their names in the shell, and
    what `ways` says. `table` has their sentences in Japanese.
    """

    def __init__(self, values: Mapping[str, object], table: Japanese | None = None) -> None:
        self._values = values
        self._table = table or {}
        self._known: dict[tuple[str, Answer], tuple[Reason, ...]] = {}

    def of(self, asked: Iterable[tuple[Function, Answer]]) -> list[Reason]:
        """What all these say at these answers, in their order, each sentence once: with its remedy, if one has it."""
        found: dict[str, Reason] = {}
        for reason in (reason for one, answer in asked for reason in self._of(one.text, answer)):
            if not found.setdefault(reason.text, reason).remedy:
                found[reason.text] = reason
        return list(found.values())

    def _of(self, text: str, answer: Answer) -> tuple[Reason, ...]:
        if (text, answer) not in self._known:
            self._known[text, answer] = tuple(_of_function(text, answer, self._values, self._table))
        return self._known[text, answer]


def _of_function(text: str, answer: Answer, values: Mapping[str, object], table: Japanese) -> Iterator[Reason]:
    for said, remedy in given(text, answer, values):
        reason = Reason(said.filled(), "", said.in_japanese(table))
        if remedy is not None:
            shown, shown_ja = (_remedy(remedy, values, one) for one in ({}, table))
            reason = replace(reason, remedy=shown, remedy_ja="" if shown_ja == shown else shown_ja)
        yield reason


def given(
    text: str, answer: Answer = "no", values: Mapping[str, object] = NOTHING
) -> Iterator[tuple[Sentence, Sentence | None]]:
    """The sentences that a function gives as its reasons, each with its remedy, if it has one that says something.

    Those of its no or of its yes; where `either` answer decides nothing, those with which it ends the run itself.
    Without those that are only what somebody else has said, which tell a reader nothing.
    """
    for said in _quoted(text, answer):
        reason, remedy = (*(sentence_of(one, values) for one in said[:2]), None)[:2]
        if reason and _words(reason.plain) > 1:
            yield reason, remedy if remedy and _words(remedy.filled()) else None


def says_yes(text: str) -> bool:
    """Whether a function says why it answers yes."""
    return any(True for _ in given(text, "yes"))


def _quoted(text: str, answer: Answer) -> Iterator[list[str]]:
    """The strings behind each word that takes a reason at this answer, at least one."""
    if not any(word in text for word in WORDS):  # so it is of most functions, and found out quicker so
        return
    begins = [*GIVES.finditer(text)]
    for gives, next_one in zip_longest(begins, [one.start() for one in begins[1:]]):
        said, end = _strings(text, gives.end())
        if said and (
            gives[1] in ENDS or answer in _answers(gives[1], text[end:next_one], next_one is None, len(said) > 1)
        ):
            yield said


def _answers(word: str, behind: str, is_last: bool, has_remedy: bool) -> set[Answer]:
    """The answers that a reason is in force at, by the shell between it and the next one; a yes needs no remedy."""
    if word != "why":
        return {"no"}
    if is_last and not has_remedy and behind.strip() in {"", "}", ")"}:
        return {"yes"}
    return {"no", "yes"} if is_last or "return 0" in behind else {"no"}


def _remedy(sentence: Sentence, values: Mapping[str, object], table: Japanese) -> str:
    """The parts of a remedy as the run prints them, but for addresses: `WORDS: COMMAND; COMMAND`."""
    shown, last = "", None
    for part in parts_of(sentence):
        found = COMMANDS.fullmatch(part.plain)
        shown += ("" if last is None else ": " if found and last == "words" else "; ") + _part(
            part, found, values, table
        )
        last = "commands" if found else "words"
    return shown


def parts_of(remedy: Sentence) -> list[Sentence]:
    """A remedy's parts, each words or commands."""
    return [replace(remedy, plain=part) for part in remedy.plain.split(" ;; ")]


def _part(part: Sentence, found: re.Match[str] | None, values: Mapping[str, object], table: Japanese) -> str:
    if not found:
        return part.in_japanese(table) or part.filled()
    if found[1].startswith("on "):
        return part.filled()
    if found[1] == "here":
        return part.filled(found[2])
    file = "stackrc" if found[1] == "stackrc" else f"{values.get('STACK', 'overcloud')}rc"
    return f"(. ~/{file}; {part.filled(found[2])})"


def _words(sentence: str) -> int:
    """How many of its words are known before it is run."""
    return len(re.findall(r"[A-Za-z]{3}", re.sub("‹.*?›", "", sentence)))


def _strings(text: str, at: int) -> tuple[list[str], int]:
    """The quoted strings from `at` on, with nothing but blanks between them, and where they end."""
    found: list[str] = []
    behind = at
    while text[at : at + 1] in {"'", '"'}:
        end = closing(text, at + 1, text[at])
        if end < 0:
            break
        found.append(text[at : end + 1])
        behind = end + 1
        between = BETWEEN.match(text, behind)
        if between is None:
            break
        at = between.end()
    return found, behind


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
