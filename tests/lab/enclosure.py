"""What the whole lab lives in: namespaces of its own, so that its end is the end of every process, mount and bridge.

The command that a person starts stays outside. It starts itself again inside, as the first process of a new PID
namespace: when that ends, in whatever way, the kernel ends all others, and with them their mounts and networks.
Outside nothing is left to undo but a folder and its control groups.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

INSIDE = "OSP_LAB_FOLDER"  # in the environment of who is inside: the lab's folder


def folder() -> Path | None:
    """The lab's folder, for who is inside."""
    return Path(os.environ[INSIDE]) if INSIDE in os.environ else None


ENDINGS = (signal.SIGINT, signal.SIGTERM)


def heed_signals() -> None:
    """Being asked to end is Ctrl-C too, also where a shell in the background has both ignored."""
    for number in ENDINGS:
        signal.signal(number, signal.default_int_handler)


def ignore_signals() -> None:
    """While the end is tidied up; it takes a few seconds."""
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)


def run_inside(place: Path, arguments: Sequence[str]) -> int:
    """This program again, inside; its exit status. Ctrl-C is passed on, and a second one ends it at once."""
    process = subprocess.Popen(
        ["unshare", "--mount", "--net", "--uts", "--ipc", "--pid", "--fork", "--mount-proc", "--kill-child", "--",
         sys.executable, *arguments],
        env={**os.environ, INSIDE: str(place)}, start_new_session=True,
    )  # fmt: skip
    asked = 0
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            asked += 1
            process.send_signal(signal.SIGINT if asked == 1 else signal.SIGKILL)
            if asked == 1:
                _interrupt_first(process.pid)


def _interrupt_first(unshare: int) -> None:
    """`unshare` itself ignores SIGINT: the first process inside is its only child."""
    for child in Path(f"/proc/{unshare}/task/{unshare}/children").read_text().split():
        os.kill(int(child), signal.SIGINT)


def be_first_process(work: Callable[[], int]) -> int:
    """The exit status of the work, which a child does: to the first process of a namespace comes every orphan.

    A dead one that nobody waits for keeps the machine on which it ran from going down.
    """
    worker = os.fork()
    if worker == 0:
        status = work()
        sys.stdout.flush()
        # no thread that still waits for a machine is waited for
        os._exit(status)

    def hand_on(number: int, _: object) -> None:
        # a signal to the whole group has ended it already
        with suppress(ProcessLookupError):
            os.kill(worker, number)

    for number in ENDINGS:
        signal.signal(number, hand_on)
    while True:
        ended, status = os.wait()
        if ended == worker:
            return os.waitstatus_to_exitcode(status)


# A systemd takes some dozen of these, and a machine has room for 128 by default.
LIMITS = {"fs/inotify/max_user_instances": 4096, "fs/inotify/max_user_watches": 524288}


@contextmanager
def limits_raised() -> Iterator[None]:
    """This machine's own limits, as high as ten systemds need them, and afterwards as they were."""
    found = {name: Path("/proc/sys", name).read_text() for name in LIMITS}
    for name, wanted in LIMITS.items():
        if int(found[name]) < wanted:
            Path("/proc/sys", name).write_text(str(wanted))
    try:
        yield
    finally:
        for name, text in found.items():
            Path("/proc/sys", name).write_text(text)


def control_groups(name: str) -> tuple[Path, ...]:
    """The lab's folder in each hierarchy of control groups that this machine has."""
    top = Path("/sys/fs/cgroup")
    roots = [top] if hierarchy() == "one" else sorted(place.parent for place in top.glob("*/cgroup.procs"))
    # a group of cpusets takes no process before it has been given processors
    return tuple(root / name for root in roots if root.name != "cpuset")


def hierarchy() -> str:
    """`named` where systemd has a hierarchy of control groups of its own, `one` where there is one for all."""
    return "named" if Path("/sys/fs/cgroup/systemd/cgroup.procs").exists() else "one"


def join_groups(name: str) -> None:
    """This process and its children get a group beside the machines', and the lab goes before all else that runs here:

    its clusters have clocks that run out.
    """
    for top in control_groups(name):
        own = top / "operator"
        own.mkdir(parents=True)
        prefer(top, 8)
        (own / "cgroup.procs").write_text("0")


def prefer(group: Path, times: int) -> None:
    """Its processes get so many times the processor that those beside it get, where its hierarchy has a say in that."""
    for name, usual in (("cpu.shares", 1024), ("cpu.weight", 100)):
        if (group / name).exists():
            (group / name).write_text(str(usual * times))


def remove_groups(name: str) -> None:
    """Groups whose processes have ended, deepest first; the kernel may take a moment to notice."""
    deadline = time.monotonic() + 5
    while (there := [top for top in control_groups(name) if top.exists()]) and time.monotonic() < deadline:
        for top in there:
            for place, _, _ in os.walk(top, topdown=False):
                with suppress(OSError):
                    Path(place).rmdir()


def left_over(place: Path, name: str) -> list[str]:
    """What of a lab that has ended is still there, a line each: processes, mounts, namespaces, links, groups."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.path.realpath(process / "root").startswith(f"{place}/") or str(place) in _command_line(process):
                found.append(f"process {process.name}: {_command_line(process)[:80]}")
    mounts = Path("/proc/self/mounts").read_text().splitlines()
    found += [f"mount {line.split()[1]}" for line in mounts if str(place) in line]
    links = subprocess.run(["ip", "-oneline", "link"], capture_output=True, text=True, check=False).stdout
    found += [f"link {line.split()[1]}" for line in links.splitlines() if "osp-lab" in line]
    found += [f"control group {group}" for group in control_groups(name) if group.exists()]
    if place.exists():
        found.append(f"folder {place}")
    return found


def _command_line(process: Path) -> str:
    if process.name == str(os.getpid()):
        return ""
    return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
