"""What people are shown of a step is its own text, with the site's values put in."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from osp_compile.assets import TEMPLATES
from osp_compile.bundle.render import render
from osp_compile.bundle.shell_variables import shell_variables
from osp_compile.bundle.shown_commands import commands_of, gate_of
from osp_compile.bundle.values_shown import Values
from osp_compile.guide.model import Section, known_steps
from osp_compile.guide.plan import make_plan
from osp_compile.guide.reader import read_sections
from osp_compile.shell.functions import parted
from osp_compile.spec.loading import load
from unit.bundle.shell_trees import NODE, Reader, Settings, functions_of, literals, parsed, settings_of
from unit.sites import site

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


def values(**keys: Any) -> Values:
    return shell_variables(site(**keys))


def test_a_gate_is_one_line_with_the_node_of_a_step_that_has_one() -> None:
    text = 'g() {\n  is_up "$1" &&\n    either has "$STACK" -- \\\n    is_new\n}\nh() { is_down "$1"; }\n'
    assert gate_of(text, "g", values(stack="x"), of_nodes=True) == "is_up <node> && either has x -- is_new"
    assert gate_of(text, "h", values(), of_nodes=False) == 'is_down "$1"'
    assert gate_of(text, "i", values(), of_nodes=True) == ""


def test_the_body_is_shown_with_the_sites_values() -> None:
    text = commands_of(STEP, "step_apply", values(stack="over cloud", env_files=("/a b.yaml", "/c.yaml")))
    assert text.splitlines() == [
        "on <node> sudo reboot",
        "openstack stack show 'over cloud'",
        "for file in '/a b.yaml' /c.yaml; do",
        '  use "$file" <node>',
        "done",
    ]


def test_one_line_functions_are_shown_too() -> None:
    assert commands_of('step_apply() { run "$STACK"; }\n', "step_apply", values()) == "run overcloud\n"


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
    assert commands_of(text.replace("  must_be", "  on n must_be"), "step_apply", values()).splitlines() == [
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
    assert "must_be()" not in commands_of(text, "step_apply", values())


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
    assert commands_of(text, "step_apply", values()).splitlines() == [
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
    assert commands_of(text, "step_apply", values()).splitlines()[:2] == [
        "if [[ overcloud == x ]]; then",
        "  use overcloud",
    ]


ROOT = Path(__file__).parents[3]
SPECS = [*sorted((ROOT / "specs/examples").glob("*.yaml")), *sorted((ROOT / "tests/cases/valid").glob("*/site.yaml"))]
OF_STEP, OF_HELPER = frozenset({"1", "node"}), frozenset({"node"})
REACHES_OUT = {"sudo", "on", "as_root", "as_root_on", "with_stackrc", "with_overcloudrc", "with_rc"}


def reached(functions: Mapping[str, Any], begin: str) -> list[str]:
    """The names of the functions that this one uses, directly or not."""
    found = [begin]
    for name in found:
        found += [word for word in dict.fromkeys(literals(functions[name])) if word in functions and word not in found]
    return found[1:]


def differences(script: str, shown: Mapping[str, str], settings: Settings) -> Iterator[str]:
    """What the steps of a script show and do not run, or run and do not show; `shown` is {step: text}."""
    # (one run of shfmt for all)
    texts = "".join(f"shown_{step}() {{\n{text}\n}}\n" for step, text in shown.items())
    functions = functions_of(parsed(script + texts.replace("<node>", NODE)))[0]
    step, helper = Reader(settings, OF_STEP), Reader(settings, OF_HELPER)
    for name in shown:
        begin = next(one for one in (f"{name}_apply", f"{name}_attend") if one in functions)
        helpers, body = functions_of(functions[f"shown_{name}"])
        if step.plain(functions[begin]) != step.plain(body):
            yield f"{begin} is not what is shown of {name}"
        used = reached(functions, begin)
        for one, said in helpers.items():
            if one not in used:
                yield f"{name} shows {one}, which it does not run"
            elif helper.plain(functions[one]) != helper.plain(said):
                yield f"{one} is not what {name} shows of it"
        for one in used:
            acting = [one, *reached(functions, one)]
            if one not in helpers and any(not REACHES_OUT.isdisjoint(literals(functions[word])) for word in acting):
                yield f"{name} does not show {one}, which reaches out"


APPLY = """\
mend_apply() {
  local node=$1 key=$2
  # a comment
  on "$node" sudo mend --stack "$STACK" "${ENV_FILES[@]}" "of $STACK" 'a  b'
  if [[ $STACK == x ]]; then finish "$1" >/dev/null; fi
}
finish() { as_root finish "$1"; }
"""
SHOWN = """\
on <node> sudo mend --stack 'a $b' /c '/d e' "of a \\$b" 'a  b'
if [[ $STACK == x ]]; then finish <node> >/dev/null; fi
finish() {
  as_root finish "$1"
}
"""
# (what is shown in another way, as what)
OTHERWISE = {
    "a word is missing": ("sudo mend", "mend"),
    "a value is not quoted": ("'a $b'", "a $b"),
    "a value within quotes would be read": ("a \\$b", "a $b"),
    "blanks are lost": ("'a  b'", "'a b'"),
    "the words have another order": ("/c '/d e'", "'/d e' /c"),
    "a file is lost": (" /c", ""),
    "a command is lost": ("finish <node> >/dev/null; ", ":; "),
    "a redirection is lost": (" >/dev/null", ""),
    "a condition is another": ("==", "!="),
    "a command is added": ("finish() {", "echo done\nfinish() {"),
    "the function runs something else": ('as_root finish "$1"', "as_root finish <node>"),
}


def test_the_same_is_no_difference() -> None:
    assert [*differences(APPLY, {"mend": SHOWN}, {"STACK": "a $b", "ENV_FILES": ("/c", "/d e")})] == []


@pytest.mark.parametrize("name", OTHERWISE)
def test_whatever_is_shown_in_another_way_is_a_difference(name: str) -> None:
    before, after = OTHERWISE[name]
    assert before in SHOWN
    shown = SHOWN.replace(before, after)
    assert [*differences(APPLY, {"mend": shown}, {"STACK": "a $b", "ENV_FILES": ("/c", "/d e")})]


def test_a_function_that_reaches_out_is_shown_and_no_other_that_does_not_run() -> None:
    settings: Settings = {"STACK": "a $b", "ENV_FILES": ("/c", "/d e")}
    alone = SHOWN.partition("finish() {")[0]
    assert [*differences(APPLY, {"mend": alone}, settings)] == ["mend does not show finish, which reaches out"]
    more = f"{SHOWN}other() {{\n  sudo reboot\n}}\n"
    found = differences(f"{APPLY}other() {{ sudo reboot; }}\n", {"mend": more}, settings)
    assert [*found] == ["mend shows other, which it does not run"]


def rendered(spec: Path, sections: tuple[Section, ...]) -> dict[str, str]:
    """{path: text} of the files of a spec's bundle but its page; nothing is linted."""
    found, _ = load(spec, known_steps(sections))
    assert found is not None, spec
    return {file.path: file.text for file in render(make_plan(found, sections), TEMPLATES, paged=False)}


@pytest.mark.long
@pytest.mark.whole
def test_every_step_of_every_example_and_case_is_shown_as_it_runs() -> None:
    sections, faults = read_sections(TEMPLATES)
    assert faults == ()
    compared: set[tuple[str, ...]] = set()
    steps, found = set(), []
    for spec in SPECS:
        files = rendered(spec, sections)
        settings = settings_of(files["lib/site.sh"])
        for path in [path for path in files if re.fullmatch(r"2\.\d\d-.*\.sh", path)]:
            begins = f"lib/commands/{path[:4]}-"
            shown = {one[len(begins) : -len(".txt")]: files[one] for one in files if one.startswith(begins)}
            functions = "".join(parted(files[path])[0].values())
            used = {name: value for name, value in settings.items() if name in functions}
            steps |= {(path[:4], step) for step in shown}
            # (most sites have most sections alike)
            if (case := (functions, repr(shown), repr(used))) not in compared:
                compared.add(case)
                found += [f"{spec}: {path}: {one}" for one in differences(functions, shown, settings)]
    assert found == []
    every = {(section.id, step.name) for section in sections for step in section.steps if step.shape != "check"}
    assert steps == every, "no example and no case has these steps"


def test_a_value_is_put_in_once() -> None:
    text = commands_of(
        'step_apply() { use "$STACK" "${ENV_FILES[@]}"; }\n', "step_apply", values(env_files=("/a/$STACK.yaml",))
    )
    assert text == "use overcloud '/a/$STACK.yaml'\n"


def test_quotes_within_quotes() -> None:
    text = """step_apply() { a=$(awk '$1 == "$node"' "it's $node"); b "$(grep '$1' x)" "$1"; }\n"""
    assert (
        commands_of(text, "step_apply", values())
        == """a=$(awk '$1 == "$node"' "it's <node>"); b "$(grep '$1' x)" <node>\n"""
    )


def test_a_value_within_quotes_is_shown_as_it_runs() -> None:
    text = """step_apply() { use "$STACK/x" 'it' "a $STACK" "$(cd "$STACK" && ls $STACK)"; }\n"""
    shown = commands_of(text, "step_apply", values(stack='$(id) `x` "\\'))
    assert shown.replace("'$(id) `x` \"\\'", "VALUE").replace('\\$(id) \\`x\\` \\"\\\\', "ESCAPED") == (
        """use "ESCAPED/x" 'it' "a ESCAPED" "$(cd VALUE && ls VALUE)"\n"""
    )
