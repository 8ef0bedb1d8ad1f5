"""The view of a spec that rules get: its usable data, and the place of each value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from osp_compile.diagnostics import Diagnostic, error, warning
from osp_compile.spec.coerce import UNUSABLE
from osp_compile.spec.model import Capability
from osp_compile.spec.roles import capabilities
from osp_compile.spec.yaml_tree import Path, Source

# the most names that are compared for suggestions, since comparing thousands takes long
SUGGESTIONS = 20


@dataclass(frozen=True)
class View:
    """A spec whose parts may have been refused; `broken` has the top-level keys with refused values.

    `known_steps` are the ids of the steps a waiver may name; `post_install` is the site's own file, where it has one.
    """

    data: Mapping[str, Any]
    source: Source
    broken: frozenset[str]
    known_steps: frozenset[str]
    post_install: Source | None = None

    def get(self, *path: str) -> Any:
        """The value at `path`; None if it is missing or was refused."""
        value: Any = self.data
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        return None if value is UNUSABLE else value

    def words(self, *path: str) -> Iterator[tuple[Path, str]]:
        """The usable entries of the list at `path`, each with its own path."""
        for index, word in enumerate(self.get(*path) or ()):
            if isinstance(word, str):
                yield (*path, index), word

    def members(self, *path: str) -> Iterator[tuple[Path, Any]]:
        """The usable values of the mapping at `path`, each with its own path."""
        for key, value in (self.get(*path) or {}).items():
            if value is not UNUSABLE:
                yield (*path, key), value

    def nodes(self, key: str) -> Iterator[tuple[Path, str]]:
        """`key` of every node that has a usable one."""
        for index, node in enumerate(self.get("nodes") or ()):
            value = node.get(key) if isinstance(node, Mapping) else None
            if isinstance(value, str):
                yield ("nodes", index, key), value

    def is_whole(self, *keys: str) -> bool:
        """Whether nothing was refused under these top-level keys, so that an absent value was really left out."""
        return self.broken.isdisjoint(keys)

    @cached_property
    def roles(self) -> dict[str, frozenset[Capability]]:
        stated = {str(path[-1]): words for path, words in self.members("roles") if isinstance(words, Mapping)}
        usable = {
            name: {word: has for word, has in words.items() if has in (True, False)} for name, words in stated.items()
        }
        return capabilities(usable, self.counts)

    @cached_property
    def counts(self) -> Counter[str]:
        """{role: number of its nodes}."""
        return Counter(role for _, role in self.nodes("role"))

    def count(self, capability: Capability) -> int:
        return sum(number for role, number in self.counts.items() if capability in self.roles.get(role, ()))

    @cached_property
    def role_of(self) -> dict[str, str]:
        """{node: its role}."""
        both = [(node.get("name"), node.get("role")) for node in self.get("nodes") or () if isinstance(node, Mapping)]
        return {name: role for name, role in both if isinstance(name, str) and isinstance(role, str)}

    @cached_property
    def computes(self) -> frozenset[str]:
        """The names of the nodes that are computes."""
        return frozenset(name for name, role in self.role_of.items() if "compute" in self.roles.get(role, ()))

    @cached_property
    def batches(self) -> tuple[tuple[str, ...], ...]:
        """The names of the computes in each batch, in order; empty if the batch size was refused."""
        names, number = (
            tuple(name for name in self.role_of if name in self.computes),
            self.get("compute_reboot", "batch"),
        )
        return tuple(names[first : first + number] for first in range(0, len(names), number)) if number else ()

    @property
    def knows_roles(self) -> bool:
        """Whether no node or role was refused, and every node has a known role."""
        return self.is_whole("nodes", "roles") and all(role in self.roles for role in self.counts)

    def error(self, code: str, message: str, path: Path, help: str | None = None) -> Diagnostic:
        return error(code, message, self.source.value(path), help)

    def warning(self, code: str, message: str, path: Path, help: str | None = None) -> Diagnostic:
        return warning(code, message, self.source.value(path), help)
