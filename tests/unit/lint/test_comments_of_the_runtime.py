"""The whole word list holds in the comments and docstrings of a bundle's Python, and in the comments of tests/bats."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Mapping
from itertools import count, takewhile
from pathlib import Path

import pytest

from osp_compile.lint.word_list import refused

ROOT = Path(__file__).parents[3]
PYTHON = sorted((ROOT / "templates").rglob("*.py"))
BATS = sorted(file for file in (ROOT / "tests/bats").rglob("*") if file.suffix in {".bats", ".bash"})
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def in_python(text: str) -> Iterator[tuple[int, str]]:
    """(line, text) of each docstring, and of each comment with those in the lines below it."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and (docstring := ast.get_docstring(node)):
            yield node.body[0].lineno, docstring
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    yield from blocks({token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT})


def in_bats(text: str) -> Iterator[tuple[int, str]]:
    """(line, text) of each comment that has its lines to itself."""
    lines = enumerate(map(str.strip, text.splitlines()), 1)
    return blocks({number: line for number, line in lines if line.startswith("#") and not line.startswith("#!")})


def blocks(lines: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """(first line, text) of the comments in `lines` by number, those in neighbouring lines as one."""
    for first in (number for number in lines if number - 1 not in lines):
        yield first, " ".join(lines[number].lstrip("# ") for number in takewhile(lines.__contains__, count(first)))


def wrong(texts: Iterator[tuple[int, str]]) -> list[str]:
    return [f"line {line}: {said}" for line, text in texts for said in refused(text)]


def test_docstrings_and_comments_of_python_are_read_and_no_other_text() -> None:
    text = '"""It stands."""\nx = "anew"  # one a\n# line\n\n\ndef told():\n    """It wants."""\n    return "of ours"\n'
    assert [said.split("`")[:2] for said in wrong(in_python(text))] == [
        ["line 1: ", "stands"],
        ["line 7: ", "wants"],
        ["line 2: ", "one a line"],
    ]


def test_comments_of_shell_are_read_over_their_lines_and_no_other_text() -> None:
    text = "#!/bin/of ours\n# it was\n# begun\necho anew\n  # it stands\n"
    assert [said.split("`")[:2] for said in wrong(in_bats(text))] == [["line 2: ", "was begun"], ["line 5: ", "stands"]]


@pytest.mark.parametrize("file", PYTHON, ids=lambda file: file.name)
def test_the_comments_of_a_bundles_python_are_plain(file: Path) -> None:
    assert wrong(in_python(file.read_text("utf-8"))) == []


@pytest.mark.parametrize("file", BATS, ids=lambda file: file.name)
def test_the_comments_of_the_suites_are_plain(file: Path) -> None:
    assert wrong(in_bats(file.read_text("utf-8"))) == []


def test_the_files_are_found() -> None:
    assert len(PYTHON) > 20
    assert len(BATS) > 50
