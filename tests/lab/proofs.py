"""What is shown beside the sections' own runs: that backups restore, and that a run cut short is gone on with."""

from __future__ import annotations

import subprocess
import threading
from contextlib import suppress
from pathlib import Path

from lab import keys, nfv
from lab.chapter import Chapter
from lab.machines import wait
from lab.parts import cloud, director
from lab.restore import Restore
from lab.results import Results
from lab.site import BACKUP, CEPH, CONTROLLERS, HOME, Lab

# What lives on while it is archived, or is written for that backup alone.
UNDERCLOUD_LIVES = ("var/log", "home/stack/osp-runbook", "root/undercloud-all-databases.sql")
# (yum's history and the cluster's configuration are written for the archive, and gone afterwards)
MADE_FOR_IT = ("var/tmp/filesystem_backup/yum-history.txt", "var/tmp/filesystem_backup/pcs-config.tar.bz2")
CONTROLLER_LIVES = ("var/log", "var/lib/rabbitmq", "var/lib/redis", "etc/corosync", "etc/resolv.conf", *MADE_FOR_IT)
STOPS = ("bash", "-c", "kill -STOP $$")  # a question that has no end
LEFT = "vm-1"  # the instance that nothing has moved since the update
VERIFY = """\
set -euo pipefail
. lib/systems/databases.sh
. <(sed --quiet "/^$2() {/,/^}/p; /^archive_must_be_whole() {/,/^}/p" "$1" lib/systems/backup.sh)
"$2" "$3"
"""


class Proofs:
    """`before` a section's first run and `after` its second."""

    def __init__(self, lab: Lab, chapter: Chapter, results: Results) -> None:
        self._lab = lab
        self._chapter = chapter
        self._results = results
        self._restore = Restore(lab, results)
        self._keys: dict[str, str] = {}
        self._instances: dict[str, str] = {}
        self._told: dict[str, int] = {}

    def before(self, section: str) -> None:
        if section == "2.02":
            ask = keys.of_lab(self._lab)
            ask(keys.SEED)
            self._keys = keys.facts(ask)
            self._chapter.killed("2.02", "in the middle of the dump", self._a_dump_is_made)
        if section == "2.04":
            self._reboots_with_questions_open()
        if section == "2.06":
            self._told = director.told(self._lab)
            director.hurry_nodes(self._lab, True)
        if section == "2.08":
            first = self._lab.machines[CEPH[0]]
            boots = first.boots
            self._chapter.killed("2.08", "while a node is away", lambda: first.boots > boots)
        if section == "2.09":
            self._instances = cloud.instances(self._lab)
            self._chapter.killed("2.09", "while an instance moves", lambda: cloud.moving(self._lab) > 0)
        if section == "2.13":
            self._instances = cloud.instances(self._lab)
            nfv.plug_in_as_before(self._lab, LEFT)

    def after(self, section: str) -> None:
        if section == "2.01":
            self._undercloud()
        if section == "2.02":
            self._control_plane()
        if section == "2.06":
            director.hurry_nodes(self._lab, False)
        if section == "2.06" and self._told:
            now_told = director.told(self._lab)
            wrong = [f"{name}: nothing new" for name in now_told if now_told[name] <= self._told[name]]
            self._results.judge(f"{len(now_told)} nodes have run what heat had for them, and told it", wrong)
        if section == "2.09":
            self._as_they_were()
        if section == "2.13":
            self._as_they_were()
            self._results.judge(f"{LEFT} has a port of the new type", nfv.not_new(self._lab, LEFT))
            self._copied()

    def _as_they_were(self) -> None:
        now = cloud.instances(self._lab)
        wrong = [] if now == self._instances else [f"before: {self._instances}", f"now: {now}"]
        self._results.judge(f"{len(now)} instances of nova are as they were", wrong)

    def _copied(self) -> None:
        """By the other strategy: a copy from a snapshot, in the tenant's own project, with the original's address.

        The ticket's digest is that bundle's meanwhile, and afterwards the first one's again.
        """
        nfv.plug_in_as_before(self._lab, nfv.TENANTS)
        was = cloud.addresses_of(self._lab, nfv.TENANTS)
        chapter = self._chapter.by(self._lab.snapshots, nfv.HOME, " with snapshots")
        chapter.begin()
        chapter.first("2.13")
        chapter.second("2.13")
        copy = f"{nfv.TENANTS}-{chapter.manifest['site']['change']}"
        names = cloud.instances(self._lab)
        wrong = [] if nfv.TENANTS not in names else [f"{nfv.TENANTS} is still there"]
        if names.get(copy) != "active":
            wrong.append(f"{copy} is {names.get(copy)}")
        else:
            wrong += nfv.not_new(self._lab, copy)
            if (now := cloud.addresses_of(self._lab, copy)) != was:
                wrong.append(f"it has {now}, and the original had {was}")
        self._results.judge(f"{copy} stands for {nfv.TENANTS}", wrong)
        self._chapter.begin()

    def _a_dump_is_made(self) -> bool:
        place = Path(self._lab.controllers[0].folder, "up/var/tmp/mysql_backup")
        return any(place.glob("*.sql"))

    def _reboots_with_questions_open(self) -> None:
        """Machines are asked while they go down: neither who still waits nor who has given up may hold one back."""
        machine = self._lab.machines[BACKUP]
        boots = machine.boots
        waiting = threading.Thread(target=machine.ask, args=STOPS, daemon=True)
        waiting.start()
        with suppress(subprocess.TimeoutExpired):
            machine.ask(*STOPS, seconds=1)
        machine.ask("systemctl", "reboot", seconds=30)
        wait(f"{machine.name} to go down", lambda: machine.boots > boots, 30)
        machine.await_boot()
        self._results.judge(f"{machine.name} reboots while questions to it are open", [])

    def _undercloud(self) -> None:
        backup = self._restore.newest("undercloud")
        dump = backup / "undercloud-all-databases.sql"
        (archive,) = backup.glob("*.tar")
        self._restore.database("the undercloud's dump", self._lab.undercloud, [dump])
        self._restore.archive("the undercloud's archive", archive, self._lab.undercloud, UNDERCLOUD_LIVES)
        self._restore.cut("the undercloud's dump", dump, lambda piece: self._verify("dump_must_be_whole", piece))
        self._restore.cut(
            "the undercloud's archive", archive, lambda piece: self._verify("archive_must_hold_dump", piece)
        )

    def _control_plane(self) -> None:
        backup = self._restore.newest("control_plane")
        (grants,) = backup.glob("openstack_databases_grants-*.sql")
        (dump,) = set(backup.glob("openstack_databases-*.sql"))
        (redis,) = backup.glob("redis-*.rdb")
        self._restore.database("the control plane's dump", self._lab.controllers[0], [dump, grants], without="mysql")
        self._restore.cut("the control plane's dump", dump, lambda piece: self._verify("dump_must_be_whole", piece))
        self._restore.redis(redis, self._keys)
        for name in CONTROLLERS:
            (archive,) = backup.glob(f"{name}-filesystem-*.tar.gz")
            self._restore.archive(f"the archive of {name}", archive, self._lab.machines[name], CONTROLLER_LIVES)

    def _verify(self, function: str, piece: str) -> int:
        """The exit status of the script's own check, run by root on the undercloud."""
        script = self._chapter.scripts["2.01"]
        words = ["bash", "-c", f"cd {HOME} && {VERIFY}", "bash", script, function, piece]
        return self._lab.undercloud.ask(*words).returncode
