"""The lab's machines: each has its own namespaces, folders, systemd and sshd, and really reboots.

A machine's boot is one PID namespace, whose first process is systemd. reboot(2) inside ends it by SIGHUP, which is the
sign to start the next one; a power-off ends it by SIGINT. What a machine writes outlives its boots in its own layers
over the folders of this machine.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

from lab.enclosure import control_groups, hierarchy, prefer

BOOT = Path(__file__).with_name("boot.sh")
BRIDGE = "osp-lab"
ENTER = 'count=$1; shift; for group in "${@:1:count}"; do echo $$ >"$group/cgroup.procs"; done; exec "${@:count + 1}"'
# A machine that goes down stops all that runs on it for a moment. nsenter would stop itself then, for good, with a dead
# child that the machine waits for: a shell takes what it has started to its end.
TO_ITS_END = '"$@"; exit $?'
# root's on a machine, whosever the lab's own is
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/root",
}
REBOOT, POWER_OFF = -signal.SIGHUP, -signal.SIGINT  # how unshare ends with its PID namespace


@dataclass(frozen=True)
class Network:
    """The ctlplane: a bridge inside the lab's own network namespace, whose first address is the lab's."""

    prefix: str = "192.0.2."
    own: int = 254

    def make(self) -> None:
        Path("/run/netns").mkdir(parents=True, exist_ok=True)
        for words in (
            "link set lo up", f"link add {BRIDGE} type bridge", f"link set {BRIDGE} up",
            f"addr add {self.prefix}{self.own}/24 dev {BRIDGE}",
        ):  # fmt: skip
            ip(*words.split())


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


@dataclass
class Machine:
    """`folder` holds its layers; `address` is its address on the ctlplane; `virtual` are those it may take on besides.

    `on_boot` is called with the machine when a boot begins and when it ends, `True` for the first. `times` is how many
    times another's processor it gets where both want it.
    """

    name: str
    address: str
    user: str
    folder: Path
    groups: str
    environment: Mapping[str, str] = field(default_factory=dict)
    times: int = 1
    on_boot: Callable[[Machine, bool], None] | None = None
    boots: int = 0
    stopping: bool = False
    ended: str = ""
    _process: subprocess.Popen[bytes] | None = None
    _thread: threading.Thread | None = None

    def plug_in(self) -> None:
        """Its own network namespace, with one wire to the bridge."""
        wire = f"lab-{self.address.rpartition('.')[2]}"
        ip("netns", "add", self.name)
        ip("-n", self.name, "link", "set", "lo", "up")
        ip("link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        ip("link", "set", wire, "master", BRIDGE, "up")
        ip("-n", self.name, "addr", "add", f"{self.address}/24", "dev", "eth0")
        ip("-n", self.name, "link", "set", "eth0", "up")

    def start(self) -> None:
        self.stopping, self.ended = False, ""
        self._thread = threading.Thread(target=self._live, name=self.name, daemon=True)
        self._thread.start()

    def _live(self) -> None:
        while not self.stopping:
            self.boots += 1
            (self.folder / "boot_id").write_text(f"{uuid.uuid4()}\n")
            (self.folder / "greeted").unlink(missing_ok=True)
            status = self._boot()
            if self.on_boot:
                self.on_boot(self, False)
            if status != REBOOT:
                self.ended = "powered off" if status == POWER_OFF else f"its boot ended with {status}"
                return

    def _boot(self) -> int:
        groups = [top / self.name for top in control_groups(self.groups)]
        for group in groups:
            group.mkdir(parents=True, exist_ok=True)
            prefer(group, self.times)
        up = Path("/proc/uptime").read_text().split(".")[0]
        # it is in its groups before it has a namespace of groups, so that its systemd sees those as the top
        words = [
            "bash", "-c", ENTER, "bash", str(len(groups)), *map(str, groups),
            "ip", "netns", "exec", self.name,
            "unshare", "--mount", "--uts", "--ipc", "--pid", "--cgroup", "--time", "--boottime", f"-{up}",
            "--fork", "--mount-proc", "--kill-child", "--",
            "bash", str(BOOT), self.name, self.user, str(self.folder), hierarchy(),
        ]  # fmt: skip
        with (self.folder / "console").open("ab") as console:
            self._process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True,
                env={**ENVIRONMENT, **self.environment},
            )  # fmt: skip
            self._greet()
            return self._process.wait()

    def _greet(self) -> None:
        """Tell of the new boot as soon as its first process can be looked at; until then that waits."""
        while self._process is not None and self._process.poll() is None:
            if self.first_process() is not None:
                try:
                    if self.on_boot:
                        self.on_boot(self, True)
                finally:
                    (self.folder / "greeted").touch()
                return
            time.sleep(0.01)

    def stop(self) -> None:
        """At once, as when its power is cut."""
        self.stopping = True
        first = self.first_process()
        if first is not None:
            os.kill(first, signal.SIGKILL)
        if self._thread is not None:
            self._thread.join(20)

    def first_process(self) -> int | None:
        """The process, as the lab sees it, that is its systemd."""
        if self._process is None or self._process.poll() is not None:
            return None
        return _child_with_own_pids(self._process.pid)

    def command(self, words: Sequence[str], *, user: str = "root") -> list[str]:
        """A command line that runs these words on the machine: as root without a login, as another user with one."""
        first = self.first_process()
        if first is None:
            raise ValueError(f"{self.name} is down: {self.ended or 'between two boots'}")
        spaces = ("mount", "uts", "ipc", "net", "pid", "cgroup", "time", "root", "wdns=/")
        enter = ["nsenter", "--target", str(first), *(f"--{space}" for space in spaces), "--no-fork", "--"]
        enter += ["bash", "-c", TO_ITS_END, "bash"]
        if user == "root":
            return [*enter, *words]
        return [*enter, "setpriv", "--reuid", user, "--regid", user, "--init-groups", "--reset-env", *words]

    def ask(
        self, *words: str, stdin: str | None = None, seconds: float = 60, user: str = "root"
    ) -> subprocess.CompletedProcess[str]:
        """What the user's command on the machine prints, and its status; nothing is raised for a bad one."""
        return subprocess.run(
            self.command(words, user=user), input=stdin, stdin=None if stdin is not None else subprocess.DEVNULL,
            capture_output=True, text=True, errors="replace", timeout=seconds, check=False, env=ENVIRONMENT,
        )  # fmt: skip

    def do(self, *words: str, stdin: str | None = None, seconds: float = 60, user: str = "root") -> str:
        """The same where it must go well: what it prints; ValueError with what it said otherwise."""
        ended = self.ask(*words, stdin=stdin, seconds=seconds, user=user)
        if ended.returncode != 0:
            said = (ended.stderr.strip() or ended.stdout.strip())[-400:]
            raise ValueError(f"{self.name}: {' '.join(words)[:120]} ended with {ended.returncode}: {said}")
        return ended.stdout

    def await_boot(self, seconds: float = 120) -> None:
        """Until it answers. ValueError when it is not in time: in what state it is, and what its console shows last."""
        try:
            wait(f"{self.name} to boot", self.answers, seconds)
        except ValueError as late:
            first = self.first_process()
            state = self.ended or ("between two boots" if first is None else f"process {first} is its first")
            shown = (self.folder / "console").read_text("utf-8", "replace").strip()[-300:]
            raise ValueError(f"{late}: boot {self.boots}, {state}; {shown or 'nothing on its console'}") from late

    def answers(self) -> bool:
        """Its systemd has come to its end of the boot, and sshd listens."""
        try:
            ended = self.ask("systemctl", "is-active", "sshd.service", seconds=10)
        except (ValueError, subprocess.TimeoutExpired):
            return False
        return ended.stdout.strip() == "active"


def wait(what: str, done: Callable[[], bool], seconds: float, pause: float = 0.2) -> float:
    """Until it is so; how many seconds that took. ValueError when it is not in time. An error is not so yet."""
    started = time.monotonic()
    while True:
        last = ""
        try:
            if done():
                return time.monotonic() - started
        except (ValueError, subprocess.TimeoutExpired) as error:
            last = f"; {error}"
        if time.monotonic() - started > seconds:
            raise ValueError(f"{what}: not within {seconds:.0f} s{last}")
        time.sleep(pause)


def side_by_side(jobs: Sequence[Callable[[], None]]) -> None:
    """All at once. The first error is raised as it comes; the others' threads end with the lab."""
    ended: SimpleQueue[Exception | None] = SimpleQueue()

    def run(job: Callable[[], None]) -> None:
        try:
            job()
            ended.put(None)
        except Exception as error:  # whatever it is, the caller gets it
            ended.put(error)

    for job in jobs:
        threading.Thread(target=run, args=(job,), daemon=True).start()
    for _ in jobs:
        error = ended.get()
        if error is not None:
            raise error


def _child_with_own_pids(pid: int) -> int | None:
    """The first process below `pid` that lives in another PID namespace."""
    own = Path("/proc/self/ns/pid").readlink()
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        try:
            if Path(f"/proc/{one}/ns/pid").readlink() != own:
                return one
            waiting += [int(word) for word in Path(f"/proc/{one}/task/{one}/children").read_text().split()]
        except OSError:
            continue
    return None
