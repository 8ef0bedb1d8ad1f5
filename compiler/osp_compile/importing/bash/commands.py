"""A command of a script, as a walk through the script reports it."""

from __future__ import annotations

from dataclasses import dataclass

from osp_compile.diagnostics import Span
from osp_compile.importing.bash.values import Item
from osp_compile.importing.bash.words import Word


@dataclass(frozen=True)
class Heredoc:
    """The text of a here-document or a here-string, the line on which it begins, and what of it is unknown."""

    item: Item
    line: int
    wrong: Span | None = None


@dataclass(frozen=True)
class Call:
    """A command of the script: its words, the folder it runs in, and the line of the condition around it, if any.

    `cut_at` is the place of words that look like more of its options, but that the shell took for another command.
    """

    words: tuple[Word, ...]
    folder: Item
    span: Span
    condition: int | None
    heredocs: tuple[Heredoc, ...] = ()
    cut_at: Span | None = None
