"""What the spec decides, in words: each policy with its value, and the steps that it affects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

from osp_compile.guide.model import Text
from osp_compile.guide.plan import Plan
from osp_compile.spec.keys import KEYS
from osp_compile.spec.model import Site
from osp_compile.spec.policies import POLICIES


@dataclass(frozen=True)
class Decision:
    """A policy of the spec: its `key`, its `value` as written there, and the ids of the steps or sections affected."""

    key: str
    value: str
    words: Text
    steps: tuple[str, ...]


def decisions(plan: Plan) -> list[Decision]:
    """The decisions that make a difference to this site, in the order of the spec's keys."""
    return list(_decisions(plan))


def _decisions(plan: Plan) -> Iterator[Decision]:
    ids = _places(plan)
    for key, meanings in POLICIES.items():
        if key == "site.language":
            continue
        value = _value(plan.site, key)
        places = KEYS[key].places if key in KEYS else ()
        steps = tuple(ids[place] for place in places if place in ids)
        # a policy whose steps this site does not have makes no difference
        if value in meanings and (steps or not places):
            meaning = meanings[value]
            yield Decision(key, value, Text(meaning.now, meaning.ja), steps)


def _places(plan: Plan) -> dict[str, str]:
    """{short name of a section, or name of a step: its id}."""
    sections = {section.short_name: section.id for section in plan.sections}
    return {**sections, **{step.name: step.id for section in plan.sections for step in section.steps}}


def _value(site: Site, key: str) -> str:
    """The spec's value of the key, as the table of policies writes it; empty if the spec lacks that part."""
    found: Any = reduce(_part, key.split("."), site)
    if key == "nfv":
        found = found is not None
    return str(found).lower() if isinstance(found, bool) else str(found or "")


def _part(holder: Any, name: str) -> Any:
    return getattr(holder, name, None)
