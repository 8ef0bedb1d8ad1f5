"""The chapter, section by section, by an operator at the undercloud: each once, and once more."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

from lab.account import Account
from lab.parts import director
from lab.results import Results
from lab.site import HOME, Lab
from lab.stack_user import Operator, Ran
from lab.stand_ins import StandIns
from lab.state import changes, state
from osp_compile.bundle.on_disk import digest


class Chapter:
    """`scripts` are {section: script}; what each run printed is kept in the folder transcripts.

    The operator has the bundle in the folder `home`; `variant` tells its runs from those of another.
    """

    def __init__(
        self, lab: Lab, bundle: Path, stand_ins: StandIns, results: Results, home: str = HOME, variant: str = ""
    ) -> None:
        self._lab = lab
        self._home = home
        self._variant = variant
        self._stand_ins = stand_ins
        self._results = results
        self._digest = digest(bundle)
        self.manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
        self.scripts: dict[str, str] = {row["id"]: row["script"] for row in self.manifest["sections"]}
        steps = (step["id"] for section in self.manifest["sections"] for step in section["steps"])
        self.account = Account(stand_ins, steps)
        (lab.folder / "transcripts").mkdir(exist_ok=True)

    def by(self, bundle: Path, home: str, variant: str) -> Chapter:
        """The same operator with another bundle of the site."""
        return Chapter(self._lab, bundle, self._stand_ins, self._results, home, variant)

    def begin(self) -> None:
        """What the ticket and the operator do first."""
        self._results.judge(
            "the digest of the ticket is approved",
            self._expect(self.run("approve", "./runbook", "approve", self._digest), 0),
        )
        self._results.judge(
            "the nodes' host keys are trusted", self._expect(self.run("trust", "./runbook", "trust"), 0)
        )

    def run(self, name: str, *words: str, on_step: Callable[[str], None] | None = None) -> Ran:
        """A command at the terminal; what it printed is kept beside those of its name."""
        self._stand_ins.keep_up()
        ran = Operator(self._lab.undercloud, self._home, on_step).at_work(*words)
        for number in range(100):
            place = self._lab.folder / "transcripts" / f"{name}{self._variant}{f'-{number}' if number else ''}.txt"
            if not place.exists():
                place.write_text(ran.output, "utf-8")
                break
        return ran

    def first(self, section: str, status: int = 0) -> None:
        """After a reboot of the undercloud the operator logs in again and repeats the command."""
        boots = self._lab.undercloud.boots
        ran = self._counted(section)
        seconds = ran.seconds
        while self._lab.undercloud.boots != boots or not self._lab.undercloud.answers():
            self._lab.undercloud.await_boot()
            boots = self._lab.undercloud.boots
            ran = self._counted(section)
            seconds += ran.seconds
            # the section has waited for heat; what the next ones ask may take longer
            director.await_apis(self._lab)
        self._results.judge(f"{section}{self._variant} first run, {seconds:.0f} s", self._expect(ran, status))

    def _counted(self, section: str) -> Ran:
        ran = self.run(section, f"./{self.scripts[section]}", on_step=self.account.step_begins)
        self.account.step_ends()
        return ran

    def killed(self, section: str, moment: str, come: Callable[[], bool]) -> None:
        """The section's run is killed, by SIGKILL, at a moment of its own; it is not done, and can be gone on with."""
        ran: list[Ran] = []
        script = f"./{self.scripts[section]}"
        running = threading.Thread(target=lambda: ran.append(self.run(f"{section}-killed", script)), daemon=True)
        running.start()
        met = False
        while running.is_alive() and not met:
            met = come()
            time.sleep(0.02)
        self._lab.undercloud.ask("pkill", "-KILL", "-u", "stack")
        running.join(120)
        wrong = [] if met else ["it ended before the moment came"]
        if not ran or ran[0].status == 0:
            wrong.append("it was not killed")
        self._results.judge(f"{section} killed {moment}", wrong)

    def second(self, section: str, status: int = 0) -> None:
        before = state(self._lab)
        ran = self.run(f"{section}-again", f"./{self.scripts[section]}")
        wrong = self._expect(ran, status)
        if " 0 steps changed something" not in ran.output:
            wrong.append("it says that a step changed something")
        wrong += changes(before, state(self._lab))
        self._results.judge(f"{section}{self._variant} second run changes nothing, {ran.seconds:.0f} s", wrong)

    @staticmethod
    def _expect(ran: Ran, status: int) -> list[str]:
        if ran.status == status:
            return []
        last = [line.strip() for line in ran.output.splitlines() if line.strip()][-8:]
        return [f"ended with {ran.status}, not {status}:", *(f"  {line}" for line in last)]
