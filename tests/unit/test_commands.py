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
