"""CHANGELOG.md has the form of Keep a Changelog: bullets by version, kind of change and part of the product."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"
COLUMNS = 140
UNRELEASED = "[Unreleased]"
KINDS = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")
PARTS = (
    "Compiling and the spec",
    "Running the scripts",
    "Rehearsal",
    "Page, diff, pack and evidence",
    "Import, init and editors",
    "Documentation",
    "For contributors",
)
HEADING = re.compile(r"^(##+) (.+)\n", re.MULTILINE)
VERSION = re.compile(r"\[(\d+)\.(\d+)\.(\d+)\] - \d{4}-\d\d-\d\d")
# what is below a heading of the last level: bullets of one or two lines
BULLETS = re.compile(r"\n?(?:- \S.*\n(?:  [^\s-].*\n)?)*\n?")
ELSEWHERE = "a heading that does not exist there"
TWICE = "a heading that belongs further up, or is there twice"
NO_BULLET = "not a bullet of one or two lines under a part of the product"
Section = tuple[int, tuple[str, ...], str]


def sections(text: str) -> Iterator[Section]:
    """(line, headings that it is under and itself, text below) of each heading but the first."""
    above: tuple[str, ...] = ()
    found = [*HEADING.finditer(text)]
    ends = [*(heading.start() for heading in found[1:]), len(text)]
    for heading, end in zip(found, ends, strict=True):
        above = (*above[: len(heading[1]) - 2], heading[2])
        yield text.count("\n", 0, heading.start()) + 1, above, text[heading.end() : end]


def place(above: tuple[str, ...]) -> tuple[object, ...]:
    """The place of the last of these headings in their order; ValueError if it may not follow the others."""
    version = VERSION.fullmatch(above[0])
    if len(above) > 3 or (not version and above[0] != UNRELEASED):
        raise ValueError(above[-1])
    newest_first = tuple(-int(number) for number in version.groups()) if version else ()
    return (newest_first, *(titles.index(title) for titles, title in zip((KINDS, PARTS), above[1:], strict=False)))


def misplaced(found: list[Section]) -> Iterator[str]:
    last: tuple[object, ...] = ()
    for line, above, _ in found:
        try:
            here = place(above)
        except ValueError:
            yield f"{line}: {ELSEWHERE}: {above[-1]}"
        else:
            if here <= last:
                yield f"{line}: {TWICE}: {above[-1]}"
            last = here


def empty(found: list[Section]) -> Iterator[str]:
    """Headings without anything under them; there may be nothing that is unreleased."""
    for (line, above, below), (_, following, _) in pairwise([*found, (0, (), "")]):
        if not below.strip() and len(following) <= len(above) and above != (UNRELEASED,):
            yield f"{line}: nothing is under {above[-1]}"


def not_bullets(found: list[Section]) -> Iterator[str]:
    for line, above, below in found:
        bullets = BULLETS.match(below) if len(above) == 3 else None
        rest = below[bullets.end() if bullets else 0 :].lstrip("\n")
        if rest:
            before = below.removesuffix(rest).count("\n")
            yield f"{line + 1 + before}: {NO_BULLET}"


def mistakes(text: str) -> list[str]:
    """What is wrong with the form of the changelog `text`, each with its line."""
    found, lines = [*sections(text)], text.splitlines()
    said = [*misplaced(found), *empty(found), *not_bullets(found)]
    said += [f"{number}: more than {COLUMNS} columns" for number, line in enumerate(lines, 1) if len(line) > COLUMNS]
    if lines[0] != "# Changelog" or found[0][1] != (UNRELEASED,):
        said.append(f"1: begin with `# Changelog` and `## {UNRELEASED}`")
    return said


def test_the_changelog_has_its_form() -> None:
    assert mistakes(CHANGELOG.read_text("utf-8")) == []


GOOD = """\
# Changelog

What changes.

## [Unreleased]

## [1.10.0] - 2031-12-31

### Added

#### Rehearsal

- A rehearsal can
  be repeated.
- Another.

#### Documentation

- A page.

### Fixed

#### Rehearsal

- It ends.

## [1.9.1] - 2031-11-30

### Security

#### Rehearsal

- Nothing is reached.
"""


def test_versions_follow_what_is_unreleased() -> None:
    assert mistakes(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# Changelog", "# Changes", "1: begin with `# Changelog` and `## [Unreleased]`"),
        ("## [Unreleased]\n\n", "", "1: begin with `# Changelog` and `## [Unreleased]`"),
        ("## [1.9.1]", "## [Unreleased]\n\n## [1.9.1]", f"27: {TWICE}: [Unreleased]"),
        ("[1.9.1]", "[1.10.0]", f"27: {TWICE}: [1.10.0] - 2031-11-30"),
        ("### Fixed", "### Added", f"21: {TWICE}: Added"),
        ("### Added", "### Security", f"21: {TWICE}: Fixed"),
        ("#### Documentation", "#### Rehearsal", f"17: {TWICE}: Rehearsal"),
        ("\n#### Documentation", "\n##### Documentation", f"17: {ELSEWHERE}: Documentation"),
        ("### Added\n\n", "", f"9: {ELSEWHERE}: Rehearsal"),
        ("#### Documentation", "#### Bugs", f"17: {ELSEWHERE}: Bugs"),
        ("- A page.\n\n", "", "17: nothing is under Documentation"),
        ("### Security\n\n#### Rehearsal\n\n- Nothing is reached.\n", "", "27: nothing is under [1.9.1] - 2031-11-30"),
        ("#### Rehearsal\n\n- It ends.", "- It ends.", f"23: {NO_BULLET}"),
        ("- Another.", "Another.", f"15: {NO_BULLET}"),
        ("- Another.", "  - Another.", f"15: {NO_BULLET}"),
        ("- Another.", "  And\n  again.", f"15: {NO_BULLET}"),
        ("- Another.", f"- {'x' * 139}", "15: more than 140 columns"),
    ],
)
def test_another_form_is_refused_at_its_line(old: str, new: str, said: str) -> None:
    assert old in GOOD
    assert said in mistakes(GOOD.replace(old, new, 1))
