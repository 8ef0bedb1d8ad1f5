"""What a reviewer who knows bash can read: short applies, gates of one sentence, and a place for every word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from osp_compile.assets import TEMPLATES
from osp_compile.bundle.library import read_library
from osp_compile.guide.reader import read_sections
from osp_compile.shell.functions import body, names
from osp_compile.text_width import display_width
from unit.bundle.test_shown_commands import rendered

ROOT = Path(__file__).parents[3]
# of commands, a command that goes over more lines counting once
MOST = 12
SCRIPT = re.compile(r"2\.\d\d-.*\.sh")
GATE = re.compile(r"_(requires|satisfied|verify)$")
APPLY = re.compile(r"_(apply|attend)$")

CASES = ("every-key", "evacuate-and-stop", "no-pacemaker")
SPECS = [
    *sorted((ROOT / "specs/examples").glob("*.yaml")),
    *(ROOT / "tests/cases/valid" / name / "site.yaml" for name in CASES),
]


@cache
def files_of(spec: Path) -> dict[str, str]:
    return rendered(spec, read_sections(TEMPLATES)[0])


specs = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.parent.name if spec.stem == "site" else spec.stem)


def scripts(spec: Path) -> Iterator[tuple[str, str]]:
    for path, text in files_of(spec).items():
        if SCRIPT.fullmatch(path):
            yield path, text


def commands(script: str, function: str) -> list[str]:
    """The body without comments and locals; a line that goes on in the next is one with it."""
    lines = "\n".join(line.strip() for line in body(script, function) if not line.lstrip().startswith("#"))
    joined = re.sub(r" *(?:\\\n|(?<=&&)\n)", " ", lines)
    return [line for line in joined.splitlines() if line and not line.startswith("local ")]


@specs
def test_nothing_that_is_read_has_the_idiom_for_a_list_that_may_be_empty(spec: Path) -> None:
    files = files_of(spec)
    read = {path: text for path, text in files.items() if path.endswith((".sh", ".html", ".md")) or "commands/" in path}
    assert len(read) > 15
    # the library included, which `explain` shows: with_words_of hands on a list that may be empty, ${!LIST[@]} walks it
    assert [path for path, text in read.items() if re.search(r"\[[@*]\]\+", text)] == []


@specs
def test_an_apply_is_a_few_commands(spec: Path) -> None:
    long = {
        (path, name): len(commands(text, name))
        for path, text in scripts(spec)
        for name in names(text)
        if APPLY.search(name) and len(commands(text, name)) > MOST
    }
    assert long == {}


@specs
def test_a_gate_is_one_sentence(spec: Path) -> None:
    """One statement; `either` is used alone, since nobody sees at once how far it reaches within a `&&`."""
    found = []
    for path, text in scripts(spec):
        for name in filter(GATE.search, names(text)):
            said = commands(text, name)
            if len(said) != 1 or ";" in said[0] or said[0].count("either ") > ("&&" not in said[0]):
                found.append((path, name, said))
    assert found == []


@specs
def test_every_word_of_the_library_has_its_place_in_the_script(spec: Path) -> None:
    library = read_library(TEMPLATES / "_runtime")
    for path, text in scripts(spec):
        head, steps = text.split("\nsection ", 1)
        told = dict(re.findall(r"^#   lib/(\S+)  +((?:.*\n#    {10,})*.*)", head, re.MULTILINE))
        said = {file: tuple(re.sub(r"\n#", "", listed).split()) for file, listed in told.items() if file != "site.sh"}
        used = dict(library.words_of([steps.partition("steps <<'STEPS'")[0].partition("\n")[2]]))
        assert said == used, path
        for line in head.splitlines():
            assert len(line) <= 120, path


# screen and tmux set these for whoever is within them, awk that one
OF_OTHERS = {"STY", "TMUX", "NF"}


@specs
def test_what_a_step_changes_fits_the_width_of_a_script(spec: Path) -> None:
    for path, text in scripts(spec):
        lines = "".join(re.findall(r"^#   (?:changes|変更対象): .*\n(?:#    .*\n)*", text, re.MULTILINE)).splitlines()
        assert [line for line in lines if display_width(line) > 120] == [], path


@specs
def test_every_variable_is_set_in_the_script_or_has_its_place_in_its_head(spec: Path) -> None:
    read_by = 0
    for path, text in scripts(spec):
        head, _, steps = text.partition("\nsection 2.")
        code = "\n".join(line for line in steps.splitlines() if not line.lstrip().startswith("#"))
        sums = " ".join(re.findall(r"\(\((?:[^()]|\([^()]*\))*\)\)", code))
        read = {*re.findall(r"\$\{?[#!]?([A-Z][A-Z0-9_]*)", code), *re.findall(r"(?<![\w$])[A-Z][A-Z_]{2,}\b", sums)}
        told = {
            word
            for words in re.findall(r"^#   lib/\S+ +(.*(?:\n# {10,}.*)*)", head, re.MULTILINE)
            for word in words.split()
        }
        assert read - told - {*re.findall(r"(?<![\w$])([A-Z][A-Z0-9_]*)\+?=", text)} - OF_OTHERS == set(), path
        read_by += len(read)
    assert read_by > 50


def test_a_variable_that_a_function_sets_is_of_its_file() -> None:
    library = read_library(TEMPLATES / "_runtime")
    assert library.words_of(['step_apply() { reasons_to_reboot "$1"; echo "$DUE $STATE $IFS"; }']) == (
        ("engine/journal.sh", ("STATE",)),
        ("systems/reboot.sh", ("DUE", "reasons_to_reboot")),
    )


def test_a_place_is_that_of_the_function_and_of_no_tool_of_its_name() -> None:
    library = read_library(TEMPLATES / "_runtime")
    step = """\
step_apply() {
  # wait_until is prose here, and so it is in quotes
  note "wait_until"
  claim ceph-flag noout
  when_no is_rebooting "$1" -- on "$1" sudo pcs cluster stop
  if [[ -n $1 ]]; then fail "$SERVICE_RECORD"; else our_own; fi
  case $1 in
    yes | *) warn "$1" ;;
  esac
}
our_own() { needs_no_reboot "$1"; }
"""
    assert library.words_of([step]) == (
        ("engine/check.sh", ("fail", "warn")),
        ("engine/claim.sh", ("claim",)),
        ("engine/question.sh", ("when_no",)),
        ("engine/screen.sh", ("note",)),
        ("engine/ssh.sh", ("on",)),
        ("systems/ceph.sh", ("ceph-flag",)),
        ("systems/reboot.sh", ("is_rebooting", "needs_no_reboot")),
        ("systems/service_record.sh", ("SERVICE_RECORD",)),
    )
    assert library.words_of(["reboot_node() { await_reboot; }\nawait_reboot() { :; }\n"]) == ()


@pytest.mark.parametrize(
    ("ceph", "hyperconverged"),
    [
        ("hold_rebalancing", "hold_ceph"),
        ("settle_ceph", "settle_node_osds"),
        ("release_rebalancing", "release_ceph"),
    ],
)
def test_what_two_sections_write_out_is_the_same_in_both(ceph: str, hyperconverged: str) -> None:
    first = (TEMPLATES / f"2.08-reboot-ceph-storage/{ceph}.sh").read_text("utf-8")
    second = (TEMPLATES / f"2.09-reboot-computes/{hyperconverged}.sh").read_text("utf-8")
    assert body(first, f"{ceph}_apply") == body(second, f"{hyperconverged}_apply") != []


# what its head explains, in both languages, by what it uses below
EXPLAINED = {
    r"^\w+_shown\(\)": ("NAME_shown ",),
    r"^\w+_rescue\(\)": ("NAME_rescue ",),
    r"\bwait_until [\d\"']": ("`wait_until SECONDS WHAT A`", "# wait_until 秒 説明 A "),
    r"\battempt \w": ("`attempt COMMAND`", "# attempt COMMAND "),
    r"^each ": ("`each GROUP`", "# each GROUP "),
}


@specs
def test_a_script_explains_the_words_and_the_list_that_it_has(spec: Path) -> None:
    for path, text in scripts(spec):
        head, _, below = text.partition("\nsection 2.")
        commands_of = "\n".join(line for line in below.splitlines() if not line.lstrip().startswith("#"))
        for used, words in EXPLAINED.items():
            place = text if "each" in words[0] else head
            assert any(word in place for word in words) == bool(re.search(used, commands_of, re.MULTILINE)), (
                path,
                used,
            )
        assert re.search(
            r"(?:Columns: number, NAME|列: 番号、NAME).*\n(?:#.*\n)?steps <<'STEPS'$", text, re.MULTILINE
        ), path
