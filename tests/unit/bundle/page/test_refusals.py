"""Under "Refuses with" are the sentences with which a step refuses, not those of the opposite answer."""

from __future__ import annotations

import re

import pytest

from osp_compile.bundle.closure import Shell
from osp_compile.bundle.page.reasons import Reasons
from osp_compile.bundle.page.refusals import Asking, words
from unit.bundle.page.test_page import MESSAGE, NAMES, bundle

LIBRARY = """
is_down() {
  why "nothing is down"
  [[ -e $1 ]] || return 1
  why "it is down since noon"
}

is_quiet() {
  why "it is loud today"
  listen || return 1
  why "it is quiet now"
}

is_calm() { is_down "$1" && is_quiet; }
"""

# what runs every step is followed by nobody
ENGINE = """
unless_forced() {
  why "the engine says this"
  "$@"
}
"""


@pytest.mark.parametrize(
    ("gate", "refuses"),
    [
        ("is_down x && is_quiet", ["nothing is down", "it is loud today"]),
        ("opposite is_down x", ["it is down since noon"]),
        ("is_quiet && opposite is_down x", ["it is loud today", "it is down since noon"]),
        ("opposite is_calm x", ["it is quiet now"]),
        ("either is_down x -- is_quiet", ["it is loud today"]),
        ("either opposite is_down x -- \\\n is_quiet", ["it is loud today"]),
        ("either is_quiet -- opposite is_down x", ["it is down since noon"]),
        ("opposite either is_down x -- is_quiet", ["it is down since noon", "it is quiet now"]),
        ("when_no is_down x -- is_quiet", ["it is loud today"]),
        ("unless_forced opposite is_quiet", ["it is quiet now"]),
    ],
)
def test_the_sentences_of_a_gate(gate: str, refuses: list[str]) -> None:
    texts = {"lib/systems/x.sh": LIBRARY, "lib/engine/e.sh": ENGINE, "s": f"act_requires() {{\n  {gate}\n}}\n"}
    shell = Shell(texts)
    found = Reasons({}).of(Asking(shell).asked(shell.parts("act", "s", ("requires",)), "s"))
    assert [reason.text for reason in found] == refuses


def test_a_separator_ends_what_a_word_turns_round() -> None:
    found = dict(words("f() { opposite a; b || opposite either c -- d && e; }"))
    assert {name: found[name] for name in "abcde"} == {"a": "yes", "b": "no", "c": "yes", "d": "yes", "e": "no"}


@pytest.mark.parametrize("name", NAMES)
def test_a_step_that_refuses_while_a_node_reboots_says_so(name: str) -> None:
    page = bundle(name)["index.html"]
    said = {number: text for number, text, *_ in MESSAGE.findall(page)}
    (step,) = re.findall(r'<details class="step change \w+" id="207-4a".*?(?=<details class="step)', page, re.DOTALL)
    refuses = re.search("Refuses with.*?<div class=says>(.*?)</div>", step)
    assert refuses is not None
    texts = [said[number] for number in refuses[1].split()]
    assert any("is rebooting and has not come back" in text for text in texts)
    assert not any("is not being rebooted" in text for text in texts)
