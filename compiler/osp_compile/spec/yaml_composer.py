"""Builds a tree from YAML text, without recursion or constructors: sizes are bounded, oddities become diagnostics."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from yaml import MarkedYAMLError, YAMLError
from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from osp_compile.diagnostics import Diagnostic, error, quoted
from osp_compile.spec.yaml_messages import explain
from osp_compile.spec.yaml_tree import Broken, Mapping, Node, Place, Scalar, Sequence, Source

DEEPEST = 32
MOST_VALUES = 500_000
MERGE = "<<"
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# line breaks and tabs are included: values are used in tables and in one-line commands
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


class BoundError(Exception):
    """Raised where the file exceeds a bound; nothing after this place is read."""


@dataclass
class _Frame:
    """A collection that is still open."""

    place: Place
    is_mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, tuple[Place, Node]] = field(default_factory=dict)
    key: Node | None = None
    refused: bool = False

    def close(self) -> Node:
        if self.refused:
            return Broken(self.place)
        return Mapping(self.entries, self.place) if self.is_mapping else Sequence(tuple(self.items), self.place)


class Composer:
    """Builds the tree of one document. `one_line` refuses values with line breaks and tabs, as a spec's have to be."""

    def __init__(self, source: Source, one_line: bool = True) -> None:
        self.source = source
        self.one_line = one_line
        self.diagnostics: list[Diagnostic] = []
        self.root: Node | None = None
        self._open: list[_Frame] = []
        self._values = 0
        self._documents = 0
        self._aliases: set[str] = set()

    def compose(self, text: str) -> Node | None:
        """The root, or None if the text is empty or not valid YAML; `diagnostics` says why."""
        try:
            for event in _events(text):
                self._take(event)
        except BoundError:
            return None
        except MarkedYAMLError as problem:
            self.diagnostics.append(explain(problem, self.source))
            return None
        except YAMLError:
            self._refuse("yaml-syntax", "this is not YAML", Place(0, 0, 1), "see yaml.org for the syntax")
            return None
        return self.root

    def _refuse(self, code: str, message: str, place: Place, help: str) -> None:
        self.diagnostics.append(error(code, message, self.source.at(place), help))

    def _take(self, event: Event) -> None:
        # scalars first: they are the most frequent
        if isinstance(event, NodeEvent):
            self._take_node(event)
        elif isinstance(event, CollectionEndEvent):
            self._attach(self._open.pop().close())
        elif isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._refuse(
                    "several-documents",
                    "a second document begins here",
                    self._place(event),
                    "keep one document in a file; remove the line `---` and what follows it",
                )
                raise BoundError

    def _take_node(self, event: NodeEvent) -> None:
        place = self._place(event)
        self._values += 1
        if self._values > MOST_VALUES:
            self._refuse(
                "too-large", f"more than {MOST_VALUES:,} values", place, "describe one site in a file, not more"
            )
            raise BoundError
        tag = getattr(event, "tag", None)
        tagged = tag is not None
        if tagged:
            self._refuse(
                "tag",
                f"the tag {quoted(str(tag).replace('tag:yaml.org,2002:', '!!'))} is not allowed",
                place,
                "write the value without it",
            )
        if isinstance(event, AliasEvent):
            self._refuse_alias(str(event.anchor), place)
            self._attach(Broken(place))
        elif isinstance(event, ScalarEvent):
            self._attach(Broken(place) if tagged else self._scalar(event, place))
        elif isinstance(event, CollectionStartEvent):
            if len(self._open) >= DEEPEST:
                self._refuse(
                    "too-deep", f"nested more than {DEEPEST} levels deep", place, "no spec key is nested this deeply"
                )
                raise BoundError
            self._open.append(_Frame(place, isinstance(event, MappingStartEvent), refused=tagged))

    def _refuse_alias(self, anchor: str, place: Place) -> None:
        key = self._open[-1].key if self._open else None
        is_merged = isinstance(key, Scalar) and key.plain and key.value == MERGE
        # a YAML bomb has thousands of aliases: one report of each is enough; a merge key has its own message
        if anchor not in self._aliases and not is_merged:
            self._refuse("alias", f"the alias {quoted(f'*{anchor}')} is not allowed", place, "write the value out")
        self._aliases.add(anchor)

    def _scalar(self, event: ScalarEvent, place: Place) -> Node:
        value: str = event.value
        # isprintable is fast and strict: only texts that fail it get the slower check
        if not value.isprintable() and (found := UNSAFE.search(value if self.one_line else value.translate(BREAKS))):
            self._refuse(
                "control-character",
                f"the value holds {NAMES.get(found.group()) or f'the control character U+{ord(found.group()):04X}'}",
                place,
                REPAIRS.get(found.group(), "write the value without it"),
            )
            return Broken(place)
        return Scalar(value, event.style in (None, ""), place)

    def _attach(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        frame = self._open[-1]
        if not frame.is_mapping:
            frame.items.append(node)
        elif frame.key is None:
            frame.key = node
        else:
            key, frame.key = frame.key, None
            self._enter(frame, key, node)

    def _enter(self, frame: _Frame, key: Node, node: Node) -> None:
        if isinstance(key, Broken):
            return
        if not isinstance(key, Scalar):
            self._refuse("key-not-text", "a key has to be a word", key.place, "write `word: value`")
        elif key.plain and key.value in NULLS:
            self._refuse("key-not-text", "a key is missing before the `:`", key.place, "write `word: value`")
        elif key.plain and key.value == MERGE:
            self._refuse("merge-key", "merge keys are not allowed", key.place, "write the keys out")
        elif key.value in frame.entries:
            first = frame.entries[key.value][0].line + 1
            help = f"it is already on line {first}; keep one of the two"
            self._refuse("duplicate-key", f"duplicate key {quoted(key.value)}", key.place, help)
        else:
            frame.entries[key.value] = (key.place, node)

    def _place(self, event: Event) -> Place:
        start, end = event.start_mark, event.end_mark
        if start is None or end is None:
            return Place(0, 0, 1)
        if end.line == start.line:
            return Place(start.line, start.column, end.column - start.column)
        line = self.source.lines[start.line] if start.line < len(self.source.lines) else ""
        return Place(start.line, start.column, len(line.rstrip()) - start.column)


NAMES = {"\n": "a line break", "\t": "a tab"}
REPAIRS = {"\n": "write the value on one line, folded text with `>-`", "\t": "use a space"}
BREAKS = {ord("\n"): " ", ord("\t"): " ", ord("\r"): " "}


def _events(text: str) -> Iterator[Event]:
    parser = CParser(text)
    while (event := parser.get_event()) is not None:
        yield event
