"""What the lab has shown, a line each as it comes, and all of it at the end."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass
class Results:
    """`lines` is the whole report so far; `bad` counts what was not as it must be."""

    started: float = field(default_factory=time.monotonic)
    good: int = 0
    bad: int = 0
    lines: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        """A line with the lab's age, seconds."""
        self.put(f"{time.monotonic() - self.started:7.1f}  {text}")

    def put(self, text: str) -> None:
        self.lines.append(text)
        print(text, flush=True)

    def judge(self, title: str, wrong: list[str]) -> None:
        """`ok` where nothing is wrong, else `not ok` with each thing that is."""
        if wrong:
            self.bad += 1
        else:
            self.good += 1
        self.say(f"{'not ok' if wrong else 'ok'}  {title}")
        for line in wrong:
            self.put(f"             {line}")
