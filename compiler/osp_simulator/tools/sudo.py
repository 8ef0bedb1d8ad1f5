"""sudo: the same host's root sandbox, with sudo's own rules for environment and options (1.8, RHEL 7's defaults)."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.fast import inline_calls
from osp_simulator.hosts import users
from osp_simulator.tools.chown import names_in

SECURE_PATH = "/sbin:/bin:/usr/sbin:/usr/bin"
# RHEL's env_keep; HOME is not in it, but RHEL 7's always_set_home puts root's there.
KEPT = (
    "COLORS",
    "DISPLAY",
    "HOSTNAME",
    "LS_COLORS",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LC_MESSAGES",
    "LANGUAGE",
    "TERM",
    "TZ",
)
USAGE = (
    "usage: sudo -h | -K | -k | -V\nusage: sudo -v [-AknS] [-g group] [-h host] [-p prompt] [-u user]\n"
    "usage: sudo [-AbEHknPS] [-r role] [-t type] [-C num] [-g group] [-h host] [-p prompt] "
    "[-u user] [VAR=value] [-i|-s] [<command>]"
)


@dataclass
class Asked:
    user: str = "root"
    login: bool = False
    shell: bool = False
    home: bool = False
    preserve: bool = False
    check: str = ""
    assign: dict[str, str] = field(default_factory=dict)
    argv: list[str] = field(default_factory=list)


@tool("sudo", facts=Facts(reaches="nothing", inline=True, passes_on="user"))
def sudo(call: Call, world: World) -> int:
    asked = parse(call)
    site = world.state["site"]
    if call.user not in (users.of_undercloud(site).name, users.of_nodes(site).name, "root"):
        raise Refused(1, f"sudo: {call.user} is not in the sudoers file.  This incident will be reported.")
    if asked.check == "v":
        return 0
    if asked.check == "l":
        call.stdout.write(
            f"User {call.user} may run the following commands on {call.host}:\n    (root) NOPASSWD: ALL\n"
        )
        return 0
    if asked.user not in names_in(world, call.host, "/etc/passwd"):
        raise Refused(1, f"sudo: unknown user: {asked.user}\nsudo: unable to initialize policy plugin")
    if world.served is None:
        raise Refused(1, "sudo: no world serves this call")
    env = environment(call, asked, world.files.home_of(call.host, asked.user))
    if asked.login or asked.shell:
        cwd = world.files.home_of(call.host, asked.user) if asked.login else call.cwd
        return world.served.runner.spawn(call, call.host, asked.user, shell(asked), env=env, cwd=cwd)
    check_command(world, asked.argv[0])
    status = inline_calls.answer(call, world, call.host, asked.user, asked.argv, env, call.cwd, call.fds[0])
    if status is not None:
        return status
    return world.served.runner.spawn(call, call.host, asked.user, asked.argv, env=env, cwd=call.cwd)


def shell(asked: Asked) -> list[str]:
    """The shell that -i and -s start, with the command to run if there is one."""
    start = ["/bin/bash", "--login"] if asked.login else ["/bin/bash"]
    return [*start, "-c", " ".join(quote(word) for word in asked.argv)] if asked.argv else start


def check_command(world: World, name: str) -> None:
    """Refused unless some name on sudo's own path is this one (all its folders hold the same programs)."""
    if "/" not in name and not os.path.lexists(world.folder / "bin" / name):
        raise Refused(1, f"sudo: {name}: command not found")


def quote(word: str) -> str:
    """As `sudo -i` passes its arguments to the shell: a backslash before all but letters, digits, _ - $."""
    return re.sub(r"([^A-Za-z0-9_\-$])", r"\\\1", word)


def environment(call: Call, asked: Asked, home: str) -> dict[str, str]:
    env = {key: value for key, value in call.env.items() if asked.preserve or key in KEPT}
    env |= {
        "HOME": home, "PATH": SECURE_PATH, "USER": asked.user, "LOGNAME": asked.user, "USERNAME": asked.user,
        "SHELL": "/bin/bash", "SUDO_USER": call.user, "SUDO_UID": "0" if call.user == "root" else "1000",
        "SUDO_GID": "0" if call.user == "root" else "1000", "SUDO_COMMAND": " ".join(asked.argv),
        "MAIL": f"/var/spool/mail/{asked.user}",
    }  # fmt: skip
    if not (asked.home or asked.login) and asked.user == "root" and call.env.get("HOME"):
        env["HOME"] = call.env["HOME"]
    return env | asked.assign


def parse(call: Call) -> Asked:
    """What sudo 1.8 is asked for; Refused for options that it does not have."""
    asked = Asked()
    words = list(call.argv)
    _take_options(asked, words)
    while words and re.match(r"[A-Za-z_][A-Za-z0-9_]*=", words[0]):
        key, _, asked.assign[key] = words.pop(0).partition("=")
    asked.argv = words
    if not words and not (asked.login or asked.shell or asked.check):
        raise Refused(1, USAGE)
    return asked


def _take_options(asked: Asked, words: list[str]) -> None:
    while words and words[0].startswith("-") and words[0] != "-":
        word = words.pop(0)
        if word == "--":
            break
        if word.startswith("--"):
            _long(asked, word, words)
        else:
            _short(asked, word[1:], words)


def _short(asked: Asked, letters: str, words: list[str]) -> None:
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter in "ugpCcrth":
            value = letters or (words.pop(0) if words else "")
            if not value:
                raise Refused(1, f"sudo: option requires an argument -- '{letter}'\n{USAGE}")
            if letter == "u":
                asked.user = value
            return
        if letter not in "inHEskSKvlAb":
            raise Refused(1, f"sudo: invalid option -- '{letter}'\n{USAGE}")
        asked.login |= letter == "i"
        asked.shell |= letter == "s"
        asked.home |= letter == "H"
        asked.preserve |= letter == "E"
        asked.check = letter if letter in "vl" else asked.check


def _long(asked: Asked, word: str, words: list[str]) -> None:
    name, _, value = word[2:].partition("=")
    letters = {
        "login": "i", "non-interactive": "n", "set-home": "H", "preserve-env": "E", "shell": "s", "stdin": "S",
        "validate": "v", "list": "l", "reset-timestamp": "k", "background": "b",
    }  # fmt: skip
    if name == "user":
        asked.user = value or (words.pop(0) if words else "")
    elif name in letters:
        _short(asked, letters[name], words)
    else:
        raise Refused(1, f"sudo: unrecognized option '{word}'\n{USAGE}")
