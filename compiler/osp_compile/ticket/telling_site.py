"""Describes the site's values and rows in sentences."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from typing import Any

from osp_compile.spec.keys import described, places
from osp_compile.spec.model import Language
from osp_compile.spec.policies import POLICIES
from osp_compile.ticket.comparison import Comparison
from osp_compile.ticket.document import Pair, Part, Sentence
from osp_compile.ticket.facts import localized
from osp_compile.ticket.site_changes import Entry, Value
from osp_compile.ticket.wording import WORDS, said, word


def value_sentences(comparison: Comparison, language: Language) -> Iterator[Sentence]:
    """A sentence for each value that differs, with the steps that it affects."""
    for value in comparison.values:
        yield _policy(value, comparison, language) or _value(value, comparison, language)


def _policy(value: Value, comparison: Comparison, language: Language) -> Sentence | None:
    """A sentence from the table of policies; None if the table has none for this value."""
    meanings = POLICIES.get(value.key, {})
    now, before = meanings.get(_plain(value.after)), meanings.get(_plain(value.before))
    if now is None or (before is None and value.before is not None):
        return None
    where = _places(value.key, comparison)
    if language == "ja":
        was = before.ja if before else word(language, "unknown")
        text = said(language, "policy", places=where, now=now.ja, before=was)
    elif before:
        text = said(language, "policy", places=where, now=now.now, before=before.before)
    else:
        text = said(language, "policy_new", places=where, now=now.now, before=word(language, "unknown"))
    pair = Pair(value.key, _plain(value.before), _plain(value.after))
    return Sentence(text, notes=(f"{pair.name}: {pair.before} -> {pair.after}",), title=text, pairs=(pair,))


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(value: Value, comparison: Comparison, language: Language) -> Sentence:
    before, after = (_shown(one, language) for one in (value.before, value.after))
    pair = Pair(value.key, before, after)
    if value.key == "site.change":
        text = said(language, "change", before=before, after=after)
        return Sentence(text, title=word(language, "change_"), pairs=(pair,))
    where = _places(value.key, comparison)
    text = said(language, "value", places=where, name=value.key, before=before, after=after)
    description = described(value.key, language)
    told = f"{text}. {description}" if description and language == "en" else _with(text, description)
    return Sentence(told, title=f"{where}{description or value.key}", pairs=(pair,))


def _with(text: str, description: str) -> str:
    return f"{text}。{description}" if description else text


def _shown(value: Any, language: Language) -> str:
    if value is None or value in ("", [], {}):
        return word(language, "none")
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return shlex.join(value)
    return localized(value, language)


def _places(key: str, comparison: Comparison) -> str:
    """The steps or sections affected, as `2.09/5: ` or `2.07, 2.08: `; "" if it affects all."""
    found = [comparison.places[place] for place in places(key) if place in comparison.places]
    return f"{', '.join(found)}: " if found else ""


def entry_parts(comparison: Comparison, language: Language) -> Iterator[Part]:
    """A part of the document for each list whose rows differ."""
    for key in dict.fromkeys(entry.key for entry in comparison.entries):
        rows = [entry for entry in comparison.entries if entry.key == key]
        heading = WORDS[f"p_{key}"][language == "ja"] if f"p_{key}" in WORDS else key
        yield Part(heading, tuple(_entry_sentence(entry, language) for entry in rows))


def _entry_sentence(entry: Entry, language: Language) -> Sentence:
    text = _entry(entry, language)
    if entry.key == "waive":
        return Sentence(text, what=entry.what)
    pairs: tuple[Pair, ...] = ()
    detail = ""
    if entry.what == "moved":
        pairs = (Pair(word(language, "place"), str(entry.at[0]), str(entry.at[1])),)
    elif entry.key == "env_files" and entry.what != "changed":
        detail = said(language, "at_place", at=entry.at[entry.what == "added"])
    elif entry.what == "changed":
        before, after = (", ".join(_fields(one, other, language)) for one, other in _both(entry))
        pairs = (Pair("", before, after),)
    else:
        detail = ", ".join(_fields(entry.after if entry.what == "added" else entry.before, None, language))
    return Sentence(text, what=entry.what, title=entry.name, detail=detail, pairs=pairs)


def _entry(entry: Entry, language: Language) -> str:
    was, now = entry.at
    if entry.what == "moved":
        return said(language, "row_moved", name=entry.name, was=was, now=now)
    if entry.key == "env_files":
        return said(language, f"file_{entry.what}", name=entry.name, was=was, now=now)
    if entry.what == "changed":
        before, after = (", ".join(_fields(one, other, language)) for one, other in _both(entry))
        return said(language, "row_changed", name=entry.name, before=before, after=after)
    row = ", ".join(_fields(entry.after if entry.what == "added" else entry.before, None, language))
    if entry.key == "waive":
        return said(language, f"waive_{entry.what}", name=entry.name, row=row)
    return said(language, f"row_{entry.what}", name=entry.name, row=f": {row}" if row else "")


def _both(entry: Entry) -> Iterable[tuple[Any, Any]]:
    return (entry.before, entry.after), (entry.after, entry.before)


def _fields(row: Any, other: Any, language: Language) -> Iterator[str]:
    """The fields of a row that differ from the other row; a boolean as its name."""
    if not isinstance(row, dict):
        yield _shown(row, language)
        return
    for key, value in row.items():
        # of a row by itself, what is empty or off goes without saying
        told = other.get(key) != value if isinstance(other, dict) else value
        if told and isinstance(value, bool):
            yield key if value else f"not {key}"
        elif told:
            yield _shown(value, language)
