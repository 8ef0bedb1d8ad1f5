"""Shell as a tree of plain values in which two texts are equal if they run the same: what a step shows, what it runs.

shfmt reads the text, so that no reader of the compiler's judges another. In a tree settings have their values, and the
node has one name. A word is a list of text and of expansions; a sign in its text that bash could take for more than a
letter has a backslash where it is quoted.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from unit.waiting import LIMIT

Settings = Mapping[str, str | tuple[str, ...]]
NODE = "osp_the_node"  # what `<node>` is read as, and `$1` and `$node` of a step
PLAIN = re.compile(r"[\w@%+:./,-]")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
ESCAPED_IN_QUOTES = re.compile(r"\\([$`\"\\\n])")


def parsed(script: str) -> list[Any]:
    """The statements of a script, as shfmt gives them."""
    program = shutil.which("shfmt")
    assert program is not None
    words = [program, "--to-json", "--language-dialect", "bash"]
    done = subprocess.run(words, input=script, capture_output=True, text=True, check=False, timeout=LIMIT)
    assert done.returncode == 0, f"{done.stderr}\n{script}"
    return list(json.loads(done.stdout)["Stmts"] or ())


def functions_of(statements: Sequence[Any]) -> tuple[dict[str, Any], list[Any]]:
    """{name: body} of the functions, and the other statements."""
    found, rest = {}, []
    for statement in statements:
        command = statement.get("Cmd") or {}
        if command.get("Type") == "FuncDecl":
            found[command["Name"]["Value"]] = command["Body"]["Cmd"]["Stmts"]
        else:
            rest.append(statement)
    return found, rest


def settings_of(site: str) -> Settings:
    """The values that a bundle's lib/site.sh sets."""
    block = next(one["Cmd"] for one in parsed(site) if one["Cmd"]["Type"] == "Block")
    found: dict[str, str | tuple[str, ...]] = {}
    for statement in block["Stmts"]:
        (assigned,) = statement["Cmd"]["Assigns"]
        if "Array" in assigned:
            found[assigned["Name"]["Value"]] = tuple(
                _text(one["Value"]) for one in assigned["Array"].get("Elems") or ()
            )
        else:
            found[assigned["Name"]["Value"]] = _text(assigned["Value"])
    return found


def _text(word: Any) -> str:
    """The text of a word without expansions."""
    text = ""
    for part in word["Parts"]:
        assert part["Type"] in {"Lit", "SglQuoted"}
        value = part.get("Value", "")
        text += ESCAPED.sub(r"\1", value) if part["Type"] == "Lit" else value
    return text


def literals(tree: Any) -> Iterator[str]:
    """Every word of a tree of shfmt's that is one text without quotes: commands, their options, functions."""
    if isinstance(tree, dict):
        parts = tree.get("Parts") or ()
        if len(parts) == 1 and parts[0].get("Type") == "Lit":
            yield parts[0]["Value"]
        for one in tree.values():
            yield from literals(one)
    elif isinstance(tree, list):
        for one in tree:
            yield from literals(one)


class Reader:
    """Makes plain trees of shfmt's; `nodes` are the parameters that hold the node."""

    def __init__(self, settings: Settings, nodes: frozenset[str]) -> None:
        self._settings = settings
        self._nodes = nodes

    def plain(self, tree: Any) -> Any:
        """The tree without places and comments, and without declarations that only name variables or arguments."""
        if isinstance(tree, list):
            return [one for member in tree if not _only_names(member) for one in self._members(member)]
        if not isinstance(tree, dict):
            return tree
        if "Parts" in tree:
            return self._parts(tree["Parts"], quoted=False)
        if "Hdoc" in tree:
            quoted = tree["Word"]["Parts"][0]["Type"] != "Lit"
            return [
                self.plain({**tree, "Hdoc": None, "Word": None}),
                self._parts(tree["Hdoc"].get("Parts"), quoted=True, raw=quoted),
            ]
        return {key: self.plain(value) for key, value in tree.items() if key != "Comments" and not _place(value)}

    def _members(self, member: Any) -> list[Any]:
        """The member; where it is a whole array, its values, each as a word or as a member of another array."""
        if not isinstance(member, dict):
            return [self.plain(member)]
        if "Parts" in member:
            values = self._array(member)
            return [self.plain(member)] if values is None else [[_marked(value)] for value in values]
        values = self._array(member["Value"]) if member.keys() == {"Pos", "End", "Value"} else None
        return [self.plain(member)] if values is None else [{"Value": [_marked(value)]} for value in values]

    def _array(self, word: Any) -> tuple[str, ...] | None:
        """The values of `"${NAME[@]}"`, also of `"${NAME[@]+"${NAME[@]}"}"`; None if the word is anything else."""
        (part, *more) = word.get("Parts") or [{}]
        (inner, *after) = part.get("Parts") or [{}]
        if more or after or part.get("Type") != "DblQuoted" or inner.get("Type") != "ParamExp":
            return None
        other = inner.keys() - {"Type", "Pos", "End", "Dollar", "Rbrace", "Param", "Index", "Exp"}
        if other or [*literals(inner.get("Index"))] != ["@"]:
            return None
        if "Exp" in inner and self._array(inner["Exp"].get("Word") or {}) is None:
            return None
        value = self._settings.get(inner["Param"]["Value"])
        return value if isinstance(value, tuple) else None

    def _parts(self, parts: Sequence[Any] | None, *, quoted: bool, raw: bool = False) -> list[Any]:
        """Texts and expansions in order, with neighbouring texts joined."""
        found: list[Any] = []
        for part in parts or ():
            for one in self._part(part, quoted, raw):
                if isinstance(one, str) and found and isinstance(found[-1], str):
                    found[-1] += one
                elif one != "":
                    found.append(one)
        return found or [""]

    def _part(self, part: Any, quoted: bool, raw: bool) -> list[Any]:
        kind = part["Type"]
        if kind == "Lit":
            return [_marked(part["Value"]) if raw else _literal(part["Value"], quoted)]
        if kind == "SglQuoted":
            return [_marked(part.get("Value", "")), *(["$'"] if part.get("Dollar") else [])]
        if kind == "DblQuoted":
            return self._parts(part.get("Parts") or (), quoted=True)
        if kind == "ParamExp" and not part.keys() - {"Type", "Pos", "End", "Dollar", "Rbrace", "Short", "Param"}:
            name = part["Param"]["Value"]
            if name in self._nodes:
                return [NODE]
            value = self._settings.get(name)
            if isinstance(value, str):
                return [_marked(value)]
            return [{"parameter": name, "quoted": quoted}]
        return [{**self.plain({key: value for key, value in part.items() if key != "Short"}), "quoted": quoted}]


def _place(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"Offset", "Line", "Col"}


def _marked(text: str) -> str:
    """Quoted text."""
    return "".join(sign if PLAIN.match(sign) else f"\\{sign}" for sign in text)


def _literal(value: str, quoted: bool) -> str:
    """The text of a literal, whose backslashes quote what follows."""
    found, at = "", 0
    for escaped in (ESCAPED_IN_QUOTES if quoted else ESCAPED).finditer(value):
        before = value[at : escaped.start()]
        found += (_marked(before) if quoted else before) + ("" if escaped[1] == "\n" else _marked(escaped[1]))
        at = escaped.end()
    return found + (_marked(value[at:]) if quoted else value[at:])


def _only_names(member: Any) -> bool:
    """Whether this is a `local` that names variables, or arguments of its function, and nothing else."""
    command = (member.get("Cmd") if isinstance(member, dict) else None) or {}
    if command.get("Type") != "DeclClause" or command["Variant"]["Value"] != "local":
        return False
    return all(_names(one) for one in command["Args"])


def _names(declared: Any) -> bool:
    if declared.get("Naked"):
        return True
    if "Array" in declared:
        return not declared["Array"].get("Elems")
    (part, *more) = declared["Value"]["Parts"] if "Value" in declared else [{}]
    inner = part["Parts"] if part.get("Type") == "DblQuoted" else [part]
    return not more and len(inner) == 1 and inner[0].get("Type") == "ParamExp" and inner[0]["Param"]["Value"].isdigit()
