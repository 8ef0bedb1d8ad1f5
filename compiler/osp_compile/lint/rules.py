"""Checks the shell of a bundle against our own rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from osp_compile.guide.model import QUESTIONS
from osp_compile.lint.catalogue import BY_ID, RULES
from osp_compile.lint.numbers import unproved
from osp_compile.lint.remedies import unpasteable
from osp_compile.lint.values import unquoted
from osp_compile.lint.word_list import in_shell
from osp_compile.shell.functions import begun, parted, spans
from osp_compile.shell.words import words

ASKED = tuple(f"_{part}" for part in QUESTIONS)
FINDS = re.compile(r"^\s*(find_\w+|hear(_\w+)?|parsed|kept)\s")
ASSIGNED = re.compile(r"^\s*(?:local\s+)?\w+=\"?\$\((?!\()")
SENT = re.compile(
    r"\b(?:as_root|hear_root|(?:as|hear)_root_on \S+|gather \S+ as_root_on|judge_undercloud \w+|judge_nodes \S+ \w+)"
    r" ([a-z]\w+)"
)
JUDGES = re.compile(r"(?:^|[;{&|]|\b(?:then|else|do) )\s*(?:why|besides|pass|warn|fail|not_yet)\s")
PATTERNS = tuple(rule for rule in RULES if rule.pattern)


def broken_rules(text: str) -> Iterator[tuple[int, str]]:
    """(line, message) of every rule that the shell file `text` breaks; the message begins with the rule's id."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("#"):
            continue
        for rule in PATTERNS:
            if rule.found.search(line):
                yield number, said(rule.id)
    yield from _suppressions(lines)
    yield from _questions(lines)
    yield from _sent(text)
    for number, name in unproved(text):
        yield number, said("unproved-number", f"`{name}`")
    for number, remedy in unpasteable(text):
        yield number, said("unpasteable-remedy", f"`{remedy}`")
    for number, value in unquoted(text):
        yield number, said("unquoted-value", f"`{value}`")
    for number, instead in in_shell(text):
        yield number, said("word-list", instead)


def said(rule: str, of: str = "") -> str:
    """The message of a broken rule: its id, its subject `of` if there is one, and the reason."""
    return ": ".join(filter(None, (rule, of, BY_ID[rule].reason)))


def _suppressions(lines: list[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, 1):
        if "shellcheck disable" in line or line.strip() == "# shellcheck source=/dev/null":
            above = lines[number - 2].strip() if number > 1 else ""
            if not above.startswith("#") or above.startswith("#!") or "shellcheck" in above:
                yield number, said("suppression-reason")


def _questions(lines: list[str]) -> Iterator[tuple[int, str]]:
    """In requires, satisfied, verify and shown a command substitution ends in `|| return 2`."""
    inside = False
    for number, line in enumerate(lines, 1):
        if begun(line).endswith(ASKED):
            inside = not line.rstrip().endswith("}")
            body = line
        elif inside:
            body = line
            inside = line not in {"}", ")"}
        else:
            continue
        if (
            ASSIGNED.match(body)
            and not re.search(r"\|\| return( 2|$)", body)
            and not body.rstrip().endswith(("(", "\\", "{", "|"))
        ):
            yield number, said("question-substitution")
        if FINDS.match(body) and not re.search(r"\|\| return( \d)?$|&&|\\$|^\}", body.rstrip()):
            yield number, said("question-said")


def _sent(text: str) -> Iterator[tuple[int, str]]:
    """What root runs, here or on a node, has nowhere to write a reason or a finding to."""
    bodies, lines = parted(text)[0], text.splitlines()
    sent: set[str] = set()
    new = bodies.keys() & set(SENT.findall(text))
    while new:
        sent |= new
        new = (bodies.keys() & {word for name in new for word in words(bodies[name])}) - sent
    for name, first, last in spans(text):
        for number in range(first, last + 1):
            line = lines[number - 1]
            if name in sent and JUDGES.search(line) and not line.lstrip().startswith("#"):
                yield number, said("reason-elsewhere", f"`{name}`")
