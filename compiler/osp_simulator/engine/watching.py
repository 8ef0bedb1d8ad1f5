"""The safety rules and the moments at which the world asks them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeAlias, TypeVar, overload

if TYPE_CHECKING:
    from osp_simulator.engine.call import Call
    from osp_simulator.engine.run import Breach, Run
    from osp_simulator.engine.world import World

Moment = Literal["call", "reboot", "leave", "changed", "answer", "run"]
Subject = TypeVar("Subject")
Subject_contra = TypeVar("Subject_contra", contravariant=True)


class Answered(NamedTuple):
    """What somebody has typed at a breakpoint's prompt, and the nodes that wait there."""

    text: str
    waiting: Sequence[str]


class Watch(Protocol[Subject_contra]):
    """The function of a safety rule; what it is asked about depends on its moment, as in the forms of `rule`."""

    def __call__(self, world: World, subject: Subject_contra, /) -> Iterable[str]:
        """A line for each breach that is seen in the world, with names; changes nothing there."""


@dataclass(frozen=True)
class Rule:
    """A safety rule: `sentence` says what must never happen, `watch` yields a line for each breach."""

    name: str
    sentence: str
    moment: Moment
    watch: Watch[Any]


Registers: TypeAlias = Callable[[Watch[Subject]], Watch[Subject]]
RULES: dict[str, Rule] = {}


# A tool is about to act.
@overload
def rule(name: str, moment: Literal["call"], sentence: str) -> Registers[Call]: ...
# The host of this name is about to go down on command; the node is about to leave its cluster on command.
@overload
def rule(name: str, moment: Literal["reboot", "leave"], sentence: str) -> Registers[str]: ...
# The world has changed.
@overload
def rule(name: str, moment: Literal["changed"], sentence: str) -> Registers[None]: ...
# A breakpoint's prompt was answered (tools/tripleo/update.py).
@overload
def rule(name: str, moment: Literal["answer"], sentence: str) -> Registers[Answered]: ...
# A script has ended.
@overload
def rule(name: str, moment: Literal["run"], sentence: str) -> Registers[Run]: ...
def rule(name: str, moment: Moment, sentence: str) -> Registers[Any]:
    """Registers a function as the safety rule of this name, asked at this moment; ValueError if there is one."""

    def register(watch: Watch[Any]) -> Watch[Any]:
        if name in RULES:
            raise ValueError(f"two rules are called {name}")
        RULES[name] = Rule(name, sentence, moment, watch)
        return watch

    return register


def load_rules() -> None:
    """Import every module of this package, whose decorators fill RULES."""
    package: Any = importlib.import_module("osp_simulator.safety")
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"{package.__name__}.{module}")


@overload
def watch(world: World, moment: Literal["call"], subject: Call) -> None: ...
@overload
def watch(world: World, moment: Literal["reboot", "leave"], subject: str) -> None: ...
@overload
def watch(world: World, moment: Literal["changed"], subject: None = None) -> None: ...
@overload
def watch(world: World, moment: Literal["answer"], subject: Answered) -> None: ...
@overload
def watch(world: World, moment: Literal["run"], subject: Run) -> None: ...
def watch(world: World, moment: Moment, subject: Any = None) -> None:
    """Asks every rule of this kind of moment; each breach is kept once with the run."""
    run = world.served.runs.current if world.served is not None else None
    if run is None:
        return
    for one in RULES.values():
        if one.moment == moment:
            for text in one.watch(world, subject):
                breach: Breach = {"rule": one.name, "text": text, "at": world.clock.now()}
                if not any((old["rule"], old["text"]) == (one.name, text) for old in run.breaches):
                    run.breaches.append(breach)
