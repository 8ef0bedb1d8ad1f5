"""Rule for the site's own post-install.yaml: it is installed in another folder, so it must not use relative paths."""

from __future__ import annotations

import re
from collections.abc import Iterator

from osp_compile.diagnostics import Diagnostic, error, quoted
from osp_compile.spec.rules.view import View
from osp_compile.spec.yaml_tree import Mapping, Node, Scalar, Sequence

FOUND_ANYWHERE = re.compile(r"/|[a-z][a-z0-9+.-]*://", re.IGNORECASE)
TEMPLATE = re.compile(r".*\.(yaml|yml|template)", re.IGNORECASE)


def relative_files(view: View) -> Iterator[Diagnostic]:
    """Refuses relative paths, which heat's client looks for next to the template that names them."""
    source = view.post_install
    if source is None or source.root is None:
        return
    for file in _files(source.root):
        if not FOUND_ANYWHERE.match(file.value):
            message = f"{quoted(file.value)} is looked for beside this template, which is installed elsewhere"
            whole = quoted(f"/home/stack/templates/{file.value}")
            help = f"write the whole path that it has on the undercloud, such as {whole}"
            yield error("relative-file", message, source.at(file.place), help)


def _files(node: Node) -> Iterator[Scalar]:
    """The files that `get_file` names, and the templates that are used as resource types."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _files(item)
    elif isinstance(node, Mapping):
        for key, (_, value) in node.entries.items():
            if isinstance(value, Scalar):
                if key == "get_file" or (key == "type" and TEMPLATE.fullmatch(value.value)):
                    yield value
            else:
                yield from _files(value)


RULES = (relative_files,)
