"""docs/safety-rules.md: what must never happen in a rehearsal, from the rules that watch it."""

from __future__ import annotations

from pathlib import Path

from osp_simulator.engine.watching import RULES, load_rules

PAGE = Path(__file__).parents[2] / "docs/safety-rules.md"
INTRODUCTION = """\
# The safety rules

A simulated site watches every command of a rehearsal. Where one of these is broken the rehearsal fails by its name, whatever
the scripts say. Made from `compiler/osp_simulator/safety/`: `pytest --update` writes it.

| rule | watched | what holds |
|---|---|---|
"""
MOMENTS = {
    "call": "as a tool is about to act",
    "reboot": "as a host is about to go down",
    "leave": "as a node is about to leave its cluster",
    "changed": "whenever the site has changed",
    "answer": "as a breakpoint is answered",
    "run": "as a script has ended",
}


def markdown() -> str:
    """The whole page."""
    load_rules()
    order = list(MOMENTS)
    rules = sorted(RULES.values(), key=lambda rule: (order.index(rule.moment), rule.name))
    return INTRODUCTION + "".join(f"| `{rule.name}` | {MOMENTS[rule.moment]} | {rule.sentence} |\n" for rule in rules)
