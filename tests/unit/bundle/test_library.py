"""A script sources what it uses, and nothing for a word of prose."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

import pytest

from osp_compile.assets import TEMPLATES
from osp_compile.bundle.library import read_library, variables
from osp_compile.lint.names import undefined
from osp_compile.shell.functions import parted, spans
from osp_compile.shell.words import words
from unit.machine import needs_programs
from unit.waiting import LIMIT


def test_each_variable_of_a_line_is_found() -> None:
    text = """A='' WHY='it is B=c' DUE=$A\nLIST=(one D=two) E="x F=y"\n  local G=1\nset H=2\ndeclare -A I=()\nJ=1\n"""
    assert variables(text) == ["A", "WHY", "DUE", "LIST", "E", "J"]


@pytest.mark.parametrize(
    "text",
    [
        "word_of_ours",
        "  if word_of_ours; then",
        "ask word_of_ours one",
        'why "it is $(word_of_ours "a") so"',
        "text=$(word_of_ours)",
        "local text=$(word_of_ours)",
        "cat <<END\n'\nEND\nword_of_ours",
        'cat <<<"$x" | word_of_ours',
        "printf '%s\\n' \"it's\" && word_of_ours",
        "x=$'a\\'b' word_of_ours",
        "a=${#list[@]}; word_of_ours # and so on",
        "for question in word_of_ours another; do",
        "for _ in a word_of_ours; do",
        "as_root_on node word-of-ours",
        'echo "${WORD_OF_OURS[@]}"',
        "((WORD_OF_OURS > 3))",
    ],
)
def test_a_name_that_bash_takes_for_one_is_found(text: str) -> None:
    assert {"word_of_ours", "WORD_OF_OURS"} & words(text)


@pytest.mark.parametrize(
    "text",
    [
        "# word_of_ours",
        "why 'the word_of_ours'",
        'why "the word_of_ours of $1"',
        "awk '{ word_of_ours[$1] = 1 }'",
        "local word_of_ours",
        "local -a other word_of_ours=()",
        "word_of_ours=3",
        'echo "$word_of_ours ${word_of_ours#x}"',
        "cat <<'END'\nword_of_ours\nEND\n",
        "for word_of_ours in a b; do",
        "read -r word_of_ours",
    ],
)
def test_prose_and_variables_name_no_function(text: str) -> None:
    assert "word_of_ours" not in words(text)


def test_the_core_uses_nothing_but_itself() -> None:
    library = read_library(TEMPLATES / "_runtime")
    core = {word for word, files in library.defines.items() if files & library.core}
    beyond = {
        f"{name} uses {word} of {', '.join(library.defines[word])}"
        for name in core | library.core
        for word in library.uses.get(name, ())
        if not library.defines.get(word, library.core) & library.core
    }
    assert beyond == set()


def test_no_section_defines_a_function_that_the_library_has() -> None:
    library = read_library(TEMPLATES / "_runtime")
    sections = {file: parted(file.read_text("utf-8"))[0] for file in TEMPLATES.glob("[0-9]*/*.sh*")}
    twice = {name: file.name for file, functions in sections.items() for name in functions if name in library.defines}
    assert twice == {}


def test_of_a_file_that_is_sourced_only_what_is_used_counts(tmp_path: Path) -> None:
    for name, text in {
        "runtime.sh": "",
        "ceph.sh": "ceph_is_well() { ask_ceph; }\nceph_and_heat() {\n  ask_heat\n}\n",
        "heat.sh": "ask_heat() { :; }\n",
        "hosts.sh": 'ask_ceph() (\n  echo "$HOSTS_TOLD"\n)\n',
        "told.sh": "HOSTS_TOLD=told_of\ntold_of\n",
        "of.sh": "told_of() { :; }\nclaim_flag() { :; }\n",
    }.items():
        (tmp_path / name).write_text(text)
    library = read_library(tmp_path)
    assert library.needed_by(["ceph_is_well"]) == ("ceph.sh", "hosts.sh", "of.sh", "told.sh")
    assert library.needed_by(["ceph_and_heat"]) == ("ceph.sh", "heat.sh")
    assert library.needed_by(["claim flag x"]) == ("of.sh",)


SHIPPED = re.compile(
    r"\b(?:(?:as_root_on|hear_root_on) +(?:\"[^\"]*\"|\S+)|as_root|hear_root|gather \S+ as_root_on"
    r"|judge_undercloud \w+|judge_nodes \S+ \w+) +([a-z]\w+)"
)
COMMENT = re.compile(r"^\s*#.*", re.MULTILINE)
GOLDEN = Path(__file__).parents[3] / "out/tokyo-1"
SOURCED = re.compile(r"^\. lib/(\S+)", re.MULTILINE)
TWO_WORDS = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)+")
PRINTED = '\nfor f in $(compgen -A function); do printf \'@@@ %s\\n\' "$f"; declare -f "$f"; done\n'


@needs_programs("bash")
def test_a_node_gets_the_functions_that_are_called_there_and_no_others() -> None:
    """A script takes every function that is a word of a function's text for one of those that it calls."""
    files = [*TEMPLATES.glob("_runtime/**/*.sh"), *TEMPLATES.glob("[0-9]*/*.sh"), *GOLDEN.glob("2.*.sh")]
    texts = [file.read_text("utf-8") for file in sorted(files)]
    functions = _functions(texts)
    shipped = _sent_to_nodes(texts) & functions.keys()
    as_printed = _as_printed(functions)
    assert as_printed.keys() == functions.keys()
    parts = str.maketrans(dict.fromkeys("\"'`();", " "))
    taken = {name: {*text.translate(parts).split()} & functions.keys() for name, text in as_printed.items()}
    called = {name: words(body) & functions.keys() for name, body in functions.items()}
    too_many = {name: _reached(taken, name) - _reached(called, name) for name in shipped}
    assert len(shipped) > 50
    assert {name: sorted(more) for name, more in too_many.items() if more} == {}


def test_what_is_called_by_a_name_in_a_string_is_sourced_too() -> None:
    """The strings of what a script reaches are read as well: a name of two words in one is hardly prose."""
    place = GOLDEN / "lib"
    library = {file.relative_to(place).as_posix(): file.read_text("utf-8") for file in place.rglob("*.sh")}
    home = {name: file for file, text in library.items() for name in parted(text)[0]}
    left_behind = set()
    for script in [*GOLDEN.glob("2.*.sh"), GOLDEN / "runbook"]:
        text = script.read_text("utf-8")
        sourced = {*SOURCED.findall(text), *SOURCED.findall(library["runtime.sh"])}
        said = _said(text, [library[file] for file in sorted(sourced)])
        left_behind |= {(script.name, word) for word in said & home.keys() if home[word] not in sourced}
    assert left_behind == set()


def _functions(texts: Iterable[str]) -> dict[str, str]:
    """{name: its text} of all functions in these scripts."""
    return {name: body for text in texts for name, body in parted(text)[0].items()}


def _sent_to_nodes(texts: Iterable[str]) -> set[str]:
    """The functions that a script names to have them run as root, here or on a node."""
    return {word for text in texts for word in SHIPPED.findall(COMMENT.sub("", text))}


def _as_printed(functions: Mapping[str, str]) -> dict[str, str]:
    """The functions as bash itself prints them."""
    said = subprocess.run(
        ["bash"], input="".join(functions.values()) + PRINTED, capture_output=True, text=True, check=True,
        errors="replace", timeout=LIMIT,
    ).stdout  # fmt: skip
    return dict(part.split("\n", 1) for part in said.split("@@@ ")[1:])


def _said(script: str, sourced: Sequence[str]) -> set[str]:
    """The words of all functions that a script reaches in these files and itself; in strings, those of two words."""
    texts = [*sourced, script]
    uses = {name: words(body) | _two_words(body) for name, body in _functions(texts).items()}
    begins = {*parted(script)[0]}.union(*(words(parted(text)[1]) for text in texts))
    return set().union(*(uses[name] for one in begins for name in _reached(uses, one) & uses.keys()))


def _two_words(text: str) -> set[str]:
    """The names of two words or more in it, anywhere but in a comment; one with `-` also with `_`."""
    found = TWO_WORDS.findall(COMMENT.sub("", text))
    return {word.replace("-", "_") for word in found}


def _reached(uses: Mapping[str, AbstractSet[str]], name: str) -> set[str]:
    found, new = set(), {name}
    while new:
        found |= new
        new = {word for one in new for word in uses.get(one, ())} - found
    return found


def test_functions_are_told_from_what_runs_at_once() -> None:
    text = "one() { :; }\nA=1\ntwo() {\n  x\n}\nthree() (\n  y\n)\nlast\n"
    assert [*spans(text)] == [("one", 1, 1), ("two", 3, 5), ("three", 6, 8)]
    assert parted(text) == (
        {"one": "one() { :; }\n", "two": "two() {\n  x\n}\n", "three": "three() (\n  y\n)\n"},
        "A=1\nlast\n",
    )


def test_what_a_script_calls_and_does_not_source_is_found() -> None:
    texts = {
        "2.99-x.sh": ". lib/runtime.sh\n. lib/ceph.sh\nask_ceph\nput_back\n",
        "lib/runtime.sh": "put_back() { :; }\n",
        "lib/ceph.sh": "ask_ceph() {\n  find_rows\n}\nunused_here() { find_other; }\n",
        "lib/heat.sh": "find_rows() { :; }\nfind_other() { :; }\n",
    }
    assert list(undefined(texts)) == [("lib/ceph.sh", 2, "find_rows")]
    texts["2.99-x.sh"] += ". lib/heat.sh\n"
    assert list(undefined(texts)) == []
