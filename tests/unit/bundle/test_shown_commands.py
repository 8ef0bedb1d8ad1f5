"""What people are shown of a step is its own text, with the site's values put in."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from osp_compile.assets import TEMPLATES
from osp_compile.bundle.render import render
from osp_compile.bundle.shown_commands import commands_of
from osp_compile.guide.model import known_steps
from osp_compile.guide.plan import make_plan
from osp_compile.guide.reader import read_sections
from osp_compile.spec.loading import load
from unit.sites import site
from unit.waiting import LIMIT

STEP = """\
step_requires() { yes; }
step_apply() {
  local node=$1 monitor
  # a comment
  on "$node" sudo reboot
  openstack stack show "$STACK"
  for file in "${ENV_FILES[@]}"; do
    use "$file" "$1"
  done
}
step_verify() { done_now; }
"""


def test_the_body_is_shown_with_the_sites_values() -> None:
    text = commands_of(STEP, "step_apply", site(stack="over cloud", env_files=("/a b.yaml", "/c.yaml")))
    assert text.splitlines() == [
        "on <node> sudo reboot",
        "openstack stack show 'over cloud'",
        "for file in '/a b.yaml' /c.yaml; do",
        '  use "$file" <node>',
        "done",
    ]


def test_one_line_functions_are_shown_too() -> None:
    assert commands_of('step_apply() { run "$STACK"; }\n', "step_apply", site()) == "run overcloud\n"


def test_functions_that_a_step_calls_as_commands_are_shown_with_it() -> None:
    text = """\
step_apply() { stop_one; }
stop_one() {
  local server=$1 rc=$2
  # a comment
  must_be "$1"
  if [[ $STACK == x ]]; then put_away "$node"; fi
}
must_be() {
  complain "$1"
}
put_away() {
  with_rc "$rc" openstack server stop "$server"
  stop_one again
}
step_verify() { done_now; }
"""
    assert commands_of(text.replace("  must_be", "  on n must_be"), "step_apply", site()).splitlines() == [
        "stop_one",
        "stop_one() {",
        '  on n must_be "$1"',
        "  if [[ overcloud == x ]]; then put_away <node>; fi",
        "}",
        "put_away() {",
        '  with_rc "$rc" openstack server stop "$server"',
        "  stop_one again",
        "}",
    ]
    assert "must_be()" not in commands_of(text, "step_apply", site())


def test_a_function_behind_a_question_or_a_loop_word_is_shown_with_it() -> None:
    text = """\
step_apply() { with_each_original copy_one; }
copy_one() {
  local server=$1 rc=$2
  insist has_room "$server"
  when_no has_copy "$server" -- create_copy "$server" "$rc"
}
create_copy() {
  find_words
  attempt with_rc "$rc" openstack server create "${WORDS[@]}"
}
find_words() {
  if [[ -n $key ]]; then WORDS+=(--key-name "$key"); fi
}
has_room() { why "on $server sudo is prose: create_copy"; }
"""
    assert commands_of(text, "step_apply", site()).splitlines() == [
        "with_each_original copy_one",
        "copy_one() {",
        '  insist has_room "$server"',
        '  when_no has_copy "$server" -- create_copy "$server" "$rc"',
        "}",
        "create_copy() {",
        "  find_words",
        '  attempt with_rc "$rc" openstack server create "${WORDS[@]}"',
        "}",
        "find_words() {",
        '  if [[ -n $key ]]; then WORDS+=(--key-name "$key"); fi',
        "}",
    ]


def test_a_condition_on_a_setting_has_its_value() -> None:
    text = "step_apply() {\n  if [[ $STACK == x ]]; then\n    use $STACK\n  fi\n}\n"
    assert commands_of(text, "step_apply", site()).splitlines()[:2] == [
        "if [[ overcloud == x ]]; then",
        "  use overcloud",
    ]


ROOT = Path(__file__).parents[3]
# every section, and what only some policies have
CASES = "every-key evacuate-and-stop no-pacemaker".split()
SPECS = [
    *sorted((ROOT / "specs/examples").glob("*.yaml")),
    *(ROOT / "tests/cases/valid" / name / "site.yaml" for name in CASES),
]


def quoted_words(value: Any) -> Iterator[str]:
    """Every text in single quotes of a syntax tree of shfmt's."""
    if isinstance(value, dict):
        if value.get("Type") == "SglQuoted" and not value.get("Dollar"):
            yield value.get("Value", "")
        for one in value.values():
            yield from quoted_words(one)
    elif isinstance(value, list):
        for one in value:
            yield from quoted_words(one)


def functions_of(script: str) -> dict[str, Any]:
    """{name: syntax tree of its body}, as another program than ours reads the script."""
    program = shutil.which("shfmt")
    assert program is not None
    tree = subprocess.run(
        [program, "--to-json"], input=script, capture_output=True, text=True, check=True, timeout=LIMIT
    )
    found = {}
    for statement in json.loads(tree.stdout)["Stmts"]:
        command = statement.get("Cmd") or {}
        if command.get("Type") == "FuncDecl":
            found[command["Name"]["Value"]] = command["Body"]
    return found


def rendered(spec: Path) -> dict[str, str]:
    """{path: text} of the files of a spec's bundle; nothing is linted."""
    sections, faults = read_sections(TEMPLATES)
    assert faults == ()
    found, _ = load(spec, known_steps(sections))
    assert found is not None
    plan = make_plan(found, sections)
    return {file.path: file.text for file in render(plan, TEMPLATES)}


@pytest.mark.long
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.parent.name if spec.stem == "site" else spec.stem)
def test_what_stands_in_single_quotes_is_shown_as_it_runs(spec: Path) -> None:
    files = rendered(spec)
    compared = 0
    for path, script in files.items():
        if not re.fullmatch(r"2\.\d\d-.*\.sh", path):
            continue
        for name, body in functions_of(script).items():
            step = re.fullmatch(r"(\w+)_(?:apply|attend)", name)
            text = files.get(f"lib/commands/{path[:4]}-{step[1]}.txt", "") if step else ""
            for word in quoted_words(body) if text else ():
                compared += 1
                assert f"'{word}'" in text, (path, name)
    assert compared > 5


def test_a_value_is_put_in_once() -> None:
    text = commands_of(
        'step_apply() { use "$STACK" "${ENV_FILES[@]}"; }\n', "step_apply", site(env_files=("/a/$STACK.yaml",))
    )
    assert text == "use overcloud '/a/$STACK.yaml'\n"


def test_quotes_within_quotes() -> None:
    text = """step_apply() { a=$(awk '$1 == "$node"' "it's $node"); b "$(grep '$1' x)" "$1"; }\n"""
    assert (
        commands_of(text, "step_apply", site())
        == """a=$(awk '$1 == "$node"' "it's <node>"); b "$(grep '$1' x)" <node>\n"""
    )
