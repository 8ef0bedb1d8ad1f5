"""What a command reads on its standard input, as far as the script has it: `read`, `mapfile`, `xargs`, `while read`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from osp_compile.importing.bash import splitting
from osp_compile.importing.bash.tree import Tree, name_of, parts_of
from osp_compile.importing.bash.values import Item, Scope, Variable, unknown
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
    letters, values, names = _options([item.text for item in given])
    text = scope.input
    if text is None or text.problem or any(item.problem for item in given) or set(letters) - set("rsedpai"):
        return False
    between = separators(scope)
    end = values.get("d", "\n")[:1]
    row, found, rest = text.text.partition(end) if end else (text.text, "", "")
    if between.problem or ("\\" in row and "r" not in letters):
        return False
    scope.input = Item(rest, None, text.assumed)
    scope.succeeded = bool(found)
    words = splitting.words(row, between.text) if between.text else [row] if row else []
    if "a" in letters:
        items = tuple(Item(word, None, text.assumed) for word in words)
        scope.variables[values["a"]] = Variable(items, array=True, line=line)
        return True
    kept = [row] if not names else _shared(row, words, len(names), between.text)
    if kept is None:
        return False
    for name, word in zip(names or ["REPLY"], kept, strict=True):
        scope.variables[name] = Variable((Item(word, None, text.assumed),), line=line)
    return True


def _options(words: Sequence[str]) -> tuple[str, dict[str, str], list[str]]:
    """The letters of the options, their values, and the words after them."""
    rest, letters, values = list(words), "", dict[str, str]()
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


def _shared(row: str, words: list[str], number: int, between: str) -> list[str] | None:
    """The words of a line for that many variables, of which the last has the rest; None if it is not known here."""
    if len(words) <= number:
        blank = "".join(one for one in between if one in splitting.BLANKS)
        # one name has the line as it is, without the blanks around it
        whole = [row.strip(blank)] if number == 1 and words else words
        if number == 1 and set(between) - set(splitting.BLANKS) and whole != words:
            return None
        return [*whole, *[""] * (number - len(whole))]
    if set(between) - set(splitting.BLANKS):
        return None
    rest = row.strip(between)
    for _ in range(number - 1):
        rest = re.sub(rf"^[^{re.escape(between)}]+[{re.escape(between)}]+", "", rest)
    return [*words[: number - 1], rest]


def fill(scope: Scope, given: Sequence[Item], line: int) -> bool:
    """`mapfile` and `readarray`: sets the array if the input is known; whether it has done so."""
    texts, text = [item.text for item in given], scope.input
    options = [word for word in texts if word.startswith("-")]
    names = [word for word in texts if not word.startswith("-")] or ["MAPFILE"]
    if text is None or text.problem or set(options) - {"-t"} or len(names) > 1 or any(item.problem for item in given):
        return False
    rows = re.findall(r"[^\n]*\n|[^\n]+", text.text)
    items = tuple(Item(row.removesuffix("\n") if options else row, None, text.assumed) for row in rows)
    scope.variables[names[0]] = Variable(items, array=True, line=line)
    scope.input = Item("")
    return True


def options(scope: Scope, given: Sequence[Item], line: int) -> bool:
    """`getopts`: sets its variables if the words of the call are known; whether it has done so."""
    if len(given) != 2 or scope.given is None or any(item.problem for item in (*given, *scope.given)):
        return False
    letters, name = given[0].text, given[1].text
    counted = scope.variables.get("OPTIND")
    at = 1 if counted is None or counted.unset else _number(counted)
    letter = scope.option_at[1] if scope.option_at[0] == at else 1
    words = [item.text for item in scope.given]
    word = words[at - 1] if 0 < at <= len(words) else ""
    if at < 1 or word == "--":
        return False
    if not word.startswith("-") or word == "-":
        return _chosen(scope, {name: "?"}, (at, 1), False, line)
    option, where = word[letter], letters.find(word[letter])
    if where < 0 or option == ":":
        return False
    if letters[where + 1 : where + 2] != ":":
        following = (at, letter + 1) if letter + 1 < len(word) else (at + 1, 1)
        return _chosen(scope, {name: option}, following, True, line)
    if word[letter + 1 :]:
        return _chosen(scope, {name: option, "OPTARG": word[letter + 1 :]}, (at + 1, 1), True, line)
    if at >= len(words):
        return False
    return _chosen(scope, {name: option, "OPTARG": words[at]}, (at + 2, 1), True, line)


def _number(counted: Variable) -> int:
    text = counted.items[0].text if counted.items and not counted.items[0].problem else ""
    return int(text) if re.fullmatch("[1-9][0-9]{0,5}", text) else 0


def _chosen(scope: Scope, found: dict[str, str], following: tuple[int, int], succeeded: bool, line: int) -> bool:
    if "OPTARG" not in found and "OPTARG" in scope.variables:
        scope.variables["OPTARG"] = Variable((Item(""),), line=line, unset=True)
    for name, text in {**found, "OPTIND": str(following[0])}.items():
        scope.variables[name] = Variable((Item(text),), line=line)
    scope.option_at, scope.succeeded = following, succeeded
    return True


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


def _given_by_xargs(scope: Scope, words: Sequence[Word]) -> list[Word]:
    at, problem, instead = 1, None, None
    while at < len(words) and words[at].text.startswith("-"):
        option = words[at].text
        if option not in XARGS_OWN:
            problem = f"how `xargs {option}` divides what it reads is not worked out here"
            if option.startswith(("-I", "-i")):
                instead = option[2:] or (words[at + 1].text if option == "-I" and at + 1 < len(words) else "{}")
            at += len(option) == 2 and option[1] in "adEILnPs"
        at += 1
    own = list(words[at:])
    if not own:
        return list(words)
    if instead:
        return [replace(one, item=Item("", problem)) if instead in one.text else one for one in own]
    text = scope.input or Item("", "what `xargs` read when it ran is not in the script")
    problem = problem or text.problem
    if problem is None and re.search(r"[\"'\\]", text.text):
        problem = "`xargs` takes the quotes out of what it reads"
    span, raw = words[0].span, "$(xargs)"
    if problem:
        return [*own, Word(Item("", problem), raw, span)]
    read = splitting.words(text.text, splitting.BLANKS)
    return [*own, *(Word(Item(one, None, text.assumed), raw, span) for one in read)]
