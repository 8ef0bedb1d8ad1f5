"""ssh-keyscan: the host keys that hosts offer; one that is down offers none and costs its timeout."""

from __future__ import annotations

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.hosts import remote

USAGE = "usage: ssh-keyscan [-46Hv] [-f file] [-p port] [-T timeout] [-t type]\n\t\t   [host | addrlist namelist] ..."
SECONDS = 5  # the usual timeout


@tool("ssh-keyscan", facts=Facts(reaches="site", inline=False, waits=True))
def ssh_keyscan(call: Call, world: World) -> int:
    kinds, names = parse(call, world)
    world.clock.advance(1)
    for name in names:
        host = remote.resolve(world, call, name)
        if host is None or not world.state["hosts"][host]["up"]:
            world.clock.advance(SECONDS)
            continue
        call.stderr.write(f"# {name}:22 SSH-2.0-OpenSSH_7.4\n")
        if "ed25519" in kinds:
            entry = world.state["hosts"][host]
            call.stdout.write(f"{name} {entry.get('offered_key', entry['host_key'])}\n")
    return 0


def parse(call: Call, world: World) -> tuple[list[str], list[str]]:
    """(the kinds of key, the names and addresses)."""
    words, kinds, names = list(call.argv), ["ed25519"], []
    while words:
        word = words.pop(0)
        if word in ("-T", "-p", "-f", "-t"):
            value = words.pop(0) if words else ""
            kinds = value.split(",") if word == "-t" else kinds
            names += _listed(call, world, value) if word == "-f" else []
        elif word in ("-4", "-6", "-H", "-v"):
            continue
        elif word.startswith("-"):
            raise Refused(1, USAGE)
        else:
            names.append(word)
    return kinds, names


def _listed(call: Call, world: World, name: str) -> list[str]:
    """The names in a file for `ssh-keyscan -f`, one per line; `-` is the standard input."""
    if name == "-":
        text = call.stdin.read().decode()
    else:
        path = world.files.path(call.host, name if name.startswith("/") else f"{call.cwd}/{name}")
        if not path.is_file():
            raise Refused(1, f"{name}: No such file or directory")
        text = path.read_text()
    return [line.split()[-1].split(",")[0] for line in text.splitlines() if line.strip() and not line.startswith("#")]
