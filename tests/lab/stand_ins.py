"""What cannot be had for real comes from the simulator: served in the lab, with its clients in the machines.

A machine's files are its own: the world sees them through the first process of the machine's boot. Each real boot is
told to the world, which then runs the kernel and the packages that it has installed meanwhile.
"""

from __future__ import annotations

import json
import re
import shutil
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from lab.machines import Machine
from lab.site import BACKUP, UNDERCLOUD, Lab
from osp_simulator.engine import lifecycle
from osp_simulator.fast import client
from osp_simulator.hosts import files as host_files
from osp_simulator.seed.site import seed

EVERYWHERE = tuple(
    "yum rpm grubby needs-restarting uname ntpstat chronyc ovs-vsctl ovs-appctl virsh mongo mongodump".split()
)
# The kernel is the world's; what else a machine is asked about itself is its own, as Pacemaker does all the time.
UNAME = """\
#!/bin/bash
case $* in
  *r*) exec /usr/local/bin/.simulated/uname "$@" ;;
  *) exec /usr/bin/uname "$@" ;;
esac
"""
CLIENTS = tuple("openstack nova ironic heat neutron".split())
# What is the real machine's own, and not the simulator's to write.
REAL = re.compile(
    r"^/(etc/(passwd|group|hostname|hosts|nsswitch\.conf|bashrc|ssh/|os-release|my\.cnf|puppet/|haproxy/|ceph/|nova/)|root/"
    r"|home/stack/(\.ssh|\.bashrc|bundle|overcloudrc$)|home/heat-admin|var/lib/(redis|rabbitmq|haproxy|openvswitch)/|var/log/messages)"
)


class StandIns:
    """The simulator's world of the lab's site."""

    def __init__(self, lab: Lab, bundle: Path) -> None:
        self.folder = lab.folder / "world"
        self._lab = lab
        self._one_at_a_time = threading.Lock()
        self._manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))

    def tools(self, machine: str) -> tuple[str, ...]:
        return EVERYWHERE + (CLIENTS if machine == UNDERCLOUD else ())

    def prepare(self) -> None:
        """The world and its server; in each machine's layer the clients, and the files that go with them."""
        state = seed(self._manifest)
        state["clock"] = time.time()
        for host in state["hosts"].values():
            host["booted_at"] = state["clock"]
        lifecycle.make(self.folder, state)
        for name in state["hosts"].keys() & self._lab.machines.keys():
            self._equip(name, host_files.files(state, name))
        lifecycle.start(self.folder)
        (self.folder / "run/socket").chmod(0o666)  # users are real here
        for name in state["hosts"].keys() & self._lab.machines.keys() - {BACKUP}:
            self._lab.machines[name].on_boot = self.tell
        threading.Thread(target=self._tick, daemon=True).start()

    def _tick(self) -> None:
        """Time passes in the world too while the scripts really sleep."""
        while True:
            time.sleep(1)
            with suppress(ValueError, OSError):  # the world is ending, or is asked too much at once
                self.keep_up()

    def _equip(self, name: str, files: host_files.Files) -> None:
        place = self._lab.folder / "machines" / name
        seen = self.folder / "hosts" / name
        seen.mkdir(parents=True)
        (seen / "boot_id").touch()
        (seen / "uptime").touch()
        (seen / "root").symlink_to(place / "up")
        shims = place / "shims"
        shims.mkdir(exist_ok=True)
        client.install(shims)
        (shims / ".simulated").mkdir()
        self._lab.shim(name, "uname", UNAME)
        for tool in self.tools(name):
            (shims / ".simulated" / tool).symlink_to(f"../{client.CLIENT}")
            # (one that a part has put there goes before, and may hand over)
            if not (shims / tool).exists():
                (shims / tool).symlink_to(client.CLIENT)
        for path, (content, mode) in files.items():
            # (and what a part has written)
            if not REAL.match(path) and not self._lab.layer(name, path).exists():
                self._lab.write(name, path, content, mode)
        (place / "up/usr/bin").mkdir(parents=True, exist_ok=True)
        shutil.move(shims / client.REST, place / "up/usr/bin" / client.REST)
        (place / "up/.real").symlink_to("/usr")
        (place / "who").write_text(f"{name} *\n")
        self._lab.share(name, self.folder / "run/socket", "/run/osp-sim/socket")
        self._lab.share(name, place / "who", "/run/osp-sim/id")

    def tell(self, machine: Machine, begins: bool) -> None:
        """A boot of a machine begins, or has ended."""
        self.keep_up()
        if not begins:
            lifecycle.ask(self.folder, "fire", name="host_down", data={"host": machine.name, "off": True})
            return
        link = self.folder / "hosts" / machine.name / "root"
        fresh = link.with_name("fresh")
        fresh.symlink_to(f"/proc/{machine.first_process()}/root")
        fresh.replace(link)
        if machine.boots > 1:
            lifecycle.ask(self.folder, "fire", name="host_up", data={"host": machine.name})

    def keep_up(self) -> None:
        """Bring the world's clock to what the machines' clocks show.

        It runs ahead where a simulated update has taken its hours. What was installed meanwhile is then said to be just
        installed: later than the boot before it, and earlier than the next.
        """
        with self._one_at_a_time:
            clock, now = float(self._get("clock")), time.time()
            if clock <= now:
                lifecycle.ask(self.folder, "advance", seconds=now - clock)
            else:
                self._turn_back(clock, now)

    def _turn_back(self, clock: float, now: float) -> None:
        for host in self._get("hosts"):
            updated = {name: min(when, now - 10) for name, when in self._get(f"hosts.{host}.updated").items()}
            self._set(f"hosts.{host}.updated", updated)
        self._set("events", [{**event, "at": event["at"] - (clock - now)} for event in self._get("events")])
        self._set("clock", now)

    def _get(self, path: str) -> Any:
        return lifecycle.ask(self.folder, "get", path=path)

    def _set(self, path: str, value: object) -> None:
        lifecycle.ask(self.folder, "set", path=path, value=value)

    def calls(self) -> list[tuple[str, list[str]]]:
        """(tool, arguments) of every call of a simulated tool so far."""
        rows = (json.loads(line) for line in (self.folder / "calls.jsonl").read_text("utf-8").splitlines())
        return [(row["tool"], row["argv"]) for row in rows]
