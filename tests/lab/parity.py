"""The same questions to the simulator and to the lab's real systems, in the same state; the answers are compared.

A question is a command as the scripts ask it, on a machine, and what turns its answer into what the scripts see in it:
one of the bundle's own parsers, or a few words of awk.
"""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml

from lab.results import Results
from lab.site import UNDERCLOUD, Lab
from osp_simulator.engine import lifecycle
from osp_simulator.seed.site import seed

QUESTIONS = Path(__file__).with_name("questions.yaml")
# How long real services may need until they answer as they will for good, seconds: under load heartbeats are late.
SETTLING = 60


@dataclass(frozen=True)
class Question:
    """`ask` is run by root on the machine `host`; `read` is a filter that both answers go through.

    `differs` is why the two may differ, where that is known and right; such a question is asked all the same.
    """

    host: str
    ask: str
    read: str = "cat"
    differs: str = ""


@dataclass(frozen=True)
class Difference:
    """Two answers to one question: each a status and what the question's filter made of its output."""

    question: Question
    real: tuple[int, str]
    simulated: tuple[int, str]

    def lines(self) -> list[str]:
        """What people see of it."""
        return [
            f"{self.question.host}: {self.question.ask}",
            f"  real:      {self.real!r}"[:300],
            f"  simulated: {self.simulated!r}"[:300],
        ]


class Parity:
    """A simulated site of the lab's own bundle, fresh, beside the lab."""

    def __init__(self, lab: Lab, manifest: dict[str, object]) -> None:
        self._lab = lab
        self._world = lab.folder / "parity"
        lifecycle.make(self._world, seed(manifest))

    def compare(self, results: Results) -> None:
        questions = [Question(**row) for row in yaml.safe_load(QUESTIONS.read_text("utf-8"))]
        # the first question starts the simulator; after that most of a question is the client's own start
        self._simulated(Question(UNDERCLOUD, "true"))
        with ThreadPoolExecutor(3) as pool:
            unlike = [difference for difference in pool.map(self._difference, questions) if difference]
        settled_by = time.monotonic() + SETTLING
        unlike = [difference for first in unlike if (difference := self._settled(first, settled_by))]
        lifecycle.stop(self._world)
        wrong = [difference for difference in unlike if not difference.question.differs]
        explained = len(unlike) - len(wrong)
        alike = len(questions) - len(unlike)
        title = f"{len(questions)} questions to both: {alike} answers alike, {explained} explained"
        if wrong:
            title += f"; not so: {wrong[0].question.ask}"
        results.judge(title, [line for difference in wrong for line in difference.lines()])

    def _settled(self, first: Difference, settled_by: float) -> Difference | None:
        """What still differs then, seconds of the steady clock; one that may differ is not asked again."""
        difference: Difference | None = first
        while difference and not difference.question.differs and time.monotonic() < settled_by:
            time.sleep(1)
            difference = self._difference(first.question)
        return difference

    def _difference(self, question: Question) -> Difference | None:
        real, simulated = self._real(question), self._simulated(question)
        return None if real == simulated else Difference(question, real, simulated)

    def _real(self, question: Question) -> tuple[int, str]:
        return self._read(question, self._lab.machines[question.host].ask("bash", "-c", question.ask))

    def _simulated(self, question: Question) -> tuple[int, str]:
        words = ["run", str(self._world), "--user", "root", "--host", question.host, "--", "bash", "-c", question.ask]
        ended = subprocess.run(
            [sys.executable, "-m", "osp_simulator", *words], stdin=subprocess.DEVNULL, capture_output=True,
            text=True, check=False, timeout=120,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONPATH": sys.path[0]},
        )  # fmt: skip
        return self._read(question, ended)

    def _read(self, question: Question, answer: subprocess.CompletedProcess[str]) -> tuple[int, str]:
        """The answer's status, and what the question's filter makes of its output; complaints where that is nothing."""
        ended = subprocess.run(
            ["bash", "-c", question.read], input=answer.stdout, capture_output=True, text=True, check=False,
            cwd=self._lab.bundle / "lib",
        )  # fmt: skip
        complaint = ended.stderr or ("" if answer.stdout else answer.stderr)
        return answer.returncode, ended.stdout or f"nothing: {complaint.strip()[-200:]}"
