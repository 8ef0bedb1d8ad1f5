"""Describes a comparison in sentences, in English or Japanese: what is new for the operator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

from osp_compile.guide.model import PARTS
from osp_compile.spec.model import Language
from osp_compile.ticket.comparison import Comparison, FileChange, Side
from osp_compile.ticket.document import Document, Pair, Part, Sentence
from osp_compile.ticket.facts import localized
from osp_compile.ticket.guide_changes import Cause, SectionChange, StepChange
from osp_compile.ticket.scripts import Function
from osp_compile.ticket.site_changes import Value
from osp_compile.ticket.telling_site import entry_parts, value_sentences
from osp_compile.ticket.wording import said, word


def told(comparison: Comparison, language: Language) -> Document:
    """The document of a comparison; parts without sentences are left out."""
    old, new = comparison.old, comparison.new
    site, change = new.site or old.site or "?", new.change or old.change or "?"
    return Document(
        language,
        said(language, "title", site=site, change=change),
        said(language, "bundles", old=_identity(old), new=_identity(new)),
        tuple(part for part in _parts(comparison, language) if part.sentences),
        _end(comparison, language),
        said(language, "carriers", files=", ".join(comparison.carriers)) if comparison.carriers else "",
        site,
        change,
        old.digest or old.source,
        new.digest or new.source,
        comparison.carriers,
    )


def _parts(comparison: Comparison, language: Language) -> Iterator[Part]:
    """Every part in its order, those without sentences too."""
    yield Part(word(language, "p_faults"), tuple(_faults(comparison, language)), warns=True)
    yield Part(word(language, "p_values"), tuple(value_sentences(comparison, language)))
    yield from entry_parts(comparison, language)
    yield Part(word(language, "p_sections"), tuple(_section(one, language) for one in comparison.sections))
    for cause in get_args(Cause):
        steps = tuple(_step(one, language) for one in comparison.steps if one.cause == cause)
        yield Part(word(language, f"p_steps_{cause}"), steps)
    yield Part(word(language, "p_compiler"), tuple(_compiler(comparison, language)))
    yield Part(word(language, "p_others"), tuple(_file(one, language) for one in comparison.others))


def _identity(side: Side) -> str:
    return side.digest[:12] or side.source


def _end(comparison: Comparison, language: Language) -> str:
    if comparison.same:
        return word(language, "same")
    if not comparison.equal:
        return word(language, "no_rest")
    return said(language, "rest", equal=comparison.equal, total=comparison.total)


def _faults(comparison: Comparison, language: Language) -> Iterator[Sentence]:
    for key, side in (("f_old", comparison.old), ("f_new", comparison.new)):
        for path, what in side.faults:
            if path:
                yield Sentence(said(language, key, path=path, what=word(language, what)))
            else:
                yield Sentence(said(language, f"{key}_manifest", what=what))


def _section(change: SectionChange, language: Language) -> Sentence:
    title = localized(change.title, language)
    if change.what != "changed":
        text = said(language, f"section_{change.what}", id=change.id, title=title, count=change.steps)
        steps = said(language, "count_steps", count=change.steps)
        return Sentence(text, what=change.what, id=change.id, title=title, tags=(steps,))
    tags = _long_names(change.facts, language)
    tags += [word(language, "around")] if change.lines else []
    what = [*_short_facts(change.facts, language), *tags]
    return Sentence(
        said(language, "section_changed", id=change.id, title=title, what="; ".join(what)),
        change.lines,
        _notes(change.facts, language),
        id=change.id, title=title, tags=tuple(tags), pairs=_pairs(change.facts, language),
    )  # fmt: skip


def _step(change: StepChange, language: Language) -> Sentence:
    title = localized(change.title, language)
    tags = [said(language, "was", id=change.was)] if change.was else []
    tags += [word(language, "commands")] if change.commands and change.what == "changed" else []
    tags += dict.fromkeys(_function(function, language) for function in change.functions)
    tags += _long_names(change.facts, language)
    tags += [word(language, "comments")] if change.comments and not change.commands else []
    what = [] if change.what == "changed" else [word(language, change.what)]
    what += [*tags, *_short_facts(change.facts, language)]
    return Sentence(
        f"{change.id} {title}: {', '.join(what)}",
        _code(change),
        _notes(change.facts, language),
        what=change.what, id=change.id, title=title, tags=tuple(tags), pairs=_pairs(change.facts, language),
    )  # fmt: skip


def _code(change: StepChange) -> tuple[str, ...]:
    """The lines of its commands, then those of each function."""
    code = [*change.commands]
    for function in change.functions:
        code += ["@@", *function.lines] if code else function.lines
    return tuple(code)


def _function(function: Function, language: Language) -> str:
    """The purpose of a function, by the end of its name; a helper is called by its name."""
    kind = function.name.rpartition("_")[2]
    return word(language, kind) if kind in PARTS else function.name


def _is_long(fact: Value) -> bool:
    """Whether a fact is a list whose rows are shown one below the other."""
    rows = [
        *(fact.before if isinstance(fact.before, list) else ()),
        *(fact.after if isinstance(fact.after, list) else ()),
    ]
    return any(isinstance(row, dict) for row in rows)


def _long_names(facts: Iterable[Value], language: Language) -> list[str]:
    return [word(language, fact.key) for fact in facts if _is_long(fact)]


def _notes(facts: Iterable[Value], language: Language) -> tuple[str, ...]:
    """The facts that are told one below the other."""
    return tuple(note for fact in facts if _is_long(fact) for note in _rows(fact, language))


def _pairs(facts: Iterable[Value], language: Language) -> tuple[Pair, ...]:
    """The facts that are told in a line."""
    return tuple(_pair(fact, language) for fact in facts if not _is_long(fact))


def _pair(fact: Value, language: Language) -> Pair:
    before, after = (localized(value, language) if value else "" for value in (fact.before, fact.after))
    key = word(language, "title_" if fact.key == "title" else fact.key)
    none = word(language, "none")
    return Pair(key, before or none, after or none)


def _short_facts(facts: Iterable[Value], language: Language) -> list[str]:
    return [
        said(language, "fact", name=pair.name, before=pair.before, after=pair.after) for pair in _pairs(facts, language)
    ]


def _rows(fact: Value, language: Language) -> Iterator[str]:
    """`removed: ...` and `added: ...` for the rows that only one of the lists has."""
    before, after = (value if isinstance(value, list) else [] for value in (fact.before, fact.after))
    key = word(language, fact.key)
    for what, rows, others in (("removed", before, after), ("added", after, before)):
        for row in rows:
            if row not in others:
                yield said(language, "row_of_fact", name=key, what=word(language, what), row=_row(row, language))


def _row(row: object, language: Language) -> str:
    """A row as text: a departure as the guide's command and the reason, any other row unchanged."""
    if isinstance(row, dict) and isinstance(row.get("reason"), dict):
        return ": ".join(
            localized(row[key], language) for key in ("guide", "reason") if key in row and row[key] is not None
        )
    return localized(row, language)


def _compiler(comparison: Comparison, language: Language) -> Iterator[Sentence]:
    old, new, none = comparison.old, comparison.new, word(language, "unknown")
    for key, before, after in (("compiler", old.compiler, new.compiler), ("format", old.format, new.format)):
        if before != after:
            pair = Pair(word(language, f"{key}_"), before or none, after or none)
            yield Sentence(
                said(language, key, before=pair.before, after=pair.after), title=pair.name, pairs=(pair,)
            )  # fmt: skip
    for change in comparison.library:
        yield _file(change, language)


def _file(change: FileChange, language: Language) -> Sentence:
    what = [word(language, change.what)] if change.what != "changed" else [_counts(change.lines, language)]
    what += [f"{function.name} ({word(language, function.what)})" for function in change.functions]
    tags = tuple(what) if change.what == "changed" else ()
    text = said(language, "file_changed", path=change.path, what=", ".join(what))
    return Sentence(text, change.lines, what=change.what, title=change.path, tags=tags)


def _counts(lines: Iterable[str], language: Language) -> str:
    signs = [line[:1] for line in lines]
    return said(language, "lines", plus=signs.count("+"), minus=signs.count("-"))
