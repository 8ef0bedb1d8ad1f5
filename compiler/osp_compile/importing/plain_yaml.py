"""Reads YAML from elsewhere (roles, environment files, lists) as plain data with line numbers; tags are ignored.

The content is not trusted: tags make no objects, and aliases that multiply are refused.
"""

from __future__ import annotations

from typing import Any

import yaml

from osp_compile.diagnostics import error
from osp_compile.importing.text import Text

Path = tuple[str | int, ...]
MOST = 400_000  # the largest number of values in one file
Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _TooManyError(Exception):
    pass


def load(text: Text) -> tuple[Any, dict[Path, int]]:
    """The file's data, or a diagnostic in its place, and the line (from 1) of each value by its path."""
    try:
        root = yaml.compose(text.all, Loader)
        gathered = _Gathered()
        return (None if root is None else gathered.value(root, ())), gathered.lines
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        span = text.at(mark.line + 1, mark.column + 1) if mark else text.whole()
        return error("yaml", f"this is not YAML: {problem.problem}", span, "give the file as it is deployed"), {}
    except (yaml.YAMLError, RecursionError, _TooManyError):
        return error("yaml", "this YAML cannot be read", text.whole(), "give the file as it is deployed"), {}


class _Gathered:
    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.number = 0

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.number += 1
        if self.number > MOST or len(path) > 60:
            raise _TooManyError
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, number)) for number, item in enumerate(node.value)]
        return node.value

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                found[key.value] = self.value(value, (*path, key.value))
                self.lines[*path, key.value] = key.start_mark.line + 1
        return found
