"""ssh (OpenSSH 7.4): the far side is the node's sandbox, the connection breaks when the node goes down."""

# ruff: noqa: ARG001  handlers of one kind share a signature

from __future__ import annotations

import os
import socket

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import event, tool
from osp_simulator.engine.world import World
from osp_simulator.fast import direct
from osp_simulator.hosts import folders, remote, sandbox

SECONDS = 0.4  # a new connection; over a master it is a tenth of that
USAGE = (
    "usage: ssh [-1246AaCfGgKkMNnqsTtVvXxYy] [-b bind_address] [-c cipher_spec]\n"
    "           [-D [bind_address:]port] [-E log_file] [-e escape_char]\n"
    "           [-F configfile] [-I pkcs11] [-i identity_file] [-J [user@]host[:port]]\n"
    "           [-L address] [-l login_name] [-m mac_spec]\n"
    "           [-O ctl_cmd] [-o option] [-p port] [-Q query_option] [-R address]\n"
    "           [-S ctl_path] [-W host:port] [-w local_tun[:remote_tun]]\n"
    "           [user@]hostname [command]"
)
FLAGS = frozenset("46AaCfKkMNnqTtVvXxYy")
VALUED = {
    "i": "identityfile",
    "l": "user",
    "p": "port",
    "S": "controlpath",
    "b": "bindaddress",
    "c": "ciphers",
    "J": "proxyjump",
    "m": "macs",
}
_masters: dict[tuple[int, str, str], str] = {}  # (world, caller's host, control path): the host it leads to


def parse(call: Call) -> tuple[remote.Options, str, list[str]]:
    """(options, destination, remote words); options may follow the destination too, up to the first remote word."""
    options = remote.Options()
    words = list(call.argv)
    destination = ""
    while words:
        word = words[0]
        if word == "--" and not destination:
            words.pop(0)
            destination = words.pop(0) if words else ""
            break
        if not word.startswith("-") or word == "-":
            if destination:
                break
            destination = words.pop(0)
            continue
        words.pop(0)
        if word == "--":
            break
        _letters(options, word[1:], words)
    return options, destination, words


def _letters(options: remote.Options, letters: str, words: list[str]) -> None:
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter in FLAGS:
            options.flags.add(letter)
            continue
        if letter not in VALUED and letter not in "oOFE":
            raise Refused(255, f"unknown option -- {letter}\n{USAGE}")
        value = letters or (words.pop(0) if words else "")
        if not value:
            raise Refused(255, f"ssh: option requires an argument -- {letter}\n{USAGE}")
        if letter == "o":
            remote.put_option(options, value)
        elif letter == "O":
            options.control = value
        elif letter in VALUED:
            options.settings[VALUED[letter]] = value
        return


@tool("ssh")
def ssh(call: Call, world: World) -> int:
    options, destination, words = parse(call)
    if "V" in options.flags:
        call.stderr.write("OpenSSH_7.4p1, OpenSSL 1.0.2k-fips  26 Jan 2017\n")
        return 0
    if not destination:
        raise Refused(255, USAGE)
    user, _, name = destination.rpartition("@")
    remote.read_config(options, world, call, name)
    user = user or options.get("user", call.user)
    path = _control_path(world, call, options, user, name)
    if options.control:
        return _control(call, world, options.control, path)
    over = _master(world, call, path)
    if call.fault.startswith("lost") and not call.fault.startswith("lost-after"):
        world.advance(SECONDS)
        raise Refused(255, f"ssh: connect to host {name} port 22: Connection timed out")
    world.advance(SECONDS / 10 if over else SECONDS)
    if over and world.state["hosts"][over]["up"] and not world.state["hosts"][over].get("unreachable"):
        host = over
    else:
        host = remote.connect(world, call, options, name)
        remote.login(world, call, options, host, user)
        wanted = options.get("controlmaster", "yes" if "M" in options.flags else "no").lower()
        if path and wanted in ("yes", "auto", "autoask", "ask"):
            _open_master(world, call, path, host)
    if "N" in options.flags:
        if "f" not in options.flags:
            world.hang()
        return 0
    return _run(call, world, host, user, name, options, words)


def _run(call: Call, world: World, host: str, user: str, name: str, options: remote.Options, words: list[str]) -> int:
    assert world.runner is not None
    folders.ensure(world, host)
    folders.write_uptime(world, host)
    env = sandbox.login_environment(user) | {
        "SSH_CONNECTION": f"{world.state['hosts'][call.host]['address']} 40022 {name} 22"
    }
    if "t" in options.flags:
        env["TERM"] = call.env.get("TERM", "dumb")
    home = sandbox.home_of(user)
    # a shell that sshd starts reads it, terminal or not
    bashrc = world.path(host, f"{home}/.bashrc")
    greets = bashrc.exists() and bashrc.stat().st_size > 0
    before = ". ~/.bashrc; " if greets else ""
    argv = ["/bin/bash", "-c", before + " ".join(words)] if words else ["/bin/bash", "-l"]
    silent = "n" in options.flags or "f" in options.flags
    null = os.open(os.devnull, os.O_RDONLY) if silent else None
    try:
        stdin = call.fds[0] if null is None else null
        plain = None if greets else direct.plain_words(" ".join(words))
        status = direct.answer(call, world, host, user, plain or [], env, home, stdin)
        if status is None:
            status = world.runner.spawn(call, host, user, argv, env=env, cwd=home, stdin=stdin)
    except ConnectionResetError:
        call.stderr.write(f"Connection to {name} closed by remote host.\n")
        return 255
    finally:
        if null is not None:
            os.close(null)
    if not silent:
        _eat(call)
    if call.fault.startswith("lost-after"):
        call.stderr.write(f"packet_write_wait: Connection to {name} port 22: Broken pipe\n")
        return 255
    return status if status < 129 else 255 if status == 137 else status


def _eat(call: Call) -> None:
    """Without -n ssh reads all of its standard input, whether the far command wanted it or not."""
    if os.isatty(call.fds[0]):
        return
    import select

    while select.select([call.fds[0]], [], [], 0)[0]:
        try:
            if not os.read(call.fds[0], 65536):
                return
        except OSError:
            return


def _control_path(world: World, call: Call, options: remote.Options, user: str, name: str) -> str:
    path = options.get("controlpath")
    if not path or path == "none":
        return ""
    port = options.get("port", "22")
    home = sandbox.home_of(call.user)
    mixed = f"{call.host}{name}{port}{user}".encode()
    import hashlib

    for key, value in {
        "%h": name, "%p": port, "%r": user, "%n": name, "%u": call.user, "%l": call.host, "%L": call.host,
        "%C": hashlib.sha1(mixed).hexdigest(), "%d": home, "%%": "%",
    }.items():  # fmt: skip
        path = path.replace(key, value)
    path = path.replace("~", home, 1) if path.startswith("~") else path
    path = path if path.startswith("/") else f"{call.cwd}/{path}"
    if len(path) > 90:
        raise Refused(255, f'unix_listener: path "{path}" too long for Unix domain socket')
    return path


def _master(world: World, call: Call, path: str) -> str:
    key = (id(world), call.host, path)
    host = _masters.get(key, "")
    if host and not world.path(call.host, path).exists():
        _masters.pop(key)
        return ""
    return host


def _open_master(world: World, call: Call, path: str, host: str) -> None:
    place = world.path(call.host, path)
    if not place.parent.is_dir():
        call.stderr.write(f"unix_listener: cannot bind to path: {path}.XXXXXXXX: No such file or directory\n")
        raise Refused(255)
    if not place.exists():
        folder = os.open(place.parent, os.O_PATH)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as made:
                made.bind(f"/proc/self/fd/{folder}/{place.name}")
        finally:
            os.close(folder)
    _masters[id(world), call.host, path] = host


def _control(call: Call, world: World, command: str, path: str) -> int:
    host = _master(world, call, path)
    if not path:
        raise Refused(255, 'No ControlPath specified for "-O" command')
    if not host:
        raise Refused(255, f"Control socket connect({path}): No such file or directory")
    if command == "check":
        call.stderr.write(f"Master running (pid={call.pid})\n")
        return 0
    if command in ("exit", "stop"):
        world.path(call.host, path).unlink(missing_ok=True)
        _masters.pop((id(world), call.host, path), None)
        call.stderr.write("Exit request sent.\n" if command == "exit" else "Stop listening request sent.\n")
        return 0
    raise Refused(255, "Invalid multiplex command.")


@event("host_down")
def masters_end(world: World, host: str, off: bool = False) -> None:
    """A connection's end at either side takes its master and its socket away."""
    for key, far in list(_masters.items()):
        if key[0] == id(world) and host in (far, key[1]):
            _masters.pop(key)
            world.path(key[1], key[2]).unlink(missing_ok=True)
