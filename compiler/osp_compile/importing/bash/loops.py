"""Walks through `for`, `while` and `until`: each round of a list that is known, else one round of what is unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from osp_compile.importing.bash import arithmetic, conditions
from osp_compile.importing.bash.commands import Call
from osp_compile.importing.bash.tree import Tree, name_of, within
from osp_compile.importing.bash.values import Item, Scope, Variable, problem_of, unknown
from osp_compile.importing.bash.ways import Walker, going_on, join

MOST_ROUNDS = 300
# these read the lines of the loop around them
EATERS = frozenset(("ssh", "read", "mapfile", "readarray", "cat", "xargs"))


def repeat(walk: Walker, scope: Scope, command: Tree) -> None:
    """`while` and `until`, and a `for` through what is not known."""
    line, condition = walk.line(command), command.get("Cond") or ()
    if _decided(walk, scope, condition, command, line):
        return
    _unsettle(walk, scope, [*condition, *command["Do"]], line)
    walk.row(scope, condition)
    without = scope.fork()
    with walk.ways.condition(line):
        left = _round(walk, scope, command["Do"], line)
    join(scope, [without, *going_on(scope), *left], line)


def go_through(walk: Walker, scope: Scope, command: Tree) -> None:
    """`for`."""
    line, loop = walk.line(command), command["Loop"]
    name = (loop.get("Name") or {}).get("Value")
    if name is None:  # `for ((...))`
        if _counted(walk, scope, command, loop, line):
            return
        for one in (*arithmetic.assigning(loop.get("Init")), *arithmetic.assigning(loop.get("Post"))):
            counted = walk.words.one(scope, one["X"]).text
            scope.variables[counted] = unknown(f"it is counted in a loop (line {line})", line)
        repeat(walk, scope, {**command, "Cond": ()})
        return
    if command.get("Select"):
        scope.variables[name] = unknown(f"it is chosen when the script runs (line {line})", line)
        repeat(walk, scope, {**command, "Cond": ()})
        return
    items = _listed(walk, scope, loop)
    problem = problem_of(items)
    if problem:
        scope.variables[name] = unknown(problem, line)
        repeat(walk, scope, {**command, "Cond": ()})
        return
    left: list[Scope] = []
    for item in items:
        scope.variables[name] = Variable((item,), line=line)
        left += _round(walk, scope, command["Do"], line)
        if scope.over:
            break
    if left:
        join(scope, [*going_on(scope), *left], line)


def _decided(walk: Walker, scope: Scope, condition: Sequence[Tree], command: Tree, line: int) -> bool:
    """Walks the rounds of a loop whose condition the script itself decides each time; False if it does not."""
    if len(condition) != 1 or _reads_on(condition, command):
        return False

    def goes_on(now: Scope) -> bool | None:
        walk.row(now, condition)
        found = conditions.truth(walk.words, now, condition[0])
        return None if found is None or now.over else found is not bool(command.get("Until"))

    return _rounds(walk, scope, command, goes_on, line)


def _rounds(
    walk: Walker,
    scope: Scope,
    command: Tree,
    goes_on: Callable[[Scope], bool | None],
    line: int,
    after: Callable[[Scope], None] = lambda _: None,
) -> bool:
    """Walks round after round while `goes_on`; False if that is unknown once, and then nothing has happened."""
    trial, left = scope.fork(), list[Scope]()
    with _kept_back(walk) as attempt:
        for _ in range(MOST_ROUNDS):
            more = None if trial.over else goes_on(trial)
            if not more:
                attempt.counts = more is False or trial.over
                break
            left += _round(walk, trial, command["Do"], line)
            after(trial)
    if attempt.counts:
        scope.become(trial)
        if left:
            join(scope, [*going_on(scope), *left], line)
    return attempt.counts


@dataclass
class _Attempt:
    """A walk of which nothing is told until it is known that it counts."""

    counts: bool = False


@contextmanager
def _kept_back(walk: Walker) -> Iterator[_Attempt]:
    told, printed, returns = walk.told, walk.printed, [*map(len, walk.ways.returns)]
    rounds = [(len(continued), len(left)) for continued, left in walk.ways.rounds]
    attempt, calls = _Attempt(), list[tuple[Call, Scope]]()
    walk.told = lambda call, scope: calls.append((call, scope.fork()))
    walk.printed = None if printed is None else []
    yield attempt
    pieces, walk.told, walk.printed = walk.printed, told, printed
    if attempt.counts:
        for call, scope in calls:
            told(call, scope)
        if printed is not None:
            printed += pieces or []
        return
    for ways, number in zip(walk.ways.returns, returns, strict=True):
        del ways[number:]
    for (continued, left), numbers in zip(walk.ways.rounds, rounds, strict=True):
        del continued[numbers[0] :], left[numbers[1] :]


def _reads_on(condition: Sequence[Tree], command: Tree) -> bool:
    """Whether the loop reads lines, and a command in it may read some of them too, as `ssh` does."""
    return name_of(condition[0].get("Cmd")) == "read" and any(
        name_of(node) in EATERS for node in within(command["Do"]) if node.get("Type") == "CallExpr"
    )


def _counted(walk: Walker, scope: Scope, command: Tree, loop: Tree, line: int) -> bool:
    """Walks the rounds of `for ((A; B; C))` if they can be counted; else nothing has happened."""
    if not loop.get("Cond"):
        return False

    def goes_on(now: Scope) -> bool | None:
        number = walk.words.number(now, loop["Cond"])
        return None if number is None else bool(number)

    begun = scope.fork()
    _compute(walk, begun, loop.get("Init"), line)
    if not _rounds(walk, begun, command, goes_on, line, lambda now: _compute(walk, now, loop.get("Post"), line)):
        return False
    scope.become(begun)
    return True


def _compute(walk: Walker, scope: Scope, node: Tree | None, line: int) -> None:
    if node:
        arithmetic.perform(scope, node, lambda word: walk.words.one(scope, word), line)


def _listed(walk: Walker, scope: Scope, loop: Tree) -> list[Item]:
    """What `for X in ...` goes through; without an `in` it is what the script was called with."""
    if not loop.get("InPos"):
        return list(scope.given) if scope.given is not None else [Item("", "it is another one in each round")]
    return [word.item for word in walk.words.all(scope, loop.get("Items") or ())]


def _round(walk: Walker, scope: Scope, statements: Sequence[Tree], line: int) -> list[Scope]:
    """One round of a loop, to its end; the ways that have left the loop are returned."""
    walk.ways.rounds.append(([], []))
    walk.row(scope, statements)
    continued, left = walk.ways.rounds.pop()
    if continued:
        join(scope, [*going_on(scope), *continued], line)
    return left


def _unsettle(walk: Walker, scope: Scope, statements: Sequence[Tree], line: int) -> None:
    """Makes unknown what a round of a loop changes: the later rounds begin with another value."""
    trial = scope.fork()
    with _kept_back(walk):
        _round(walk, trial, statements, line)
    for name, now in trial.variables.items():
        before = scope.variables.get(name)
        if before is None or (before.items, before.array) != (now.items, now.array):
            scope.variables[name] = unknown(f"it is another one in each round (line {line})", line)
    if trial.folder != scope.folder:
        scope.folder = Item("", f"the folder it runs in is another one in each round (line {line})")
    scope.given = scope.given if trial.given == scope.given else None
    if trial.input != scope.input:
        scope.input = Item("", f"another line is read in each round (line {line})")
    if trial.option_at != scope.option_at:
        scope.option_at = (0, 0)
