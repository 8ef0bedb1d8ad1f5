"""What a step's questions give as their reasons: the sentences that an operator reads when it refuses or stops."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Literal

from osp_compile.bundle.closure import Function
from osp_compile.bundle.page.sentences import (
    NOTHING,
    Japanese,
    Sentence,
    known_words,
    parts_of,
    sentence_of,
    strings,
    written,
)
from osp_compile.guide.model import Section
from osp_compile.shell.quoted import BETWEEN

# The words of the engine that take a reason, and where there is one a remedy after it.
WORDS = ("why", "why_at_last", "give_up", "fail", "complain")
ENDS = ("give_up", "fail", "complain")  # of these those that are shown whoever asks
GIVES = re.compile(rf"\b({'|'.join(WORDS)}){BETWEEN.pattern}(?=[\"'])")
# What is shown whoever asks, too: what printf writes as an error, or to the file that has the reason of a step's end,
# and how a wait ends.
PRINTS = re.compile(rf"\bprintf{BETWEEN.pattern}(?=[\"'])|\bWHY=(?=\")")
AS_ERROR = re.compile(r"[ \t]*(?:>&2|2>/dev/null >\"\$SCRATCH/failed\"|,[^\n]*>\"/dev/stderr\")")
# How a step ends whatever it runs: a command of it fails, or its effect is not there in time (lib/engine/).
OF_EVERY_STEP = ("remember_failure", "poll")
# A part of a remedy that says where its commands run (lib/engine/pasting.sh).
COMMANDS = re.compile(r"(on \S+|rc|stackrc|here): (.+)", re.DOTALL)
# What a question is asked for: where its no or its yes makes a step refuse, or where neither does by itself.
Answer = Literal["no", "yes", "either"]


@dataclass(frozen=True)
class Reason:
    """`text` and `remedy` as they are shown, with `‹name›` or `…` for what is found out when it runs.

    `text_ja` and `remedy_ja` say the same in Japanese; empty where the table does not have it.
    """

    text: str
    remedy: str
    text_ja: str = ""
    remedy_ja: str = ""


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
        # (a line that is indented goes on with what another has begun)
        if reason and known_words(reason.plain) > 1 and not reason.plain.startswith(" "):
            yield reason, remedy if remedy and known_words(remedy.filled()) else None
    for printed in _printed(text, values):
        if known_words(printed.plain) > 1:
            yield printed, None


def says_yes(text: str) -> bool:
    """Whether a function says why it answers yes."""
    return any(True for _ in given(text, "yes"))


def _quoted(text: str, answer: Answer) -> Iterator[list[str]]:
    """The strings after each word that takes a reason at this answer, at least one."""
    if not any(word in text for word in WORDS):  # so it is of most functions, and found out quicker so
        return
    begins = [*GIVES.finditer(text)]
    for gives, next_one in zip_longest(begins, [one.start() for one in begins[1:]]):
        said, end = strings(text, gives.end())
        if said and (
            gives[1] in ENDS or answer in _answers(gives[1], text[end:next_one], next_one is None, len(said) > 1)
        ):
            yield said


def _printed(text: str, values: Mapping[str, object]) -> Iterator[Sentence]:
    """What a function shows with no word of the engine."""
    if not any(sign in text for sign in (">&2", "/failed", 'WHY="', "/stderr")):  # so it is of most functions
        return
    for prints in PRINTS.finditer(text):
        said, end = strings(text, prints.end())
        if prints[0] == "WHY=":
            yield sentence_of(said[0], values)
        elif AS_ERROR.match(text, end):
            yield written(said, values)


def _answers(word: str, after: str, is_last: bool, has_remedy: bool) -> set[Answer]:
    """The answers that a reason is in force at, by the shell between it and the next one; a yes needs no remedy."""
    if word != "why":
        return {"no"}
    if is_last and not has_remedy and after.strip() in {"", "}", ")"}:
        return {"yes"}
    return {"no", "yes"} if is_last or "return 0" in after else {"no"}


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


def _part(part: Sentence, found: re.Match[str] | None, values: Mapping[str, object], table: Japanese) -> str:
    if not found:
        return part.in_japanese(table) or part.filled()
    if found[1].startswith("on "):
        return part.filled()
    if found[1] == "here":
        return part.filled(found[2])
    file = "stackrc" if found[1] == "stackrc" else f"{values.get('STACK', 'overcloud')}rc"
    return f"(. ~/{file}; {part.filled(found[2])})"
