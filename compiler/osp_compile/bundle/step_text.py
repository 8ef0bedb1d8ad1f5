"""The shell text of each step for this site, with its policy rendered and its departures spelled out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import jinja2

from osp_compile.bundle.shown_commands import commands_of, gate_of
from osp_compile.bundle.values_shown import Values
from osp_compile.guide.model import DEPARTURE, GATES, Step, marked_departures
from osp_compile.guide.plan import Plan
from osp_compile.text_width import comment_lines

WIDTH = 116


@dataclass(frozen=True)
class StepText:
    """A step's shell: `text` as in the script, `shown` its commands as people are shown them; empty for a check.

    `gate` and `goal` are the conditions under which it may run and is done; empty where it asks nothing.
    """

    text: str
    shown: str
    gate: str = ""
    goal: str = ""


def render_steps(environment: jinja2.Environment, plan: Plan, values: Values) -> tuple[Plan, Mapping[str, StepText]]:
    """The texts by step id, and the plan with only those departures that occur under this site's policy.

    `values` are the site's, by the names that its shell has for them.
    """
    texts: dict[str, StepText] = {}
    sections = []
    for section in plan.sections:
        steps = []
        for step in section.steps:
            policy = _policy_text(environment, step)
            marked = marked_departures(policy)
            kept = replace(step, departures=tuple(found for found in step.departures if found.key in marked))
            steps.append(kept)
            texts[step.id] = _step_text(policy, kept, plan, values)
        sections.append(replace(section, steps=tuple(steps)))
    return replace(plan, sections=tuple(sections)), texts


def _policy_text(environment: jinja2.Environment, step: Step) -> str:
    text = step.file.read_text("utf-8")
    return environment.from_string(text).render() if step.file.suffix == ".j2" else text


def _step_text(policy: str, step: Step, plan: Plan, values: Values) -> StepText:
    text = _spell_out(policy, step, plan).strip("\n")
    gate, goal = (gate_of(text, f"{step.name}_{part}", values, of_nodes=step.group is not None) for part in GATES)
    return StepText(text, commands_of(text, step.command, values) if step.command else "", gate, goal)


def _spell_out(text: str, step: Step, plan: Plan) -> str:
    """Each `# departs: KEY` replaced by its reason in the site's language."""
    reasons = {departure.key: departure.reason.get(plan.site.language) for departure in step.departures}

    def reason(indent: str, key: str) -> str:
        lines = comment_lines(f"departs: {reasons[key]}", WIDTH - len(indent), "  ")
        return "\n".join(f"{indent}{line}" for line in lines)

    return DEPARTURE.sub(lambda found: reason(found.group("indent"), found.group("key")), text)
