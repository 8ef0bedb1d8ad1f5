"""ssh-keygen: -F and -R on known_hosts, -l fingerprints; the real program makes keys."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from osp_simulator.engine.call import Call, Exec, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.hosts import remote
from osp_simulator.hosts.sandbox import REAL

VALUED = frozenset({"-F", "-R", "-f", "-E", "-t", "-N", "-b", "-C"})
KEY = re.compile(r"(ssh-ed25519|ssh-rsa|ecdsa-\S+) (\S+)(?: (.*))?$")


@tool("ssh-keygen", facts=Facts(reaches="site", inline=False, becomes_real=True))
def ssh_keygen(call: Call, world: World) -> int:
    values, flags = parse(call)
    if "-t" in values:
        raise Exec(f"{REAL}/bin/ssh-keygen", *call.argv)
    name = values.get("-f") or f"{world.files.home_of(call.host, call.user)}/.ssh/known_hosts"
    path = world.files.path(call.host, name if name.startswith("/") else f"{call.cwd}/{name}")
    text = _read(call, name, path, fingerprints="l" in flags)
    if "-F" in values:
        return _find(call, text, values["-F"])
    if "-R" in values:
        _remove(path, text, values["-R"])
        call.stdout.write(
            f"# Host {values['-R']} found: line 1\n{name} updated.\nOriginal contents retained as {name}.old\n"
        )
        world.changes.touch()
        return 0
    call.stdout.write("".join(_fingerprint(line, values.get("-E", "sha256")) for line in text.splitlines()))
    return 0


def parse(call: Call) -> tuple[dict[str, str], set[str]]:
    """(values by option, letters of the others); `-lf FILE` gives -f its value too."""
    words, values, flags = list(call.argv), {}, set()
    while words:
        word = words.pop(0)
        if word in VALUED:
            values[word] = words.pop(0) if words else ""
        elif re.fullmatch(r"-[lfvqHBy]+", word):
            flags |= set(word[1:])
            if word.endswith("f"):
                values["-f"] = words.pop(0) if words else ""
        else:
            raise Refused(1, f"ssh-keygen: unknown option {word}")
    return values, flags


def _read(call: Call, name: str, path: Path, *, fingerprints: bool) -> str:
    if name == "-":
        return call.stdin.read().decode()
    if path.exists():
        return path.read_text()
    if fingerprints:
        raise Refused(255, f"ssh-keygen: {name}: No such file or directory")
    raise Refused(255, "do_known_hosts: hostkeys_foreach failed: No such file or directory")


def _find(call: Call, text: str, host: str) -> int:
    revoked = "".join(f"{line.removeprefix('@revoked ')}\n" for line in text.splitlines() if line[:9] == "@revoked ")
    keys = [(key, "", "") for key in remote.known_keys(text, host)]
    keys += [(key, "@revoked ", "REVOKED") for key in remote.known_keys(revoked, host)]
    for number, (key, marker, word) in enumerate(keys, 1):
        call.stdout.write(f"# Host {host} found: line {number} {word}\n{marker}{host} {key}\n")
    return 0 if keys else 1


def _remove(path: Path, text: str, host: str) -> None:
    kept = [line for line in text.splitlines() if not remote.known_keys(line, host)]
    old = path.with_name(path.name + ".old")
    old.unlink(missing_ok=True)
    old.write_text(text)
    path.write_text("".join(f"{line}\n" for line in kept))


def _fingerprint(line: str, kind: str) -> str:
    """`256 SHA256:... COMMENT (KIND)`, or `256 MD5:...`, of a line that holds a key, else nothing."""
    match = KEY.search(line)
    if not match:
        return ""
    key = base64.b64decode(match[2] + "==")
    if kind == "md5":
        digest = "MD5:" + hashlib.md5(key, usedforsecurity=False).digest().hex(":")
    else:
        digest = "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")
    comment = line[: match.start()].strip() or match[3] or "no comment"
    return f"256 {digest} {comment} ({match[1].removeprefix('ssh-').upper()})\n"
