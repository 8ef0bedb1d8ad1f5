"""A function that sets a variable of its caller by name has none of that name itself: it would set its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from osp_compile.shell.functions import parted

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
SHELL = sorted(file for file in TEMPLATES.rglob("*") if file.name.endswith((".sh", ".sh.j2")))
LOCAL = re.compile(r"\blocal ((?:-\w+ )*[^\n;&|]*)")
NAME = re.compile(r"(?:^| )([A-Za-z_]\w*)(?==|\+=| |$)")
QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'[^']*'|\$\(.*?\)|\([^)]*\)")
CALL = re.compile(r"\b(\w+_into) ([A-Za-z_]\w*|\"\$(?:1|variable)\")")


def functions() -> dict[str, str]:
    """{name: body} of all functions of the templates' shell."""
    return {name: body for file in SHELL for name, body in parted(file.read_text("utf-8"))[0].items()}


def locals_of(body: str) -> set[str]:
    return {name for line in LOCAL.findall(body) for name in NAME.findall(QUOTED.sub("", line))}


def within(name: str, bodies: dict[str, str]) -> set[str]:
    """The names that `name` keeps for itself, and those of the functions to which it hands its own first word on."""
    found = locals_of(bodies[name])
    for called, word in CALL.findall(bodies[name]):
        if word.startswith('"') and called in bodies and called != name:
            found |= within(called, bodies)
    return found


def clashes(bodies: dict[str, str]) -> Iterator[str]:
    kept = {name: within(name, bodies) for name in bodies if name.endswith("_into")}
    for caller, body in bodies.items():
        for called, word in CALL.findall(body):
            if word in kept.get(called, ()):
                yield f"{caller}: {called} {word}"


def test_no_function_sets_its_own_variable_in_the_place_of_its_callers() -> None:
    bodies = functions()
    calls = [call for body in bodies.values() for call in CALL.findall(body)]
    assert len(calls) > 40
    assert {"quote_into", "remedy_into", "plain_into"} <= bodies.keys()
    assert [*clashes(bodies)] == []


def test_such_a_clash_is_found_also_where_the_name_is_handed_on() -> None:
    bodies = {
        "quote_into": 'quote_into() {\n  local variable=$1 word quoted all quote="\'"\n  printf -v "$variable" %s x\n}',
        "words_into": 'words_into() {\n  local -a lines=()\n  quote_into "$1" "${lines[@]}"\n}',
        "right": "right() {\n  local listed\n  words_into listed x\n}",
        "near": "near() {\n  local quoted\n  quote_into quoted x\n}",
        "far": "far() {\n  local quoted lines\n  words_into quoted x\n  words_into lines x\n}",
    }
    assert [*clashes(bodies)] == ["near: quote_into quoted", "far: words_into quoted", "far: words_into lines"]
