"""What a command reads on its standard input, as far as the script has it: `read`, `mapfile`, `xargs`, `while read`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from osp_compile.importing.bash import splitting
from osp_compile.importing.bash.tree import Tree, name_of, parts_of
from osp_compile.importing.bash.values import Item, Scope, Variable, problem_of, unknown
from osp_compile.importing.bash.ways import Walker
from osp_compile.importing.bash.words import Word, separators
from osp_compile.importing.bash.wrappers import meant

INPUT = frozenset(("<", "<<", "<<-", "<<<"))
COMPOUND = frozenset(("WhileClause", "ForClause", "Block", "Subshell", "IfClause", "CaseClause"))
READERS = frozenset(("read", "mapfile", "readarray", "xargs", "cat"))
VALUED = "aditnNpu"  # options of `read` with a value
XARGS_OWN = frozenset(("-r", "-t", "--no-run-if-empty", "--verbose", "--"))


@contextmanager
def redirected(walk: Walker, scope: Scope, statement: Tree) -> Iterator[None]:
    """Gives the scope the input that the statement is redirected from, for this statement alone."""
    given = [one for one in statement.get("Redirs") or () if one["Op"] in INPUT and not _of_other(one)]
    if not given or not _reads(scope, statement.get("Cmd") or {}):
        yield
        return
    before, scope.input = scope.input, walk.redirection(scope, given[-1])
    yield
    scope.input = before


def _of_other(redirection: Tree) -> bool:
    """Whether it is for another descriptor than standard input, as in `3< file`."""
    return str((redirection.get("N") or {}).get("Value", "0")) != "0"


def _reads(scope: Scope, command: Tree) -> bool:
    name = name_of(command)
    return command.get("Type") in COMPOUND or name in READERS or name in scope.functions


def substituted(redirection: Tree) -> Sequence[Tree] | None:
    """The statements of `< <(...)`; None for anything else."""
    parts = parts_of(redirection.get("Word"))
    return parts[0].get("Stmts") or () if len(parts) == 1 and parts[0]["Type"] == "ProcSubst" else None


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


@dataclass(frozen=True)
class _Option:
    """What `getopts` finds: the letter of an option, its value if it takes one, and where the next one is looked for.

    A place is the number of a word, from 1, and of a letter within it. `ends` is true behind the last option.
    """

    letter: str
    following: tuple[int, int]
    value: str | None = None
    ends: bool = False


def options(scope: Scope, given: Sequence[Item], line: int) -> bool:
    """`getopts`: sets its variables if the words of the call are known; whether it has done so."""
    if len(given) != 2 or scope.given is None or problem_of((*given, *scope.given)):
        return False
    letters, name = given[0].text, given[1].text
    found = _option([item.text for item in scope.given], letters, *_goes_on_at(scope))
    if found is not None:
        _take(scope, name, found, line)
    return found is not None


def _goes_on_at(scope: Scope) -> tuple[int, int]:
    """The place at which `getopts` looks for the next option; (0, 1) if it is unknown."""
    counted = scope.variables.get("OPTIND")
    at = 1 if counted is None or counted.unset else _number(counted)
    return at, scope.option_at[1] if scope.option_at[0] == at else 1


def _number(counted: Variable) -> int:
    text = counted.items[0].text if counted.items and not counted.items[0].problem else ""
    return int(text) if re.fullmatch("[1-9][0-9]{0,5}", text) else 0


def _option(words: Sequence[str], letters: str, at: int, letter: int) -> _Option | None:
    """The option at that place, or the end of the options; None for what is not worked out here."""
    word = words[at - 1] if 0 < at <= len(words) else ""
    if at < 1 or word == "--":
        return None
    if not word.startswith("-") or word == "-":
        return _Option("?", (at, 1), ends=True)
    option, where = word[letter], letters.find(word[letter])
    if where < 0 or option == ":":
        return None
    if letters[where + 1 : where + 2] == ":":
        return _with_value(words, at, letter)
    return _Option(option, (at, letter + 1) if letter + 1 < len(word) else (at + 1, 1))


def _with_value(words: Sequence[str], at: int, letter: int) -> _Option | None:
    """The option at that place with its value: the rest of its word, or else the next word."""
    option, rest = words[at - 1][letter], words[at - 1][letter + 1 :]
    if rest:
        return _Option(option, (at + 1, 1), rest)
    return _Option(option, (at + 2, 1), words[at]) if at < len(words) else None


def _take(scope: Scope, name: str, found: _Option, line: int) -> None:
    """Sets what `getopts NAME` sets."""
    texts = {name: found.letter}
    if found.value is not None:
        texts["OPTARG"] = found.value
    elif name != "OPTARG" and "OPTARG" in scope.variables:
        scope.variables["OPTARG"] = Variable((Item(""),), line=line, unset=True)
    texts["OPTIND"] = str(found.following[0])
    for each, text in texts.items():
        scope.variables[each] = Variable((Item(text),), line=line)
    scope.option_at, scope.succeeded = found.following, not found.ends


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


def meant_by_xargs(scope: Scope, words: Sequence[Word]) -> Sequence[Word]:
    """The words of the command that `xargs` runs, with what it reads behind them; those of any other as they are."""
    return meant(_given_by_xargs(scope, words)) if words and words[0].text == "xargs" else words


@dataclass(frozen=True)
class _Xargs:
    """A call of `xargs`: the words of the command that it runs, and why not all that it does is worked out here.

    `instead` is the text in place of which it puts what it reads, None if that comes behind the words.
    """

    own: Sequence[Word]
    problem: str | None
    instead: str | None


def _xargs(words: Sequence[Word]) -> _Xargs:
    at, problem, instead = 1, None, None
    while at < len(words) and words[at].text.startswith("-"):
        option = words[at].text
        if option not in XARGS_OWN:
            problem = f"how `xargs {option}` divides what it reads is not worked out here"
            if option.startswith(("-I", "-i")):
                instead = option[2:] or (words[at + 1].text if option == "-I" and at + 1 < len(words) else "{}")
            at += len(option) == 2 and option[1] in "adEILnPs"
        at += 1
    return _Xargs(words[at:], problem, instead)


def _read_by_xargs(scope: Scope) -> Item:
    """What `xargs` reads, as far as it is known and has no quotes in it."""
    text = scope.input or Item("", "what `xargs` read when it ran is not in the script")
    if text.problem is None and re.search(r"[\"'\\]", text.text):
        return Item("", "`xargs` takes the quotes out of what it reads")
    return text


def _given_by_xargs(scope: Scope, words: Sequence[Word]) -> list[Word]:
    call, text = _xargs(words), _read_by_xargs(scope)
    if not call.own:
        return list(words)
    if call.instead:
        unknown_one = Item("", call.problem)
        return [replace(one, item=unknown_one) if call.instead in one.text else one for one in call.own]
    span, raw = words[0].span, "$(xargs)"
    problem = call.problem or text.problem
    if problem:
        return [*call.own, Word(Item("", problem), raw, span)]
    read = splitting.words(text.text, splitting.BLANKS)
    return [*call.own, *(Word(Item(one, None, text.assumed), raw, span) for one in read)]
