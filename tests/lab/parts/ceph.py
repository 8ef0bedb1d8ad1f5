"""Ceph: monitors on the controllers, a manager and one in reserve, two OSDs on each storage node, all with cephx.

Monitors and OSDs are laid out before the machines boot, with keys that the monitors know from the start. So the
machines bring the cluster up by themselves, at the first boot as at any other, and only a pool is left to be made.
"""

from __future__ import annotations

import json
import subprocess
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lab.machines import Machine, wait
from lab.parts.files import config, put
from lab.site import ADDRESSES, CEPH, CONTROLLERS, Lab

PACKAGES = ("ceph-mon", "ceph-mgr", "ceph-osd", "ceph-common")
POOL, GROUPS, OBJECTS = "vms", 64, 48
ADMIN = "client.admin"
# those that a manager does not run without; to load the others too takes it twice as long
MODULES = "balancer crash devicehealth orchestrator pg_autoscaler progress rbd_support status telemetry volumes".split()


@dataclass(frozen=True)
class Daemon:
    """`kind` and `id` are its name in Ceph; `machine` is the name of the one it runs on."""

    kind: str
    id: str
    machine: str

    @property
    def name(self) -> str:
        return f"{self.kind}.{self.id}"

    @property
    def data(self) -> str:
        return f"/var/lib/ceph/{self.kind}/ceph-{self.id}"


MONITORS = tuple(Daemon("mon", name, name) for name in CONTROLLERS)
MANAGERS = tuple(Daemon("mgr", name, name) for name in CONTROLLERS[:2])
OSDS = tuple(Daemon("osd", str(2 * number + disk), name) for number, name in enumerate(CEPH) for disk in range(2))
MAY = {
    "mon": {"mon": "allow *"},
    "client": {"mon": "allow *", "mgr": "allow *", "osd": "allow *"},
    "mgr": {"mon": "allow profile mgr", "osd": "allow *"},
    "osd": {"mon": "allow profile osd", "mgr": "allow profile osd", "osd": "allow *"},
}


def prepare(lab: Lab) -> None:
    """What a deployment leaves on the disks: configuration, keys, units, monitors that know each other, empty OSDs."""
    work = lab.folder / "ceph"
    work.mkdir()
    cluster = str(uuid.uuid4())
    text = config("ceph.conf", fsid=cluster, monitors=",".join(ADDRESSES[name] for name in CONTROLLERS))
    (work / "ceph.conf").write_text(text)
    _make_keys(work)
    _make_monitor_map(work, cluster)
    _configure(lab, work, text)
    _make_stores(lab, work)
    for name in (*CONTROLLERS, *CEPH):
        _run("chown", "--recursive", "ceph:ceph", str(lab.layer(name, "/var/lib/ceph")))


def _make_keys(work: Path) -> None:
    """A keyring for each, and `keyring` with all of them, which the monitors begin with."""
    names = ("mon.", ADMIN, *(daemon.name for daemon in (*MANAGERS, *OSDS)))
    for name in names:
        may = [word for system, what in MAY[name.partition(".")[0]].items() for word in ("--cap", system, what)]
        _run("ceph-authtool", "--create-keyring", str(work / name), "--gen-key", "--name", name, *may)
    (work / "keyring").write_text("".join((work / name).read_text() for name in names))


def _make_monitor_map(work: Path, cluster: str) -> None:
    words = ["monmaptool", "--create", "--fsid", cluster]
    for name in CONTROLLERS:
        words += ["--addv", name, f"[v2:{ADDRESSES[name]}:3300,v1:{ADDRESSES[name]}:6789]"]
    _run(*words, str(work / "monmap"))


def _configure(lab: Lab, work: Path, text: str) -> None:
    for name in (*CONTROLLERS, *CEPH):
        put(lab, name, "/etc/ceph/ceph.conf", text)
        # a daemon is told from the one before it by its process id, and after a reboot here that is often the same
        put(lab, name, "/etc/default/ceph", "CLUSTER=ceph\nCEPH_USE_RANDOM_NONCE=1\n")
    for name in CONTROLLERS:
        put(lab, name, f"/etc/ceph/ceph.{ADMIN}.keyring", (work / ADMIN).read_text(), mode=0o600)
    for daemon in (*MANAGERS, *OSDS):
        put(lab, daemon.machine, f"{daemon.data}/keyring", (work / daemon.name).read_text(), mode=0o600)
    for daemon in MANAGERS:
        _choose_modules(lab.layer(daemon.machine, f"{daemon.data}/modules"))
    for daemon in (*MONITORS, *MANAGERS, *OSDS):
        unit = f"ceph-{daemon.kind}@"
        lab.want(daemon.machine, f"{unit}{daemon.id}.service", f"/lib/systemd/system/{unit}.service")


def _choose_modules(chosen: Path) -> None:
    chosen.mkdir()
    for module in (*MODULES, "mgr_module.py", "mgr_util.py"):
        (chosen / module).symlink_to(f"/usr/share/ceph/mgr/{module}")


def _make_stores(lab: Lab, work: Path) -> None:
    """All at once; no daemon has to run for it."""
    running = {}
    for daemon in (*MONITORS, *OSDS):
        place = lab.layer(daemon.machine, daemon.data)
        place.mkdir(parents=True, exist_ok=True)
        lab.keep_folders(daemon.machine, daemon.data)
        with (work / f"{daemon.name}.log").open("wb") as log:
            words = _make_store(daemon, place, work)
            running[daemon] = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    for daemon, process in running.items():
        if process.wait(120) != 0:
            said = (work / f"{daemon.name}.log").read_text()[-400:]
            raise ValueError(f"the store of {daemon.name} cannot be made: {said}")


def _make_store(daemon: Daemon, place: Path, work: Path) -> list[str]:
    words = [f"ceph-{daemon.kind}", "--mkfs", "--id", daemon.id, f"--{daemon.kind}-data", str(place)]
    # nothing of it in this machine's own folders
    words += ["--conf", str(work / "ceph.conf"), "--run-dir", str(work), "--log-file=", "--admin-socket="]
    if daemon.kind == "mon":
        return [*words, "--monmap", str(work / "monmap"), "--keyring", str(work / "keyring")]
    return [*words, "--osd-uuid", str(uuid.uuid4()), "--no-mon-config"]


def start(lab: Lab, say: Callable[[str], None]) -> None:
    """OSDs boot while the pool is made."""
    monitor = lab.controllers[0]
    asked = ("ceph", "--connect-timeout", "10", "status")
    wait("the quorum of Ceph's monitors", lambda: monitor.ask(*asked).returncode == 0, 300, 1)
    # it would move placement groups a minute after a manager has become active, which Jewel's does not
    _ceph(monitor, "config", "set", "mgr", "mgr/balancer/active", "false", "--force")
    # or the manager makes itself a pool, which Jewel does not have; by force, as no manager has named its options yet
    _ceph(monitor, "config", "set", "mgr", "mgr/devicehealth/enable_monitoring", "false", "--force")
    say("ceph: the monitors have a quorum")
    _ceph(monitor, "osd", "pool", "create", POOL, str(GROUPS))
    _ceph(monitor, "osd", "pool", "application", "enable", POOL, "rbd")
    wait("the OSDs of Ceph are up", lambda: status(monitor).osds_up == len(OSDS), 120, 1)
    say(f"ceph: {len(OSDS)} OSDs are up")
    wait("the placement groups of Ceph are active+clean", lambda: status(monitor).is_clean, 300, 1)
    many = f"bench 1 write --no-cleanup -b 4096 -t 4 --max-objects {OBJECTS}"
    monitor.do("rados", "--pool", POOL, *many.split())
    wait("Ceph is healthy", lambda: status(monitor).is_healthy, 120, 1)
    say(f"ceph: HEALTH_OK, {GROUPS} placement groups are active+clean")


@dataclass(frozen=True)
class Status:
    """How the cluster is: `clean` counts the placement groups that are active+clean, scrubbed at the time or not."""

    health: str
    in_quorum: int
    osds_up: int
    groups: int
    clean: int

    @property
    def is_clean(self) -> bool:
        return self.groups == self.clean == GROUPS

    @property
    def is_healthy(self) -> bool:
        """Whole, and with nothing to say about it."""
        whole = (self.in_quorum, self.osds_up) == (len(MONITORS), len(OSDS))
        return self.is_clean and whole and self.health == "HEALTH_OK"


def status(monitor: Machine) -> Status:
    seen = json.loads(_ceph(monitor, "status", "--format", "json"))
    states = seen["pgmap"]["pgs_by_state"]
    return Status(
        seen["health"]["status"],
        len(seen["quorum"]),
        seen["osdmap"]["num_up_osds"],
        seen["pgmap"]["num_pgs"],
        sum(state["count"] for state in states if state["state_name"].startswith("active+clean")),
    )


def _ceph(monitor: Machine, *words: str) -> str:
    return monitor.do("ceph", "--connect-timeout", "60", *words, seconds=90)


def _run(*words: str) -> None:
    ended = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise ValueError(f"{' '.join(words)[:120]} ended with {ended.returncode}: {ended.stderr.strip()[-400:]}")
