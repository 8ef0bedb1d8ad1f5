"""A told comparison as one page of HTML without network or script, in the design of a bundle's index.html."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from osp_compile import __version__
from osp_compile.assets import TEMPLATES
from osp_compile.bundle.page.environment import FOLDER, environment, own
from osp_compile.diagnostics import visible
from osp_compile.ticket.document import Document
from osp_compile.ticket.wording import said, word

ID = re.compile(r"2\.\d\d(?:/\d+[a-z]?)?")
WORD = re.compile(r"\s+|[\w.-]+|[^\s\w.-]+")
LONGEST = 400  # characters of a line that is compared word by word
NEAR = 20  # lines in which one that is like another is looked for
ALIKE = 0.6  # how like a line must be to have taken another's place
FEW = 4  # words


@dataclass(frozen=True)
class Piece:
    """A stretch of a line; `marked` where it is what differs from the other side."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Line:
    """A line of one side; `row` (from 1) is its position, the same as that of its counterpart on the other side."""

    row: int
    pieces: tuple[Piece, ...]
    differs: bool


@dataclass(frozen=True)
class Hunk:
    """Adjacent lines, before and now; a side has no lines if all of them were added or removed."""

    before: tuple[Line, ...]
    now: tuple[Line, ...]
    rows: int

    @property
    def sides(self) -> tuple[tuple[str, tuple[Line, ...], bool], ...]:
        """(`before` or `now`, lines, whether one of them differs) of the sides that have lines."""
        both = (("before", self.before), ("now", self.now))
        return tuple((name, lines, any(line.differs for line in lines)) for name, lines in both if lines)


def as_html(document: Document) -> str:
    """One file; all that comes from a bundle is text in it."""
    shown = environment(TEMPLATES, finalize=only_visible)
    anchors = {sentence.id: anchor(sentence.id) for part in document.parts for sentence in part.sentences}
    shown.filters.update(linked=partial(linked, known=anchors), anchor=anchor, hunks=hunks)
    return shown.get_template(f"{FOLDER}/diff.html.j2").render(
        document=document,
        word=partial(word, document.language),
        said=partial(said, document.language),
        version=__version__,
        style=Markup("\n").join(own(TEMPLATES, name) for name in ("page.css", "diff.css")),
    )


def only_visible(value: Any) -> Any:
    """What a reader would obey made visible; markup is of this project, and its text has been looked at."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def anchor(id: str) -> str:
    """The id in the page of a section or a step, as index.html has it."""
    return id.replace(".", "").replace("/", "-") if "/" in id else "s" + id.replace(".", "")


def linked(text: str, known: Container[str]) -> Markup:
    """The text with a link for each section and step that the page has."""

    def link(found: re.Match[str]) -> str:
        return f'<a href="#{anchor(found[0])}">{found[0]}</a>' if found[0] in known else found[0]

    return Markup(ID.sub(link, str(escape(visible(text)))))  # noqa: S704 - escaped


def hunks(code: Sequence[str]) -> list[Hunk]:
    """The lines of a small diff (` `, `-`, `+` or `@@` first), in pieces that `@@` parts, both sides row by row."""
    pieces = [[*lines] for parts, lines in groupby(code, lambda line: line == "@@") if not parts]
    return [_hunk(lines) for lines in pieces]


def _hunk(lines: Iterable[str]) -> Hunk:
    before: list[Line] = []
    now: list[Line] = []
    row = 0
    for row, (old, new) in enumerate(_rows(lines), 1):
        if old is not None and new is not None and old != new:
            pieces = _marked(old, new)
        else:
            pieces = (Piece(old or ""),), (Piece(new or ""),)
        if old is not None:
            before.append(Line(row, pieces[0], old != new))
        if new is not None:
            now.append(Line(row, pieces[1], old != new))
    return Hunk(tuple(before), tuple(now), row)


def _rows(lines: Iterable[str]) -> Iterator[tuple[str | None, str | None]]:
    """(line before, line now); removed lines are paired with those that replace them, as far as there are any."""
    for changed, group in groupby(lines, lambda line: line[:1] in {"-", "+"}):
        row = [*group]
        if changed:
            yield from _paired(*([line[1:] for line in row if line[0] == sign] for sign in "-+"))
        else:
            yield from ((line[1:], line[1:]) for line in row)


def _paired(old: list[str], new: list[str]) -> Iterator[tuple[str | None, str | None]]:
    """Both in their order; each line beside the next of the other side that is most like it, or by itself."""
    words = [_words(line) for line in new]
    at = 0
    for line in old:
        own = _words(line)
        # (what is far away is not what took its place)
        near = range(at, min(at + NEAR, len(new)))
        like = max(near, key=lambda place: _likeness(own, words[place]), default=None)
        if like is None or _likeness(own, words[like]) < ALIKE:
            yield line, None
            continue
        yield from ((None, one) for one in new[at:like])
        yield line, new[like]
        at = like + 1
    yield from ((None, one) for one in new[at:])


def _words(line: str) -> Counter[str]:
    """How often each word comes; none of a line that is too long to be compared."""
    return Counter(word for word in WORD.findall(line) if not word.isspace()) if len(line) <= LONGEST else Counter()


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """The share of the shorter line that the other has too, from 0 to 1; of few words, the share of both."""
    least, all = sorted((one.total(), other.total()))
    same = (one & other).total()
    return same / least if least >= FEW else 2 * same / ((least + all) or 1)


def _marked(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both lines, with what differs marked."""
    before, after = WORD.findall(old), WORD.findall(new)
    found = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    sides = [
        tuple(Piece("".join(words[start:end]), kind != "equal") for kind, start, end in places if start < end)
        for words, places in (
            (before, [(kind, a, b) for kind, a, b, _, _ in found]),
            (after, [(kind, c, d) for kind, _, _, c, d in found]),
        )
    ]
    return sides[0], sides[1]
