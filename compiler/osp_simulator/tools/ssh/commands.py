"""ssh (OpenSSH 7.4): the far side is the node's sandbox, the connection breaks when the node goes down."""

from __future__ import annotations

import os

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, beginning, tool
from osp_simulator.engine.world import World
from osp_simulator.fast import inline_calls
from osp_simulator.hosts import remote, sandbox
from osp_simulator.tools.ssh.masters import control, control_path, master, open_master

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
        _put(options, letter, value)
        return


def _put(options: remote.Options, letter: str, value: str) -> None:
    """Sets what an option with a value says; those of -F and -E make no difference here."""
    if letter == "o":
        remote.put_option(options, value)
    elif letter == "O":
        options.control = value
    elif letter in VALUED:
        options.settings[VALUED[letter]] = value


@tool(
    "ssh",
    facts=Facts(
        reaches="nothing",
        inline=False,
        # a shared connection that is closed at the end: nothing of it reaches any host
        idle=beginning(r".*-O exit\b"),
        passes_on="host",
        over_ssh=True,
        breaks="connection",
    ),
)
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
    path = control_path(world, call, options, user, name)
    if options.control:
        return control(call, world, options.control, path)
    host = _reach(world, call, options, path, user, name)
    if "N" in options.flags:
        if "f" not in options.flags:
            world.clock.hang()
        return 0
    return _run(call, world, host, user, name, options, words)


def _reach(world: World, call: Call, options: remote.Options, path: str, user: str, name: str) -> str:
    """The host at the other end, over the master if there is one that leads to a host which answers."""
    over = master(world, call, path)
    if call.fault.startswith("lost") and not call.fault.startswith("lost-after"):
        world.clock.advance(SECONDS)
        raise Refused(255, f"ssh: connect to host {name} port 22: Connection timed out")
    world.clock.advance(SECONDS / 10 if over else SECONDS)
    return over if over and _is_reachable(world, over) else _connect(world, call, options, path, user, name)


def _is_reachable(world: World, host: str) -> bool:
    entry = world.state["hosts"][host]
    return entry["up"] and not entry.get("unreachable")


def _connect(world: World, call: Call, options: remote.Options, path: str, user: str, name: str) -> str:
    """The host that a connection of its own leads to; later ones share it where a master is wanted."""
    host = remote.connect(world, call, options, name)
    remote.login(world, call, options, host, user)
    wanted = options.get("controlmaster", "yes" if "M" in options.flags else "no").lower()
    if path and wanted in ("yes", "auto", "autoask", "ask"):
        open_master(world, call, path, host)
    return host


def _run(call: Call, world: World, host: str, user: str, name: str, options: remote.Options, words: list[str]) -> int:
    world.files.root(host)
    world.files.tell_uptime(host)
    env = sandbox.login_environment(user, world.files.home_of(host, user)) | {
        "SSH_CONNECTION": f"{world.state['hosts'][call.host]['address']} 40022 {name} 22"
    }
    if "t" in options.flags:
        env["TERM"] = call.env.get("TERM", "dumb")
    silent = "n" in options.flags or "f" in options.flags
    null = os.open(os.devnull, os.O_RDONLY) if silent else None
    try:
        status = _far_status(call, world, host, user, words, env, call.fds[0] if null is None else null)
    except ConnectionResetError:
        call.stderr.write(f"Connection to {name} closed by remote host.\n")
        return 255
    finally:
        if null is not None:
            os.close(null)
    if not silent:
        _read_to_the_end(call)
    if call.fault.startswith("lost-after"):
        call.stderr.write(f"packet_write_wait: Connection to {name} port 22: Broken pipe\n")
        return 255
    return 255 if status == 137 else status


def _far_status(
    call: Call, world: World, host: str, user: str, words: list[str], env: dict[str, str], stdin: int
) -> int:
    """The exit status of the remote words in the login shell there, or of that shell by itself."""
    assert world.served is not None
    home = world.files.home_of(host, user)
    # a shell that sshd starts reads it, terminal or not
    bashrc = world.files.path(host, f"{home}/.bashrc")
    greets = bashrc.exists() and bashrc.stat().st_size > 0
    line = " ".join(words)
    plain = None if greets else inline_calls.plain_words(line)
    status = inline_calls.answer(call, world, host, user, plain or [], env, home, stdin)
    if status is not None:
        return status
    before = ". ~/.bashrc; " if greets else ""
    argv = ["/bin/bash", "-c", before + line] if words else ["/bin/bash", "-l"]
    return world.served.runner.spawn(call, host, user, argv, env=env, cwd=home, stdin=stdin)


def _read_to_the_end(call: Call) -> None:
    """Without -n ssh reads all of its standard input, even if the remote command does not use it."""
    if os.isatty(call.fds[0]):
        return
    import select

    while select.select([call.fds[0]], [], [], 0)[0]:
        try:
            if not os.read(call.fds[0], 65536):
                return
        except OSError:
            return
