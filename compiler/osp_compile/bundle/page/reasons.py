"""What a step's questions give as their reasons: the sentences that an operator reads when it refuses or stops."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from osp_compile.bundle.closure import Function
from osp_compile.guide.model import Section
from osp_compile.shell.quoted import closing

# The words of the engine that take a reason, and where there is one a remedy behind it.
WORDS = ("why", "why_at_last", "give_up", "fail")
GIVES = re.compile(rf"\b({'|'.join(WORDS)}) (?=[\"'])")
# A parameter in a sentence: its value is known only when the script runs.
PARAMETER = re.compile(r"\$\{[^}]*\}|\$[A-Za-z_]\w*|\$[0-9*@#?]")
LOCAL = re.compile(r"\$\{?([a-z][a-z_]*)")
SETTING = re.compile(r"\$\{?([A-Z][A-Z0-9_]*)\}?")
NODE = frozenset({"$node", "${node}"})
# A part of a remedy that says where its commands run (lib/engine/remedies.sh).
COMMANDS = re.compile(r"(on \S+|rc|stackrc|here): (.+)", re.DOTALL)


@dataclass(frozen=True)
class Reason:
    """`text` and `remedy` as they are shown, with `‹name›` or `…` for what is found out when it runs."""

    text: str
    remedy: str


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
    what `ways` says.
    """

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values
        self._known: dict[str, tuple[Reason, ...]] = {}

    def of(self, functions: Iterable[Function]) -> list[Reason]:
        """Of all these in their order, each sentence once: with its remedy, if any of them has one."""
        found: dict[str, Reason] = {}
        for reason in (reason for one in functions for reason in self._of(one.text)):
            if not found.setdefault(reason.text, reason).remedy:
                found[reason.text] = reason
        return list(found.values())

    def _of(self, text: str) -> tuple[Reason, ...]:
        if text not in self._known:
            self._known[text] = tuple(_of_function(text, self._values))
        return self._known[text]


def _of_function(text: str, values: Mapping[str, object]) -> Iterator[Reason]:
    if not any(word in text for word in WORDS):  # so it is of most functions, and found out quicker so
        return
    for gives in GIVES.finditer(text):
        said, end = _strings(text, gives.end())
        if gives[1] == "why" and _is_of_a_yes(text, end):
            continue
        reason, remedy = (*(_sentence(quoted, values) for quoted in said[:2]), "", "")[:2]
        # one that is only what somebody else has said tells a reader nothing
        if _words(reason) > 1:
            yield Reason(reason, _remedy(remedy, values) if _words(remedy) else "")


def _remedy(text: str, values: Mapping[str, object]) -> str:
    """The parts of a remedy as the run prints them, but for addresses: `WORDS: COMMAND; COMMAND`."""
    shown, last = "", None
    for part in text.split(" ;; "):
        found = COMMANDS.fullmatch(part)
        shown += ("" if last is None else ": " if found and last == "words" else "; ") + _part(part, found, values)
        last = "commands" if found else "words"
    return shown


def _part(part: str, found: re.Match[str] | None, values: Mapping[str, object]) -> str:
    if not found or found[1].startswith("on "):
        return part
    if found[1] == "here":
        return found[2]
    file = "stackrc" if found[1] == "stackrc" else f"{values.get('STACK', 'overcloud')}rc"
    return f"(. ~/{file}; {found[2]})"


def _words(sentence: str) -> int:
    """How many of its words are known before it is run."""
    return len(re.findall(r"[A-Za-z]{3}", re.sub("‹.*?›", "", sentence)))


def _is_of_a_yes(text: str, end: int) -> bool:
    """Whether it is the last statement of its function, which has then answered yes."""
    return text[end:].strip() in {"", "}", ")"}


def _strings(text: str, at: int) -> tuple[list[str], int]:
    """The quoted strings from `at` on, with a blank between them, and where they end."""
    found: list[str] = []
    while text[at : at + 1] in {"'", '"'}:
        end = closing(text, at + 1, text[at])
        if end < 0:
            break
        found.append(text[at : end + 1])
        at = end + 2
    return found, at - 1


def _sentence(quoted: str, values: Mapping[str, object]) -> str:
    """The text of a quoted string; a value that is put in at run time is shown as its name, or as `…`."""
    if quoted.startswith("'"):
        return quoted[1:-1]
    text, out, at = quoted[1:-1], "", 0
    while at < len(text):
        if text.startswith("$(", at):
            end = closing(text, at + 2, ")")
            end = end if end > 0 else len(text)
            out, at = out + str(values.get(text[at + 2 : end], "…")), end + 1
        elif found := PARAMETER.match(text, at):
            out, at = out + _put_in(found[0], values), found.end()
        elif text[at] == "\\":
            out, at = out + text[at + 1 : at + 2], at + 2
        else:
            out, at = out + text[at], at + 1
    return re.sub("…(?:…| …)+", "…", out)


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
