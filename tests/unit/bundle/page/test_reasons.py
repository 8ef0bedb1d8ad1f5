"""Sentences are found in shell, and what is only known at run time is an ellipsis."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from osp_compile.assets import TEMPLATES
from osp_compile.bundle.closure import functions_of
from osp_compile.bundle.page.reasons import COMMANDS, OF_EVERY_STEP, Reason, Reasons, given, ways
from osp_compile.bundle.page.sentences import TABLE, japanese, parts_of
from osp_compile.guide import scaffold
from osp_compile.guide.reader import read_sections


def found(text: str) -> list[Reason]:
    reasons = Reasons({"STACK": "overcloud", "EMPTY": "", "LIST": ("a", "b")})
    return reasons.of((one, "no") for one in functions_of("lib/systems/x.sh", text))


@pytest.mark.parametrize(
    ("shell", "text", "remedy"),
    [
        ("""f() { why 'the node is away' 'wait'; return 1; }""", "the node is away", "wait"),
        ("""f() { why "the stack $STACK is gone"; return 1; }""", "the stack overcloud is gone", ""),
        ("""f() { why "$EMPTY and ${LIST[*]} have nothing"; return 1; }""", "… and … have nothing", ""),
        ("""f() { why "the node $node says $1" "ask $node"; return 1; }""", "the node <node> says …", "ask <node>"),
        ("""f() { give_up "it holds $(count "$x" 'y)') pieces"; }""", "it holds … pieces", ""),
        ("""f() { fail "it needs $(((a + 1) / 2)) MiB more"; }""", "it needs … MiB more", ""),
        (
            """f() { why "the ${kind//x/ } is $age old" "ask $who_knows"; return 1; }""",
            "the ‹kind› is ‹age› old",
            "ask ‹who knows›",
        ),
        (
            """f() { give_up "the power is ${power:+on (${p/x /}, ${who//$'\\n'/ })}, ${state[${node,,}]:-off}"; }""",
            "the power is ‹power›, ‹state›",
            "",
        ),
        ("""f() { fail "a \\"quoted\\" word or two"; }""", 'a "quoted" word or two', ""),
        ("""f() {\n  why "it lacks $1 now" \\\n    'look: it lacks it'\n}""", "it lacks … now", "look: it lacks it"),
        ("""f() {\n  why \\\n    "it is not there" \\\n\t 'put\tit'\n  return 1\n}""", "it is not there", "put\tit"),
        ("""f() {\n  why  "it is not there"  "put \\\nit there"\n  return 1\n}""", "it is not there", "put it there"),
        ("""f() { fail 'left as it stands: $x $(y)'; }""", "left as it stands: $x $(y)", ""),
        ("""f() { why "nova says $COMPUTE_STATUS" "$(how)"; return 1; }""", "nova says ‹compute status›", ""),
        (
            """f() { why 'the node is off' "ask ;; on $1: sudo ls ;; here: ls"; return 1; }""",
            "the node is off",
            "ask: on …: sudo ls; ls",
        ),
        (
            """f() { why 'the node is off' 'ask ;; rc: nova list'; g; }""",
            "the node is off",
            "ask: (. ~/overcloudrc; nova list)",
        ),
        ("""f() { why 'the node is off' 'stackrc: nova list'; g; }""", "the node is off", "(. ~/stackrc; nova list)"),
        ("""f() { why "${a:-b}${c}" 'x'; why 'kept there' ; return 1; }""", "kept there", ""),
        # what is shown with no reason: by a function that root runs, by awk, on the way, and by the engine
        ("""f() { printf '%s has %q, not %d\\n' "$1" "$file" "${#all[@]}" >&2; }""", "… has ‹file›, not …", ""),
        (
            """f() {\n  printf 'there are %s\\n' \\\n    "$1" "$2" >&2\n  printf 'no such %s' "$1"\n}""",
            "there are …",
            "",
        ),
        ("""f() { awk '{ printf "%s still lacks %d\\n", $1, it >"/dev/stderr" }' x; }""", "… still lacks …", ""),
        ("""f() { complain "$1 is still away"; complain '  on a line of its own'; }""", "… is still away", ""),
        ("""f() { WHY="timed out after $(long): $what"; WHY=''; }""", "timed out after …: ‹what›", ""),
    ],
)
def test_a_reason(shell: str, text: str, remedy: str) -> None:
    assert found(shell) == [Reason(text, remedy)]


@pytest.mark.parametrize(
    ("shell", "of_a_no", "of_a_yes"),
    [
        ("why 'not yet'; is_done || return 1; why 'done since noon'", ["not yet"], ["done since noon"]),
        (
            "why 'no mark there'; is_there || return 1; why 'not back yet'; away && return 0; why 'it answers'; is_up",
            ["no mark there", "not back yet", "it answers"],
            ["not back yet", "it answers"],
        ),
        ("fail 'it is broken'; why_at_last 'waited for long'", ["it is broken", "waited for long"], ["it is broken"]),
    ],
)
def test_a_reason_is_of_a_no_or_of_a_yes(shell: str, of_a_no: list[str], of_a_yes: list[str]) -> None:
    text = f"f() {{\n  {shell}\n}}\n"
    assert [said.plain for said, _ in given(text)] == of_a_no
    assert [said.plain for said, _ in given(text, "yes")] == of_a_yes


def test_a_string_that_nobody_closes_ends_the_search() -> None:
    assert found('f() { why "begun $(x; return 1; }') == []


def test_a_sentence_that_comes_twice_has_the_remedy_that_one_of_them_has() -> None:
    text = "f() { why 'far away'; return 1; }\n\ng() { why 'far away' 'wait for it'; return 1; }\n"
    assert found(text) == [Reason("far away", "wait for it")]


def test_a_sentence_comes_once() -> None:
    assert len(found("f() { why 'far away'; return 1; }\n\ng() { why 'far away'; return 1; }\n")) == 1


def test_a_section_and_a_step_are_shown_as_the_run_names_them() -> None:
    sections, faults = read_sections(TEMPLATES)
    assert not faults
    gate = 'why "an image is gone" "$(section_named update-images), then $(way_to_step update_plan)"'
    (gates,) = functions_of("lib/systems/x.sh", f"f() {{ {gate}; return 1; }}")
    (reason,) = Reasons(ways(sections)).of([(gates, "no")])
    assert reason.remedy == "section 2.05, then ./2.06-update-overcloud.sh --step 2.06/1"


def test_a_steps_name_that_two_sections_have_is_not_one_way() -> None:
    sections, _ = read_sections(TEMPLATES)
    assert "way_to_step update_plan" not in ways((*sections, replace(sections[0], steps=sections[6].steps)))


@pytest.mark.parametrize(
    ("shell", "reason"),
    [
        # in Japanese what is put in comes in another order
        (
            """why "$name has $detail, it says" 'wait'""",
            Reason("‹name› has ‹detail›, it says", "wait", "‹detail›: ‹name›", "待つ"),
        ),
        (
            """why "$name has $detail, it says" 'wait ;; here: ls'""",
            Reason("‹name› has ‹detail›, it says", "wait: ls", "‹detail›: ‹name›", "待つ: ls"),
        ),
        ("""why "not in the table" 'here: ls -l'""", Reason("not in the table", "ls -l")),
        (
            'why "not there" "run $(section_named update-images) now"',
            Reason("not there", "run section 2.05 now", "ない", "セクション 2.05 を実行する"),
        ),
        # a sentence that goes on in the next line is one
        ('give_up "not \\\nthere"', Reason("not there", "", "ない")),
    ],
)
def test_a_reason_in_japanese(shell: str, reason: Reason) -> None:
    table = {
        "{1} has {2}, it says": "{2}: {1}",
        "wait": "待つ",
        "not there": "ない",
        "run {1} now": "{1} を実行する",
    }
    reasons = Reasons({"section_named update-images": "section 2.05"}, table)
    functions = functions_of("lib/systems/x.sh", f"f() {{\n  {shell}\n  return 1\n}}\n")
    assert reasons.of((one, "no") for one in functions) == [reason]


# How a part of a remedy begins that is a command, which is the same in every language.
COMMAND = re.compile(
    r"(\./\S+( --status)?$|\(\. |sudo |ls |tar |diff |systemctl|\{1\}(: openstack|: cinder|; openstack)|\{1\}$)"
)


def sentences(templates: Path = TEMPLATES) -> Iterator[str]:
    """All that the shell of the templates gives as a reason, and the parts of the remedies that are words."""
    texts = {
        path.relative_to(templates).as_posix(): path.read_text("utf-8")
        for path in sorted([*templates.rglob("*.sh"), *templates.rglob("*.sh.j2")])
        if "_layouts" not in path.parts
    }
    opposite = {*re.findall(r"\bopposite (\w+)", "\n".join(texts.values()))}
    for name, text in texts.items():
        for function in functions_of(name, text):
            of_a_yes = given(function.text, "yes") if function.name in opposite else ()
            shell = function.text
            # what the engine shows of itself is on no page, but for the ends of every step
            if "/engine/" in name and function.name not in OF_EVERY_STEP:
                shell = re.sub(r"\b(?:complain|printf) |\bWHY=", "", shell)
            for said, remedy in (*given(shell), *of_a_yes):
                yield said.plain
                parts = [part.plain for part in parts_of(remedy)] if remedy else []
                yield from (part for part in parts if not (COMMANDS.fullmatch(part) or COMMAND.match(part)))


def test_every_reason_has_both_languages() -> None:
    table = japanese(TEMPLATES)
    found = {*sentences()}
    assert len(found) > 400
    assert sorted(found - {*table}) == [], "add them to templates/_layouts/page/reasons.ja.tsv"
    assert sorted({*table} - found) == [], "nothing says these any more"


def test_a_new_section_has_both_languages_too(tmp_path: Path) -> None:
    (tmp_path / TABLE).parent.mkdir(parents=True)
    shutil.copy(TEMPLATES / TABLE, tmp_path / TABLE)
    folder = scaffold.make("2.98-note", tmp_path)
    said = {*sentences(tmp_path)}
    assert said
    assert sorted(said - {*japanese(tmp_path)}) == []
    # another one like it adds no row twice
    rows = (tmp_path / TABLE).read_text("utf-8")
    shutil.rmtree(folder)
    scaffold.make("2.98-note", tmp_path)
    assert (tmp_path / TABLE).read_text("utf-8") == rows


def test_both_languages_have_the_same_put_in() -> None:
    def slots(text: str) -> list[str]:
        return sorted(re.findall(r"\{\d+\}", text))

    assert [(one, said) for one, said in japanese(TEMPLATES).items() if slots(one) != slots(said)] == []


def test_each_sentence_is_in_the_table_once() -> None:
    rows = (TEMPLATES / "_layouts/page/reasons.ja.tsv").read_text("utf-8").splitlines()
    english = [row.split("\t")[0] for row in rows if not row.startswith("#")]
    assert len(english) == len({*english})
