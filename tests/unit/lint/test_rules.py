"""Each of our rules catches what it is for, and nothing else."""

import shutil
from pathlib import Path

import pytest

from osp_compile.lint import catalogue
from osp_compile.lint.catalogue import RULES, Rule, markdown
from osp_compile.lint.names import undefined
from osp_compile.lint.rules import broken_rules
from unit.test_imports import STAGES, imported, part_of

# Besides the catalogue's own examples.
ALSO_WRONG = """\
declare -gn name=other
all_steps | head --lines=1
all_steps | awk '$1 == 2 { print; exit }'
for line in $(hear_on "$node" cat file); do :; done
"""
ALSO_RIGHT = """\
sleep "$POLL_SECONDS"
read -r line <file
all_steps | awk '$1 == 2 && !found++'
true || head file
# wait -n would not do in bash 4.2
text=$(find /var -name x)
while IFS= read -r line; do :; done
"""
ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(catalogue.__file__).parent


def broken(text: str) -> set[str]:
    """The ids of the rules that this shell breaks."""
    found = {message.split(": ")[0] for _, message in broken_rules(text)}
    return found | ({"undefined"} if list(undefined({"x": text})) else set())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_knows_its_bad_example_from_its_good_one(rule: Rule) -> None:
    # what the examples call is defined elsewhere
    called = {"undefined"} - {rule.id}
    assert broken(rule.bad) - called == {rule.id}
    assert broken(rule.good) - called == set()


@pytest.mark.parametrize("line", ALSO_WRONG.splitlines())
def test_what_differs_between_versions_is_refused(line: str) -> None:
    assert broken(line) - {"undefined"}


@pytest.mark.parametrize("line", ALSO_RIGHT.splitlines())
def test_the_right_way_passes(line: str) -> None:
    assert list(broken_rules(line)) == []


def test_the_page_of_the_rules_is_made_from_them(update: bool) -> None:
    page = ROOT / "docs/lint-rules.md"
    if update:
        page.write_text(markdown(), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == markdown()


# The rules, what reads shell for them, and whatever else of a stage they import.
DIGESTED = sorted(
    {file.relative_to(FOLDER.parent) for name in ("lint", "shell") for file in (FOLDER.parent / name).glob("*.*")}
    | {
        Path(*module.split(".")[1:]).with_suffix(".py")
        for file in FOLDER.glob("*.py")
        for module in imported(file)
        if part_of(module) in STAGES
    }
)


@pytest.mark.parametrize("name", DIGESTED, ids=str)
def test_a_rule_that_changes_is_asked_of_what_was_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: Path
) -> None:
    for place in (FOLDER, FOLDER.parent / "shell", FOLDER.parent / "guide"):
        shutil.copytree(place, tmp_path / place.name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(catalogue, "__file__", str(tmp_path / "lint/catalogue.py"))
    digest = catalogue.digest.__wrapped__  # without its cache
    before = digest()
    with (tmp_path / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert digest() != before


def test_a_suppression_wants_its_reason_in_the_line_above() -> None:
    assert list(broken_rules("# shellcheck disable=SC2034\nx=1\n"))
    assert list(broken_rules("# read by the scripts that source this\n# shellcheck disable=SC2034\nx=1\n")) == []


def test_a_question_says_cannot_tell_when_a_command_fails() -> None:
    wrong = "step_satisfied() {\n  local x\n  x=$(galera_word node)\n  [[ $x == y ]]\n}\n"
    assert [line for line, _ in broken_rules(wrong)] == [3]
    assert list(broken_rules(wrong.replace("node)", "node) || return 2"))) == []
    assert list(broken_rules(wrong.replace("_satisfied", "_apply"))) == []
    heard = wrong.replace("x=$(galera_word node)", "hear_on node cat file")
    assert [line for line, _ in broken_rules(heard)] == [3]
    assert list(broken_rules(heard.replace("cat file", "cat file || return 2"))) == []


@pytest.mark.parametrize(
    "call",
    [
        'as_root_on "$1" look_there',
        "as_root look_there",
        "gather all as_root_on look_there",
        "judge_nodes all judge_it look_there",
    ],
)
def test_what_root_runs_gives_no_reason_and_no_verdict(call: str) -> None:
    asked = "look_there() { is_there now; }\nis_there() {\n  why gone\n  [[ -e file ]]\n}\n"
    told = [message for _, message in broken_rules(f"is_well() {{ {call}; }}\n{asked}")]
    assert [message.partition(": `")[0] for message in told] == ["reason-elsewhere"]
    assert list(broken_rules(f"is_well() {{ judge_nodes all is_there look_elsewhere; }}\n{asked}")) == []


def test_digits_without_a_bound_prove_no_number() -> None:
    text = "size_is_good() {\n  local bytes=$SAID\n  [[ $bytes =~ ^[0-9]+$ ]] || return 2\n  ((bytes > 3))\n}\n"
    assert [message.partition(": ")[0] for _, message in broken_rules(text)] == ["unproved-number"]


UNPROVED = """\
((count > 3))
sum=$((sum + bytes)); [[ $bytes -gt 3 ]]
local -i size=$SAID
head=${text:bytes}
name=${list[bytes]}
"""
PROVED = """\
numbers bytes || return 2
[[ $bytes =~ ^[0-9]{1,18}$ ]] || return 2
bytes=0
bytes=$?
bytes=${#text}
bytes=$(date +%s)
"""


@pytest.mark.parametrize("use", UNPROVED.splitlines())
@pytest.mark.parametrize(
    "source", ["bytes=$SAID", "read -r _ bytes <size", "bytes=$(on node stat file)", "bytes=$1", ""]
)
def test_what_was_not_made_here_is_proved_a_number_before_it_is_calculated_with(source: str, use: str) -> None:
    function = f"size_is_good() {{\n  local -a list\n  {source}\n  {use}\n}}\n"
    foreign = (bool(source) and "bytes" in use) or "SAID" in use
    assert bool([message for _, message in broken_rules(function) if message.startswith("unproved-number")]) == foreign


@pytest.mark.parametrize("proof", PROVED.splitlines())
def test_a_proof_before_the_use_is_enough_and_another_functions_is_none(proof: str) -> None:
    function = f"size_is_good() {{\n  read -r bytes <size\n  {proof}\n  ((bytes > 3))\n}}\n"
    other = "size_is_bad() {\n  read -r bytes <size\n  ((bytes > 3))\n}\n"
    assert list(broken_rules(function)) == []
    assert [line for line, _ in broken_rules(function + other)] == [8]


def test_what_stands_in_quotes_is_another_languages() -> None:
    function = "rows() {\n  awk '\n    NR == 1 { off[$1] = 1 }' \"$1\"\n  ((${#list[@]} > 1))\n}\n"
    assert list(broken_rules(function)) == []
