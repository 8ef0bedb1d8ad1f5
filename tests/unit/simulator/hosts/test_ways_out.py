"""Ways out of a simulated site to the machine it is simulated on, each tried: none works."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from osp_compile.rehearsal.foreign import ForeignError, prove
from osp_simulator.hosts.rooted import below
from unit.simulator.worlds import COMPILER, CONTROLLER, Served
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
