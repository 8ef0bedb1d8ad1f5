"""Files that lie beside the deploy script and that it reads: `source settings.sh`, `$(< files.txt)`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import basename, dirname, normpath

from osp_compile.diagnostics import Diagnostic, Span, quoted
from osp_compile.importing.bash.lookups import script_path
from osp_compile.importing.bash.values import Item, Scope
from osp_compile.importing.bash.words import Word
from osp_compile.importing.text import Text, read, said

LARGEST = 512 * 1024  # bytes
WRITTEN_OUT = re.compile(r"(/[\w.-]+)+\"?$")


@dataclass
class Beside:
    """The folder on this machine in which the deploy script was given; None if it came without one.

    `told` is called with a diagnostic for each file that is taken for one of the undercloud.
    """

    folder: Path | None = None
    told: Callable[[Diagnostic], None] = lambda _: None
    seen: dict[tuple[str, int], Text | None] = field(default_factory=dict)

    def text(self, scope: Scope, path: Word, span: Span) -> Text | None:
        """The file for a path of the script; None if none lies there, or the path is not known."""
        key = path.raw, span.line
        if key not in self.seen:
            self.seen[key] = self._found(scope, path)
            found = self.seen[key]
            if found is not None:
                message = f"{quoted(path.raw)} is taken for {quoted(found.file)}, which lies beside the script"
                self.told(said(message, span, "see that it is the file that the undercloud has"))
        return self.seen[key]

    def _found(self, scope: Scope, path: Word) -> Text | None:
        if self.folder is None:
            return None
        for name in _names(scope, path):
            there = self.folder / name
            # a link may lead out of what was given
            if there.is_file() and there.resolve().is_relative_to(self.folder.resolve()):
                found = read(there, LARGEST)
                return None if isinstance(found, Diagnostic) else found
        return None


def _names(scope: Scope, path: Word) -> list[str]:
    """The places below the folder at which the file may lie, the likeliest first."""
    text = path.text
    if path.item.problem:
        # only where the script lay is unknown, and the rest of the path is written out
        written = WRITTEN_OUT.search(path.raw)
        if path.item.problem != script_path(scope).problem or not written or written[0].rstrip('"') != text:
            return []
        return [text.lstrip("/")]
    script = scope.undercloud.script
    if script and text.startswith(f"{dirname(script)}/"):
        return [normpath(text[len(dirname(script)) + 1 :])]
    if not text or normpath(text).startswith(".."):
        return []
    return [basename(text)] if text.startswith("/") else [normpath(text), basename(text)]


def content(text: Text | None, path: str) -> Item:
    """The file's text as a value; unknown if it was not given."""
    if text is None:
        return Item("", f"what is in `{path[:60]}` is not in the script")
    return Item("".join(f"{line}\n" for line in text.lines))
