#!/usr/bin/env python3
"""The lab: the bundle's scripts, unmodified, against real systems.

    tests/lab/run.py [--install] [--section 2.01]... [--keep DIR] [--hold]

Eleven machines with systemd, sshd and sudo of their own really boot and reboot; on them run MariaDB, Galera, RabbitMQ,
Redis, HAProxy, Pacemaker, Ceph, the overcloud's keystone, nova, neutron, glance and cinder with fake hypervisors, and
the undercloud's heat, ironic and nova, to which the nodes tell of their update.
What cannot be had comes from the simulator, and is listed line by line.
Needs Debian 12 and root, asks before it installs what it needs (--install: does not ask), and leaves nothing behind but
the packages. Ends with 1 where something was not as it must be, with 3 where no lab can be had.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "compiler"))

from lab import collecting, enclosure, newton, nfv, packages
from lab.chapter import Chapter
from lab.machines import Network, side_by_side, wait
from lab.parity import Parity
from lab.parts import (
    Part,
    ceph,
    cloud,
    cluster,
    director,
    name_of,
    openvswitch,
    undercloud,
)
from lab.proofs import Proofs
from lab.results import Results
from lab.site import HOME, UNDERCLOUD, Lab
from lab.stand_ins import StandIns

# those of a row wait for one another, the rows do not
PARTS: tuple[tuple[Part, ...], ...] = ((undercloud, openvswitch), (ceph,), (cluster,), (cloud,), (director,))


def parts() -> dict[str, Part]:
    """{name: part}, in the order of PARTS."""
    return {name_of(part): part for row in PARTS for part in row}


def install(unasked: bool) -> None:
    begun = time.monotonic()
    packages.check()
    newton.python()
    wanted = {"the machines": packages.BASE, **{name: part.PACKAGES for name, part in parts().items()}}
    packages.ask(wanted, unasked)
    packages.install(wanted)
    newton.make()
    print(f"packages and clients are there after {time.monotonic() - begun:.0f} s", flush=True)


def outside(arguments: list[str], keep: Path | None) -> int:
    """Goes inside, and looks afterwards whether anything is left."""
    place = Path(tempfile.mkdtemp(prefix="osp-lab."))
    place.chmod(0o755)
    try:
        with enclosure.limits_raised():
            status = enclosure.run_inside(place, [__file__, *arguments])
    finally:
        enclosure.ignore_signals()
        enclosure.remove_groups(place.name)
        if keep is not None and (place / "transcripts").is_dir():
            shutil.copytree(place / "transcripts", keep, dirs_exist_ok=True)
        shutil.rmtree(place, ignore_errors=True)
    left = enclosure.left_over(place, place.name)
    for line in left:
        print(f"left behind: {line}")
    print(f"the lab is gone; {len(left)} things are left behind")
    return status or bool(left)


def inside(place: Path, sections: list[str], hold: bool) -> int:
    results = Results()
    lab = Lab(place, place.name)
    try:
        play(lab, bring_up(lab, results), results, sections)
    except KeyboardInterrupt:
        results.judge("the lab", ["interrupted"])
        hold = False
    except Exception as error:  # whatever it is, the report so far is told, and all is taken down
        traceback.print_exc()
        results.judge("the lab", [f"{type(error).__name__}: {error}"])
    print(f"{results.good} passed, {results.bad} failed", flush=True)
    if hold:
        stay(lab)
    return int(results.bad > 0)


def stay(lab: Lab) -> None:
    """Everything stays up for somebody who looks into it, until Ctrl-C."""
    print("the lab stays until Ctrl-C; to be root on a machine, outside:")
    for name in lab.machines:
        print(f"  nsenter --all --wdns=/ --target $(pgrep --parent $(pgrep --full '^unshare .*boot.sh {name} '))")
    with suppress(KeyboardInterrupt):
        signal.pause()


def bring_up(lab: Lab, results: Results) -> StandIns:
    enclosure.join_groups(lab.groups)
    for words in ("mount --make-rprivate /", "mount -t tmpfs tmpfs /run"):
        subprocess.run(words.split(), check=True)
    lab.lay_out()
    compile_bundles(lab)
    side_by_side([partial(ceph.prepare, lab), partial(prepare_others, lab)])
    stand_ins = StandIns(lab, lab.bundle)
    stand_ins.prepare()
    Network().make()
    for machine in lab.machines.values():
        machine.plug_in()
        machine.start()
    for machine in lab.machines.values():
        machine.await_boot()
    results.say(f"{len(lab.machines)} machines have booted")
    side_by_side([partial(start, lab, results, row) for row in PARTS])
    return stand_ins


def prepare_others(lab: Lab) -> None:
    """All but Ceph, which takes longest and shares no file; a later one may write over what one before it wrote."""
    for part in parts().values():
        if part is not ceph:
            part.prepare(lab)


def start(lab: Lab, results: Results, row: tuple[Part, ...]) -> None:
    for part in row:
        part.start(lab, results.say)


def compile_bundles(lab: Lab) -> None:
    spec = Path(__file__).with_name("site.yaml").read_text("utf-8")
    lab.bundle = compiled(lab, spec, HOME)
    lab.snapshots = compiled(lab, spec.replace("nfv: true\n", nfv.SNAPSHOT_SPEC), nfv.HOME)


def compiled(lab: Lab, spec: str, home: str) -> Path:
    """The bundle of a spec, carried to the undercloud."""
    from osp_compile.pipeline import compile_site

    place = lab.folder / Path(home).name
    place.mkdir()
    (place / "site.yaml").write_text(spec, "utf-8")
    bundle = compile_site(place / "site.yaml", place).path
    if bundle is None:
        raise ValueError("the lab's own spec does not compile")
    shutil.copytree(bundle, lab.layer(UNDERCLOUD, home))
    return bundle


def play(lab: Lab, stand_ins: StandIns, results: Results, wanted: list[str]) -> None:
    chapter = Chapter(lab, lab.bundle, stand_ins, results)
    proofs = Proofs(lab, chapter, results)
    chapter.begin()
    # a manager that has just started makes pools of its own
    wait("Ceph to be at rest", lambda: ceph.status(lab.controllers[0]).is_healthy, 300, 1)
    if not wanted:
        Parity(lab, chapter.manifest).compare(results)
        collecting.prove(lab.undercloud, Path(__file__).with_name("site.yaml"), lab.folder, results)
    for section in chapter.scripts:
        if wanted and section not in wanted:
            continue
        proofs.before(section)
        chapter.first(section)
        chapter.second(section)
        proofs.after(section)
    chapter.account.tell(results)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--section", action="append", default=[], help="this one alone; may be given again")
    parser.add_argument("--keep", type=Path, help="a folder for what the scripts have printed")
    parser.add_argument("--install", action="store_true", help="install what it needs without asking")
    parser.add_argument("--hold", action="store_true", help="leave everything up at the end, until Ctrl-C")
    given = parser.parse_args()
    enclosure.heed_signals()
    place = enclosure.folder()
    if place is not None:
        return enclosure.be_first_process(partial(inside, place, given.section, given.hold))
    try:
        install(given.install)
    except packages.NeedError as need:
        for line in str(need).splitlines():
            print(f"no lab: {line}", file=sys.stderr)
        return 3 if isinstance(need, packages.UnfitError) else 1
    return outside([word for word in sys.argv[1:] if word != "--install"], given.keep)


if __name__ == "__main__":
    sys.exit(main())
