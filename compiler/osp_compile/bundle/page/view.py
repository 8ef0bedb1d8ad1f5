"""What the page shows of a plan: its sections, steps and nodes, with the facts that a reviewer looks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from markupsafe import Markup

from osp_compile.bundle.closure import Function, Shell, library_texts
from osp_compile.bundle.page.decisions import decisions
from osp_compile.bundle.page.environment import FOLDER
from osp_compile.bundle.page.highlight import shell
from osp_compile.bundle.page.reasons import OF_EVERY_STEP, Reason, Reasons, ways
from osp_compile.bundle.page.refusals import Asked, Asking
from osp_compile.bundle.page.sentences import japanese
from osp_compile.bundle.step_text import StepText
from osp_compile.bundle.values_shown import OF_APPLY, OF_HELPER, OF_LIBRARY, Values, put_in
from osp_compile.guide import durations
from osp_compile.guide.model import GATES, PARTS, Range, Section, Step, Text
from osp_compile.guide.plan import Plan, groups_of, nodes_changed
from osp_compile.shell.functions import is_one_statement
from osp_compile.shell.words import words as used
from osp_compile.spec.model import Node

WORDS = f"{FOLDER}/words.tsv"
ACTS = tuple(part for part in PARTS if part not in (*GATES, "shown"))
# The group in which a step's commands take effect, for steps that are not run for each node of a group.
PLACES = {"node": "all", "one_controller": "controllers", "ceph_monitor": "ceph_mons"}


@dataclass(frozen=True)
class Word:
    """A function of the library with the site's values in its `text`; `said` is what it means, where there is a row of
    `words.tsv` in both languages, else the comment above it, in English.
    """

    name: str
    place: str
    said: Text
    text: str


@dataclass(frozen=True)
class StepView:
    """A step: `where` is the group of nodes it touches, or `undercloud`; `refuses` and `stops` are the numbers of the
    messages that are shown when it refuses or stops.

    `commands` are HTML, and so are `gate` and `goal`, the conditions under which it may run and is done; `text` is the
    function of a check, which has no commands to show, else the questions of its script that its conditions ask.
    """

    step: Step
    where: str
    commands: Markup
    gate: Markup
    goal: Markup
    text: str
    refuses: Sequence[int]
    stops: Sequence[int]


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
    """The page of one plan; `templates` is the folder of the library and the layouts, `texts` the shell of its steps.

    `values` are the site's, by the names that its shell has for them.
    """

    def __init__(self, plan: Plan, texts: Mapping[str, StepText], values: Values, templates: Path) -> None:
        self.site = plan.site
        self._reasons = Reasons({**values, **ways(plan.sections)}, japanese(templates))
        self._numbers: dict[Reason, int] = {}
        self._values = values
        self.shell = Shell(
            {**library_texts(templates / "_runtime"), **{one.name: _script(one, texts) for one in plan.sections}}
        )
        self._asking = Asking(self.shell)
        self._ends = self._reasons.of((self.shell.library[name], "no") for name in OF_EVERY_STEP)
        self._meanings = meanings(templates)
        self._met: set[str] = set()
        self._texts = texts
        self.decisions = decisions(plan)
        self.total = durations.total(plan.sections, plan.site)
        self.sections = [*self._sections(plan)]
        self.roles = [*self._roles()]

    @property
    def words(self) -> list[Word]:
        """The library functions that the page's commands and conditions use, and those of its checks that several
        sections use, by name.
        """
        return [self._word(self.shell.library[name]) for name in sorted(self._met)]

    def _word(self, one: Function) -> Word:
        said = self._meanings.get(one.name, Text(one.said, ""))
        text = "" if one.of_the_engine else put_in(one.text, OF_LIBRARY, self._values)
        return Word(one.name, one.place, said, text)

    @property
    def messages(self) -> list[Reason]:
        """Each reason of its steps once, in the order in which the steps give them; the first has the number 1."""
        return [*self._numbers]

    @property
    def nodes(self) -> list[dict[str, object]]:
        """The names of the nodes, for the page's filter."""
        return [{"name": node.name, "role": node.role.name, "groups": groups_of(node)} for node in self.site.nodes]

    def _sections(self, plan: Plan) -> Iterator[SectionView]:
        begins = 0
        for section in plan.sections:
            takes = durations.range_of(section, plan.site)
            steps = [self._step(step, section.name) for step in section.steps]
            changes = [step for step in section.steps if step.shape != "check"]
            nodes = nodes_changed(section, plan.site)
            words = durations.words(section, plan.site)
            risky = sum(self._times(step) for step in changes if step.risk != "low")
            count = durations.how_many(section.duration.of, plan.site) if section.duration else 0
            yield SectionView(section, takes, words, begins, nodes, steps, risky, count)
            begins += takes.most

    def _numbered(self, reasons: Iterable[Reason]) -> list[int]:
        return sorted(self._numbers.setdefault(reason, len(self._numbers) + 1) for reason in reasons)

    def _times(self, step: Step) -> int:
        return sum(step.group in groups_of(node) for node in self.site.nodes) if step.group else 1

    def _meet(self, words: Iterable[str]) -> None:
        """Remembers which functions of the library are among these words."""
        self._met |= {name for name in words if name in self.shell.library}

    def _step(self, step: Step, script: str) -> StepView:
        text = self._texts[step.id]
        # only a step of a group is called with a node
        names = OF_LIBRARY if not step.group else OF_APPLY if step.shape == "check" else OF_HELPER
        checks = "\n".join(one.text for one in self.shell.parts(step.name, script, ("check",)))
        asking = self.shell.parts(step.name, script, GATES)
        gates = [self._asking.asked(self.shell.parts(step.name, script, (part,)), script) for part in GATES]
        below = checks or self._questions(step, script, chain(*gates))
        self._meet(used(text.shown).union(*(used(one.text) for one in asking)))
        self._meet(used(below) & self._meanings.keys())
        refused = self._reasons.of(gates[0])
        return StepView(
            step=step,
            where=step.group or step.touches or PLACES.get(step.runs_on, step.runs_on),
            commands=shell(text.shown, self.shell.library),
            gate=shell(text.gate, self.shell.library),
            goal=shell(text.goal, self.shell.library),
            text=put_in(below, names, self._values),
            refuses=self._numbered(refused),
            stops=self._numbered(self._stops(step, script, refused)),
        )

    def _stops(self, step: Step, script: str, refused: Sequence[Reason]) -> list[Reason]:
        """What is shown when the step stops, but for that with which it refuses; a change can end in two ways more."""
        acts = self._asking.asked(self.shell.parts(step.name, script, ACTS), script)
        found = [reason for reason in self._reasons.of(acts) if reason not in refused]
        return found if step.shape == "check" else [*found, *self._ends]

    def _questions(self, step: Step, script: str, reached: Iterable[Asked]) -> str:
        """Those of these functions that the step's script defines besides its parts, and that are one sentence."""
        parts = self.shell.parts(step.name, script)
        own = dict.fromkeys(one for one, _ in reached if one.file == script and one not in parts)
        return "\n".join(one.text for one in own if is_one_statement(one.text, one.name))

    def _roles(self) -> Iterator[RoleView]:
        for name in dict.fromkeys(node.role.name for node in self.site.nodes):
            nodes = [node for node in self.site.nodes if node.role.name == name]
            yield RoleView(name, nodes, [view for view in self.sections if {*nodes} & {*view.nodes}])


def meanings(templates: Path) -> dict[str, Text]:
    """What words of the library mean, by the words: the rows of `words.tsv`."""
    lines = (templates / WORDS).read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {word: Text(english, japanese) for word, english, japanese in rows}


def _script(section: Section, texts: Mapping[str, StepText]) -> str:
    """The functions of all its steps, which may use each other's."""
    return "\n\n".join(texts[step.id].text for step in section.steps)
