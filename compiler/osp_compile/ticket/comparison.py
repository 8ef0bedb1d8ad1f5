"""The differences between two bundles as data: the site's values, sections and steps, the compiler, and the files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from osp_compile.ticket.facts import Facts
from osp_compile.ticket.guide_changes import SectionChange, StepChange, Texts, section_changes, step_changes
from osp_compile.ticket.reading import BESIDE, Bundle
from osp_compile.ticket.scripts import Function, functions_differ
from osp_compile.ticket.site_changes import Entry, Value, entries, values
from osp_compile.ticket.texts import differing_lines

# files that the compiler adds to every bundle
LIBRARY = re.compile(r"lib/(engine|parse|systems)/.+|lib/(?:runtime|runbook)\.sh|runbook")
# files made from the site and the plan, whose differences are described there
MADE = re.compile(r"README\.md|RUNBOOK\.md|index\.html|manifest\.json|lib/site\.sh|lib/[a-z_]+\.tsv|lib/before/.+")
SCRIPT = re.compile(r"2\.\d\d-[^/]+\.sh")
NAMING = re.compile(r"lib/commands/.+\.txt|files/.+|2\.\d\d-[^/]+\.sh")


@dataclass(frozen=True)
class Side:
    """One of the two bundles: its path, and whether it is unmodified."""

    source: str
    kind: str
    site: str
    change: str
    digest: str
    compiler: str
    format: str
    faults: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FileChange:
    """A file that is added, removed or changed; `functions` are those of a shell file."""

    path: str
    what: str
    functions: tuple[Function, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """A comparison: `carriers` are files that differ only as site and steps do; `equal` of `total` files are the same.

    `places` is {short name of a section, or name of a step: its id} of the newer bundle, completed from the older one.
    """

    old: Side
    new: Side
    values: tuple[Value, ...]
    entries: tuple[Entry, ...]
    sections: tuple[SectionChange, ...]
    steps: tuple[StepChange, ...]
    library: tuple[FileChange, ...]
    others: tuple[FileChange, ...]
    carriers: tuple[str, ...]
    equal: int
    total: int
    places: Mapping[str, str]

    @property
    def same(self) -> bool:
        """Whether nothing has to be approved again: a bundle without its sums has no digest that was approved."""
        return self.equal == self.total and self.old.digest == self.new.digest


def compare(old: Bundle, new: Bundle) -> Comparison:
    found_values, found_entries = values(old.facts.site, new.facts.site), entries(old.facts.site, new.facts.site)
    texts = Texts(old, new)
    sections, steps = section_changes(texts), step_changes(texts)
    differing = _differing(old.files, new.files)
    library = [path for path in differing if LIBRARY.fullmatch(path)]
    # differences that appear nowhere else are listed by file
    told = any((found_values, found_entries, sections, steps))
    carriers = _carriers(differing, texts, (*sections, *steps)) if told else []
    others = sorted({*differing} - {*carriers, *library})
    total = len({*old.files, *new.files} - {*BESIDE})
    by_compiler = bool(library) or _made_by(old) != _made_by(new) or any(step.by_guide for step in steps)
    return Comparison(
        _side(old), _side(new), found_values, found_entries, sections,
        tuple(_with_cause(step, any((found_values, found_entries)), by_compiler) for step in steps),
        tuple(_file(path, old, new) for path in library), tuple(_file(path, old, new) for path in others),
        tuple(carriers), total - len(differing), total,
        {**_places(old.facts), **_places(new.facts)},
    )  # fmt: skip


def _made_by(bundle: Bundle) -> tuple[str, str]:
    return bundle.facts.compiler, bundle.facts.format


def _with_cause(step: StepChange, by_site: bool, by_compiler: bool) -> StepChange:
    """The step with its cause; where a bundle does not tell of its source, and for one that is new or gone, any change
    of the compiler counts.
    """
    by_guide = by_compiler if step.by_guide is None else step.by_guide
    return replace(step, cause="compiler" if not by_site else "either" if by_guide else "site")


def _places(facts: Facts) -> dict[str, str]:
    sections = {section.short_name: section.id for section in facts.sections}
    return {**sections, **{step.name: step.id for section in facts.sections for step in section.steps}}


def _side(bundle: Bundle) -> Side:
    facts: Facts = bundle.facts
    return Side(
        bundle.source, bundle.kind, facts.said("name"), facts.said("change"), bundle.digest,
        facts.compiler, facts.format, bundle.faults,
    )  # fmt: skip


def _differing(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> list[str]:
    return sorted(path for path in {*old, *new} - {*BESIDE} if old.get(path) != new.get(path))


def _carriers(differing: Iterable[str], texts: Texts, changes: Iterable[SectionChange | StepChange]) -> list[str]:
    of_guide = {path for change in changes for path in change.paths}
    return [path for path in differing if path in of_guide or _carries(path, texts)]


def _carries(path: str, texts: Texts) -> bool:
    """Whether the file differs only as the site and the steps do: in names, or in the language of comments."""
    if MADE.fullmatch(path):
        return True
    if SCRIPT.fullmatch(path) and not texts.same_language:
        return True
    return bool(NAMING.fullmatch(path)) and texts.before(path) == texts.after(path)


def _file(path: str, old: Bundle, new: Bundle) -> FileChange:
    before, after = old.text(path), new.text(path)
    what = "added" if path not in old.files else "removed" if path not in new.files else "changed"
    functions = functions_differ(before, after) if path.endswith(".sh") and what == "changed" else ()
    # an added or removed file is only named; its text is in one of the bundles
    return FileChange(path, what, functions, differing_lines(before, after) if what == "changed" else ())


def as_data(comparison: Comparison) -> dict[str, Any]:
    """The comparison for JSON, without what only rendering needs. `sections` of every document are ids: see output."""
    data = asdict(comparison)
    for change in (*data["sections"], *data["steps"]):
        del change["paths"]
    del data["places"]
    data["section_changes"] = data.pop("sections")
    return {"same": comparison.same, **data}
