"""No function has too many ways through it, counted as radon does.

Ruff counts branches alone, and finds nothing above its limit of 10 here. radon counts the conditions within a line
too: `and`, `or`, `x if y else z`, and each loop and condition of a comprehension, which a reader has to follow as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

COMPILER = Path(__file__).parents[2] / "compiler"
MOST = 10
# {folder, or "" for all others: (functions that may have more than MOST, more than 15)}. A number only goes down.
ALLOWED = {"osp_compile/importing": (0, 0), "": (19, 0)}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def complexity(function: Function) -> int:
    """One more than the decisions of a function, less those of functions within it."""
    return 1 + sum(decisions(node) for node in _own(function))


def _own(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, Function):
            yield child
            yield from _own(child)


def decisions(node: ast.AST) -> int:
    match node:
        case ast.BoolOp(values=values):
            return len(values) - 1
        case ast.If() | ast.IfExp() | ast.Assert():
            return 1
        case ast.For(orelse=otherwise) | ast.AsyncFor(orelse=otherwise) | ast.While(orelse=otherwise):
            return 1 + bool(otherwise)
        case ast.Try(handlers=handlers, orelse=otherwise):
            return len(handlers) + bool(otherwise)
        case ast.comprehension(ifs=conditions):
            return 1 + len(conditions)
        case ast.Match(cases=cases):
            return sum(not (isinstance(one.pattern, ast.MatchAs) and one.pattern.pattern is None) for one in cases)
    return 0


def found(file: Path) -> Iterator[tuple[int, str]]:
    """(complexity, name with its line) of each function."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, Function):
            yield complexity(node), f"{file.relative_to(COMPILER)}:{node.lineno} {node.name}"


def above(most: int) -> dict[str, list[str]]:
    """{folder of ALLOWED: the functions that are more complex}."""
    files = [file for file in COMPILER.rglob("*.py") if "templates" not in file.parts]
    assert len(files) > 200
    folders: dict[str, list[str]] = {folder: [] for folder in ALLOWED}
    for file in files:
        folder = "/".join(file.relative_to(COMPILER).parts[:2])
        place = folder if folder in ALLOWED else ""
        folders[place] += sorted(f"{name}: {count}" for count, name in found(file) if count > most)
    return folders


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("pass", 1),
        ("if a and b or c: pass", 4),
        ("return [x for x in y if x if z] if y else w", 5),
        ("for x in y: pass\n else: pass", 3),
        ("try: pass\n except A: pass\n except B: pass\n else: pass", 4),
        ("match a:\n  case 1: pass\n  case 2: pass\n  case _: pass", 3),
        ("def inner():\n  if a: pass", 1),
    ],
)
def test_a_decision_counts(body: str, count: int) -> None:
    [function] = ast.parse(f"def f():\n {body}\n").body
    assert isinstance(function, ast.FunctionDef)
    assert complexity(function) == count


@pytest.mark.parametrize(("most", "place"), [(MOST, 0), (15, 1)])
def test_no_function_has_more_ways_through_it_than_a_reader_follows(most: int, place: int) -> None:
    for folder, names in above(most).items():
        assert len(names) <= ALLOWED[folder][place], f"{len(names)} functions above {most}:\n" + "\n".join(names)
