"""Ways out of a simulated site to the machine it is simulated on, each tried: none works."""

from __future__ import annotations

import json
import os
import socket
import stat
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from osp_compile.rehearsal.foreign import ForeignError, prove
from osp_simulator.hosts.network import ALLOW, ERRNO, JUMP_ANY, JUMP_EQUAL, JUMP_FROM, LOAD, RETURN, files_alone
from osp_simulator.hosts.rooted import below
from unit.simulator.worlds import COMPILER, CONTROLLER, Served
from unit.terminal import at_a_terminal
from unit.waiting import LIMIT

SECRET = "the machine's secret"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of the machine beside the world."""
    place = tmp_path / "outside"
    place.mkdir()
    (place / "secret").write_text(SECRET)
    return place


def names_in(place: Path) -> list[str]:
    return sorted(entry.name for entry in place.iterdir())


def test_a_link_on_a_node_writes_nothing_outside(shared: Served, outside: Path) -> None:
    shared.on(CONTROLLER, f"ln -s {outside} /tmp/folder; ln -s {outside}/new /tmp/file")
    shared.run(f"echo written > /tmp/x; scp /tmp/x {CONTROLLER}:/tmp/folder/new; scp /tmp/x {CONTROLLER}:/tmp/file")
    assert names_in(outside) == ["secret"]


@pytest.mark.parametrize("target", ["{0}/secret", "../../../../../../../../../../../..{0}/secret"])
def test_a_link_on_a_node_reads_nothing_outside(shared: Served, outside: Path, target: str) -> None:
    shared.on(CONTROLLER, f"ln -sfn {target.format(outside)} /tmp/link")
    answer = shared.run(f"rm -f /tmp/got; scp {CONTROLLER}:/tmp/link /tmp/got; cat /tmp/got")
    assert SECRET not in answer.out + answer.err


def test_a_link_of_the_undercloud_reads_nothing_outside(world: Served, outside: Path) -> None:
    world.run(f"ln -sfn {outside} ~/.ssh/linked; rm -f ~/.ssh/known_hosts; ln -s {outside}/secret ~/.ssh/known_hosts")
    answer = world.run("ssh-keygen -F 192.0.2.10; ssh-keygen -l -f ~/.ssh/linked/secret; curl -K ~/.ssh/known_hosts")
    assert SECRET not in answer.out + answer.err


COPIES = {
    "scp into a folder with a link": f"scp /tmp/x {CONTROLLER}:/tmp/folder",
    "scp of a folder into one with a link": f"scp -r /tmp/sub {CONTROLLER}:/tmp/folder",
    "scp by a pattern": f"scp '{CONTROLLER}:/tmp/link*' /tmp/got; cat /tmp/got",
    "rsync into a folder with a link": f"rsync -a /tmp/x {CONTROLLER}:/tmp/folder/",
    "rsync of a folder into one with a link": f"rsync -a /tmp/sub {CONTROLLER}:/tmp/folder/",
    "rsync by a pattern": f"rsync -a '{CONTROLLER}:/tmp/link*' /tmp/got; cat /tmp/got",
    "mongodump": "mkdir -p /tmp/d/zaqar; ln -s {0}/x /tmp/d/zaqar/meter.bson; mongodump --out /tmp/d",
    "mongodump into a linked folder": "mkdir -p /tmp/d; ln -s {0} /tmp/d/zaqar; mongodump --out /tmp/d",
    "ssh-keygen": "cd /tmp/sub; echo 'h ssh-rsa AAAA' >known; ln -sf {0}/x known.old; ssh-keygen -R h -f known",
}


@pytest.mark.parametrize("way", COPIES)
def test_a_name_that_a_tool_adds_to_a_path_leads_nowhere(world: Served, outside: Path, way: str) -> None:
    world.on(
        CONTROLLER,
        "mkdir -p /tmp/folder; "
        f"ln -s {outside}/x /tmp/folder/x; ln -s {outside} /tmp/folder/sub; ln -s {outside}/secret /tmp/linked",
    )
    copy = COPIES[way].format(outside)
    answer = world.run(f"mkdir /tmp/sub; echo written >/tmp/sub/inner; echo written >/tmp/x; {copy}")
    assert SECRET not in answer.out + answer.err
    assert names_in(outside) == ["secret"]


ASKS = """
import json, socket
asked = socket.socket(socket.AF_UNIX)
asked.settimeout(20)
asked.connect("/run/osp-sim/socket")
text = b"control\\0" + json.dumps({question}).encode()
asked.sendall(len(text).to_bytes(4, "big") + text)
print("answered", asked.recv(65536))
"""


@pytest.mark.parametrize(
    "question",
    [
        {"verb": "copy", "to": "{0}/copy"},
        {"verb": "file", "host": "../../..{0}/made", "path": "/x"},
        {"verb": "set", "path": "hosts", "value": {}},
        {"verb": "enter", "host": "undercloud", "user": "root", "pid": 1},
        {"verb": "stop"},
    ],
)
@pytest.mark.parametrize("user", ["stack", "root"])
def test_the_world_obeys_nobody_inside(shared: Served, outside: Path, user: str, question: dict[str, Any]) -> None:
    filled = {key: value.format(outside) if isinstance(value, str) else value for key, value in question.items()}
    answer = shared.run(f"python3 - <<'E'\n{ASKS.replace('{question}', repr(filled))}\nE", "--user", user)
    assert answer.out == "answered b''\n"
    assert names_in(outside) == ["secret"]
    assert shared.get("hosts.undercloud.up") is True


SOCKETS = {
    "inet": "socket.socket(socket.AF_INET)",
    "inet6": "socket.socket(socket.AF_INET6)",
    "netlink": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "packet": "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "vsock": "socket.socket(40)",
    "alg": "socket.socket(38, socket.SOCK_SEQPACKET)",
    "io_uring": "print('made' if ctypes.CDLL(None).syscall(425, 4, ctypes.create_string_buffer(120)) >= 0 else 'none')",
}


@pytest.mark.parametrize("user", ["stack", "root"])
@pytest.mark.parametrize("way", SOCKETS)
def test_no_socket_is_to_be_had_but_a_file(shared: Served, way: str, user: str) -> None:
    answer = shared.run(f'python3 -c "import ctypes, socket; {SOCKETS[way]}"', "--user", user)
    assert "Network is unreachable" in answer.err or answer.out == "none\n"


@contextmanager
def listening(name: str) -> Iterator[list[bytes]]:
    """A socket of the machine without a file, and what comes in."""
    heard: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"\0{name}")
        listener.listen(4)
        listener.settimeout(LIMIT)

        def hear() -> None:
            with suppress(OSError):
                heard.append(listener.accept()[0].recv(100))

        thread = threading.Thread(target=hear, daemon=True)
        thread.start()
        yield heard


def test_a_socket_of_the_machine_without_a_file_is_out_of_reach(shared: Served) -> None:
    name = f"osp-compile-test-{os.getpid()}"
    with listening(name) as heard:
        answer = shared.run(f"python3 -c \"import socket; socket.socket(socket.AF_UNIX).connect('\\0{name}')\"")
        assert "Connection refused" in answer.err
        assert heard == []


# what is mounted read-only for root of a sandbox too: the machine's programs, those of the world, and who one is
READ_ONLY = ("/.real", "/usr/bin", "/run/osp-sim")
CALLS = """
import ctypes, errno, os, sys
libc = ctypes.CDLL(None, use_errno=True)
def tried(name, *words):
    ctypes.set_errno(0)
    words = [word.encode() if isinstance(word, str) else word for word in words]
    print(name, "worked" if getattr(libc, name)(*words) >= 0 else errno.errorcode[ctypes.get_errno()])
REMOUNT_FOR_WRITING = 32 | 4096
"""


def called(world: Served, script: str, user: str) -> list[str]:
    answer = world.run(f"python3 - <<'E'\n{CALLS}{script}\nE", "--user", user)
    assert answer.status == 0, answer.err
    return answer.out.splitlines()


@pytest.mark.parametrize("user", ["stack", "root"])
@pytest.mark.parametrize("place", READ_ONLY)
def test_what_is_mounted_read_only_stays_so(shared: Served, place: str, user: str) -> None:
    mounts = f"tried('mount', None, {place!r}, None, REMOUNT_FOR_WRITING, None)"
    makes = f"tried('open', {place + '/made'!r}, os.O_WRONLY | os.O_CREAT, 0o644)"
    assert called(shared, f"{mounts}\n{makes}", user) == ["mount EPERM", "open EROFS"]


# the function of the C library, and its arguments
WAYS = {
    "a user namespace": ("unshare", 0x10000000),
    "a mount namespace": ("unshare", 0x20000),
    "a user namespace by clone": ("syscall", 56 if os.uname().machine == "x86_64" else 220, 0x10000011, 0, 0, 0, 0),
    "another root": ("chroot", "/tmp"),
    "no mount any more": ("umount2", "/run/osp-sim", 2),
    "a trace": ("ptrace", 0, 0, 0, 0),
    "the log of the machine": ("klogctl", 10, None, 0),
    "the key ring of whoever rehearses": ("syscall", 250 if os.uname().machine == "x86_64" else 219, 0, -4, 1),
    "a key for him": ("syscall", 248 if os.uname().machine == "x86_64" else 217, "user", "a-key", "x", 1, -4),
}


@pytest.mark.parametrize("user", ["stack", "root"])
@pytest.mark.parametrize("way", WAYS)
def test_no_call_leads_out(shared: Served, way: str, user: str) -> None:
    name, *words = WAYS[way]
    assert called(shared, f"tried({name!r}, *{words!r})", user) == [f"{name} EPERM"]


def test_what_scripts_do_works_in_spite_of_the_filter(shared: Served) -> None:
    threads = "threading.Thread(target=print, args=('thread',)).start(); subprocess.run(['echo', 'child'])"
    threads = f"import subprocess, threading; {threads}"
    answer = shared.run(f"(echo fork) | cat; python3 -c \"{threads}\"; perl -e 'fork or exit; wait; print qq(perl)'")
    assert sorted(answer.out.split()) == ["child", "fork", "perl", "thread"]


@pytest.mark.parametrize("user", ["stack", "root"])
def test_no_setting_of_the_kernel_can_be_written(shared: Served, user: str) -> None:
    answer = shared.run(
        "find /proc/sys /proc/irq /proc/bus -type f -writable 2>/dev/null | head -n 3; echo", "--user", user
    )
    assert answer.out == "\n"


def test_nobody_inside_reads_the_environment_of_whoever_rehearses(
    world: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.simulator("down")
    monkeypatch.setenv("SOMEBODYS_TOKEN", SECRET)
    answer = world.run(
        "cat /proc/[0-9]*/environ; sudo cat /proc/1/environ; ssh heat-admin@192.0.2.10 'cat /proc/1/environ; :'"
    )
    assert answer.status == 0
    assert "PATH=" in answer.out
    assert SECRET not in answer.out


def test_no_file_that_was_open_outside_is_open_inside(shared: Served, outside: Path) -> None:
    with (outside / "secret").open() as file:
        words = [
            sys.executable,
            "-m",
            "osp_simulator",
            "run",
            str(shared.folder),
            "--",
            "bash",
            "-c",
            "ls -l /proc/self/fd",
        ]
        done = subprocess.run(
            words, pass_fds=(file.fileno(),), env={**os.environ, "PYTHONPATH": str(COMPILER)},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=LIMIT,
        )  # fmt: skip
    assert "secret" not in done.stdout


TYPES = """
import fcntl, os
try:
    for sign in "id; ":
        fcntl.ioctl(os.open("/dev/tty", os.O_RDWR), 0x5412, sign.encode())
    print("typed")
except OSError as error:
    print("refused:", error.strerror)
"""


def test_nobody_inside_types_for_whoever_rehearses(shared: Served) -> None:
    words = [sys.executable, "-m", "osp_simulator", "run", str(shared.folder), "--", "python3", "-c", TYPES]
    with at_a_terminal(words, env={**os.environ, "PYTHONPATH": str(COMPILER)}) as screen:
        assert screen.until("typed|refused: .*\n").endswith("refused: Operation not permitted\n")


def test_a_program_that_takes_its_owners_rights_is_out_of_everybodys_reach(world: Served, tmp_path: Path) -> None:
    world.run("cp /usr/bin/cat /tmp/cat; chmod 4755 /tmp/cat")
    assert world.simulator("copy", str(tmp_path / "copy")).status == 0
    for folder in (world.folder, tmp_path / "copy"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


# what aarch64 calls openat is clone of x86_64
AARCH64 = {
    "mount": (40, 0, 1),
    "read": (63, 0, 0),
    "openat": (56, 0x10000000, 0),
    "clone": (220, 0x10000000, 1),
    "chroot": (51, 0, 1),
}


@pytest.mark.parametrize("call", AARCH64)
def test_the_filter_of_the_other_machine_has_its_numbers(call: str) -> None:
    number, argument, wanted = AARCH64[call]
    facts = struct.pack("=iIQQQ", number, 0xC00000B7, 0, argument, 0)
    assert verdict(files_alone("aarch64"), facts) == (ERRNO | wanted if wanted else ALLOW)


def verdict(program: bytes, facts: bytes) -> int:
    """What the kernel makes of a filter and a struct seccomp_data."""
    rows, at, loaded = [*struct.iter_unpack("=HBBI", program)], 0, 0
    while True:
        code, yes, no, value = rows[at]
        if code == RETURN:
            return value
        if code == LOAD:
            (loaded,) = struct.unpack_from("=I", facts, value)
            yes = no = 0
        holds = {JUMP_EQUAL: loaded == value, JUMP_FROM: loaded >= value, JUMP_ANY: bool(loaded & value)}.get(code)
        at += 1 + (yes if holds else no)


@pytest.mark.parametrize(
    "change",
    [
        lambda site: site["nodes"][0].update(name="../../.."),
        lambda site: site["nodes"][0].update(name="node\n@test x"),
        lambda site: site["nodes"][0].update(address="$(id)"),
        lambda site: site.update(env_files=["/../../etc/cron.d/x"]),
        lambda site: site.update(hooks={"before_node": "/home/stack/../../../etc/x"}),
        lambda site: site.update(name="../lab"),
        lambda site: site["undercloud"].update(user="../root"),
        lambda site: site.update(change="CHG\x1b[2J"),
    ],
)
def test_a_manifest_leads_nowhere(tmp_path: Path, change: Any) -> None:
    golden = Path(__file__).parents[4] / "out/tokyo-1/manifest.json"
    manifest = json.loads(golden.read_text("utf-8"))
    change(manifest["site"])
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ForeignError):
        prove(tmp_path)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("id", "2.00'; touch x"),
        ("script", "../x.sh"),
        ("id", "2.0\n@test"),
        ("title", "2"),
        ("duration", {"en": 2}),
        ("goal", [{"is": "rebooted", "nodes": ["somebody"]}]),
        ("goal", [{"is": "rebooted", "nodes": [["x"]]}]),
        ("goal", [{"then": "up"}]),
        ("goal", ["up"]),
        ("goal", 7),
    ],
)
def test_a_section_of_a_manifest_is_one(tmp_path: Path, key: str, text: object) -> None:
    manifest = json.loads((Path(__file__).parents[4] / "out/tokyo-1/manifest.json").read_text("utf-8"))
    manifest["sections"][0][key] = text
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ForeignError):
        prove(tmp_path)


def test_the_compilers_own_manifests_pass() -> None:
    prove(Path(__file__).parents[4] / "out/tokyo-1")


def test_any_path_stays_below_its_root(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "a").mkdir(parents=True)
    for name, target in {
        "up": "../..",
        "abs": "/etc",
        "self": "self",
        "far": f"{tmp_path}/x",
        "chain": "abs/b",
    }.items():
        (root / name).symlink_to(target)
    for path in ("..", "../..", "a/../../..", "up", "up/up/x", "abs/passwd", "far", "chain", "a/up"):
        assert below(root, path.split("/")).is_relative_to(root), path
    assert below(root, ["chain"]) == root / "etc/b"
    with pytest.raises(OSError, match="symbolic links"):
        below(root, ["self"])


def test_a_world_file_writes_neither_outside_nor_into_the_bundle(sandbox: None, tmp_path: Path, outside: Path) -> None:
    spec = COMPILER.parent / "specs/examples/minimal.yaml"
    compiled = subprocess.run(
        [sys.executable, "-m", "osp_compile", str(spec), "-o", str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(COMPILER)}, check=True, capture_output=True, timeout=LIMIT,
    )  # fmt: skip
    assert b"wrote" in compiled.stdout
    bundle = tmp_path / "lab-1"
    before = {file: file.read_bytes() for file in bundle.rglob("*") if file.is_file()}
    world = tmp_path / "world.yaml"
    world.write_text(
        f"title: '[/b] a title'\nroot: ['ln -s {outside} /etc/out', 'ln -s {outside}/secret /etc/gone']\nfiles:\n"
        "  undercloud:\n    /etc/out/made: x\n    /etc/gone: null\n    /home/stack/bundle/lib/extra.sh: x\n"
        "runs:\n- command: 'true'\n"
    )
    words = ["rehearse", str(bundle), "--section", "2.00", "--world", str(world), "-o", str(tmp_path / "out")]
    done = subprocess.run(
        [sys.executable, "-m", "osp_compile", *words], env={**os.environ, "PYTHONPATH": str(COMPILER)},
        check=False, capture_output=True, text=True, timeout=LIMIT,
    )  # fmt: skip
    assert (names_in(outside), (outside / "secret").read_text()) == (["secret"], SECRET)
    assert {file: file.read_bytes() for file in bundle.rglob("*") if file.is_file()} == before
    assert "the bundle was changed while it was rehearsed" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
