"""A comparison told: parts with their sentences, each with the lines of code that belong to it; no layout yet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sentence:
    """`code` are the lines of a small diff; `notes` are sentences that a short form leaves out."""

    text: str
    code: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    heading: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Document:
    """`identity` says which two bundles, `end` what is the same, `carriers` which files have the changes."""

    language: str
    title: str
    identity: str
    parts: tuple[Part, ...]
    end: str
    carriers: str
