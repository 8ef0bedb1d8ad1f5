"""A value that is unquoted in the commands of a remedy is found, wherever it comes from."""

from __future__ import annotations

import pytest

from osp_compile.lint.values import unquoted

WRONG = """\
why "it is gone" "rc: openstack server show $1"
why "it is gone" "ask its owner ;; stackrc: openstack server show ${id%%.*}"
fail "it is gone" "on $host: sudo systemctl status x"
fail "it is gone" "on $1: sudo yum install $SAID"
fail "it is gone" "here: ls $(cat -- "$SCRATCH/said")"
give_up "it is gone: $(shown_remedy "rc: openstack server show $id")"
give_up "$(plain "it is gone: $(shown_remedy "rc: openstack server show $id")")"
local words="$1 and more"; fail "it is gone" "on $1: look at $words"
remedy+=" ;; on $node: sudo yum install ${missing//, / }"
fail "it is gone" "${REMEDY:-on monitor: sudo ceph osd rm $name}"
why "nova lists nothing" "rc: openstack server list $*"
not_yet "it is down" "$credentials: openstack port show $port"
"""
RIGHT = """\
why "it is gone" "rc: openstack server show $(quoted "$1")"
why "$1 is gone" "ask the owner of $1 ;; on $1: sudo pcs status; ls \\$HOME"
why "on $1: $SAID" 'rc: openstack server list'
words_into ids "$SAID"; fail "it is gone" "rc: for id in $ids; do openstack server show \\$id; done"
quote_into words "$@"; why "nova lists nothing" "rc: openstack server list $words"
local unit=httpd; fail "it is gone" "on $1: sudo systemctl status $unit"
local unit="it's $STACK"; fail "it is gone" "on $1: sudo systemctl status $unit"
numbers size || return 2; fail "it is gone" "on $1: truncate --size=$size x"
local -i size=$SAID; fail "it is gone" "on $1: truncate --size=$size x"
fail "it is gone" "on $(quoted "$host"): sudo systemctl status x"
fail "it is gone" "stackrc: openstack stack show $STACK"
note "it is on $host: $SAID"
# fail "it is gone" "on $1: sudo yum install $SAID"
"""


@pytest.mark.parametrize("line", WRONG.splitlines())
def test_a_value_that_is_not_quoted_is_refused_with_its_line(line: str) -> None:
    assert [number for number, _ in unquoted(f"f() {{\n  {line}\n}}\n")] == [2]


@pytest.mark.parametrize("line", RIGHT.splitlines())
def test_a_value_that_is_quoted_or_made_here_passes(line: str) -> None:
    assert list(unquoted(f"f() {{\n  {line}\n}}\n")) == []


def test_what_another_function_has_quoted_does_not_count() -> None:
    text = 'f() {\n  quote_into id "$1"\n}\ng() {\n  why "gone" "rc: openstack server show $id"\n}\n'
    assert list(unquoted(text)) == [(5, "$id")]
