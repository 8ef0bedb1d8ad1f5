"""A YAML loader for our own files, which refuses a mapping that has a key twice: the first value would be lost."""

from __future__ import annotations

from typing import Any

import yaml


class UniqueKeys(yaml.CSafeLoader):
    """As yaml.CSafeLoader, with an error of YAML at the mapping in which a key occurs twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        if len({*map(str, keys)}) < len(keys):
            raise yaml.constructor.ConstructorError(None, None, "a key occurs twice here", node.start_mark)
        return super().construct_mapping(node, deep)
