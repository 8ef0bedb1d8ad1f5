"""Each rule of ours catches what it is for, and leaves the right way alone."""

import pytest

from osp_compile.lint.rules import broken_rules

WRONG = """\
wait -n
local -n name=$1
declare -gn name=other
echo "${v@Q}"
mapfile -d '' -t lines
shopt -s inherit_errexit
local -
echo "$EPOCHSECONDS"
echo $SECONDS
printf '%(%F)T\\n' -1
read -r -t 5 line
find /var -mtime +1
declare -gA map=([a]=1)
[[ -v list[0] ]]
seen["$(row_of "$1"):$node"]=yes
coproc cat
/usr/bin/date
echo "${list[-1]}"
eval "$text"
all_steps | head --lines=1
openstack server list | grep -q name
all_steps | awk '$1 == 2 { print; exit }'
ssh -o StrictHostKeyChecking=no host
ask_ceph -s >>"$LOG" 2>&1
ssh host "cd $(printf %q "$there")"
row=$(find_row "$node")
IFS= read -r reply || reply=''
for line in $(hear_on "$node" cat file); do :; done
"""
RIGHT = """\
wait
local name=$1
printf -v quoted %q "$v"
POLL_SECONDS=5
sleep "$POLL_SECONDS"
read -r line <file
date +%s
[[ -v name ]]
seen["$row:$node"]=yes
IFS= read -r -t 1 REPLY || status=$?
find /var -name x
grep --quiet name <<<"$text"
all_steps | awk '$1 == 2 && !found++'
true || head file
# wait -n would not do in bash 4.2
ssh -o StrictHostKeyChecking=yes host
ask_ceph -s 2>&1 | to_log
find_row "$node" && row=$SAID
text=$(find /var -name x)
IFS= read -r line <"$file" || line=''
while IFS= read -r line; do :; done
"""


@pytest.mark.parametrize("line", WRONG.splitlines())
def test_what_differs_between_versions_is_refused(line: str) -> None:
    assert list(broken_rules(line))


@pytest.mark.parametrize("line", RIGHT.splitlines())
def test_the_right_way_passes(line: str) -> None:
    assert list(broken_rules(line)) == []


def test_a_suppression_wants_its_reason_in_the_line_above() -> None:
    assert list(broken_rules("# shellcheck disable=SC2034\nx=1\n"))
    assert list(broken_rules("# read by the scripts that source this\n# shellcheck disable=SC2034\nx=1\n")) == []


def test_a_question_says_cannot_tell_when_a_command_fails() -> None:
    wrong = "step_satisfied() {\n  local x\n  x=$(on node cat file)\n  [[ $x == y ]]\n}\n"
    assert [line for line, _ in broken_rules(wrong)] == [3]
    assert list(broken_rules(wrong.replace("file)", "file) || return 2"))) == []
    assert list(broken_rules(wrong.replace("_satisfied", "_apply"))) == []
    heard = wrong.replace("x=$(on node cat file)", "hear_on node cat file")
    assert [line for line, _ in broken_rules(heard)] == [3]
    assert list(broken_rules(heard.replace("cat file", "cat file || return 2"))) == []


UNPROVED = """\
((count > 3))
sum=$((sum + bytes)); [[ $bytes -gt 3 ]]
local -i size=$SAID
head=${text:bytes}
name=${list[bytes]}
"""
PROVED = """\
numbers bytes || return 2
[[ $bytes =~ ^[0-9]+$ ]] || return 2
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
    assert bool([message for _, message in broken_rules(function) if "proved a number" in message]) == foreign


@pytest.mark.parametrize("proof", PROVED.splitlines())
def test_a_proof_before_the_use_is_enough_and_another_functions_is_none(proof: str) -> None:
    function = f"size_is_good() {{\n  read -r bytes <size\n  {proof}\n  ((bytes > 3))\n}}\n"
    other = "size_is_bad() {\n  read -r bytes <size\n  ((bytes > 3))\n}\n"
    assert list(broken_rules(function)) == []
    assert [line for line, _ in broken_rules(function + other)] == [8]


def test_what_stands_in_quotes_is_another_languages() -> None:
    function = "rows() {\n  awk '\n    NR == 1 { off[$1] = 1 }' \"$1\"\n  ((${#list[@]} > 1))\n}\n"
    assert list(broken_rules(function)) == []
