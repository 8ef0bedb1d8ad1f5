"""What a function uses, in the order in which a reader meets it, with the comment above it."""

from __future__ import annotations

from osp_compile.assets import TEMPLATES
from osp_compile.bundle.closure import Shell, functions_of, library_texts

SCRIPT = """\
# 2.09/5  Move them
#   on each node
go_requires() { is_empty "$1"; }
go_apply() {
  # departs: for a reason that has look_up in it
  tell 'prose with is_empty in it' && claim nova-service "$1"
  helper "$1"
}

# Only here.
helper() { look_up "$1"; }
"""
LIBRARY = """\
# is_empty NODE: nothing is there.
is_empty() {
  look_up "$1"
}

# look_up NODE
find_up() { ask is_empty; }
look_up() { find_up "$@"; }

claim_nova_service() { :; }
other() { :; }
"""
ENGINE = """\
# Says it.
tell() { printf '%s\\n' "$1"; }
claim() { "claim_$1"; tell done; }
ask() { inner; }
inner() { other; }
"""
SHELL = Shell({"2.09-a.sh": SCRIPT, "lib/systems/s.sh": LIBRARY, "lib/engine/e.sh": ENGINE})


def test_the_engine_is_apart_and_everything_comes_once() -> None:
    found = SHELL.of_step("go", "2.09-a.sh")
    assert [one.name for one in found.own] == [
        "go_requires", "go_apply", "is_empty", "claim_nova_service", "helper", "look_up", "find_up",
    ]  # fmt: skip
    assert [one.name for one in found.engine] == ["tell", "claim", "ask", "inner", "other"]


def test_what_a_function_uses_is_worked_out_once_for_all_scripts_that_define_nothing_of_it() -> None:
    texts = {f"2.0{number}-a.sh": f"go_{number}() {{ look_up; }}\n" for number in range(9)}
    shell = Shell({**texts, "2.09-a.sh": "find_up() { :; }\n", "lib/systems/s.sh": LIBRARY})
    (look_up,) = shell.called("look_up", "2.01-a.sh")
    assert len({id(shell.uses(look_up, script)) for script in texts}) == 1
    assert [one.file for one in shell.uses(look_up, "2.09-a.sh")] == ["2.09-a.sh"]


def test_some_parts_of_a_step() -> None:
    assert [one.name for one in SHELL.parts("go", "2.09-a.sh")] == ["go_requires", "go_apply"]
    assert [one.name for one in SHELL.parts("go", "2.09-a.sh", ("verify", "apply"))] == ["go_apply"]
    assert [one.name for one in SHELL.of_step("go", "2.09-a.sh", ("requires",)).own] == [
        "go_requires", "is_empty", "look_up", "find_up",
    ]  # fmt: skip
    assert SHELL.of_step("gone", "2.09-a.sh").own == ()


def test_prose_and_comments_call_nothing() -> None:
    (apply,) = SHELL.called("go_apply", "2.09-a.sh")
    assert [one.name for one in SHELL.uses(apply, "2.09-a.sh")] == ["tell", "claim", "claim_nova_service", "helper"]


def test_where_each_stands_and_what_is_said_of_it() -> None:
    found = {one.name: one for functions in SHELL.functions.values() for one in functions}
    assert (found["go_apply"].file, found["go_apply"].line) == ("2.09-a.sh", 4)
    assert found["go_apply"].comment == ("# 2.09/5  Move them", "#   on each node")
    assert found["helper"].comment == ("# Only here.",)
    assert found["is_empty"].comment == ("# is_empty NODE: nothing is there.",)
    # two functions without a blank line between them share the comment above
    assert found["look_up"].comment == found["find_up"].comment == ("# look_up NODE",)
    assert found["other"].comment == ()
    assert found["is_empty"].text == 'is_empty() {\n  look_up "$1"\n}'


def test_a_function_of_the_script_hides_one_of_the_library() -> None:
    shell = Shell({"2.00-a.sh": "tell() { :; }\n", "lib/engine/e.sh": ENGINE})
    assert [one.file for one in shell.called("tell", "2.00-a.sh")] == ["2.00-a.sh"]
    assert [one.file for one in shell.called("tell", "2.01-b.sh")] == ["lib/engine/e.sh"]
    assert shell.called("printf", "2.00-a.sh") == ()


def test_what_is_said_of_it_is_one_paragraph() -> None:
    text = (
        "# first NAME: what it does,\n# in two lines.\n# shellcheck disable=SC2034\nfirst() { :; }\n\nsecond() { :; }\n"
    )
    first, second = functions_of("lib/systems/x.sh", text)
    assert (first.place, first.said) == ("lib/systems/x.sh:4", "first NAME: what it does, in two lines.")
    assert second.said == ""


def test_every_function_of_the_library_is_known() -> None:
    known = Shell(library_texts(TEMPLATES / "_runtime")).library
    assert {"compute_host", "as_root_on", "why"} <= known.keys()
    assert known["why"].of_the_engine
    assert not known["compute_host"].of_the_engine
