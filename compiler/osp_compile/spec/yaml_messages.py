"""Turns the YAML parser's complaints into helpful messages."""

from __future__ import annotations

from yaml import MarkedYAMLError

from osp_compile.diagnostics import Diagnostic, error, quoted
from osp_compile.spec.yaml_tree import Place, Source

INDENT = "indent the line like its neighbours, and quote text that holds `: ` or begins with a special character"

# a part of the parser's words -> where to point (problem or context), message, help; the first that fits is taken
EXPLANATIONS = (
    (
        "expected ',' or ']'",
        "context",
        "the list that begins here is not closed",
        "add `]`, or `,` between two entries",
    ),
    (
        "expected ',' or '}'",
        "context",
        "the mapping that begins here is not closed",
        "add `}`, or `,` between two entries",
    ),
    ("unexpected end of stream", "context", "the quoted text that begins here is not closed", "add the closing quote"),
    (
        "unexpected document indicator",
        "context",
        "the quoted text that begins here is not closed",
        "add the closing quote",
    ),
    ("mapping values are not allowed", "problem", "a `:` is not expected here", INDENT),
    ("block sequence entries are not allowed", "problem", "a `-` is not expected here", "begin the list on a new line"),
    ("expected key", "problem", "this does not fit the mapping around it", INDENT),
    ("expected '-' indicator", "problem", "this does not fit the list around it", INDENT),
    ("expected node content", "problem", "a value is expected here", "write a value, or quote it"),
    ("could not find expected ':'", "context", "a `:` is missing after this key", "write `word: value`"),
    (
        "unknown escape character",
        "problem",
        "this escape is not known",
        r"write `\\` for a backslash, or use single quotes",
    ),
    ("expected hexdecimal number", "problem", "this escape is not a character", "write the character itself"),
    (
        "expected <document start>",
        "problem",
        "a second document begins here",
        "keep one document in a file; remove the line `...` and what follows it",
    ),
    (
        "expected alphabetic or numeric character",
        "context",
        "a value cannot begin with `&` or `*`",
        "put the value in quotes",
    ),
    (
        "expected comment or line break",
        "context",
        "the text of `|` or `>` begins on the next line",
        "write the value on one line, in quotes",
    ),
    ("Unicode character escape", "problem", "this escape is not a character", "write the character itself"),
    ("incompatible YAML document", "problem", "this version of YAML is not known", "remove the line `%YAML`"),
    ("undefined tag handle", "problem", "tags are not allowed", "write the value without it"),
)


def explain(problem: MarkedYAMLError, source: Source) -> Diagnostic:
    """The parser's complaint as a diagnostic at the place that has to be changed."""
    words = problem.problem or ""
    place = _place(problem, "problem", source)
    char = _char(source, place)
    if char == "\t" and ("cannot start any token" in words or "tab character" in words):
        message = "a tab is used for indentation"
        return error("tab", message, source.at(place), "indent with spaces; YAML does not allow tabs there")
    if "cannot start any token" in words:
        message = f"a value cannot begin with {quoted(char)}"
        return error("yaml-syntax", message, source.at(place), "put the value in quotes")
    if "nesting depth" in words:
        # a newer libyaml has its own bound, and reads so far ahead that it reaches that bound before we reach ours
        return error("too-deep", "nested too deeply", source.at(place), "no spec key is nested this deeply")
    for part, where, message, help in EXPLANATIONS:
        if part in words:
            return error("yaml-syntax", message, source.at(_place(problem, where, source)), help)
    return error("yaml-syntax", f"this is not YAML: {words}", source.at(place), INDENT)


def _place(problem: MarkedYAMLError, where: str, source: Source) -> Place:
    """The place that the parser names; at the end of the file, the end of the last line with content."""
    mark = (problem.context_mark if where == "context" else None) or problem.problem_mark
    if mark is None:
        return Place(0, 0, 1)
    line, column = mark.line, mark.column
    if line >= len(source.lines) or not source.lines[line].strip():
        line = max((number for number, text in enumerate(source.lines[: line + 1]) if text.strip()), default=0)
        column = len(source.lines[line].rstrip())
    return Place(line, column, 1)


def _char(source: Source, place: Place) -> str:
    line = source.lines[place.line] if place.line < len(source.lines) else ""
    return line[place.column : place.column + 1]
