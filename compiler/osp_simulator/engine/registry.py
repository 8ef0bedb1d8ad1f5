"""The registry of simulated tools, and what is known of each; modules of the package `tools` register themselves."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from osp_simulator.engine.call import Call
    from osp_simulator.engine.world import World

Handler = Callable[["Call", "World"], int]
Question = Callable[[Sequence[str]], bool]  # whether something holds for a call with these words, the tool left out
Reach = Literal["nothing", "host", "site"]
Passing = Literal["nothing", "command", "user", "host"]
Breaking = Literal["tool", "api", "connection"]


def never(_: Sequence[str]) -> bool:
    """Holds for no call."""
    return False


def always(_: Sequence[str]) -> bool:
    """Holds for every call."""
    return True


def beginning(pattern: str) -> Question:
    """Holds for calls whose words, a blank between them, begin as the pattern says."""
    found = re.compile(pattern)
    return lambda words: found.match(" ".join(words)) is not None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What others than its handler know of a tool; each tool says the first two for itself.

    `reaches`: the most that a call can change. Nothing, if the tool only answers or passes a command on; the host that
    it runs on, if what follows elsewhere is an event; or anything of the site.
    `inline`: its plain command lines are answered within the server, without a sandbox (fast/inline_calls.py): it
    answers and ends, and never becomes a real program.
    `asks`: the calls that change nothing, of a tool that can.
    `idle`: the calls that no trial cuts, breaks, answers or changes the site before: such a trial would find nothing.
    `passes_on`: it runs what its words say, as it is, as another user, or on another host.
    `becomes_real`: it can end as a real program, which its client becomes.
    `waits`: for the answer of a server, which may be elsewhere and may never come.
    `over_ssh`: it takes ssh's options, and so can be told not to check a host key.
    `breaks`: what gives way under it in a trial that has it fail.
    `shows`: the faults that its handler has of its own (engine/faults.py).

    ValueError for a word that is not among those, and for an inline tool that becomes a real program.
    """

    reaches: Reach
    inline: bool
    asks: Question = never
    idle: Question = never
    passes_on: Passing = "nothing"
    becomes_real: bool = False
    waits: bool = False
    over_ssh: bool = False
    breaks: Breaking = "tool"
    shows: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, words in (("reaches", Reach), ("passes_on", Passing), ("breaks", Breaking)):
            if getattr(self, name) not in get_args(words):
                raise ValueError(f"{name} is {getattr(self, name)!r}, which is not among {', '.join(get_args(words))}")
        if self.inline and self.becomes_real:
            raise ValueError("a tool that becomes a real program needs its sandbox, and cannot be inline")


TOOLS: dict[str, Handler] = {}
FACTS: dict[str, Facts] = {}
NO_TOOL = Facts(reaches="site", inline=False)  # of a command that is not simulated


def tool(*names: str, facts: Facts) -> Callable[[Handler], Handler]:
    """Register a handler, which returns the exit status, and its facts under the command names it answers to."""

    def register(handler: Handler) -> Handler:
        for name in names:
            if name in TOOLS:
                raise ValueError(f"two tools are called {name}")
            TOOLS[name] = handler
            FACTS[name] = facts
        return handler

    return register


def facts_of(name: str) -> Facts:
    """What is known of the command of this name; of one that is not simulated, that it can do anything."""
    load_tools()
    return FACTS.get(name, NO_TOOL)


def own_faults() -> frozenset[str]:
    """The faults that the handlers of tools have of their own."""
    load_tools()
    return frozenset(word for facts in FACTS.values() for word in facts.shows)


def is_tool(name: str) -> bool:
    """Whether the command of this name is simulated."""
    load_tools()
    return name in TOOLS


@cache
def load_tools() -> None:
    """Import every module of the package `tools`, whose decorators fill TOOLS, FACTS and the events."""
    package: Any = importlib.import_module("osp_simulator.tools")
    for module in sorted(info.name for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")):
        importlib.import_module(module)
