"""A comparison in words, without layout: parts with sentences, each with its lines of code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """A sentence; `code` are the lines of a small diff, `notes` are sentences that a short form leaves out."""

    text: str
    code: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    heading: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Document:
    """A document; `identity` names the two bundles, `end` says what is equal, `carriers` which files have changes."""

    language: str
    title: str
    identity: str
    parts: tuple[Part, ...]
    end: str
    carriers: str
