"""A script sources what it uses, and nothing for a word of prose."""

from __future__ import annotations

import pytest

from osp_compile.assets import TEMPLATES
from osp_compile.library import read_library
from osp_compile.lint.names import undefined
from osp_compile.shellwords import words


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
    beyond = {
        f"{file} uses {word} of {library.defines[word]}"
        for file in library.core & library.uses.keys()
        for word in library.uses[file]
        if library.defines.get(word, "runbook.sh") not in library.core
    }
    assert beyond == set()


def test_what_a_script_calls_and_does_not_source_is_found() -> None:
    texts = {
        "2.99-x.sh": ". lib/runbook.sh\n. lib/ceph.sh\nask_ceph\nput_back\n",
        "lib/runbook.sh": "put_back() { :; }\n",
        "lib/ceph.sh": "ask_ceph() {\n  find_rows\n}\n",
        "lib/heat.sh": "find_rows() { :; }\n",
    }
    assert list(undefined(texts)) == [("lib/ceph.sh", 2, "find_rows")]
    texts["2.99-x.sh"] += ". lib/heat.sh\n"
    assert list(undefined(texts)) == []
