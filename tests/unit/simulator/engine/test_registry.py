"""What is known of a simulated tool is declared with the tool, and nowhere else."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from osp_simulator.engine import meanwhile
from osp_simulator.engine.call import Call
from osp_simulator.engine.events import EVENTS, Event
from osp_simulator.engine.registry import (
    FACTS,
    NO_TOOL,
    TOOLS,
    Facts,
    always,
    beginning,
    facts_of,
    is_tool,
    load_tools,
    never,
    tool,
)
from osp_simulator.engine.world import World

COMPILER = Path(__file__).parents[4] / "compiler"
# What deals with calls of any tool; what a safety rule asks of one certain tool is that rule's own.
OF_ANY_TOOL = ("osp_simulator/engine", "osp_simulator/fast", "osp_simulator/safety", "osp_compile/rehearsal")
# Names of tools that are names of something else as well: a service, a part of the state, a kind of change.
AMBIGUOUS = frozenset("ceph heat ironic mongo mysql neutron nova reboot".split())


def declared() -> list[Event[...]]:
    load_tools()
    assert meanwhile.CHANGES  # (its module has handlers too)
    return [event for event in EVENTS.values() if event.declaration.__module__ == "osp_simulator.engine.events"]


def test_an_event_has_handlers_that_take_the_data_of_its_declaration() -> None:
    assert len(declared()) > 25
    for event in declared():
        assert event.handlers, event.name
        data = inspect.signature(event.declaration).parameters
        assert all(one.kind is one.KEYWORD_ONLY and one.annotation is not one.empty for one in data.values()), (
            event.name
        )
        for handler in event.handlers:
            inspect.signature(handler).bind("world", **dict.fromkeys(data))


def test_no_event_is_planned_by_its_name_alone() -> None:
    """A name in quotes would pass mypy's check of the data by."""
    for file in COMPILER.glob("osp_simulator/**/*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.args:
                planned = call.func.attr in {"at", "after", "cancel", "fire", "happen"}
                texts = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                assert not (planned and {*texts} & EVENTS.keys()), f"{file}:{call.lineno}"


def test_every_tool_states_its_facts() -> None:
    load_tools()
    assert FACTS.keys() == TOOLS.keys()
    assert all(isinstance(facts, Facts) for facts in FACTS.values())


def test_a_tool_without_facts_is_refused() -> None:
    untyped: Any = tool
    with pytest.raises(TypeError, match="facts"):
        untyped("lsblk")
    made: Any = Facts
    with pytest.raises(TypeError, match="inline"):
        made(reaches="nothing")
    with pytest.raises(TypeError, match="reaches"):
        made(inline=True)


@pytest.mark.parametrize(
    ("facts", "error", "words"),
    [
        ({"harmless": True}, TypeError, "harmless"),
        ({"reaches": "hosts"}, ValueError, "reaches is 'hosts', which is not among nothing, host, site"),
        ({"passes_on": "words"}, ValueError, "passes_on is 'words'"),
        ({"breaks": "network"}, ValueError, "breaks is 'network'"),
        ({"inline": True, "becomes_real": True}, ValueError, "becomes a real program"),
    ],
)
def test_an_unknown_fact_is_refused(facts: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        Facts(**{"reaches": "nothing", "inline": False, **facts})


def test_facts_stand_under_every_name_of_a_tool(monkeypatch: pytest.MonkeyPatch) -> None:
    load_tools()
    for table in (TOOLS, FACTS):
        for name in ("lsblk", "blkid"):
            monkeypatch.delitem(table, name, raising=False)
            monkeypatch.setitem(table, name, None)  # it is gone again after the test
            del table[name]
    facts = Facts(reaches="nothing", inline=True)

    @tool("lsblk", "blkid", facts=facts)
    def lsblk(_: Call, __: World) -> int:
        return 0

    assert (facts_of("lsblk"), facts_of("blkid")) == (facts, facts)
    with pytest.raises(ValueError, match="two tools are called blkid"):
        tool("blkid", facts=facts)(lsblk)


def test_a_command_that_is_not_simulated_can_do_anything() -> None:
    assert (facts_of("nosuch"), is_tool("nosuch")) == (NO_TOOL, False)
    assert (NO_TOOL.reaches, NO_TOOL.inline, NO_TOOL.idle([])) == ("site", False, False)
    assert is_tool("df")


def test_questions_of_a_call_s_words() -> None:
    assert (never(["status"]), always([])) == (False, True)
    asks = beginning(r"(?:status|property show)\b")
    assert all(asks(line.split()) for line in ("status --full", "property show"))
    assert not any(asks(line.split()) for line in ("property set show", "resource status", ""))


def several(node: ast.AST) -> list[str]:
    """The words of a collection that is written down: its strings, its keys, or what `.split()` makes of a text."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        parts: list[Any] = node.elts
    elif isinstance(node, ast.Dict):
        parts = node.keys
    elif isinstance(node, ast.Attribute) and node.attr == "split" and isinstance(node.value, ast.Constant):
        return str(node.value.value).split()
    else:
        return []
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def lists_of_tools(text: str) -> Iterator[list[str]]:
    """The lists in a module that name two or more tools; names that mean other things too do not count."""
    load_tools()
    for node in ast.walk(ast.parse(text)):
        found = [word for word in several(node) if word in TOOLS and word not in AMBIGUOUS]
        if len(found) > 1:
            yield found


def test_no_module_beside_a_tool_lists_tools() -> None:
    wrong = [
        f"{file.relative_to(COMPILER)}: {' '.join(names)}"
        for folder in OF_ANY_TOOL
        for file in sorted((COMPILER / folder).rglob("*.py"))
        for names in lists_of_tools(file.read_text("utf-8"))
    ]
    assert wrong == []


def parts_beside_their_tool(modules: set[str]) -> list[str]:
    """The modules whose first word is that of another one there, and that have no command of their own name."""
    load_tools()
    beside = {name for name in modules if name.partition("_")[0] in modules - {name}}
    return sorted(name for name in beside if name.replace("_", "-") not in TOOLS)


def test_the_modules_of_one_tool_have_a_folder() -> None:
    folder = COMPILER / "osp_simulator/tools"
    assert parts_beside_their_tool({path.stem for path in folder.iterdir() if path.stem.strip("_")}) == []
    assert parts_beside_their_tool({"yum", "yum_lists", "ssh", "ssh_keygen", "needs_restarting"}) == ["yum_lists"]


@pytest.mark.parametrize(
    "text", ["TELLING = frozenset('date df'.split())", "X = ('rpm', 'yum')", "{'ssh': 1, 'sudo': 2}", "{'pcs', 'df'}"]
)
def test_a_list_of_tools_is_seen(text: str) -> None:
    assert [*lists_of_tools(text)]
