"""Which steps had only real systems to do with, and what the others asked of the simulator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from lab.results import Results
from lab.stand_ins import StandIns


class Account:
    """Kept while the sections run for the first time: a call belongs to the step that stood on the screen last."""

    def __init__(self, stand_ins: StandIns, steps: Iterable[str]) -> None:
        self._stand_ins = stand_ins
        self._all = frozenset(steps)
        self._asked: dict[str, Counter[str]] = {}
        self._at: str | None = None
        self._known = 0

    def step_begins(self, step: str) -> None:
        self.step_ends()
        if step in self._all:
            self._at = step
            self._asked.setdefault(step, Counter())

    def step_ends(self) -> None:
        calls = self._stand_ins.calls()
        if self._at is not None:
            self._asked[self._at].update(_name(tool, argv) for tool, argv in calls[self._known :])
        self._at, self._known = None, len(calls)

    def tell(self, results: Results) -> None:
        real = [step for step, asked in self._asked.items() if not asked]
        results.put(
            f"{len(self._asked)} of {len(self._all)} steps have run, {len(real)} of them against real systems alone; "
            "the others asked the simulator:"
        )
        for step, asked in self._asked.items():
            if asked:
                told = ", ".join(f"{name} {count}" for name, count in sorted(asked.items()))
                results.put(f"  {step:9} {told}")
        left = sorted(self._all - self._asked.keys())
        if left:
            results.put(f"not run: {' '.join(left)}")


def _name(tool: str, argv: list[str]) -> str:
    """`openstack server list`: the tool and the words that say what is asked of it."""
    words: list[str] = []
    for word in argv:
        if word.startswith("-") or not word.isalpha() or len(words) == 4:
            break
        words.append(word)
    return " ".join((tool, *words))
