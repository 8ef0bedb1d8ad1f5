"""What keeps `diff` and the import quick is counted: a time would say how busy the machine is."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from osp_compile.ticket.command import diff
from unit.waiting import LIMIT

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "out/tokyo-1"
# packages and modules that take as long to load as the whole diff takes
HEAVY = (
    "osp_compile.pipeline",
    "osp_compile.lint",
    "osp_compile.spec.loading",
    "jsonschema",
    "ruamel",
    "pygments",
    "rich",
)


def test_diff_reads_each_file_once_and_starts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(GOLDEN, tmp_path / "new")
    script = tmp_path / "new/2.09-reboot-computes.sh"
    script.write_text(script.read_text("utf-8").replace("set -", "set  -", 1), "utf-8")
    read: Counter[Path] = Counter()
    real = Path.open

    def counted(self: Path, *words: Any, **named: Any) -> Any:
        read[self] += 1
        return real(self, *words, **named)

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(Path, "open", counted)
    monkeypatch.setattr(subprocess, "Popen", refused)
    assert not diff(GOLDEN, tmp_path / "new", "text", "en").same
    there = {path for folder in (GOLDEN, tmp_path / "new") for path in folder.rglob("*") if path.is_file()}
    assert {path: number for path, number in read.items() if path in there and number > 1} == {}
    assert len(read.keys() & there) == len(there)
    # the layouts are read for HTML alone
    assert read.keys() - there <= {path for path in read if "specs" in path.parts}


def test_diff_loads_nothing_that_a_compile_needs() -> None:
    program = (
        "import sys; from osp_compile.cli import main\n"
        f"try: main(['diff', '{GOLDEN}', '{GOLDEN}'])\n"
        "except SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=LIMIT, cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}/compiler", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"
