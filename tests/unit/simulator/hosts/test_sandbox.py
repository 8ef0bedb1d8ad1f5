"""What a host's processes can see, write and reach, and how they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from osp_simulator.fast import interpreter
from unit.simulator.worlds import COMPILER, CONTROLLER, Served
from unit.waiting import begun, read_line, until


def test_stack_user_is_not_root_and_has_no_capabilities(shared: Served) -> None:
    answer = shared.run("id -un; id -u; grep CapEff /proc/self/status")
    assert answer.out.split() == ["stack", "1000", "CapEff:", "0000000000000000"]


@pytest.mark.parametrize(
    "place", ["/etc/x", "/var/lib/x", "/var/log/x", "/srv/x", "/usr/share/x", "/httpboot/x", "/run/x", "/x"]
)
def test_redirect_without_rights_fails_also_on_a_sudo_line(shared: Served, place: str) -> None:
    answer = shared.run(f"sudo echo x > {place}")
    assert answer.status == 1
    assert place in answer.err


@pytest.mark.parametrize(
    "place", ["/etc/x", "/var/lib/x", "/srv/x", "/usr/share/x", "/httpboot/x", "/root/x", "/home/stack/x"]
)
def test_sudo_writes_what_the_stack_user_then_reads(shared: Served, place: str) -> None:
    answer = shared.run(f"sudo bash -c 'echo written > {place}'; sudo cat {place}")
    assert (answer.status, answer.out) == (0, "written\n")


@pytest.mark.parametrize("place", ["/home/stack/y", "/tmp/y", "/var/tmp/y"])
def test_stack_user_writes_in_its_own_places(shared: Served, place: str) -> None:
    assert shared.run(f"echo a > {place} && cat {place}").out == "a\n"


@pytest.mark.parametrize(
    "place", ["/root", "/root/.my.cnf", "/var/log/yum.log", "/etc/puppet/hieradata/service_configs.json"]
)
def test_root_alone_reads_root_s_files(shared: Served, place: str) -> None:
    assert "Permission denied" in shared.run(f"ls {place}/. 2>&1; cat {place}").err + shared.run(f"ls {place}").err
    assert shared.run(f"sudo test -r {place}").status == 0


def test_hosts_have_their_own_files_and_names(shared: Served) -> None:
    shared.run("echo here > /tmp/mine")
    answer = shared.run(f"hostname; ssh -n {CONTROLLER} 'hostname; hostname -s; ls /tmp/mine'")
    assert answer.out.split() == [
        "undercloud.localdomain",
        "overcloud-controller-0.localdomain",
        "overcloud-controller-0",
    ]
    assert answer.status == 2


def test_tools_that_rhel_7_lacks_are_not_there(shared: Served) -> None:
    answer = shared.run("jq --version; sudo jq --version")
    assert "jq: command not found" in answer.err
    assert "sudo: jq: command not found" in answer.err


def test_absolute_paths_lead_to_the_simulated_tools_too(shared: Served) -> None:
    assert shared.run("/usr/bin/uname -r; /bin/date +%Y").out.split() == ["3.10.0-693.21.1.el7.x86_64", "2018"]


def test_exit_status_and_signals_pass_through(shared: Served) -> None:
    assert shared.run("exit 7").status == 7
    assert shared.run("kill -TERM $$").status == 143
    assert shared.run("sudo bash -c 'exit 9'; echo $?").out == "9\n"


def test_closed_standard_input_is_nothing_to_read(shared: Served) -> None:
    assert shared.run("sleep 1 <&-; echo $?; date +%Y <&-").out.split() == ["0", "2018"]


def test_broken_pipe_ends_a_tool_quietly(shared: Served) -> None:
    answer = shared.run("set -o pipefail; rpm -qa | head -1 >/dev/null; rpm -qa >&-; echo $?")
    assert "Traceback" not in answer.err


def test_killed_run_takes_its_remote_processes_along(world: Served) -> None:
    line = [sys.executable, "-m", "osp_simulator", "run", str(world.folder), "--", "bash", "-c"]
    script = f"ssh {CONTROLLER} 'sudo bash -c \"echo started; exec cat /dev/zero > /dev/null\"'"
    env = {**os.environ, "PYTHONPATH": str(COMPILER)}
    with begun([*line, script], stdout=subprocess.PIPE, env=env) as process:
        assert read_line(process.stdout.fileno(), "the command on the node to begin") == "started\n"
        process.send_signal(signal.SIGKILL)
    until(lambda: not _bwraps(world.folder), "the sandboxes of a killed run to end", limit=5)


def _bwraps(folder: Path) -> list[str]:
    """Sandboxes of this world that still run, but for the undercloud's Python, which waits for calls."""
    found = []
    awake = Path(interpreter.__file__).with_name("python_zygote.py").read_bytes()
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes()
        except OSError:
            continue
        if words.startswith(b"bwrap") and str(folder).encode() in words and awake not in words:
            found.append(entry.parent.name)
    return found


def test_down_leaves_no_process(world: Served) -> None:
    pid = int((world.folder / "run/pid").read_text())
    world.run("true")
    world.simulator("down")
    assert not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split()[2]
    assert _bwraps(world.folder) == []


@pytest.mark.usefixtures("sandbox")
def test_bundle_cannot_be_written_into(tmp_path: Path) -> None:
    from unit.simulator.worlds import SITE

    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "manifest.json").write_text(__import__("json").dumps({"site": SITE}))
    served = Served(tmp_path / "world")
    assert served.simulator("up", "--bundle", str(bundle)).status == 0
    try:
        answer = served.run("pwd; ls; touch x; sudo touch x")
        assert answer.out.split() == ["/home/stack/bundle", "manifest.json"]
        assert answer.err.count("Read-only file system") == 2
    finally:
        served.simulator("down")
