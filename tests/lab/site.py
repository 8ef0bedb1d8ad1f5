"""The lab's site: which machines there are, what they are called, and the words that its services share."""

from __future__ import annotations

import os
import secrets
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from lab.machines import Machine

UNDERCLOUD, BACKUP = "undercloud", "backup"
CLOUD = "cloud"  # the overcloud's APIs, as behind their virtual address
CONTROLLERS = tuple(f"overcloud-controller-{number}" for number in range(3))
CEPH = tuple(f"overcloud-cephstorage-{number}" for number in range(3))
COMPUTES = tuple(f"overcloud-compute-{number}" for number in range(2))
ADDRESSES = {
    UNDERCLOUD: "192.0.2.1",
    BACKUP: "192.0.2.250",
    CLOUD: "192.0.2.4",
    **{name: f"192.0.2.{10 + number}" for number, name in enumerate(CONTROLLERS)},
    **{name: f"192.0.2.{20 + number}" for number, name in enumerate(CEPH)},
    **{name: f"192.0.2.{30 + number}" for number, name in enumerate(COMPUTES)},
}
FIRST = {CLOUD: 2, UNDERCLOUD: 2}  # the rest waits more than it works
USERS = {UNDERCLOUD: "stack", BACKUP: "osp-backup"}
EMPTY = ("root", "home", "srv", "work")  # folders of which a machine sees nothing but its own
HOME = "/home/stack/bundle"  # where the operator has the bundle
REDIS_VIP, PUBLIC_VIP = "192.0.2.5", "192.0.2.6"


def word() -> str:
    """A password with what shells, option files and URLs stumble over."""
    return f"{secrets.token_hex(6)}#$'\\x{secrets.token_hex(2)}"


@dataclass
class Lab:
    """`folder` holds all that the lab writes; `groups` is the name of its control groups."""

    folder: Path
    groups: str
    machines: dict[str, Machine] = field(default_factory=dict)
    bundle: Path = Path()
    snapshots: Path = Path()  # the bundle of the same site with NFV's other strategy
    mysql_password: str = field(default_factory=word)
    redis_password: str = field(default_factory=lambda: secrets.token_hex(8))
    haproxy_password: str = field(default_factory=lambda: secrets.token_hex(8))
    cloud_password: str = "that-of-every-lab"  # keystone's users are kept from one lab to the next

    def some(self, names: tuple[str, ...]) -> tuple[Machine, ...]:
        return tuple(self.machines[name] for name in names)

    @property
    def controllers(self) -> tuple[Machine, ...]:
        return self.some(CONTROLLERS)

    @property
    def ceph(self) -> tuple[Machine, ...]:
        return self.some(CEPH)

    @property
    def undercloud(self) -> Machine:
        return self.machines[UNDERCLOUD]

    @property
    def mysql_login(self) -> str:
        """An option file with root's password."""
        quoted = self.mysql_password.replace("\\", "\\\\").replace('"', '\\"')
        return f'[client]\nuser=root\npassword="{quoted}"\n'

    def lay_out(self) -> None:
        """A folder for each machine, with what its first boot takes from there: names, keys."""
        make_key(self.folder / "stack")
        hosts = "127.0.0.1 localhost\n" + "".join(
            f"{address} {name}.localdomain {name}\n" for name, address in ADDRESSES.items()
        )
        for name, address in ADDRESSES.items():
            place = self.folder / "machines" / name
            place.mkdir(parents=True)
            (place / "hosts").write_text(hosts)
            for folder in EMPTY:
                (place / "up" / folder).mkdir(parents=True)
                os.setxattr(place / "up" / folder, "trusted.overlay.opaque", b"y")
            (place / "up/root").chmod(0o700)
            make_key(place / "host_key")
            if name == UNDERCLOUD:
                (place / "id").write_bytes((self.folder / "stack").read_bytes())
            else:
                (place / "authorized_keys").write_bytes((self.folder / "stack.pub").read_bytes())
            user = USERS.get(name, "heat-admin")
            self.machines[name] = Machine(name, address, user, place, self.groups, times=FIRST.get(name, 1))
        # the nodes' keys come by `runbook trust`; the safe place is the operator's own to know
        key = (self.folder / "machines" / BACKUP / "host_key.pub").read_text()
        self.write(UNDERCLOUD, "/home/stack/.ssh/known_hosts", f"{ADDRESSES[BACKUP]} {key}", 0o600)
        self.write(BACKUP, "/home/osp-backup/osp/.keep", "")

    def write(self, machine: str, path: str, content: str | bytes, mode: int = 0o644) -> None:
        """A file of a machine that has not been started; what lies in a home becomes the user's at its first boot."""
        place = self.layer(machine, path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
        place.chmod(mode)
        self.keep_folders(machine, path)

    def layer(self, machine: str, path: str) -> Path:
        """Where the machine's own layer holds this path."""
        return self.folder / "machines" / machine / "up" / path.lstrip("/")

    def keep_folders(self, machine: str, path: str) -> None:
        """A folder in the layer hides the owner and mode of the one below it, so it gets the same."""
        for below in Path(path).parents:
            if below != Path("/") and below.is_dir():
                known, above = below.stat(), self.layer(machine, str(below))
                os.chown(above, known.st_uid, known.st_gid)
                above.chmod(known.st_mode & 0o7777)

    def shim(self, machine: str, name: str, text: str) -> None:
        """A program in the machine's /usr/local/bin, before all others: what RHEL 7 calls or words otherwise."""
        place = self.folder / "machines" / machine / "shims" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        place.chmod(0o755)

    def want(self, machine: str, unit: str, source: str | None = None) -> None:
        """A unit that the machine starts when it boots; `source` where it is this machine's own, in /lib."""
        place = self.folder / "machines" / machine / "wanted" / unit
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.symlink_to(source or f"/lib/systemd/system/{unit}")

    def share(self, machine: str, source: Path, at: str) -> None:
        """Something of the lab's that the machine sees too, at the path `at`."""
        with (self.folder / "machines" / machine / "shared").open("a") as shared:
            shared.write(f"{source} {at}\n")


def make_key(place: Path) -> None:
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", place.name, "-f", str(place)]
    subprocess.run(words, check=True)
