"""How many tests a part has played, by what its runner leaves: TAP, JUnit, a closing line, or its exit status."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

CLOSING = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.MULTILINE)
BAD = re.compile(r"^[ \d.]*not ok +(.*)$", re.MULTILINE)  # before a closing line
TEST = re.compile(r"^(ok|not ok) \d+ (.*?)(?: # skip ?(.*))?$", re.MULTILINE)
BATS_TEST = re.compile(r"^@test ", re.MULTILINE)


@dataclass(frozen=True)
class Counts:
    """`names` are those that failed; `reasons` why some were not played."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    names: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
            self.names + other.names,
            tuple(dict.fromkeys((*self.reasons, *other.reasons))),
        )

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else "")


def of_tap(text: str) -> Counts:
    """TAP's lines; a test with the directive `# skip` does not count as passed."""
    rows = TEST.findall(text)
    skipped = [reason for word, _, reason in rows if word == "ok" and reason]
    failed = [title for word, title, _ in rows if word == "not ok"]
    return Counts(len(rows) - len(skipped) - len(failed), len(failed), len(skipped), tuple(failed), tuple(skipped))


def of_junit(file: Path) -> Counts:
    """pytest's JUnit file."""
    found = Counts()
    for case in ElementTree.parse(file).iter("testcase"):
        skip = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            found += Counts(failed=1, names=(f"{case.get('classname')}::{case.get('name')}",))
        elif skip is not None:
            found += Counts(skipped=1, reasons=(skip.get("message", "no reason given"),))
        else:
            found += Counts(passed=1)
    return found


def of_closing_line(text: str) -> Counts | None:
    """The last `N passed, N failed[, N skipped]`, and the lines `not ok NAME` before it; None where there is none."""
    found = CLOSING.findall(text)
    if not found:
        return None
    passed, failed, skipped = (int(number or 0) for number in found[-1])
    return Counts(passed, failed, skipped, tuple(BAD.findall(text)) if failed else ())


def of_status(name: str, status: int) -> Counts:
    """A part that is one test itself."""
    return Counts(passed=1) if status == 0 else Counts(failed=1, names=(name,))
