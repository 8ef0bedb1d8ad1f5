"""Our own rules for the generated shell: what ShellCheck does not know, about bash 4.2, three answers and time."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path


@dataclass(frozen=True)
class Rule:
    """A rule: `bad` is shell that breaks this rule and no other, `good` is the same written correctly.

    No line may match `pattern`; a rule without one is checked by a function of its own.
    """

    id: str
    reason: str
    bad: str
    good: str
    pattern: str = ""

    @cached_property
    def found(self) -> re.Pattern[str]:
        """The pattern, compiled when it is first asked for."""
        return re.compile(self.pattern)


RULES = (
    Rule(
        "wait-n",
        "`wait -n` is not in bash 4.2",
        bad="wait -n",
        good="wait",
        pattern=r"\bwait\s+(-\S+\s+)*-n\b",
    ),
    Rule(
        "nameref",
        "name references are not in bash 4.2",
        bad="local -n name=$1",
        good="local name=$1",
        pattern=r"\b(local|declare|typeset)\s+-[a-zA-Z]*n",
    ),
    Rule(
        "transformation",
        "`${v@Q}` and the like are not in bash 4.2",
        bad='echo "${v@Q}"',
        good='quoted "$v"',
        pattern=r"\$\{[A-Za-z_]\w*(\[[^]]*\])?@[A-Za-z]\}",
    ),
    Rule(
        "mapfile-delimiter",
        "`mapfile -d` is not in bash 4.2",
        bad="mapfile -d '' -t lines",
        good="mapfile -t lines",
        pattern=r"\b(mapfile|readarray)\s+(-\S+\s+)*-d",
    ),
    Rule(
        "inherit-errexit",
        "inherit_errexit is not in bash 4.2",
        bad="shopt -s inherit_errexit",
        good="shopt -s nullglob",
        pattern=r"\binherit_errexit\b",
    ),
    Rule(
        "local-dash",
        "`local -` is not in bash 4.2",
        bad="local -",
        good="local name",
        pattern=r"\blocal\s+-(\s|$)",
    ),
    Rule(
        "epochseconds",
        "EPOCHSECONDS is not in bash 4.2, and time comes from date",
        bad='echo "$EPOCHSECONDS"',
        good="date +%s",
        pattern=r"\bEPOCH(SECONDS|REALTIME)\b",
    ),
    Rule(
        "argv0",
        "BASH_ARGV0 is not in bash 4.2",
        bad="BASH_ARGV0=name",
        good="SCRIPT=name",
        pattern=r"\bBASH_ARGV0\b",
    ),
    Rule(
        "seconds",
        "time comes from date, not from SECONDS",
        bad="echo $SECONDS",
        good="POLL_SECONDS=5",
        pattern=r"\$\{?SECONDS\b",
    ),
    Rule(
        "printf-time",
        "time comes from date; printf %()T may only word one that it is given",
        bad="printf '%(%F)T\\n' -1",
        good="TZ=UTC0 printf -v when '%(%F)T' \"$NOW\"",
        pattern=r"""printf\s+(-v\s+\w+\s+)?['\"]?[^'\"]*%\([^)]*\)T[^'\"]*+['\"]?+(?!\s+\"\$)""",
    ),
    Rule(
        "read-limit",
        "time comes from sleep, not from read -t; only somebody's REPLY is read with a limit",
        bad="read -r -t 5 line",
        good="IFS= read -r -t 1 REPLY || status=$?",
        pattern=r"\bread\s+(-\S+\s+)*-[a-zA-Z]*t(?!\s+\d+\s+REPLY\b)",
    ),
    Rule(
        "find-age",
        "ages come from recorded times, not from find",
        bad="find /var -mtime +1",
        good="find /var -name x",
        pattern=r"\bfind\b.*\s-[amc](time|min)\b",
    ),
    Rule(
        "global-array",
        "`declare -gA G=(...)` assigns nothing in bash 4.2",
        bad="declare -gA map=([a]=1)",
        good="declare -gA map",
        pattern=r"\bdeclare\s+-[a-zA-Z]*g[a-zA-Z]*\s+\w+=\(",
    ),
    Rule(
        "subscript-substitution",
        '`a["$(...)"]` is a syntax error in bash 4.2: put it into a variable first',
        bad='seen["$(row_of "$1"):$node"]=yes',
        good='seen["$row:$node"]=yes',
        pattern=r"\w\[\"[^\]\"]*\$\(",
    ),
    Rule(
        "test-v-subscript",
        "`[[ -v a[0] ]]` is always false in bash 4.2",
        bad="[[ -v list[0] ]]",
        good="[[ -v name ]]",
        pattern=r"\[\[\s+-v\s+\w+\[",
    ),
    Rule(
        "coproc",
        "background work is out of a rehearsal's sight",
        bad="coproc cat",
        good="cat",
        pattern=r"(^|[;&|]\s*|\bthen\s+|\bdo\s+)coproc\b",
    ),
    Rule(
        "absolute-tool",
        "tools are found on PATH, not at an absolute place",
        bad="/usr/bin/date",
        good="date +%s",
        pattern=r"(?<!\S)/(usr/)?s?bin/[a-z]",
    ),
    Rule(
        "negative-subscript",
        "negative array subscripts differ between bash 4.2 and later",
        bad='echo "${list[-1]}"',
        good='echo "${list[0]}"',
        pattern=r"\$\{#?\w+\[-\d+\]",
    ),
    Rule(
        "early-reader",
        "a reader that leaves early fails its pipe under pipefail: read to the end, or from <<<",
        bad="openstack server list | grep -q name",
        good='grep --quiet name <<<"$text"',
        pattern=r"(?<!\|)\|\s*(head\b|grep\s+([^|]*\s)?(--quiet|--max-count|-[a-zA-Z]*[qm]\b)|awk\s(?![^|]*\bEND\b)[^|]*\bexit\b)",
    ),
    Rule(
        "unlimited-program",
        "what a disk of another host may hold up has a limit: `in_time sudo PROGRAM`, or a function by as_root; yum, "
        "which nothing may end, shows what it does",
        bad='sudo cp -- "$from" "$to"',
        good='in_time sudo cp -- "$from" "$to"',
        pattern=r"(?:^|^\w+\(\) \{|[^|]\||\$\(|<\(|&&|\bif|may_end_with \d+)\s*(?:!\s+)?sudo (?!yum |rm |tee --append )"
        r"|\bonly_ssh (?:ssh|scp|rsync)\b",
    ),
    Rule(
        "answer-of-hours",
        "in an apply `as_root`, `as_root_on` and `on` have hours: an answer is asked for with hear_root, hear_root_on"
        " or hear_on, or with `patiently` where it takes as long",
        bad='rows=$(as_root_on "$node" mysql_rows)',
        good='hear_root_on "$node" mysql_rows',
        pattern=r"\$\((?:as_root|as_root_on|on) ",
    ),
    Rule(
        "eval",
        "nothing is ever evaluated",
        bad='eval "$text"',
        good="printf '%s' \"$text\"",
        pattern=r"(?<![-\w])eval\b",
    ),
    Rule(
        "said-in-substitution",
        "what a word puts into SAID is lost in `$(...)`: call it, then read SAID",
        bad='row=$(find_row "$node")',
        good='find_row "$node" && row=$SAID',
        pattern=r"\$\(\s*(find_\w+|hear(_\w+)?|parsed|kept)\b",
    ),
    Rule(
        "unshown-question",
        "people are asked by ask_operator: a key typed before the question is shown answers nothing",
        bad="IFS= read -r reply || reply=''",
        good="IFS= read -r line <\"$file\" || line=''",
        pattern=r"^\s*(IFS=\S* )?read (-\S+ )*(?!REPLY\b)\w+\s*(\|\||$)",
    ),
    Rule(
        "raw-log",
        "what goes to the log goes through `to_log`",
        bad='ask_ceph -s >>"$LOG" 2>&1',
        good="ask_ceph -s 2>&1 | to_log",
        pattern=r"^(?!\s*exec |(?:plain_)?to_log\(\)).*>>\s*\"?\$\{?LOG\b",
    ),
    Rule(
        "bare-quoting",
        "words are quoted by `quoted` and `quote_into`: bash 4.2's %q leaves a ~ as it is",
        bad='printf %q "$there"',
        good='printf -v quoted %q "$v"',
        pattern=r"\bprintf\s+(?!-v\s).*%q",
    ),
    Rule(
        "host-keys",
        "host keys are always checked",
        bad="ssh -o StrictHostKeyChecking=no host",
        good="ssh -o StrictHostKeyChecking=yes host",
        pattern=r"StrictHostKeyChecking=(no|off|accept-new)",
    ),
    Rule(
        "suppression-reason",
        "a suppression has its reason in the line above",
        bad="# shellcheck disable=SC2034\nx=1",
        good="# read by the scripts that source this\n# shellcheck disable=SC2034\nx=1",
    ),
    Rule(
        "question-substitution",
        "in a question a command substitution ends in `|| return 2`: it may not be able to tell",
        bad="step_satisfied() {\n  local x\n  x=$(galera_word node)\n  [[ $x == y ]]\n}",
        good="step_satisfied() {\n  local x\n  x=$(galera_word node) || return 2\n  [[ $x == y ]]\n}",
    ),
    Rule(
        "question-said",
        "in a question what sets SAID ends in `|| return 2`: where it cannot tell, SAID is an older answer",
        bad="step_satisfied() {\n  hear_on node cat file\n  [[ $SAID == y ]]\n}",
        good="step_satisfied() {\n  hear_on node cat file || return 2\n  [[ $SAID == y ]]\n}",
    ),
    Rule(
        "reason-elsewhere",
        "`why`, `pass`, `warn` and `fail` are said where the script runs, and not in what root runs here or on a node",
        bad="file_is_there() { as_root_on node is_there; }\nis_there() {\n  why 'it is missing'\n  [[ -e file ]]\n}",
        good="file_is_there() {\n  why 'it is missing'\n  as_root_on node is_there\n}\nis_there() { [[ -e file ]]; }",
    ),
    Rule(
        "unproved-number",
        "a value is proved by `numbers NAME` before it is calculated with: bash runs a substitution in it, and a "
        "number of 20 digits comes out as another one",
        bad="size_is_good() {\n  local bytes=$SAID\n  ((bytes > 3))\n}",
        good="size_is_good() {\n  local bytes=$SAID\n  numbers bytes || return 2\n  ((bytes > 3))\n}",
    ),
    Rule(
        "undefined",
        "a function that is called is defined in some file of the bundle",
        bad="apply_it() {\n  put_back_all now\n}",
        good="put_back_all() { :; }\napply_it() {\n  put_back_all now\n}",
    ),
    Rule(
        "unpasteable-remedy",
        "a remedy can be pasted as it is printed: its words, then ` ;; ` and commands after `on NODE: `, `rc: `, "
        "`stackrc: ` or `here: `, with the values that are known",
        bad='why "$1 is not in the cluster" "on $1: sudo pcs cluster start ;; when its disk is well"\n'
        "why 'nova is away' 'look at it: openstack compute service list'",
        good='why "$1 is not in the cluster" "when its disk is well ;; on $1: sudo pcs cluster start"\n'
        "why 'nova is away' 'look at it ;; rc: openstack compute service list'",
    ),
    Rule(
        "unquoted-value",
        "in the commands of a remedy each value is quoted, by `quoted`, `quote_into` or `words_into`: a host may have "
        "said it, and an operator pastes it",
        bad='server_is_gone() { why "$1 is still there" "rc: openstack server show $1"; }',
        good='server_is_gone() { why "$1 is still there" "rc: openstack server show $(quoted "$1")"; }',
    ),
    Rule(
        "word-list",
        "texts that people see are plain English, with one name for one thing; word_list.tsv has the phrases to avoid",
        bad='why "half an answer is none"',
        good='why "a partial answer is discarded"',
    ),
)
BY_ID = {rule.id: rule for rule in RULES}


@cache
def digest() -> str:
    """The SHA-256 of the rules and of what reads shell for them: what was clean under others is checked again."""
    folder = Path(__file__).parent
    others = (*(folder.parent / "shell").glob("*.py"), folder.parent / "guide/model.py")
    files = sorted([*folder.glob("*.py"), *folder.glob("*.tsv"), *others])
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def markdown() -> str:
    """The page of the rules, docs/lint-rules.md."""
    lines = [
        "# The lint's own rules",
        "",
        "Beside ShellCheck and shfmt. Made from `compiler/osp_compile/lint/catalogue.py`: `pytest --update` writes it.",
    ]
    for rule in RULES:
        bad, good = (example.replace("\n", "\n    ") for example in (rule.bad, rule.good))
        lines += ["", f"## {rule.id}", "", f"{rule.reason[0].upper()}{rule.reason[1:]}.", ""]
        lines += ["Refused:", "", f"    {bad}", "", "Right:", "", f"    {good}"]
    return "\n".join(lines) + "\n"
