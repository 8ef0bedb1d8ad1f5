"""What a command reads on its standard input, as far as the script has it: `read`, `mapfile`, `while read`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from osp_compile.importing.bash import redirections, splitting
from osp_compile.importing.bash.tree import Tree, name_of
from osp_compile.importing.bash.values import Item, Scope, Variable, problem_of, unknown
from osp_compile.importing.bash.ways import Walker
from osp_compile.importing.bash.words import separators

INPUT = frozenset(("<", "<<", "<<-", "<<<"))
COMPOUND = frozenset(("WhileClause", "ForClause", "Block", "Subshell", "IfClause", "CaseClause"))
READERS = frozenset(("read", "mapfile", "readarray", "xargs", "cat"))
VALUED = "aditnNpu"  # options of `read` with a value


@contextmanager
def redirected(walk: Walker, scope: Scope, statement: Tree) -> Iterator[None]:
    """Gives the scope the input that the statement is redirected from, for this statement alone."""
    given = [one for one in statement.get("Redirs") or () if one["Op"] in INPUT and not _of_other(one)]
    if not given or not _reads(scope, statement.get("Cmd") or {}):
        yield
        return
    before, scope.input = scope.input, redirections.text_of(walk, scope, given[-1])
    yield
    scope.input = before


def _of_other(redirection: Tree) -> bool:
    """Whether it is for another descriptor than standard input, as in `3< file`."""
    return str((redirection.get("N") or {}).get("Value", "0")) != "0"


def _reads(scope: Scope, command: Tree) -> bool:
    name = name_of(command)
    return command.get("Type") in COMPOUND or name in READERS or name in scope.functions


def read(scope: Scope, given: Sequence[Item], line: int) -> bool:
    """`read`: sets the variables if the input and all options are known; whether it has done so."""
    letters, values, names = _options(given)
    text, between = scope.input, separators(scope)
    if text is None or problem_of((text, *given)) or set(letters) - set("rsedpai"):
        return False
    row, ended, rest = _up_to(values.get("d", "\n")[:1], text.text)
    if between.problem or _has_escapes(row, letters):
        return False
    words = _divided(row, between.text)
    shared = {} if "a" in letters else _by_name(row, words, names, between.text)
    if shared is None:
        return False
    scope.input = Item(rest, None, text.assumed)
    scope.succeeded = bool(ended)
    if "a" in letters:
        scope.variables[values["a"]] = _array(words, text.assumed, line)
    for name, word in shared.items():
        scope.variables[name] = Variable((Item(word, None, text.assumed),), line=line)
    return True


def _has_escapes(row: str, letters: str) -> bool:
    """Whether `read` takes a `\\` of the line out, as it does without its option `-r`."""
    return "\\" in row and "r" not in letters


def _up_to(end: str, text: str) -> tuple[str, str, str]:
    """The text before `end`, that itself if it is there, and the rest; without an `end` all of it is one line."""
    return text.partition(end) if end else (text, "", "")


def _divided(row: str, between: str) -> list[str]:
    """The words of a line; with nothing that separates them it is one word, or none if it is empty."""
    if between:
        return splitting.words(row, between)
    return [row] if row else []


def _array(texts: Sequence[str], assumed: str | None, line: int) -> Variable:
    return Variable(tuple(Item(text, None, assumed) for text in texts), array=True, line=line)


def _options(given: Sequence[Item]) -> tuple[str, dict[str, str], list[str]]:
    """The letters of the options, their values, and the words after them."""
    rest, letters, values = [item.text for item in given], "", dict[str, str]()
    while rest and rest[0].startswith("-") and len(rest[0]) > 1:
        word = rest.pop(0)[1:]
        if word == "-":
            break
        for at, letter in enumerate(word):
            letters += letter
            if letter in VALUED:
                values[letter] = word[at + 1 :] or (rest.pop(0) if rest else "")
                break
    return letters, values, rest


def _by_name(row: str, words: list[str], names: Sequence[str], between: str) -> dict[str, str] | None:
    """{variable: what it gets of a line}; without names, all of it is for REPLY. None if it is not known here."""
    if not names:
        return {"REPLY": row}
    shared = _shared(row, words, len(names), between)
    return None if shared is None else dict(zip(names, shared, strict=True))


def _shared(row: str, words: list[str], number: int, between: str) -> list[str] | None:
    """The words of a line for that many variables, of which the last has the rest; None if it is not known here."""
    only_blanks = not set(between) - set(splitting.BLANKS)
    if number == 1 and len(words) == 1:
        # one name has the line as it is, without the blanks around it
        whole = row.strip("".join(one for one in between if one in splitting.BLANKS))
        return [whole] if only_blanks or [whole] == words else None
    if len(words) <= number:
        return [*words, *[""] * (number - len(words))]
    if not only_blanks:
        return None
    rest = row.strip(between)
    for _ in range(number - 1):
        rest = re.sub(rf"^[^{re.escape(between)}]+[{re.escape(between)}]+", "", rest)
    return [*words[: number - 1], rest]


def fill(scope: Scope, given: Sequence[Item], line: int) -> bool:
    """`mapfile` and `readarray`: sets the array if the input is known; whether it has done so."""
    texts, text = [item.text for item in given], scope.input
    names = [word for word in texts if not word.startswith("-")]
    trims = len(texts) > len(names)
    if text is None or problem_of((text, *given)) or set(texts) - {"-t", *names} or len(names) > 1:
        return False
    [name] = names or ["MAPFILE"]
    scope.variables[name] = _array(_rows(text.text, trims), text.assumed, line)
    scope.input = Item("")
    return True


def _rows(text: str, trims: bool) -> list[str]:
    """The lines of a text, each with its end unless `trims`."""
    rows = re.findall(r"[^\n]*\n|[^\n]+", text)
    return [row.removesuffix("\n") for row in rows] if trims else rows


def lost(scope: Scope, given: Sequence[Item], line: int) -> None:
    """`read`, `mapfile`, `getopts` of what is not known: the value of each variable is not in the script."""
    scope.succeeded, scope.option_at = None, (0, 0)
    problem = scope.input.problem if scope.input is not None else None
    reason = f"it is read or made when the script runs (line {line}){f': {problem}' if problem else ''}"
    options = {"OPTARG", "OPTIND", "REPLY"} & scope.variables.keys()
    for item in (*given, *(Item(name) for name in options)):
        if item.text.isidentifier():
            scope.variables[item.text] = unknown(reason, line)
    if scope.input is not None:
        scope.input = Item("", reason)
