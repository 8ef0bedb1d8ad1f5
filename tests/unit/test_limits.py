"""No test waits for ever: what runs into a limit is named, and what waits for a process has one of its own."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from unit import waiting

TESTS = Path(__file__).parents[1]
# What waits for a process, and whether the limit may be the first thing it is given.
WAITS = {"run": False, "call": False, "check_call": False, "check_output": False, "communicate": False, "wait": True}
MODULE = {"run", "call", "check_call", "check_output"}


def unlimited(tree: ast.AST) -> list[int]:
    """The lines of a program at which it waits for a process however long that takes."""
    return [
        call.lineno
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and _waits(call, call.func)
    ]


def _waits(call: ast.Call, function: ast.Attribute) -> bool:
    of_module = isinstance(function.value, ast.Name) and function.value.id == "subprocess"
    if function.attr not in WAITS or (function.attr in MODULE) != of_module:
        return False
    limited = any(keyword.arg in ("timeout", None) for keyword in call.keywords)
    return not limited and not (WAITS[function.attr] and call.args)


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("subprocess.run(words)", True),
        ("subprocess.run(words, timeout=1)", False),
        ("subprocess.check_output(words)", True),
        ("process.communicate()", True),
        ("process.communicate(timeout=1)", False),
        ("process.wait()", True),
        ("process.wait(1)", False),
        ("world.run('true')", False),
    ],
)
def test_a_wait_without_a_limit_is_seen(line: str, refused: bool) -> None:
    assert bool(unlimited(ast.parse(line))) == refused


def test_no_test_waits_for_a_process_without_a_limit() -> None:
    files = [path for path in TESTS.rglob("*.py") if TESTS / "lab" not in path.parents]
    assert len(files) > 50
    found = [f"{path.relative_to(TESTS)}:{line}" for path in files for line in unlimited(ast.parse(path.read_bytes()))]
    assert found == []


def test_every_test_has_a_limit(pytestconfig: pytest.Config) -> None:
    assert float(pytestconfig.getini("timeout")) > 0
    assert pytestconfig.getini("timeout_method") == "signal"


def test_a_fifo_that_nobody_writes_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(AssertionError, match=r"^waited 0\.1 s for a word$"):
        waiting.read_fifo(tmp_path / "fifo", "a word", limit=0.1)


def test_a_fifo_is_read_to_its_writers_end(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = threading.Thread(target=fifo.write_text, args=("one\ntwo\n",), daemon=True)
    writer.start()
    assert waiting.read_fifo(fifo, "two lines") == "one\ntwo\n"


def test_what_is_asked_in_vain_is_named() -> None:
    with pytest.raises(AssertionError, match=r"^waited 0\.1 s for the sun$"):
        waiting.until(lambda: False, "the sun", limit=0.1)


def test_a_line_is_read_and_no_more() -> None:
    with waiting.begun([sys.executable, "-c", "print('one\\ntwo')"], stdout=subprocess.PIPE, text=True) as process:
        assert waiting.read_line(process.stdout.fileno(), "a line") == "one\n"
        assert process.communicate(timeout=waiting.LIMIT)[0] == "two\n"


def test_a_process_ends_with_the_test_that_fails() -> None:
    words = [sys.executable, "-c", "import time; time.sleep(1000)"]
    with pytest.raises(ZeroDivisionError), waiting.begun(words) as process:
        raise ZeroDivisionError
    assert process.returncode == -9


# What gives another value each time: a parameter of a test is part of the test's name, and two workers that collect
# at two moments would have different tests.
UNSTEADY = frozenset({"getpid", "now", "random", "time", "today", "urandom", "uuid4"})


def unsteady(tree: ast.AST) -> list[int]:
    """The lines of parameters that depend on the moment or on chance."""
    decorators = [one for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for one in node.decorator_list]
    calls = [call for one in decorators for call in ast.walk(one) if isinstance(call, ast.Call)]
    return [call.lineno for call in calls if isinstance(call.func, ast.Attribute) and _varies(call, call.func.attr)]


def _varies(call: ast.Call, name: str) -> bool:
    # gzip puts the time into what it makes
    return name in UNSTEADY or (name == "compress" and all(keyword.arg != "mtime" for keyword in call.keywords))


@pytest.mark.parametrize(
    ("given", "refused"),
    [("gzip.compress(b'a')", True), ("gzip.compress(b'a', mtime=0)", False), ("time.time()", True), ("b'a'", False)],
)
def test_a_parameter_of_the_moment_is_seen(given: str, refused: bool) -> None:
    assert bool(unsteady(ast.parse(f"@pytest.mark.parametrize('x', [{given}])\ndef test(x): ...\n"))) == refused


def test_no_test_is_named_by_the_moment() -> None:
    found = [
        f"{path.name}:{line}" for path in TESTS.rglob("test_*.py") for line in unsteady(ast.parse(path.read_bytes()))
    ]
    assert found == []
