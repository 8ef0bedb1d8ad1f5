"""Redirections of a statement: the text of here-documents and files that it reads; whether its output goes away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from osp_compile.importing.bash.beside import content
from osp_compile.importing.bash.commands import Heredoc
from osp_compile.importing.bash.tree import Tree, parts_of
from osp_compile.importing.bash.values import Item, Scope
from osp_compile.importing.bash.ways import Walker


def text_of(walk: Walker, scope: Scope, redirection: Tree) -> Item:
    """The text of a here-document, of `< <(...)`, or of a file that lies beside the script."""
    statements = substituted(redirection)
    if statements is not None:
        return walk.output(scope.fork(), statements)
    if redirection["Op"] != "<":
        item = _heredoc(walk, scope, redirection).item
        return item + Item("\n") if redirection["Op"] == "<<<" else item
    words = walk.words.all(scope, [redirection["Word"]])
    if len(words) != 1:
        return Item("", "which file is read is not known")
    return content(walk.beside.text(scope, words[0], walk.place or words[0].span), words[0].raw)


def substituted(redirection: Tree) -> Sequence[Tree] | None:
    """The statements of `< <(...)`; None for anything else."""
    parts = parts_of(redirection.get("Word"))
    return parts[0].get("Stmts") or () if len(parts) == 1 and parts[0]["Type"] == "ProcSubst" else None


def heredocs(walk: Walker, scope: Scope, statement: Tree) -> tuple[Heredoc, ...]:
    """The here-documents and here-strings of a statement."""
    return tuple(
        _heredoc(walk, scope, one) for one in statement.get("Redirs") or () if one.get("Hdoc") or one["Op"] == "<<<"
    )


def _heredoc(walk: Walker, scope: Scope, redirection: Tree) -> Heredoc:
    body = redirection.get("Hdoc")
    if body is None:  # `<<< word`
        return Heredoc(walk.words.one(scope, redirection["Word"]), walk.line(redirection))
    line = walk.place.line if walk.place else body["Pos"]["Line"] + walk.script.first - 1
    if any(part["Type"] != "Lit" for part in parts_of(redirection["Word"])):  # quoted: nothing is expanded
        item, wrong = Item("".join(str(part.get("Value", "")) for part in parts_of(body))), None
    else:
        item, wrong = walk.words.text(scope, body)
    if redirection["Op"] == "<<-":
        item = replace(item, text=re.sub(r"^\t+", "", item.text, flags=re.MULTILINE))
    return Heredoc(item, line, wrong and (walk.place or wrong))


def goes_elsewhere(statement: Tree) -> bool:
    """Whether what the statement prints goes to a file, or to where errors go."""
    return any(
        one["Op"] in {"&>", "&>>"}
        or (one["Op"] in {">", ">>", ">|", ">&"} and str((one.get("N") or {}).get("Value", "1")) == "1")
        for one in statement.get("Redirs") or ()
    )
