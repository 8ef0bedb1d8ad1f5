"""Aliases: the text that bash reads in place of a command's name, if the script has turned that on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from osp_compile.importing.bash.tree import Script, Tree, parts_of
from osp_compile.importing.bash.values import Aliases, Item, Scope


def define(scope: Scope, given: Sequence[Item], moment: int) -> None:
    """`alias NAME=TEXT ...`; `moment` counts the top-level commands: an alias counts from the next one on."""
    known = scope.aliases or Aliases()
    texts = dict(known.texts)
    for item in given:
        name, equals, text = item.text.partition("=")
        if equals:
            texts[name] = (Item(text, item.problem), moment)
    scope.aliases = replace(known, texts=texts)


def forget(scope: Scope, given: Sequence[Item]) -> None:
    """`unalias NAME ...`."""
    known, names = scope.aliases or Aliases(), {item.text for item in given}
    kept = {} if "-a" in names else {name: text for name, text in known.texts.items() if name not in names}
    scope.aliases = replace(known, texts=kept)


def turn(scope: Scope, given: Sequence[Item]) -> None:
    """`shopt -s expand_aliases`."""
    texts = [item.text for item in given]
    if "expand_aliases" in texts:
        scope.aliases = replace(scope.aliases or Aliases(), expanded="-s" in texts)


def spelled_out(script: Script, scope: Scope, command: Tree, moment: int, without: frozenset[str]) -> str | None:
    """The source of a simple command with its alias written out; None without one. `without` are not expanded again."""
    known, args = scope.aliases, command.get("Args") or ()
    if known is None or not known.expanded or not args:
        return None
    made, at, changed = "", command["Pos"]["Offset"], False
    for word in args:
        text = _text(known, word, moment, without)
        if text is None:
            break
        made += script.data[at : word["Pos"]["Offset"]].decode("utf-8", "replace") + text
        at, changed = word["End"]["Offset"], True
        if not text.endswith((" ", "\t")):  # else the next word may be an alias too
            break
    rest = script.data[at : command["End"]["Offset"]].decode("utf-8", "replace")
    return made + rest if changed else None


def _text(known: Aliases, word: Tree, moment: int, without: frozenset[str]) -> str | None:
    parts = parts_of(word)
    name = str(parts[0].get("Value", "")) if len(parts) == 1 and parts[0]["Type"] == "Lit" else ""
    item, defined = known.texts.get(name, (Item(""), moment))
    return None if defined >= moment or name in without or item.problem else item.text
