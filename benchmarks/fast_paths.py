"""What each fast path of the simulator saves: processor time of a section's trials, with it and without it.

    benchmarks/fast_paths.py [PATH...] [--section 2.02] [--rounds 3]

Each fast path is switched off in a copy of the tree, where one place of its text is replaced. The trees take turns,
and the least of each counts, so that what else the machine does matters little. Counted is what the processes of a
rehearsal have used, those included that lost their parent; not those that a ready Python forks without waiting for.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIMULATOR = "compiler/osp_simulator"
SPEC = "specs/examples/minimal.yaml"
LIMIT = 3600  # seconds that one measurement may take
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2): whoever loses its parent becomes this process's child
# {fast path: (its file, what is replaced there, what does it the slow way)}
WITHOUT = {
    "client in C": ("fast/client/__init__.py", "    built = compiled()", "    built = None"),
    "inline calls": (
        "fast/inline_calls.py", "if world.served is None or not argv or not facts_of(argv[0]).inline:", "if True:",
    ),
    "ready Python": ("tools/python.py", "    if parser and here and", "    if False and"),
    "reach": ("fast/reach.py", "    facts = facts_of(tool)", "    return EVERYWHERE\n    facts = facts_of(tool)"),
    "unordered lists": (
        "fast/list_files.py", "    found = []", "    return [*files(root, passed_over)]\n    found = []",
    ),
    "threads": (
        "fast/threads.py", "        if not self._free.acquire(blocking=False):",
        "        threading.Thread(target=self._serve, args=(connection,), daemon=True).start()\n        return\n"
        "        if not self._free.acquire(blocking=False):",
    ),
}  # fmt: skip


def tree(place: Path, path: str) -> Path:
    """A copy of what a rehearsal reads, without the fast path of this name."""
    for name in ("compiler", "templates", "specs"):
        shutil.copytree(ROOT / name, place / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    if path:
        name, old, new = WITHOUT[path]
        file = place / SIMULATOR / name
        text = file.read_text("utf-8")
        if old not in text:
            raise SystemExit(f"{file.relative_to(place)} has no longer {old!r}: mend WITHOUT in {__file__}")
        file.write_text(text.replace(old, new, 1), "utf-8")
    return place


def spent(place: Path, section: str) -> float:
    """Processor seconds of the section's rehearsal in this tree."""
    words = [sys.executable, "-m", "osp_compile", "rehearse", SPEC, "--section", section, "-o", str(place / "out")]
    environment = {**os.environ, "PYTHONPATH": str(place / "compiler"), "PYTHONPYCACHEPREFIX": str(place / "cache")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = used()
    ended = subprocess.run(
        words, cwd=place, env=environment, capture_output=True, text=True, check=False, timeout=LIMIT
    )
    while reaped():
        pass
    if ended.returncode != 0:
        raise SystemExit(f"{' '.join(words)}\n{ended.stdout[-2000:]}{ended.stderr[-2000:]}")
    return used() - before


def used() -> float:
    """Processor seconds of all children that have ended and were waited for."""
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


def reaped() -> bool:
    """Waits for one child that lost its parent; False once there is none."""
    try:
        os.wait()
    except ChildProcessError:
        return False
    return True


def start(program: str) -> float:
    """The least processor seconds that a Python without site-packages takes for this program, of ten times."""
    found = []
    for _ in range(10):
        before = used()
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "compiler")}
        subprocess.run([sys.executable, "-S", "-c", program], env=environment, check=True, timeout=LIMIT)
        found.append(used() - before)
    return min(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", metavar="PATH", help=f"one or several of: {', '.join(WITHOUT)}")
    parser.add_argument("--section", default="2.02", metavar="2.NN")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    options = parser.parse_args()
    unknown = sorted({*options.paths} - {*WITHOUT})
    if unknown:
        parser.error(f"{unknown[0]!r} is not a fast path; there are {', '.join(WITHOUT)}")
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    names = ["", *(options.paths or WITHOUT)]
    with tempfile.TemporaryDirectory(prefix="osp-benchmark.") as folder:
        trees = {name: tree(Path(folder) / str(number), name) for number, name in enumerate(names)}
        for place in trees.values():
            spent(place, options.section)  # whatever is made once for a tree
        least = {
            name: min(seconds) for name, *seconds in zip(names, *(
                [spent(place, options.section) for place in trees.values()] for _ in range(options.rounds)
            ), strict=True)
        }  # fmt: skip
    print(f"processor seconds of the trials of {options.section}, {SPEC}: {least['']:.2f}")
    for name in names[1:]:
        print(f"without {name:16} {least[name]:7.2f}, {least[name] / least['']:5.2f} x")
    server = "import osp_simulator.engine.server"
    early = start(f"{server}; import site; site.main(); import yaml") / start(server)
    print(f"without {'late libraries':16} the start of a server: {early:5.2f} x")
    return 0


if __name__ == "__main__":
    sys.exit(main())
