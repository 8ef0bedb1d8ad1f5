"""The safety rules and the moments at which the world asks them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from osp_simulator.engine.run import Breach
    from osp_simulator.engine.world import World

# call: a tool is about to act (its Call)          reboot: a host is about to go down on command (its name)
# leave: a node of the cluster is about to leave it on command (its name)
# changed: the world has changed (None)            answer: a breakpoint's prompt was answered (tools/tripleo/update.py)
# run: a script has ended (runs.Run)
Moment = Literal["call", "reboot", "leave", "changed", "answer", "run"]
Watch = Callable[["World", Any], Iterable[str]]


@dataclass(frozen=True)
class Rule:
    """A safety rule: `sentence` says what must never happen, `watch` yields a line for each breach."""

    name: str
    sentence: str
    moment: Moment
    watch: Watch


RULES: dict[str, Rule] = {}


def rule(name: str, moment: Moment, sentence: str) -> Callable[[Watch], Watch]:
    """Registers `watch(world, subject)`, which yields a line for each breach at this kind of moment."""

    def register(watch: Watch) -> Watch:
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
