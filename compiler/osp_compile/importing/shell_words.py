"""Turns a word of a script into the words that the command gets: quotes, tildes, parameters and word splitting."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from osp_compile.diagnostics import Span
from osp_compile.importing import shell_parameters
from osp_compile.importing.shell_tree import Script, Tree, parts_of
from osp_compile.importing.shell_values import Item, Scope

TILDE = re.compile(r"~(?P<user>[A-Za-z0-9_.-]*)(?=/|$)")
PATTERN = re.compile(r"[*?]|\[[^]]*\]|\{[^{}]*(?:,|\.\.)[^{}]*\}")
ESCAPED = re.compile(r"\\(\n|.)", re.DOTALL)
C_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", "'": "'", '"': '"'}
BLANKS = " \t\n"
Substitute = Callable[[Scope, Sequence[Tree]], Item]


@dataclass(frozen=True)
class Word:
    """One word of a command: `raw` is its source text in the script, `span` its place."""

    item: Item
    raw: str
    span: Span

    @property
    def text(self) -> str:
        return self.item.text


@dataclass(frozen=True)
class Piece:
    """A part of a word; None instead of a piece separates two words."""

    item: Item
    quoted: bool
    expanded: bool = False


class Words:
    """Expands the words of one script; `substitute` returns the output of a `$(...)`, or an unknown item."""

    def __init__(self, script: Script, substitute: Substitute) -> None:
        self.script = script
        self.substitute = substitute

    def all(self, scope: Scope, words: Sequence[Tree]) -> list[Word]:
        found: list[Word] = []
        for word in words:
            raw, span = self.script.raw(word), self.script.span(word)
            found += [Word(item, raw, span) for item in self.fields(scope, word)]
        return found

    def one(self, scope: Scope, word: Tree | None) -> Item:
        """The value of a word that is not split, as in an assignment."""
        text = Item("")
        for piece in self._pieces(scope, parts_of(word), False, True):
            text = text + (Item(" ") if piece is None else piece.item)
        return text

    def fields(self, scope: Scope, word: Tree) -> list[Item]:
        gathered = _Fields()
        for piece in self._pieces(scope, parts_of(word), False, True):
            gathered.add(piece)
        gathered.end()
        return gathered.found

    def _pieces(self, scope: Scope, parts: Sequence[Tree], quoted: bool, first: bool) -> Iterator[Piece | None]:
        for part in parts:
            yield from self._part(scope, part, quoted, first)
            first = False

    def _part(self, scope: Scope, part: Tree, quoted: bool, first: bool) -> Iterator[Piece | None]:
        kind = part["Type"]
        if kind == "Lit":
            yield from self._literal(scope, str(part.get("Value", "")), quoted, first)
        elif kind == "SglQuoted":
            text = str(part.get("Value", ""))
            yield Piece(Item(_c_string(text) if part.get("Dollar") else text), True)
        elif kind == "DblQuoted":
            yield Piece(Item(""), True) if not _is_list(part) else Piece(Item(""), False)
            yield from self._pieces(scope, parts_of(part), True, False)
        elif kind == "ParamExp":
            yield from self._parameter(scope, part, quoted)
        elif kind == "CmdSubst":
            yield Piece(self.substitute(scope, part.get("Stmts") or ()), quoted, True)
        else:
            yield Piece(Item("", f"`{self.script.raw(part)[:40]}` is not worked out here"), quoted, True)

    def _literal(self, scope: Scope, text: str, quoted: bool, first: bool) -> Iterator[Piece]:
        if quoted:
            yield Piece(Item(re.sub(r'\\([$`"\\\n])', lambda found: found[1].strip("\n"), text)), True)
            return
        tilde = TILDE.match(text) if first else None
        if tilde:
            yield Piece(_home(scope, tilde["user"]), True)
            text = text[tilde.end() :]
        at = 0
        for found in ESCAPED.finditer(text):
            yield Piece(Item(text[at : found.start()]), False)
            if found[1] != "\n":
                yield Piece(Item(found[1]), True)
            at = found.end()
        yield Piece(Item(text[at:]), False)

    def _parameter(self, scope: Scope, part: Tree, quoted: bool) -> Iterator[Piece | None]:
        items, many = shell_parameters.items(scope, part, lambda word: self.one(scope, word))
        for number, item in enumerate(items):
            if many and number:
                yield None
            yield Piece(item, quoted, True)


class _Fields:
    """The words so far, and the one that is being put together."""

    def __init__(self) -> None:
        self.found: list[Item] = []
        self.now: Item | None = None

    def end(self) -> None:
        if self.now is not None:
            self.found.append(self.now)
        self.now = None

    def add(self, piece: Piece | None) -> None:
        if piece is None:
            self.end()
        elif piece.quoted or piece.item.problem:
            self.now = (self.now or Item("")) + piece.item
        elif piece.expanded:
            self._split(piece.item)
        elif piece.item.text:
            self.now = (self.now or Item("")) + _no_pattern(piece.item)

    def _split(self, item: Item) -> None:
        for part in re.findall(rf"[{BLANKS}]+|[^{BLANKS}]+", item.text):
            if part[0] in BLANKS:
                self.end()
            else:
                self.now = (self.now or Item("")) + _no_pattern(Item(part, None, item.assumed))


def _is_list(quotes: Tree) -> bool:
    """Whether quotes hold nothing but `$@` or `${A[@]}`, which may be no word at all."""
    parts = parts_of(quotes)
    if len(parts) != 1 or parts[0]["Type"] != "ParamExp":
        return False
    index = parts_of(parts[0].get("Index"))
    return bool(parts[0]["Param"]["Value"] == "@" or (index and index[0].get("Value") == "@"))


def _no_pattern(item: Item) -> Item:
    found = PATTERN.search(item.text)
    if found is None:
        return item
    return Item(item.text, f"which files `{item.text[:60]}` matched when it ran is not in the script")


def _home(scope: Scope, user: str) -> Item:
    if user in {"", scope.undercloud.user}:
        return Item(scope.undercloud.home)
    return Item(f"~{user}", f"where the home directory of `{user}` is, is not in the script")


def _c_string(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: C_ESCAPES.get(found[1], found[0]), text)
