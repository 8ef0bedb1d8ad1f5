"""A comparison in words, without layout: parts with sentences, each with its lines of code."""

from __future__ import annotations

from dataclasses import dataclass

from osp_compile.spec.model import Language


@dataclass(frozen=True)
class Pair:
    """What was and what is, as words; `name` may be empty where the sentence names it."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Sentence:
    """`text` says it all in a line; `code` are the lines of a small diff, `notes` sentences that short forms leave out.

    A layout with room shows the parts of `text` by themselves: the `id` of a section or step, its `title`, with `tags`
    or `detail` after it, what became of it (`what`: added, removed, changed or moved), and `pairs`. Without a title
    it shows `text`.
    """

    text: str
    code: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    what: str = "changed"
    id: str = ""
    title: str = ""
    detail: str = ""
    tags: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True)
class Part:
    """Sentences of a kind; `warns` where they are of something that should not be so."""

    heading: str
    sentences: tuple[Sentence, ...]
    warns: bool = False


@dataclass(frozen=True)
class Document:
    """`identity` says which two bundles, `end` what is the same, `carriers` which files have the changes: `files`.

    `old` and `new` name the bundles, by their digests where they have one.
    """

    language: Language
    title: str
    identity: str
    parts: tuple[Part, ...]
    end: str
    carriers: str
    site: str
    change: str
    old: str
    new: str
    files: tuple[str, ...]
