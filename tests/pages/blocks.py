"""The code blocks of a guide: what its commands print is put there by playing them, and never typed.

    ```console desk              at the desk of the person who compiles: it costs next to nothing
    ```console sandbox           at that desk, and starts a simulated site
    ```console undercloud        at the undercloud's terminal, which a simulated site has
    ```yaml path=site.yaml       a file that the reader writes at the desk

Further words: `status=3` is how the last command ends (or `status=4,143`: in one of these ways), `answers=` what is typed at its questions (`-` is Enter alone),
`steps=2.01/2,2.01/4b` the steps of a section that are shown, `first=5` and `last=2` the lines that are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

BLOCK = re.compile(r"^```(?P<kind>\w+)(?P<words>(?: \S+)*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
CUT = "[...]"
STEP = re.compile(r"^\[\d+/\d+\] (?P<id>\S+)")
ENDING = re.compile(r"^(?:\d\.\d\d finished in |warnings: |\d\.\d\d: \d+ steps? would run)")
DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
# What the next commit of the compiler, or a busy machine, prints otherwise: digests, identifiers, sizes, times.
PASSING = (
    re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"),
    re.compile(r"\b[0-9a-f]{12,64}\b"),
    re.compile(r"\b\d{4}-?\d\d-?\d\d(?:[T -]?\d\d:?\d\d(?::?\d\d)?Z?)?\b"),
    re.compile(r"\b\d\d:\d\d:\d\dZ?"),
    re.compile(r"\b(?:\d+ h )?(?:\d+ m )?\d+ s\b|\b(?:\d+ h )?\d+ m(?:in)?\b"),
    re.compile(r"; <> in all"),
)

WAITING = re.compile(r" +<> of <>, until <>: waiting for .*")


@dataclass(frozen=True)
class Block:
    """One block; `place` is where its commands are typed, "" for any that is not played."""

    kind: str
    place: str
    options: Mapping[str, str]
    text: str

    @property
    def commands(self) -> list[str]:
        """The commands, in order."""
        return [line[2:] for line in self.text.splitlines() if line.startswith("$ ")]


class Terminal(Protocol):
    """Where commands are typed."""

    def digest(self) -> str:
        """The digest that the ticket has now, as 64 hexadecimal digits."""

    def write(self, path: str, text: str) -> None:
        """Makes a file at the desk."""

    def type(self, place: str, command: str, answers: Sequence[str]) -> tuple[int, str]:
        """Exit status and output of a command that is typed at this place."""


def read(found: re.Match[str]) -> Block:
    """A block from what BLOCK has found."""
    words = found["words"].split()
    options = dict(word.split("=", 1) for word in words if "=" in word)
    place = next((word for word in words if "=" not in word), "")
    return Block(found["kind"], place, options, found["text"])


def blocks(page: str) -> list[Block]:
    """Every block of the page."""
    return [read(found) for found in BLOCK.finditer(page)]


def played(page: str, terminal: Terminal, places: Sequence[str]) -> str:
    """The page with what its commands print at these places now; blocks of other places stay as they are."""

    def again(found: re.Match[str]) -> str:
        block = read(found)
        if "path" in block.options:
            terminal.write(block.options["path"], block.text)
        if block.place not in places:
            return found[0]
        start, end = found.start("text") - found.start(), found.end("text") - found.start()
        return found[0][:start] + "".join(_lines(block, terminal)) + found[0][end:]

    return BLOCK.sub(again, page)


def _lines(block: Block, terminal: Terminal) -> Iterator[str]:
    answers = ["" if one == "-" else one for one in block.options.get("answers", "").split(",") if one]
    expected = [int(one) for one in block.options.get("status", "0").split(",")]
    commands = block.commands
    for number, written in enumerate(commands):
        command = DIGEST.sub(lambda _: terminal.digest(), written)
        status, output = terminal.type(block.place, command, answers)
        wanted = expected if number == len(commands) - 1 else [0]
        assert status in wanted, f"`{command}` ended with {status}, not {wanted}:\n{output}"
        yield f"$ {command}\n"
        yield from (f"{line}\n" for line in cut(output.rstrip().splitlines(), block.options))


def cut(lines: Sequence[str], options: Mapping[str, str]) -> list[str]:
    """The lines that the options ask for, with CUT where others were."""
    keep = [True] * len(lines)
    if "steps" in options and any(map(STEP.match, lines)):
        keep = _of_steps(lines, options["steps"].split(","))
    elif "first" in options or "last" in options:
        first, last = int(options.get("first", "0")), int(options.get("last", "0"))
        keep = [place < first or place >= len(lines) - last for place in range(len(lines))]
    shown: list[str] = []
    for kept, group in groupby(zip(keep, lines, strict=True), key=lambda pair: pair[0]):
        shown += [line for _, line in group] if kept else [CUT]
    return shown


def _of_steps(lines: Sequence[str], wanted: Sequence[str]) -> list[bool]:
    """The first run of each wanted step, and the output before and after all steps."""
    left = list(wanted)
    keep, current = [], True
    for line in lines:
        if step := STEP.match(line):
            current = step["id"] in left
            if current:
                left.remove(step["id"])
        elif ENDING.match(line):
            current = True
        keep.append(current)
    assert not left, f"these steps did not run: {left}"
    return keep


def lasting(page: str) -> str:
    """The page without what differs between two plays that come to the same."""
    for pattern in PASSING:
        page = pattern.sub("<>" if pattern is not PASSING[-1] else "", page)
    # a wait is told as often as the world's clock allows: not at all where it is over at the first look
    lines = [line for line in page.splitlines() if not WAITING.fullmatch(line)]
    return "".join(f"{line}\n" for line, _ in groupby(lines))
