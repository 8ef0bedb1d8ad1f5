"""Diagnostics: what is wrong, where, and what to do about it.

A diagnostic is data. It carries the source line it points at, so that a renderer needs nothing but diagnostics.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal

Severity = Literal["error", "warning"]

TAB_STOP = 4
SHOWN_AT_MOST = 100
LONGEST_LINE = 160


class RefusedError(Exception):
    """Stops a command for a reason outside the spec; the text is one line that says what to do."""


@dataclass(frozen=True)
class Span:
    """A stretch of the line `text`: `line` and `column` count from 1, `column` and `length` in characters.

    Line 0 stands for the file as a whole.
    """

    file: str
    line: int
    column: int
    length: int
    text: str = ""


@dataclass(frozen=True)
class Diagnostic:
    """One cause at its smallest span; `message` is lowercase without a full stop, `help` says what to do."""

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    help: str | None = None


def error(code: str, message: str, span: Span | None, help: str | None = None) -> Diagnostic:
    return Diagnostic(code, "error", message, span, help)


def warning(code: str, message: str, span: Span | None, help: str | None = None) -> Diagnostic:
    return Diagnostic(code, "warning", message, span, help)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(diagnostic.severity == "error" for diagnostic in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics sorted by file and place; those without a place come first."""

    def place(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
        span = diagnostic.span
        return (span.file, span.line, span.column, diagnostic.code) if span else ("", 0, 0, diagnostic.code)

    return tuple(sorted(diagnostics, key=place))


def nearest(word: str, candidates: Iterable[str], likeness: float = 0.6) -> str | None:
    """The candidate that `word` was most likely meant to be, or None when none is as like it as `likeness` (0 to 1)."""
    return _nearest(word[:80].casefold(), tuple(sorted(candidates)), likeness)


@lru_cache(maxsize=1024)  # the same mistake is often made in every node
def _nearest(word: str, candidates: tuple[str, ...], likeness: float) -> str | None:
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    found = get_close_matches(word, by_folded, n=1, cutoff=likeness)
    return by_folded[found[0]] if found else None


def quoted(value: str) -> str:
    """`value` between backticks, shortened and with whatever a terminal would obey made visible."""
    shown = value if len(value) <= 60 else f"{value[:57]}..."
    return f"`{visible(shown)}`"


def visible(text: str) -> str:
    """Control and direction characters replaced, so that a hostile file cannot drive the terminal."""
    # isprintable is quick, and false for every character that a terminal would obey
    if text.isprintable():
        return text
    return "".join(char if _is_harmless(char) else "\N{REPLACEMENT CHARACTER}" for char in text)


def _is_harmless(char: str) -> bool:
    return char == "\t" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _width(char: str, column: int) -> int:
    """Columns that a terminal needs for `char` at `column` (from 0)."""
    if char == "\t":
        return TAB_STOP - column % TAB_STOP
    if unicodedata.combining(char) or unicodedata.category(char) == "Mn":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _display_width(text: str) -> int:
    column = 0
    for char in text:
        column += _width(char, column)
    return column


def _expand_tabs(text: str) -> str:
    shown: list[str] = []
    column = 0
    for char in text:
        width = _width(char, column)
        shown.append(" " * width if char == "\t" else char)
        column += width
    return "".join(shown)


def _window(span: Span) -> tuple[str, int]:
    """The line to show and the index (from 0) where the span begins in it; a very long line is cut around the span."""
    text, start = visible(span.text), span.column - 1
    if len(text) <= LONGEST_LINE:
        return text, start
    first = max(0, start - LONGEST_LINE // 4)
    cut = text[first : first + LONGEST_LINE]
    before = "..." if first else ""
    after = "..." if first + LONGEST_LINE < len(text) else ""
    return f"{before}{cut}{after}", start - first + len(before)


def _render_span(span: Span) -> list[str]:
    number = str(span.line)
    margin = " " * len(number)
    text, start = _window(span)
    before = _display_width(text[:start])
    width = max(1, _display_width(_expand_tabs(text[: start + span.length])) - before)
    return [
        f"{margin}--> {visible(span.file)}:{span.line}:{span.column}",
        f"{margin} |",
        f"{number} | {_expand_tabs(text)}".rstrip(),
        f"{margin} | {' ' * before}{'^' * width}",
    ]


def render(diagnostic: Diagnostic) -> str:
    """One diagnostic as plain text of several lines, without a trailing newline."""
    lines = [f"{diagnostic.severity}[{diagnostic.code}]: {visible(diagnostic.message)}"]
    margin = " "
    if diagnostic.span is not None and diagnostic.span.line == 0:
        lines.append(f" --> {visible(diagnostic.span.file)}")
    elif diagnostic.span is not None:
        lines += _render_span(diagnostic.span)
        margin = " " * (len(str(diagnostic.span.line)) + 1)
    if diagnostic.help:
        lines.append(f"{margin}= help: {visible(diagnostic.help)}")
    return "\n".join(lines)


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`."""
    errors = sum(diagnostic.severity == "error" for diagnostic in diagnostics)
    counts = ((errors, "error"), (len(diagnostics) - errors, "warning"))
    return ", ".join(f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts if count)


def render_text(diagnostics: Sequence[Diagnostic], at_most: int = SHOWN_AT_MOST) -> str:
    """All diagnostics as a person reads them; `at_most` keeps one mistake repeated a thousand times readable."""
    if not diagnostics:
        return ""
    shown = [render(diagnostic) for diagnostic in diagnostics[:at_most]]
    rest = len(diagnostics) - len(shown)
    tail = f"{summary(diagnostics)}{f' ({rest} not shown)' if rest else ''}"
    return "\n\n".join([*shown, tail]) + "\n"


def as_data(diagnostic: Diagnostic) -> dict[str, object]:
    """The diagnostic as JSON data; places are null where there is none."""
    span = diagnostic.span
    placed = span is not None and span.line > 0
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "file": span.file if span else None,
        "line": span.line if span and placed else None,
        "column": span.column if span and placed else None,
        "length": span.length if span and placed else None,
        "help": diagnostic.help,
    }
