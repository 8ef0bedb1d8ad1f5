"""What people are shown of a step is its own text, with the site's values put in."""

from osp_compile.commands import commands_of
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
        "  if [[ $STACK == x ]]; then put_away <node>; fi",
        "}",
        "put_away() {",
        '  with_rc "$rc" openstack server stop "$server"',
        "  stop_one again",
        "}",
    ]
    assert "must_be()" not in commands_of(text, "step_apply", site())


def test_a_condition_on_a_setting_keeps_its_name() -> None:
    text = "step_apply() {\n  if [[ $STACK == x ]]; then\n    use $STACK\n  fi\n}\n"
    assert commands_of(text, "step_apply", site()).splitlines()[:2] == ["if [[ $STACK == x ]]; then", "  use overcloud"]
