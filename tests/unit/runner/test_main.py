"""What tests/run starts ends with it, however it is told to end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from unit import waiting

RUNNER = """\
import pathlib, runpy, signal, sys
from runner import parts, play, tiers
signal.signal(signal.SIGINT, signal.SIG_IGN)
play.LOGS = pathlib.Path(sys.argv.pop(1))
play.ROOT = play.LOGS.parent
tiers.TIERS = {"slow": lambda _: [parts.of_one("slow", "sh", "-c", "echo $$; exec sleep 1000")]}
runpy.run_module("runner")
"""


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_who_ends_it_ends_what_it_has_started(number: signal.Signals, tmp_path: Path) -> None:
    log = tmp_path / "logs/slow.log"
    words = [sys.executable, "-c", RUNNER, str(log.parent), "slow"]
    path = os.pathsep.join(word for word in sys.path if word)
    with waiting.begun(words, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}) as runner:
        waiting.until(lambda: runner.poll() is not None or (log.exists() and log.read_text()), "the part to begin")
        runner.send_signal(number)
        said, _ = runner.communicate(timeout=waiting.LIMIT)
    assert (runner.returncode, said.strip()) == (130, "interrupted; all that ran has been ended")
    assert not Path("/proc", log.read_text().strip()).exists()
