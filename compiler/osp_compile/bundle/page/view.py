"""What the page shows of a plan: its sections, steps and nodes, with the facts that a reviewer looks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from osp_compile.bundle.page.decisions import decisions
from osp_compile.bundle.page.highlight import shell
from osp_compile.bundle.page.reasons import Reason, Reasons
from osp_compile.bundle.page.vocabulary import Vocabulary, Word, closure, vocabulary, words_of
from osp_compile.bundle.shell_variables import shell_variables
from osp_compile.bundle.step_text import StepText
from osp_compile.guide import durations
from osp_compile.guide.model import Range, Section, Step, Text
from osp_compile.guide.plan import Plan, groups_of, nodes_changed
from osp_compile.shell.words import words as used
from osp_compile.spec.model import Node

ASKS = ("requires", "satisfied")
ACTS = ("apply", "attend", "verify", "check")
# The group in which a step's commands take effect, for steps that are not run for each node of a group.
PLACES = {"node": "all", "one_controller": "controllers", "ceph_monitor": "ceph_mons"}


@dataclass(frozen=True)
class StepView:
    """A step: `where` is the group of nodes it touches, or `undercloud`; `reasons` are shown when it refuses or stops.

    `commands` and `asks` are HTML; `text` is the function of a check, which has no commands to show.
    """

    step: Step
    where: str
    commands: Markup
    asks: Markup
    text: str
    refuses: Sequence[Reason]
    stops: Sequence[Reason]


@dataclass(frozen=True)
class SectionView:
    """A section: `begins` is the longest time that may have passed before it, in minutes; `nodes` are those that it
    changes.

    `disruptive` counts how often it takes something down: each disruptive step, once per node. `count` is the number of
    nodes or instances that its duration is given for.
    """

    section: Section
    takes: Range
    words: Text | None
    begins: int
    nodes: Sequence[Node]
    steps: Sequence[StepView]
    disruptive: int
    count: int

    @property
    def anchor(self) -> str:
        return f"s{self.section.id.replace('.', '')}"


@dataclass(frozen=True)
class RoleView:
    """The nodes of a role, in the order of the spec, and the sections that change something on them."""

    name: str
    nodes: Sequence[Node]
    sections: Sequence[SectionView]


class PageView:
    """The page of one plan; `runtime` is the folder of the library, `texts` the shell of its steps."""

    def __init__(self, plan: Plan, texts: Mapping[str, StepText], runtime: Path) -> None:
        self.site = plan.site
        self._reasons = Reasons(shell_variables(plan.site))
        self._library = vocabulary(runtime)
        self._met: set[str] = set()
        self._texts = texts
        self.decisions = decisions(plan)
        self.total = durations.total(plan.sections, plan.site)
        self.sections = [*self._sections(plan)]
        self.roles = [*self._roles()]

    @property
    def words(self) -> list[Word]:
        """The library functions that the commands and conditions on the page use, sorted by name."""
        return [self._library[name] for name in sorted(self._met)]

    @property
    def nodes(self) -> list[dict[str, object]]:
        """The names of the nodes, for the page's filter."""
        return [{"name": node.name, "role": node.role.name, "groups": groups_of(node)} for node in self.site.nodes]

    def _sections(self, plan: Plan) -> Iterator[SectionView]:
        begins = 0
        for section in plan.sections:
            takes = durations.range_of(section, plan.site)
            own = {
                word.name: word for step in section.steps for word in words_of(self._texts[step.id].text, section.name)
            }
            steps = [self._step(step, own) for step in section.steps]
            changes = [step for step in section.steps if step.shape != "check"]
            nodes = nodes_changed(section, plan.site)
            words = durations.words(section, plan.site)
            risky = sum(self._times(step) for step in changes if step.risk != "low")
            count = durations.how_many(section.duration.of, plan.site) if section.duration else 0
            yield SectionView(section, takes, words, begins, nodes, steps, risky, count)
            begins += takes.most

    def _times(self, step: Step) -> int:
        return sum(step.group in groups_of(node) for node in self.site.nodes) if step.group else 1

    def _step(self, step: Step, own: Vocabulary) -> StepView:
        asks = [own[name] for name in (f"{step.name}_{word}" for word in ASKS) if name in own]
        acts = [f"{step.name}_{word}" for word in ACTS if f"{step.name}_{word}" in own]
        text = self._texts[step.id]
        asked = "".join(word.text for word in asks)
        self._met |= {name for name in used(text.shown) | used(asked) if name in self._library}
        refused = self._reasons.of(closure([f"{step.name}_requires"], own, self._library))
        stopped = [found for found in self._reasons.of(closure(acts, own, self._library)) if found not in refused]
        return StepView(
            step=step,
            where=step.group or step.touches or PLACES.get(step.runs_on, step.runs_on),
            commands=self._shell(text.shown),
            asks=self._shell(asked),
            text=own[f"{step.name}_check"].text if step.shape == "check" else "",
            refuses=refused,
            stops=stopped,
        )

    def _shell(self, text: str) -> Markup:
        return shell(text, self._library)

    def _roles(self) -> Iterator[RoleView]:
        for name in dict.fromkeys(node.role.name for node in self.site.nodes):
            nodes = [node for node in self.site.nodes if node.role.name == name]
            yield RoleView(name, nodes, [view for view in self.sections if {*nodes} & {*view.nodes}])
