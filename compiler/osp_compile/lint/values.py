"""The rule that a value in the commands of a remedy is quoted: whoever pastes them runs what it says.

What a host, a client or a tenant has said may hold a blank, a `;` or a `$(...)`. A value is safe as `$(quoted "$x")`,
or where `quote_into`, `words_into`, `quoted` or `numbers` has made or proved it in the same function; so are texts that
the function writes itself, and the names of a site and of its nodes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from osp_compile.shell.functions import spans
from osp_compile.shell.quoted import closing

PLACED = re.compile(r"(?:;; )?(?:on (?P<node>\S+?)|rc|stackrc|here|\$credentials): (?P<commands>.*)", re.DOTALL)
TURN = re.compile(r"\\.|\$\(|\"|'", re.DOTALL)
COMMENT = re.compile(r"^\s*#.*", re.MULTILINE)
SAFE = re.compile(r"\$\((?:quoted|shown_remedy|way_to_step|cat_[a-z]+) |\$\(<\"\$SCRATCH/spoke\"\)")
VALUE = re.compile(r"(?<!\\)\$(?:\{[!#]?)?(\w+|[*@])")
# What is said first is words.
REASON = re.compile(r"\b(?:why|why_at_last|besides|pass|fail|warn|not_yet|refuse)[ \t]+\"$")
DEFAULT = re.compile(r"(?<!\\)\$\{[A-Z_]+:[-+](?P<text>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}", re.DOTALL)
MADE = re.compile(r"\b(?:quote_into|words_into|printf -v) (\w+)|\b(\w+)\+?=\"?\$\(quoted |\bnumbers((?: \w+)+)")
INTEGERS = re.compile(r"\b(?:local|declare) -\w*i\w*((?: \w+(?:=\S+)?)+)")
ASSIGNED = re.compile(r"(?<![\w$\"'{\[-])(\w+)\+?=(\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^\s;)]*)")
# What a function calls a node of the site.
NODES = frozenset({"1", "node", "monitor", "controller"})
# What somebody has said, of the names in capitals: the others are the spec's.
SAID = frozenset("SAID WHY REMEDY ANSWER REPLY BASH_REMATCH HEARD COMPUTE_REASON COMPUTE_STATUS".split())


def unquoted(text: str) -> Iterator[tuple[int, str]]:
    """(line, value) of each value in the shell file `text` that is unquoted in the commands of a remedy."""
    lines = text.splitlines()
    for _, first, last in spans(text):
        body = COMMENT.sub("", "\n".join(lines[first - 1 : last]))
        safe = _safe_names(body)
        for at, string in _double_quoted(body):
            for value in () if REASON.search(body, 0, at) else _values(string, safe):
                yield first + body.count("\n", 0, at), value


def _safe_names(body: str) -> set[str]:
    """The names that this function has quoted, proved, or filled with nothing but its own text."""
    integers = (word.partition("=")[0] for match in INTEGERS.finditer(body) for word in match[1].split())
    safe = {*integers, *(name for found in MADE.findall(body) for name in " ".join(found).split())}
    written: dict[str, list[str]] = {}
    for name, value in ASSIGNED.findall(body):
        written.setdefault(name, []).append(value)
    while more := {name for name in written.keys() - safe if _are_safe(written[name], safe)}:
        safe |= more
    return safe


def _are_safe(values: list[str], safe: set[str]) -> bool:
    """Whether a name with all these values has one, and none that somebody else has said."""
    return any(values) and all(_is_safe(value, safe) for value in values)


def _is_safe(value: str, safe: set[str]) -> bool:
    return "`" not in value and "$(" not in value and all(_is_proved(name, safe) for name in VALUE.findall(value))


def _is_proved(name: str, safe: set[str]) -> bool:
    return name in safe or (name.isupper() and name not in SAID)


def _double_quoted(text: str, start: int = 0) -> Iterator[tuple[int, str]]:
    """(where, text) of each string in double quotes, those within the substitutions of others too."""
    at = 0
    while turn := TURN.search(text, at):
        at = turn.end()
        if turn[0] not in {'"', "'"}:
            continue
        end = closing(text, at, turn[0])
        if end < 0:
            return
        if turn[0] == '"':
            yield start + at, text[at:end]
            yield from _within(text[at:end], start + at)
        at = end + 1


def _within(string: str, start: int) -> Iterator[tuple[int, str]]:
    for at, inner in _substitutions(string):
        yield from _double_quoted(inner, start + at)


def _substitutions(string: str) -> Iterator[tuple[int, str]]:
    at = 0
    while (at := string.find("$(", at)) >= 0:
        end = closing(string, at + 2, ")")
        if end < 0:
            return
        yield at, string[at : end + 1]
        at = end + 1


def _values(string: str, safe: set[str]) -> Iterator[str]:
    """The unquoted values of a remedy: those that its commands have, and those that say on which node they run."""
    string = DEFAULT.sub(lambda match: match["text"], string)
    for _, inner in [*_substitutions(string)]:
        string = string.replace(inner, "\x01" if SAFE.match(inner) else "$unquoted_substitution")
    for found in filter(None, map(PLACED.match, string.split(" ;; "))):
        of_node = (name for name in VALUE.findall(found["node"] or "") if name not in NODES | safe)
        of_commands = (name for name in VALUE.findall(found["commands"]) if not _is_proved(name, safe))
        yield from (f"${name}" for name in (*of_node, *of_commands))
