"""What a trial costs: processor time of the whole machine per trial, here and in an older commit, as ratios of one run.

    benchmarks/trials.py [REV] [--section 2.02] [--fails 12] [--mutant NAME]

Wants a machine that does nothing else: a trial's processes are many and short, and partly nobody's children, so that
what is counted is all that the processors do meanwhile. With a commit REV its own tree is measured first, in a clone.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SPEC = "specs/examples/minimal.yaml"
MUTANT = "reboot_not_awaited"
LIMIT = 3600  # seconds that one measurement may take
TICKS = os.sysconf("SC_CLK_TCK")


def busy() -> float:
    """Seconds that the processors have worked since the machine started."""
    words = Path("/proc/stat").read_text("ascii").splitlines()[0].split()[1:]
    user, nice, system, _idle, _waiting, hard, soft, *_ = map(int, words)
    return (user + nice + system + hard + soft) / TICKS


@dataclass
class Tree:
    """A checkout with a Python that has its package."""

    place: Path
    python: str

    def spent(self, *words: str) -> float:
        """Processor seconds of a command; what it prints is nobody's business unless it fails."""
        folder = str(Path(self.python).parent)
        environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": f"{self.place}/compiler"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        before = busy()
        ended = subprocess.run(
            [self.python, *words], cwd=self.place, env=environment, capture_output=True, text=True, check=False,
            timeout=LIMIT,
        )  # fmt: skip
        if ended.returncode != 0:
            raise SystemExit(f"{' '.join(words)}\n{ended.stdout[-2000:]}{ended.stderr[-2000:]}")
        return busy() - before

    def rehearse(self, folder: Path, *options: str) -> tuple[float, int]:
        """(processor seconds, number of trials by the report)"""
        spent = self.spent("-m", "osp_compile", "rehearse", SPEC, "--output", str(folder), *options)
        lines = next(folder.glob("*/report.tap")).read_text("utf-8").splitlines()
        return spent, sum(line.startswith("ok ") for line in lines)


def measure(tree: Tree, options: argparse.Namespace, scratch: Path) -> dict[str, float]:
    """{what: processor seconds of one}"""
    section = ("--section", options.section)
    tree.rehearse(scratch, *section)  # whatever is made once for this user and this tree
    found = {}
    plain, trials = tree.rehearse(scratch, *section)
    found["first or second run"] = plain / trials
    killed, all_trials = tree.rehearse(scratch, *section, "--matrix", "kill")
    found["kill point"] = (killed - plain) / (all_trials - trials)
    failed, _ = tree.rehearse(scratch, *section, "--matrix", "fail", "--sample", str(options.fails))
    found["fail point"] = (failed - plain) / options.fails
    mutants = ("tests/mutants/run.py", "--only", options.mutant, "--kept", str(scratch / "kept"))
    tree.spent(*mutants)
    found["mutant"] = tree.spent(*mutants)
    return found


def clone(revision: str, folder: Path) -> Tree:
    """A tree of that commit, with an environment of its own."""
    for words in (
        ["git", "clone", "--quiet", str(ROOT), str(folder)],
        ["git", "-C", str(folder), "checkout", "--quiet", revision],
        [sys.executable, "-m", "venv", str(folder / ".venv")],
        [str(folder / ".venv/bin/pip"), "install", "--quiet", "--editable", f"{folder}[dev]"],
    ):
        subprocess.run(words, check=True, timeout=LIMIT)
    return Tree(folder, str(folder / ".venv/bin/python"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("revision", nargs="?", metavar="REV")
    parser.add_argument("--section", default="2.02", metavar="2.NN")
    parser.add_argument("--fails", type=int, default=12, metavar="N")
    parser.add_argument("--mutant", default=MUTANT, metavar="NAME")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="osp-benchmark.") as name:
        folder = Path(name)
        (folder / "here").mkdir()
        (folder / "there").mkdir()
        before = (
            measure(clone(options.revision, folder / "tree"), options, folder / "there") if options.revision else {}
        )
        now = measure(Tree(ROOT, sys.executable), options, folder / "here")
    print(f"processor seconds of one trial of {options.section}, {SPEC}")
    for what, seconds in now.items():
        ratio = f"  {before[what]:7.2f} s at {options.revision}, {before[what] / seconds:4.1f} x" if before else ""
        print(f"{what:20} {seconds:7.2f} s{ratio}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
