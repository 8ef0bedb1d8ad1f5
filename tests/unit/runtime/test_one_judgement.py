"""What several files of the shell have to judge alike is asked in one place, by a name."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
SHELL = {
    str(file.relative_to(TEMPLATES)): file.read_text("utf-8")
    for file in sorted(TEMPLATES.rglob("*"))
    if file.name.endswith((".sh", ".sh.j2"))
}
# (what is judged, the function, its file)
ONCE = (
    (r"count_of all\)\"? == ", "no_node_deployed_here", "_runtime/engine/nodes.sh"),
    (r"== \*ing\b|\*ing \|", "ironic_works_on", "_runtime/systems/predeploy.sh"),
    (r"command -v python\b", "python_into", "_runtime/engine/words.sh"),
    (r"\$'\\n'\"?\$\w+\"?\$'\\n' == \*", "has_line", "_runtime/engine/nodes.sh"),
)
CONDITION = re.compile(r"\[\[ (?:(?!\]\]).){40,} \]\]")


@pytest.mark.parametrize(("judged", "function", "place"), ONCE, ids=[row[1] for row in ONCE])
def test_it_is_judged_in_one_place(judged: str, function: str, place: str) -> None:
    assert [file for file, text in SHELL.items() if re.search(judged, text)] == [place], f"ask {function}"
    assert f"\n{function}() {{" in SHELL[place]
    assert [file for file, text in SHELL.items() if file != place and re.search(rf"\b{function}\b", text)]


def test_a_long_condition_is_not_written_again_and_again() -> None:
    found = Counter(condition for text in SHELL.values() for condition in CONDITION.findall(text))
    assert {condition for condition, count in found.items() if count > 2} == set(), "give it a name"
