"""The differences between the sections and steps of two bundles: facts, shown commands, and shell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from osp_compile.guide.model import COMMANDS
from osp_compile.ticket.facts import Section, Step
from osp_compile.ticket.reading import Bundle
from osp_compile.ticket.scripts import Function, Script, functions_differ, head_differs, outside_differs, script_of
from osp_compile.ticket.site_changes import Value
from osp_compile.ticket.texts import differing_lines, moved

# facts that only a rehearsal uses, and figures that `duration` has in words
UNTOLD = ("goal", "minutes", "source")
SHORTEST_NAME = 4  # a site name as short as `1` would be found everywhere in the commands

# the site's values, the compiler with its guide, or either
Cause = Literal["site", "either", "compiler"]


@dataclass(frozen=True)
class SectionChange:
    """A section that is added, removed or changed; `steps` is their number, `lines` are those that differ around
    them.
    """

    id: str
    title: Any
    what: str
    steps: int
    facts: tuple[Value, ...]
    lines: tuple[str, ...]
    paths: tuple[str, ...]


@dataclass(frozen=True)
class StepChange:
    """A step that is added, removed, changed or moved, of a section that both bundles have.

    `was` is its former id if that has changed; `commands` are the differing lines of the commands as shown,
    `functions` the differing functions of its shell; `comments` is true if only comments differ. `by_guide` says
    whether the guide's own text of it differs, whatever the site, or None where a bundle does not tell; `cause` what
    may have changed it.
    """

    id: str
    was: str
    title: Any
    what: str
    commands: tuple[str, ...]
    facts: tuple[Value, ...]
    functions: tuple[Function, ...]
    comments: bool
    by_guide: bool | None
    paths: tuple[str, ...]
    cause: Cause = "compiler"


class Texts:
    """The texts of two bundles; the older one's change number and site name are replaced by the newer one's."""

    def __init__(self, old: Bundle, new: Bundle) -> None:
        self.old, self.new = old, new
        self.same_language = old.facts.language == new.facts.language
        pairs = [(old.facts.said(key), new.facts.said(key)) for key in ("change", "name")]
        self._names = {was: now for was, now in pairs if was != now and len(was) >= SHORTEST_NAME}
        words = "|".join(map(re.escape, sorted(self._names, key=len, reverse=True)))
        self._pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])") if words else None

    def before(self, path: str) -> str:
        text = self.old.text(path)
        return self._pattern.sub(lambda found: self._names[found[0]], text) if self._pattern else text

    def after(self, path: str) -> str:
        return self.new.text(path)

    def scripts(self, was: Section, now: Section) -> tuple[Script, Script]:
        return script_of(self.before(was.script)), script_of(self.after(now.script))


def section_changes(texts: Texts) -> tuple[SectionChange, ...]:
    """The sections that differ, in the order of the newer bundle; removed ones come last."""
    before, after = ({section.id: section for section in bundle.facts.sections} for bundle in (texts.old, texts.new))
    changes = [
        _section(texts, before[id], now) if id in before else _whole_section(now, "added") for id, now in after.items()
    ]
    changes += [_whole_section(was, "removed") for id, was in before.items() if id not in after]
    return tuple(change for change in changes if change)


def _section(texts: Texts, was: Section, now: Section) -> SectionChange | None:
    facts = _facts(was.facts, now.facts)
    scripts = texts.scripts(was, now)
    lines = outside_differs(*scripts)
    if texts.same_language and not {"title", "guide"} & {fact.key for fact in facts}:
        lines += head_differs(*scripts)
    if not (facts or lines):
        return None
    paths = (was.script, now.script)
    return SectionChange(now.id, now.facts.get("title"), "changed", len(now.steps), facts, lines, paths)


def _whole_section(section: Section, what: str) -> SectionChange:
    paths = (section.script, *(_commands(section, step) for step in section.steps))
    return SectionChange(section.id, section.facts.get("title"), what, len(section.steps), (), (), paths)


def step_changes(texts: Texts) -> tuple[StepChange, ...]:
    """The steps that differ in sections that both bundles have."""
    before = {section.id: section for section in texts.old.facts.sections}
    return tuple(
        change
        for section in texts.new.facts.sections
        if section.id in before
        for change in _Steps(texts, before[section.id], section).changes()
    )


class _Steps:
    """The steps of one section in two bundles; a step whose number has changed is recognised by its name."""

    def __init__(self, texts: Texts, was: Section, now: Section) -> None:
        self.texts, self.was, self.now = texts, was, now
        self.blocks = tuple(script.steps for script in texts.scripts(was, now))
        self.pairs = _same_steps(was, now)

    def changes(self) -> Iterator[StepChange]:
        kept = {step.id: new_id for new_id, step in self.pairs.items()}
        elsewhere = self._elsewhere(kept)
        for step in self.now.steps:
            if step.id not in self.pairs:
                yield self._whole(self.texts.after, self.now, step, "added")
            elif change := self._changed(self.pairs[step.id], step, step.id in elsewhere):
                yield change
        for step in self.was.steps:
            if step.id not in kept:
                yield self._whole(self.texts.before, self.was, step, "removed")

    def _elsewhere(self, kept: Mapping[str, str]) -> frozenset[str]:
        """The newer ids of steps that have moved among those in both; `kept` is {older id: newer id}."""
        before = [kept[step.id] for step in self.was.steps if step.id in kept]
        return moved(before, [step.id for step in self.now.steps if step.id in self.pairs])

    def _whole(self, text: Callable[[str], str], section: Section, step: Step, what: str) -> StepChange:
        path = _commands(section, step)
        sign = "+" if what == "added" else "-"
        lines = tuple(f"{sign}{line}" for line in text(path).splitlines())
        paths = (path, self.was.script, self.now.script)
        return StepChange(step.id, "", step.facts.get("title"), what, lines, (), (), False, None, paths)

    def _changed(self, was: Step, now: Step, elsewhere: bool) -> StepChange | None:
        paths = _commands(self.was, was), _commands(self.now, now)
        commands = differing_lines(self.texts.before(paths[0]), self.texts.after(paths[1]))
        facts = _facts(was.facts, now.facts)
        blocks = self.blocks[0].get(was.id, ""), self.blocks[1].get(now.id, "")
        functions = functions_differ(*blocks)
        renumbered = was.id if was.id != now.id else ""
        # a comment that follows from a fact or the language is not reported separately
        follows = renumbered or facts or functions or not self.texts.same_language
        comments = not follows and blocks[0] != blocks[1]
        changed = any((commands, facts, functions))
        if not any((changed, comments, renumbered, elsewhere)):
            return None
        what = "moved" if elsewhere and not changed else "changed"
        return StepChange(
            now.id, renumbered, now.facts.get("title"), what, commands, facts, _not_shown(functions, commands, now),
            comments, _by_guide(was, now), (*paths, self.was.script, self.now.script),
        )  # fmt: skip


def _by_guide(was: Step, now: Step) -> bool | None:
    before, after = was.facts.get("source"), now.facts.get("source")
    return before != after if before and after else None


def _same_steps(was: Section, now: Section) -> dict[str, Step]:
    """{newer id: the older step}, by name, and by number where the older name is gone."""
    by_id = {step.id: step for step in was.steps}
    # if steps were renumbered, the same number with another name is another step
    by_name = {step.name: step for step in was.steps}
    names = {step.name for step in now.steps}
    pairs = {}
    for step in now.steps:
        same_number = by_id.get(step.id)
        if step.name in by_name:
            pairs[step.id] = by_name[step.name]
        elif same_number and same_number.name not in names:
            pairs[step.id] = same_number
    return pairs


def _not_shown(functions: tuple[Function, ...], commands: tuple[str, ...], step: Step) -> tuple[Function, ...]:
    """The functions whose change is not visible in the commands."""
    shown = {f"{step.name}_{part}" for part in COMMANDS} if commands else set()
    shown |= {line[1:].removesuffix("() {") for line in commands if line.endswith("() {")}
    return tuple(function for function in functions if function.name not in shown)


def _commands(section: Section, step: Step) -> str:
    return f"lib/commands/{section.id}-{step.name}.txt"


def _facts(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Value, ...]:
    return tuple(
        Value(key, before[key], after[key])
        for key in after
        # a manifest of another format has other keys
        if key in before and key not in UNTOLD and before[key] != after[key]
    )
