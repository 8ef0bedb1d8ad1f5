"""YAML as written: a tree with the place of each value, not yet interpreted."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import NamedTuple

from osp_compile.diagnostics import Span

Path = tuple[str | int, ...]


class Place(NamedTuple):
    """A place in a file: line, column and length on that line, from 0, in characters."""

    line: int
    column: int
    length: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A word or a text; `plain` if it is written without quotes and may become a number or a boolean."""

    value: str
    plain: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """`entries` maps each key to the key's place and its value."""

    entries: MappingType[str, tuple[Place, Node]]
    place: Place


@dataclass(frozen=True, slots=True)
class Broken:
    """A placeholder for a refused value, so that no later stage reports it again."""

    place: Place


Node = Scalar | Sequence | Mapping | Broken


@dataclass(frozen=True)
class Source:
    """A file, its lines and its tree; `root` is None if nothing in it is usable."""

    file: str
    lines: tuple[str, ...] = field(default=(), repr=False)
    root: Node | None = field(default=None, repr=False)

    def at(self, place: Place) -> Span:
        text = self.lines[place.line] if place.line < len(self.lines) else ""
        return Span(self.file, place.line + 1, place.column + 1, max(1, place.length), text)

    def whole(self) -> Span:
        """The file as such, without a line."""
        return Span(self.file, 0, 0, 0)

    def value(self, path: Path) -> Span:
        """The span of the value at `path`; if that was left out, of the nearest enclosing key or entry."""
        found = self._find(path)
        node, key = found[-1]
        complete = len(found) == len(path) + 1
        if key is not None and (not complete or not isinstance(node, Scalar | Broken)):
            return self.at(key)
        return self.at(node.place)

    def has(self, path: Path) -> bool:
        """Whether the file itself has a value at `path`."""
        return len(self._find(path)) == len(path) + 1

    def key(self, path: Path) -> Span:
        """The span of the last key of `path`; for a list's entry, which has no key, of the entry."""
        node, key = self._find(path)[-1]
        return self.at(key or node.place)

    def _find(self, path: Path) -> list[tuple[Node, Place | None]]:
        """The nodes along `path` from the root, with the places of their keys, as far as the file has them."""
        node = self.root or Broken(Place(0, 0, 0))
        found: list[tuple[Node, Place | None]] = [(node, None)]
        for step in path:
            if isinstance(node, Mapping) and step in node.entries:
                key, node = node.entries[str(step)]
                found.append((node, key))
            elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
                node = node.items[step]
                found.append((node, None))
            else:
                break
        return found
