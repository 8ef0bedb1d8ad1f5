"""Turns a word of a script into the words that the command gets: quotes, tildes, parameters and word splitting."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from osp_compile.diagnostics import Span
from osp_compile.importing.bash import arithmetic, braces, parameters, splitting
from osp_compile.importing.bash.splitting import BLANKS
from osp_compile.importing.bash.tree import Script, Tree, parts_of
from osp_compile.importing.bash.values import Item, Scope

TILDE = re.compile(r"~(?P<user>[A-Za-z0-9_.-]*)(?=/|$)")
PATTERN = re.compile(r"[*?]|\[[^]]*\]")
ESCAPED = re.compile(r"\\(\n|.)", re.DOTALL)
C_ESCAPE = re.compile(r"\\(?:x(?P<hex>[0-9A-Fa-f]{1,2})|(?P<octal>[0-7]{1,3})|(?P<letter>.))", re.DOTALL)
C_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v",
             "\\": "\\", "'": "'", '"': '"', "?": "?"}  # fmt: skip
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
        found: list[Item] = []
        for one in braces.expanded(word):
            gathered = _Fields(separators(scope), scope.literal)
            for piece in self._pieces(scope, parts_of(one), False, True):
                gathered.add(piece)
            gathered.end()
            found += gathered.found
        return found

    def number(self, scope: Scope, node: Tree) -> int | None:
        """The value of an arithmetic expression; None if it is unknown."""
        return arithmetic.number(scope, node, lambda word: self.one(scope, word))

    def text(self, scope: Scope, body: Tree) -> tuple[Item, Span | None]:
        """The text of a here-document with its variables, and the place of the first part that is unknown.

        A line that ends in `\\` stays one, so that the lines are those of the file.
        """
        text, wrong = Item(""), None
        parts = parts_of(body)
        for number, part in enumerate(parts):
            following = parts[number + 1] if number + 1 < len(parts) else None
            if part["Type"] == "Lit":
                shown = self._until(part["Pos"], following) if following else str(part.get("Value", ""))
                text = text + Item(re.sub(r"\\([$`\\])", r"\1", shown))
                continue
            for piece in self._part(scope, part, True, False, False):
                item = Item(" ") if piece is None else piece.item
                wrong = wrong or (self.script.span(part) if item.problem else None)
                text = text + item
            text = text + Item(self._until(part["End"], following) if following else "")
        return text, wrong

    def _until(self, start: Tree, following: Tree) -> str:
        """The source from a place to the next part: the parser leaves the `\\` at the end of a line out."""
        return self.script.data[start["Offset"] : following["Pos"]["Offset"]].decode("utf-8", "replace")

    def _pieces(self, scope: Scope, parts: Sequence[Tree], quoted: bool, first: bool) -> Iterator[Piece | None]:
        for number, part in enumerate(parts):
            yield from self._part(scope, part, quoted, first, number == len(parts) - 1)
            first = False

    def _part(self, scope: Scope, part: Tree, quoted: bool, first: bool, last: bool) -> Iterator[Piece | None]:
        kind = part["Type"]
        if kind == "Lit":
            yield from self._literal(scope, str(part.get("Value", "")), quoted, first, last)
        elif kind == "SglQuoted":
            text = str(part.get("Value", ""))
            yield Piece(Item(_c_string(text) if part.get("Dollar") else text), True)
        elif kind == "DblQuoted":
            yield Piece(Item(""), not _is_list(part))
            yield from self._pieces(scope, parts_of(part), True, False)
        elif kind == "ParamExp":
            yield from self._parameter(scope, part, quoted)
        elif kind == "CmdSubst":
            yield Piece(self.substitute(scope, part.get("Stmts") or ()), quoted, True)
        elif kind == "ArithmExp" and (number := self.number(scope, part["X"])) is not None:
            yield Piece(Item(str(number)), quoted, True)
        else:
            yield Piece(Item("", f"`{self.script.raw(part)[:40]}` is not worked out here"), quoted, True)

    def _literal(self, scope: Scope, text: str, quoted: bool, first: bool, last: bool) -> Iterator[Piece]:
        if quoted:
            yield Piece(Item(re.sub(r'\\([$`"\\\n])', lambda found: found[1].strip("\n"), text)), True)
            return
        tilde = TILDE.match(text) if first else None
        if tilde and (last or tilde.end() < len(text)):  # in `~"/a"` it stands for itself
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
        takes = not quoted or _gives_list(part)
        instead = parameters.alternative(scope, part, lambda word: self.one(scope, word)) if takes else None
        if instead is not None:
            yield from self._stand_in(scope, *instead)
            return
        items, many = parameters.items(
            scope, part, lambda word: self.one(scope, word), lambda node: self.number(scope, node)
        )
        for number, item in enumerate(items):
            if many and number:
                yield None
            yield Piece(item, quoted, True)

    def _stand_in(self, scope: Scope, word: Tree, assumed: str | None) -> Iterator[Piece | None]:
        """The pieces of the word of `${X:-word}`; `assumed` is why it is that one."""
        for piece in self._pieces(scope, parts_of(word), False, True):
            item = piece.item if piece else Item("")
            item = Item(item.text, item.problem, item.assumed or assumed)
            yield piece and Piece(item, piece.quoted, not piece.quoted)


def separators(scope: Scope) -> Item:
    """The value of `IFS`; its problem names the line that sets it to what is unknown."""
    found = scope.variables.get("IFS")
    if found is None or found.unset:
        return Item(BLANKS)
    item = found.items[0] if found.items else Item("")
    return Item("", f"it depends on `IFS`, which line {found.line} sets") if item.problem else item


class _Fields:
    """The words so far, and the one that is being put together; `literal` where no pattern is expanded."""

    def __init__(self, separators: Item, literal: bool) -> None:
        self.separators = separators
        self.literal = literal
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
            self._put(piece.item)

    def _put(self, item: Item) -> None:
        self.now = (self.now or Item("")) + (item if self.literal else _no_pattern(item))

    def _split(self, item: Item) -> None:
        if self.separators.problem:
            self.now = (self.now or Item("")) + Item(item.text, self.separators.problem if item.text else None)
            return
        for part, separates in splitting.tokens(item.text, self.separators.text):
            if not separates:
                self._put(Item(part, None, item.assumed))
                continue
            if set(part) - set(BLANKS):  # it ends a word even where that is empty
                self.now = self.now or Item("")
            self.end()


def _is_list(quotes: Tree) -> bool:
    """Whether quotes hold nothing but `$@` or `${A[@]}`, which may be no word at all."""
    parts = parts_of(quotes)
    if len(parts) != 1 or parts[0]["Type"] != "ParamExp":
        return False
    index = parts_of(parts[0].get("Index"))
    return bool(parts[0]["Param"]["Value"] == "@" or (index and index[0].get("Value") == "@"))


def _gives_list(part: Tree) -> bool:
    """Whether it is `${X+"$@"}` or `${X+"${A[@]}"}`, which gives the words of the list within quotes too."""
    operator = part.get("Exp") or {}
    given = parts_of(operator.get("Word"))
    within = [one["Type"] for one in given] == ["DblQuoted"] and _is_list(given[0])
    return within and operator.get("Op") in {"+", ":+"}


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
    return C_ESCAPE.sub(_c_character, text)


def _c_character(found: re.Match[str]) -> str:
    if found["letter"]:
        return C_LETTERS.get(found["letter"], found[0])
    return chr(int(found["hex"], 16) if found["hex"] else int(found["octal"], 8))
