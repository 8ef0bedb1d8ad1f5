"""`python -m osp_simulator`: make a world, run commands on its hosts, look at it and change it.

up WORLD (--bundle DIR | --manifest FILE) [--bash PATH]
run WORLD [--user USER] [--host HOST] [--cwd DIR] [--env KEY=VALUE]... -- COMMAND [ARGUMENT]...
get WORLD [PATH]            set WORLD PATH JSON          fault WORLD MATCH BEHAVIOUR [NTH]
advance WORLD SECONDS       fire WORLD EVENT [JSON]      file WORLD HOST PATH
calls WORLD [--changed]     copy WORLD NEW               down WORLD
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from osp_simulator.engine import lifecycle, traces
from osp_simulator.hosts import sandbox

if TYPE_CHECKING:
    from osp_simulator.state import Fault


class Entrance(NamedTuple):
    """A command to run on a host, as `user` or, where that is empty, as the one that people log in as there.

    `variables` are set in addition to those of a login.
    """

    host: str
    user: str
    cwd: str | None
    variables: dict[str, str]
    command: list[str]


def main(argv: list[str] | None = None) -> int:
    """Exit status: the command's own for `run`, 0, 1 (refused, on stderr) or 2 (usage)."""
    words = sys.argv[1:] if argv is None else argv
    verb = COMMANDS.get(words[0]) if words else None
    if verb is None or len(words) < 2:
        sys.stderr.write(__doc__ or "")
        return 2
    try:
        return verb(Path(words[1]).absolute(), words[2:])
    except (ValueError, OSError, KeyError) as error:
        sys.stderr.write(f"simulator: {error}\n")
        return 1


def option(words: list[str], name: str) -> str | None:
    """Take `NAME VALUE` out of the words."""
    if name not in words:
        return None
    index = words.index(name)
    if index + 1 >= len(words):
        raise ValueError(f"{name} needs a value")
    value = words[index + 1]
    del words[index : index + 2]
    return value


def up(folder: Path, words: list[str]) -> int:
    from osp_simulator.seed.site import seed

    bundle, manifest, bash = (option(words, name) for name in ("--bundle", "--manifest", "--bash"))
    if words or not (bundle or manifest):
        raise ValueError("up needs --bundle DIR or --manifest FILE")
    source = Path(manifest) if manifest else Path(str(bundle)) / "manifest.json"
    lifecycle.make(
        folder, seed(json.loads(source.read_text("utf-8")), os.path.realpath(bundle) if bundle else None), bash
    )
    lifecycle.start(folder)
    return 0


def run(folder: Path, words: list[str]) -> int:
    """Replaces this process by the sandbox, so that signals, terminal and status are the command's own."""
    on_terminal = os.isatty(0)
    if on_terminal:
        # Ctrl-C is meant for what runs inside; bubblewrap receives it too, and would end the whole sandbox
        for number in (signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, signal.SIG_IGN)
    entry = entered(folder, words, os.getpid(), on_terminal)
    no_network = sandbox.open_filter(folder)
    close_inherited(keep={no_network, *traces.opened(folder)})
    os.set_inheritable(no_network, True)
    line = entry(no_network)
    os.execvpe(line[0], line, sandbox.surroundings())


def close_inherited(keep: set[int]) -> None:
    """Closes what was open when this process began, beside its streams: a sandbox gets no file of the machine's."""
    for number in map(int, os.listdir("/proc/self/fd")):
        if number > 2 and number not in keep:
            with suppress(OSError):  # the one that the list itself was read by
                os.close(number)


def entered(folder: Path, words: list[str], pid: int, on_terminal: bool) -> Callable[[int], list[str]]:
    """A function that makes the command line for the process `pid` from a descriptor of `open_filter`.

    ValueError for options that `run` does not have.
    """
    entrance = entrance_of(words)
    host, user, argv = entrance.host, entrance.user, entrance.command
    answer = lifecycle.ask(folder, "enter", host=host, user=user, pid=pid)
    bundle = answer["bundle"] if host == "undercloud" else None
    user = answer["user"]
    inside = sandbox.login_environment(user, answer["home"])
    inside |= {"TERM": os.environ.get("TERM", "dumb")} | entrance.variables
    place = entrance.cwd or ("/home/stack/bundle" if bundle and user != "root" else answer["home"])
    if on_terminal:
        argv = ["env", "--default-signal=INT,QUIT", *argv]

    def line(no_network: int) -> list[str]:
        return sandbox.command(folder, host, user, argv, env=inside, cwd=place, bundle=bundle, no_network=no_network)

    return line


def entrance_of(words: list[str]) -> Entrance:
    """The meaning of the words after `run`; ValueError for options that it does not have."""
    command: list[str] = []
    if "--" in words:
        command = words[words.index("--") + 1 :]
        words = words[: words.index("--")]
    user, host, cwd = (option(words, name) for name in ("--user", "--host", "--cwd"))
    variables = variables_of(words)
    words = [word for word in words if word != "--tty"]  # whether there is a terminal depends on the descriptors alone
    if words or not command:
        raise ValueError(f"run does not understand {' '.join(words) or 'no command'}")
    host = host or "undercloud"
    return Entrance(host, user or "", cwd, variables, command)


def variables_of(words: list[str]) -> dict[str, str]:
    """Take every `--env KEY=VALUE` out of the words."""
    found = {}
    while (pair := option(words, "--env")) is not None:
        key, _, found[key] = pair.partition("=")
    return found


def get(folder: Path, words: list[str]) -> int:
    value = lifecycle.ask(folder, "get", path=words[0] if words else "")
    print(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return 0


def put(folder: Path, words: list[str]) -> int:
    path, value = words
    lifecycle.ask(folder, "set", path=path, value=json.loads(value))
    return 0


def fault(folder: Path, words: list[str]) -> int:
    entry: Fault = {"match": words[0], "do": words[1]}
    if len(words) > 2:
        entry["nth"] = int(words[2])
    lifecycle.ask(folder, "set", path="faults.+", value=entry)
    return 0


def advance(folder: Path, words: list[str]) -> int:
    print(lifecycle.ask(folder, "advance", seconds=float(words[0])))
    return 0


def fire(folder: Path, words: list[str]) -> int:
    lifecycle.ask(folder, "fire", name=words[0], data=json.loads(words[1]) if len(words) > 1 else {})
    return 0


def file(folder: Path, words: list[str]) -> int:
    print(lifecycle.ask(folder, "file", host=words[0], path=words[1]))
    return 0


def calls(folder: Path, words: list[str]) -> int:
    for line in (folder / "calls.jsonl").read_text("utf-8").splitlines():
        if "--changed" not in words or json.loads(line)["changed"]:
            print(line)
    return 0


def copy(folder: Path, words: list[str]) -> int:
    lifecycle.ask(folder, "copy", to=str(Path(words[0]).absolute()))
    return 0


def down(folder: Path, _words: list[str]) -> int:
    lifecycle.stop(folder)
    return 0


COMMANDS = {
    "up": up, "run": run, "get": get, "set": put, "fault": fault, "advance": advance, "fire": fire, "file": file,
    "calls": calls, "copy": copy, "down": down,
}  # fmt: skip
