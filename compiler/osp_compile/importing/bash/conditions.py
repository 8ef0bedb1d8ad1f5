"""The outcome of a condition, where the script itself decides it: `[ "$HA" = yes ]`, `[[ -n $X ]]`, `true`, `$HA`.

What was only assumed decides nothing: both branches are then walked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from osp_compile.importing.bash import arithmetic, globs
from osp_compile.importing.bash.tree import Tree, name_of, parts_of, within
from osp_compile.importing.bash.values import Item, Scope
from osp_compile.importing.bash.words import PATTERN, Words
from osp_compile.importing.text import number_of

NUMBERS: Mapping[str, Callable[[int, int], bool]] = {
    "-eq": lambda one, other: one == other,
    "-ne": lambda one, other: one != other,
    "-lt": lambda one, other: one < other,
    "-le": lambda one, other: one <= other,
    "-gt": lambda one, other: one > other,
    "-ge": lambda one, other: one >= other,
}
SUCCEED, FAIL = (
    frozenset((":", "true", "/bin/true", "/usr/bin/true")),
    frozenset(("false", "/bin/false", "/usr/bin/false")),
)
# a test of a file: what was found decides, whatever the variables are
OF_FILES = re.compile(r"-[a-hkprstuwxGLNOS]|-[no]t|-ef")
READS = frozenset(("read", "getopts"))
SPECIAL = re.compile(r"[][*?\\]")
ESCAPED = re.compile(r"\\[][*?\\]")
EQUAL = {"=": True, "==": True, "!=": False}


def truth(words: Words, scope: Scope, statement: Tree) -> bool | None:
    """Whether a statement succeeds; None if that is not determined by the script."""
    found = _command(words, scope, statement.get("Cmd") or {}, statement)
    return _opposite(found) if statement.get("Negated") else found


def _command(words: Words, scope: Scope, command: Tree, statement: Tree) -> bool | None:
    if command.get("Type") == "BinaryCmd" and command.get("Op") in {"&&", "||"}:
        if name_of(command["Y"].get("Cmd")) in READS:  # `succeeded` is that of one of them
            return None
        return _both(command["Op"], truth(words, scope, command["X"]), truth(words, scope, command["Y"]))
    if command.get("Type") == "TestClause":
        return _test(words, scope, command["X"])
    if command.get("Type") == "ArithmCmd" and not any(arithmetic.assigning(command["X"])):
        number = words.number(scope, command["X"])
        return None if number is None else bool(number)
    if command.get("Type") != "CallExpr" or statement.get("Background"):
        return None
    return _simple(words, scope, command)


def _simple(words: Words, scope: Scope, command: Tree) -> bool | None:
    if not command.get("Args"):  # an assignment fails only where its `$(...)` does
        return None if any(runs_something(command)) else True
    name = name_of(command)
    if name in READS:
        return scope.succeeded
    if command.get("Assigns"):
        return None
    if (name and name not in {*SUCCEED, *FAIL, "[", "test"}) or any(runs_something(command)):
        return None
    items = [word.item for word in words.all(scope, command["Args"])]
    return _of_words(items) if _known(items[:1]) else None


def _of_words(items: Sequence[Item]) -> bool | None:
    """The outcome of the command that these words are."""
    name = items[0].text if items else ":"  # (an empty variable runs nothing, which succeeds)
    if name in SUCCEED or name in FAIL:
        return name in SUCCEED
    if name == "[":
        return _bracket(items[1:-1])
    return _bracket(items[1:]) if name == "test" else None


def left_open(scope: Scope, condition: Tree | Sequence[Tree], line: int) -> str | None:
    """Why the outcome of the condition on that line is unknown, and what to write, if variables alone decide it."""
    statements = [condition] if isinstance(condition, dict) else condition
    nodes = [node for one in statements for node in within(one)]
    open = _uncertain(scope, nodes)
    if not open or any(map(_runs_or_reads_a_file, nodes)):
        return None
    listed = " and ".join(f"`${name}`" for name in open)
    if not all(map(str.isidentifier, open)):  # `$1`, `$#`
        return f"it depends on {listed}, as it was when the script ran (line {line})"
    whose = "whose value" if len(open) == 1 else "whose values"
    lines = " and ".join(_to_write(nodes, name) for name in open)
    return f"it depends on {listed}, {whose} may come from outside: write {lines} above line {line}"


def _uncertain(scope: Scope, nodes: Sequence[Tree]) -> list[str]:
    """The variables that are used and of which the script does not determine the value, each once."""
    names = [_named(node) for node in nodes if node.get("Type") == "ParamExp"]
    return [name for name in dict.fromkeys(names) if not _is_certain(scope, name)]


def _to_write(nodes: Sequence[Tree], name: str) -> str:
    """The assignment that would decide the condition."""
    return f"`{name}=true` or `{name}=false`" if _is_flag(nodes, name) else f"`{name}=VALUE`"


def _named(parameter: Tree) -> str:
    return str(parameter["Param"]["Value"])


def _is_certain(scope: Scope, name: str) -> bool:
    found = scope.variables.get(name)
    return found is not None and _known(found.items)


def _runs_or_reads_a_file(node: Tree) -> bool:
    """Whether it runs a command or looks at a file, so that more than variables decide."""
    if node.get("Type") in {"CmdSubst", "ProcSubst"} or OF_FILES.fullmatch(str(node.get("Op", ""))):
        return True
    if node.get("Type") != "CallExpr":
        return False
    name, args = name_of(node), node.get("Args") or ()
    literal = [str(part.get("Value", "")) for word in args for part in parts_of(word) if part["Type"] == "Lit"]
    return (name and name not in {*SUCCEED, *FAIL, "[", "test"}) or any(map(OF_FILES.fullmatch, literal))


def _is_flag(nodes: Sequence[Tree], name: str) -> bool:
    """Whether the variable itself is the command, as in `if $HA`."""
    return any(
        node.get("Type") == "CallExpr"
        and any(one.get("Type") == "ParamExp" and _named(one) == name for one in within((node.get("Args") or [{}])[0]))
        for node in nodes
    )


def runs_something(command: Tree) -> Iterator[Tree]:
    """The `$(...)` in a command."""
    return (node for node in within(command) if node.get("Type") == "CmdSubst")


def _both(operator: str, one: bool | None, other: bool | None) -> bool | None:
    decisive = operator == "||"
    if decisive in (one, other):
        return decisive
    return None if None in (one, other) else not decisive


def _known(items: Sequence[Item]) -> bool:
    return not any(item.problem or item.assumed for item in items)


def _bracket(items: Sequence[Item]) -> bool | None:
    texts = [item.text for item in items]
    if not _known(items):
        return None
    if len(texts) > 4:
        return _joined(items)
    if texts[:1] == ["!"] and len(texts) > 1:
        return _opposite(_bracket(items[1:]))
    if len(texts) < 2:
        return bool(texts and texts[0])
    if len(texts) == 2:
        return _unary(texts[0], texts[1])
    return _binary(texts[0], texts[1], texts[2]) if len(texts) == 3 else None


def _joined(items: Sequence[Item]) -> bool | None:
    """The outcome of tests joined by `-o` and, which binds closer, `-a`; None where a part cannot be judged alone."""
    for word, operator in (("-o", "||"), ("-a", "&&")):
        at = next((number for number, item in enumerate(items) if item.text == word and number), None)
        if at is not None:
            sides = items[:at], items[at + 1 :]
            # (a side of one word may be what `-z` or `=` was about: nobody knows which word is the operator)
            return _both(operator, *map(_bracket, sides)) if min(map(len, sides)) > 1 else None
    return None


def _unary(operator: str, text: str) -> bool | None:
    return {"-n": bool(text), "-z": not text}.get(operator)


def _binary(one: str, operator: str, other: str) -> bool | None:
    if operator in EQUAL:
        return (one == other) == EQUAL[operator]
    numbers = number_of(one), number_of(other)
    if operator in NUMBERS and numbers[0] is not None and numbers[1] is not None:
        return NUMBERS[operator](numbers[0], numbers[1])
    return None


def _test(words: Words, scope: Scope, node: Tree) -> bool | None:
    """The outcome of what `[[ ]]` has in it."""
    operator = str(node.get("Op", ""))
    if node["Type"] == "ParenTest":
        return _test(words, scope, node["X"])
    if operator == "!":
        return _opposite(_test(words, scope, node["X"]))
    if operator in {"&&", "||"}:
        return _both(operator, _test(words, scope, node["X"]), _test(words, scope, node["Y"]))
    return _one_test(words, scope, node, operator)


def _opposite(found: bool | None) -> bool | None:
    return None if found is None else not found


def _one_test(words: Words, scope: Scope, node: Tree, operator: str) -> bool | None:
    """The outcome of `-n WORD`, `WORD == WORD`, or a word alone."""
    kind = node["Type"]
    given = [node] if kind == "Word" else [node[key] for key in ("X", "Y") if key in node]
    if any(one["Type"] != "Word" for one in given):
        return None
    items = [words.one(scope, one) for one in given]
    if not _known(items):
        return None
    if len(items) == 2:
        return _compared(items[0].text, operator, given[1], items[1])
    return bool(items[0].text) if kind == "Word" else _unary(operator, items[0].text)


def _compared(text: str, operator: str, other: Tree, item: Item) -> bool | None:
    """The outcome of a text beside a word, which may be a pattern and whose expansion is `item`."""
    if _is_plain(other):
        return _binary(text, operator, item.text)
    if operator not in EQUAL:
        return None
    fits = _fits(text, other, item)
    return None if fits is None else fits == EQUAL[operator]


def chosen(words: Words, scope: Scope, word: Tree, items: Sequence[Tree]) -> list[Tree] | None:
    """The items of `case WORD` that are run, several by `;&` or `;;&`; None if that is not determined by the script."""
    subject, taken, falls = words.one(scope, word), list[Tree](), False
    if not _known((subject,)):
        return None
    for item in items:
        fits = True if falls else _fits_one(words, scope, subject.text, item)
        if fits is None:
            return None
        if fits:
            taken.append(item)
            if item["Op"] == ";;":
                break
        falls = fits and item["Op"] == ";&"
    return taken


def _fits_one(words: Words, scope: Scope, text: str, item: Tree) -> bool | None:
    """Whether a text fits one of the patterns of an item; None if that cannot be determined here."""
    for one in item.get("Patterns") or ():
        fits = _fits(text, one, words.one(scope, one))
        if fits is not False:
            return fits
    return False


def _fits(text: str, pattern: Tree, item: Item) -> bool | None:
    """Whether a text fits a pattern of `case`, whose expansion is `item`; None if that cannot be determined here."""
    if not _known((item,)):
        return None
    if all(map(_shows_wildcards, parts_of(pattern))):
        matches = globs.matcher(item.text)
        return None if matches is None else bool(matches(text))
    return item.text == text if _is_plain(pattern) else None


def _shows_wildcards(part: Tree) -> bool:
    """Whether every wildcard that the part's value has is one: none of them is quoted."""
    kind, text = part["Type"], str(part.get("Value", ""))
    if kind == "DblQuoted":
        return all(one["Type"] == "Lit" and not SPECIAL.search(str(one.get("Value", ""))) for one in parts_of(part))
    return not (ESCAPED if kind == "Lit" else SPECIAL).search(text) and kind in {"Lit", "SglQuoted"}


def _is_plain(word: Tree) -> bool:
    """Whether a pattern has only text that stands for itself."""
    return all(
        part["Type"] in {"SglQuoted", "DblQuoted"}
        or (part["Type"] == "Lit" and not PATTERN.search(re.sub(r"\\.", "", str(part.get("Value", "")))))
        for part in parts_of(word)
    )
