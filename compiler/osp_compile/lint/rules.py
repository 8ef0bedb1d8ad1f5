"""Our own rules for the generated shell: what ShellCheck does not know, about bash 4.2, three answers and time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from osp_compile.lint.numbers import unproved

RULES_VERSION = 15

# What bash 4.2 lacks or does otherwise than 5.2, and what would take time from somewhere else than date and sleep.
DIFFERS: tuple[tuple[str, str], ...] = (
    (r"\bwait\s+(-\S+\s+)*-n\b", "`wait -n` is not in bash 4.2"),
    (r"\b(local|declare|typeset)\s+-[a-zA-Z]*n", "name references are not in bash 4.2"),
    (r"\$\{[A-Za-z_]\w*(\[[^]]*\])?@[A-Za-z]\}", "`${v@Q}` and its kin are not in bash 4.2"),
    (r"\b(mapfile|readarray)\s+(-\S+\s+)*-d", "`mapfile -d` is not in bash 4.2"),
    (r"\binherit_errexit\b", "inherit_errexit is not in bash 4.2"),
    (r"\blocal\s+-(\s|$)", "`local -` is not in bash 4.2"),
    (r"\bEPOCH(SECONDS|REALTIME)\b", "EPOCHSECONDS is not in bash 4.2, and time comes from date"),
    (r"\bBASH_ARGV0\b", "BASH_ARGV0 is not in bash 4.2"),
    (r"\$\{?SECONDS\b", "time comes from date, not from SECONDS"),
    (
        r"printf\s+(-v\s+\w+\s+)?['\"]?[^'\"]*%\([^)]*\)T[^'\"]*+['\"]?+(?!\s+\"\$)",
        "time comes from date; printf %()T may only word one that it is given",
    ),
    (
        r"\bread\s+(-\S+\s+)*-[a-zA-Z]*t(?!\s+\d+\s+REPLY\b)",
        "time comes from sleep, not from read -t; only somebody's REPLY is read with a limit",
    ),
    (r"\bfind\b.*\s-[amc](time|min)\b", "ages come from recorded times, not from find"),
    (r"\bdeclare\s+-[a-zA-Z]*g[a-zA-Z]*\s+\w+=\(", "`declare -gA G=(...)` assigns nothing in bash 4.2"),
    (r"\w\[\"[^\]\"]*\$\(", '`a["$(...)"]` is a syntax error in bash 4.2: put it into a variable first'),
    (r"\[\[\s+-v\s+\w+\[", "`[[ -v a[0] ]]` is always false in bash 4.2"),
    (r"(^|[;&|]\s*|\bthen\s+|\bdo\s+)coproc\b", "background work is out of a rehearsal's sight"),
    (r"(?<!\S)/(usr/)?s?bin/[a-z]", "tools are found on PATH, not at an absolute place"),
    (r"\$\{#?\w+\[-\d+\]", "negative array subscripts differ between bash 4.2 and later"),
    (
        r"(?<!\|)\|\s*(head\b|grep\s+([^|]*\s)?(--quiet|--max-count|-[a-zA-Z]*[qm]\b)|awk\s(?![^|]*\bEND\b)[^|]*\bexit\b)",
        "a reader that leaves early fails its pipe under pipefail: read to the end, or from <<<",
    ),
    (r"(?<![-\w])eval\b", "nothing is ever evaluated"),
    (
        r"\$\(\s*(find_\w+|hear(_\w+)?|parsed|kept)\b",
        "what a word puts into SAID is lost in `$(...)`: call it, then read SAID",
    ),
    (
        r"^\s*(IFS=\S* )?read (-\S+ )*(?!REPLY\b)\w+\s*(\|\||$)",
        "people are asked by ask_operator: a key typed before the question is shown answers nothing",
    ),
    (r"^(?!\s*exec |to_log\(\)).*>>\s*\"?\$\{?LOG\b", "what goes to the log goes through `to_log`"),
    (r"\bprintf\s+(?!-v\s).*%q", "words are quoted by `quoted` and `quote_into`: bash 4.2's %q leaves a ~ as it is"),
    (r"StrictHostKeyChecking=(no|off|accept-new)", "host keys are always checked"),
)
QUESTION = re.compile(r"^(\w+_(?:requires|satisfied|verify|shown))\(\)\s*[{(]")
FINDS = re.compile(r"^\s*(find_\w+|hear(_\w+)?|parsed|kept)\s")
ASSIGNED = re.compile(r"^\s*(?:local\s+)?\w+=\"?\$\((?!\()")
PATTERNS = tuple((re.compile(pattern), message) for pattern, message in DIFFERS)


def broken_rules(text: str) -> Iterator[tuple[int, str]]:
    """(line, message) of every rule that `text`, a shell file, breaks."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("#"):
            continue
        for pattern, message in PATTERNS:
            if pattern.search(line):
                yield number, message
    yield from _suppressions(lines)
    yield from _questions(lines)
    yield from unproved(text)


def _suppressions(lines: list[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, 1):
        if "shellcheck disable" in line or line.strip() == "# shellcheck source=/dev/null":
            above = lines[number - 2].strip() if number > 1 else ""
            if not above.startswith("#") or above.startswith("#!") or "shellcheck" in above:
                yield number, "a suppression has its reason in the line above"


def _questions(lines: list[str]) -> Iterator[tuple[int, str]]:
    """In requires, satisfied, verify and shown a command substitution ends in `|| return 2`."""
    inside = False
    for number, line in enumerate(lines, 1):
        if QUESTION.match(line):
            inside = not line.rstrip().endswith("}")
            body = line
        elif inside:
            body = line
            inside = line not in {"}", ")"}
        else:
            continue
        if (
            ASSIGNED.match(body)
            and not re.search(r"\|\| return( 2|$)", body)
            and not body.rstrip().endswith(("(", "\\", "{", "|"))
        ):
            yield number, "in a question a command substitution ends in `|| return 2`: it may not be able to tell"
        if FINDS.match(body) and not re.search(r"\|\| return( \d)?$|&&|\\$|^\}", body.rstrip()):
            yield (
                number,
                "in a question what sets SAID ends in `|| return 2`: where it cannot tell, SAID is an older answer",
            )
