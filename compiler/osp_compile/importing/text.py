"""The text of an input file, and the values found in it, each with its place and origin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from osp_compile.diagnostics import Diagnostic, Span, error, visible, warning
from osp_compile.spec import yaml_reader
from osp_compile.text_width import display_width

HIDDEN = "*****"
HELPS = {
    "not-a-file": "name the file itself, or `-` for standard input",
    "is-a-directory": "name a file in it",
}
# (place, bytes, what the file then is)
FORMS = (
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"PK\x03\x04", "a zip archive, or a document of an office program"),
    (0, b"\x7fELF", "a program"),
    (0, b"%PDF", "a PDF document"),
    (0, b"BZh", "a bzip2 archive"),
    (0, b"\xfd7zXZ", "an xz archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"SQLite", "a database"),
)
NARROWEST = 40  # columns of a terminal
MOVES = re.compile(r"[\x1b\b]|[^ \r]\r")
# What a terminal was told about colours, modes and its title, and what a pager left where it waited.
OF_A_TERMINAL = re.compile(
    r"\x1b\[[0-9;]*[mK]|\x1b\[\?[0-9;]*[hl]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][0AB]|--More--(?:\(\d+%\))?\r *\r"
)


@dataclass(frozen=True)
class Text:
    """A file's name as people know it, and its lines; `windows` if these ended with CR LF.

    `unended` is true of a file whose last line has no end.
    """

    file: str
    lines: tuple[str, ...] = field(repr=False)
    windows: bool = False
    unended: bool = False

    @property
    def all(self) -> str:
        return "\n".join(self.lines)

    def at(self, line: int, column: int = 1, length: int = 1) -> Span:
        """The span at `line` and `column` (from 1, in characters); beyond the end of the file, its last line."""
        line = max(1, min(line, len(self.lines)))
        return Span(self.file, line, column, max(1, length), self.lines[line - 1] if self.lines else "")

    def whole(self) -> Span:
        return Span(self.file, 0, 0, 0)


@dataclass(frozen=True)
class Entry:
    """A value for the spec, its place in the input, and the reason why it cannot be used unchanged, if there is one.

    `origin` is the text for a comment in the spec.
    """

    text: str
    span: Span
    problem: str | None = None
    help: str | None = None

    @property
    def origin(self) -> str:
        name = Path(self.span.file).name or self.span.file
        return visible(f"{name}:{self.span.line}" if self.span.line else name)


@dataclass(frozen=True)
class Note:
    """A question that a person has to settle: the marked line of the spec, and its diagnostic."""

    words: str
    span: Span

    @property
    def line(self) -> str:
        name = Path(self.span.file).name or self.span.file
        place = f"{name}:{self.span.line}:{self.span.column}" if self.span.line else name
        return visible(f"{place}: {self.words}")


def unresolved(message: str, span: Span | None, help: str | None = None) -> Diagnostic:
    return error("unresolved", message, span, help)


def said(message: str, span: Span | None, help: str | None = None, code: str = "import") -> Diagnostic:
    return warning(code, message, span, help)


def read(path: Path, largest: int = 16 * 1024 * 1024) -> Text | Diagnostic:
    """The file's text; a diagnostic if it is not a regular file or not UTF-8. `largest` is in bytes."""
    found = yaml_reader.text_of(path, marked=True)
    if isinstance(found, Diagnostic):
        return _as_of_any_file(found, path)
    if len(found) > largest:
        message = f"the file is too large: {largest // 1024} KiB are read of such a file"
        return error("too-large", message, Span(str(path), 0, 0, 0), "name the file that was meant")
    plain = found.replace("\r\n", "\n")
    if "\n" not in plain:  # (lines of an old Macintosh, as some editors still write them)
        plain = plain.replace("\r", "\n")
    lines = plain.removesuffix("\n").split("\n")
    return Text(str(path), tuple(lines), "\r" in found, bool(found) and not plain.endswith("\n"))


def as_seen(text: Text) -> Text:
    """The text of a terminal's recording without colours and the like, each line as a person saw it.

    What moves the cursor stays: where it went decides what the line was, and nobody reads that from the file. Only
    where a long command was wrapped is it known.
    """
    return replace(text, lines=tuple(_unwrapped(OF_A_TERMINAL.sub("", line)) for line in text.lines))


def _unwrapped(line: str) -> str:
    """The line without the blank and CR by which bash goes on at the next line of the screen.

    All lines of the screen but the last are as wide as it; where they are not, the CR means something else.
    """
    if " \r" not in line or MOVES.search(line):
        return line
    pieces = line.lstrip("\r").split(" \r")
    widths = [*map(display_width, pieces)]
    wide = widths[0] if pieces else 0
    if wide < NARROWEST or set(widths[:-1]) != {wide} or widths[-1] > wide:
        return line
    return "".join(pieces)


def _form(begun: bytes) -> str | None:
    """What a file that begins so looks like; None if it might be anything."""
    known = next((name for at, mark, name in FORMS if begun[at:].startswith(mark)), None)
    if known is None and b"\0" in begun and not begun[: len(begun) // 2 * 2][1::2].strip(b"\0"):
        return "a text in UTF-16"
    return known


def _as_of_any_file(problem: Diagnostic, path: Path) -> Diagnostic:
    """The diagnostic of the reader of specs, as it is said of a file that need not be YAML."""
    if problem.code == "encoding" and path.is_file():
        with path.open("rb") as file:
            begun = file.read(262)
        looks = _form(begun)
        message = f"{problem.message}: it looks like {looks}" if looks else problem.message
        as_text = looks is None or "UTF" in looks
        help = "save it as UTF-8, without a byte order mark" if as_text else "give the text that is in it"
        return replace(problem, message=message, help=help)
    return replace(problem, help=HELPS.get(problem.code, problem.help))


def without(secrets: Iterable[str], diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics with every secret replaced, in their messages and in the lines that they show."""
    hidden = sorted({secret for secret in secrets if secret.strip()}, key=len, reverse=True)
    return tuple(_without(hidden, diagnostic) for diagnostic in diagnostics)


def _without(hidden: list[str], diagnostic: Diagnostic) -> Diagnostic:
    span = diagnostic.span
    if span is not None:
        # of the same length, so that the column stays right
        span = replace(span, text=_replaced(hidden, span.text, same_length=True))
    return replace(diagnostic, span=span, message=_replaced(hidden, diagnostic.message))


def _replaced(hidden: list[str], text: str, same_length: bool = False) -> str:
    for secret in hidden:
        text = text.replace(secret, "*" * len(secret) if same_length else HIDDEN)
    return text


def number_of(text: str) -> int | None:
    """The number that a text of one to nine digits stands for, else None: Python converts no thousands of digits."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None
