"""The `openstack` client, 3.2.1 with its plugins: arguments, credentials, the command, its answer's form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from osp_simulator.engine.call import Call
from osp_simulator.engine.registry import tool
from osp_simulator.engine.world import World
from osp_simulator.tools.openstack.arguments import Arguments, UsageError
from osp_simulator.tools.openstack.contracts import contracts, data, usage
from osp_simulator.tools.openstack.format import FormatError, Record, Table, emit
from osp_simulator.tools.openstack.login import NOBODY, authenticate, check_region
from osp_simulator.tools.openstack.parser import Parser
from osp_simulator.tools.openstack.session import API_CLIENT, ASKING, COMMANDS, ClientError, Ends, Session, under_lock

SECONDS = 1.5  # what a call costs: most of it is Python's start and keystone
VALUED = frozenset(
    {"--os-cloud", "--os-region-name", "--os-auth-url", "--os-username", "--os-password", "--os-project-name"}
    | {"--os-tenant-name", "--os-cacert", "--os-interface", "--os-identity-api-version", "--os-image-api-version"}
    | {"--os-compute-api-version", "--os-volume-api-version", "--os-baremetal-api-version", "--log-file"}
)
PLAIN = frozenset({"--debug", "--verbose", "-v", "--quiet", "-q", "--insecure", "--verify", "--timing"})
# Answers these commands give before anyone is asked for credentials.
UNAUTHENTICATED = frozenset({"undercloud upgrade", "undercloud install"})
# These read what the caller types or pipes in, which takes real time: they take the world's lock for themselves.
CONVERSATIONS = frozenset({"overcloud update stack", "overcloud deploy", "image create", "undercloud upgrade"})
# Words for the catalog's type in "endpoint for X service in R region not found".
TYPES = {"server": "compute", "compute": "compute", "hypervisor": "compute", "flavor": "compute", "image": "image"}


def only_asks(words: Sequence[str]) -> bool:
    """By the subcommand alone, which can be several words. After a global option it is not looked for."""
    name, _ = find_command(words)
    return name is not None and ASKING.search(name) is not None


@tool("openstack", facts=replace(API_CLIENT, asks=only_asks, shows=("plan-emptied",)))
def openstack(call: Call, world: World) -> int:
    """Run one openstack command line."""
    try:
        return run(call, world)
    except BrokenPipeError as error:
        return say(call, f"[Errno {error.errno}] Broken pipe", 1)


def run(call: Call, world: World) -> int:
    env, words, asked = split_globals(call)
    if "--version" in asked:
        return say(call, "openstack 3.2.1", 0)
    name, rest = find_command(words)
    if "--help" in asked and not words:
        call.stdout.write(help_of_all())
        return 0
    if name is None:
        call.stdout.write(unknown_command(words))
        return 2
    if "--help" in asked:
        call.stdout.write(data("newton-usage.json")["help"].get(name) or usage("openstack", name))
        call.stdout.write("".join(f"  {option}\n" for option in extended_by(call, world, name)))
        return 0
    world.clock.advance(SECONDS / 2)
    try:
        arguments = Parser(contract_of(call, world, name)).parse(rest)
        return act(call, world, name, arguments, env)
    except UsageError as error:
        call.stderr.write(f"{usage('openstack', name)}openstack {name}: error: {error}\n")
        return 2


def help_of_all() -> str:
    """The application's own options; the commands after them are left out."""
    options = [*(f"{name} <{name[2:]}>" for name in sorted(VALUED)), *sorted(PLAIN)]
    return "usage: openstack [--version] [-v | -q]\n\noptional arguments:\n" + "".join(f"  {one}\n" for one in options)


def extended_by(call: Call, world: World, name: str) -> list[str]:
    """The options that a site's own package has added to a command of this host's client."""
    return world.state["hosts"][call.host].get("client_options", []) if name == "overcloud deploy" else []


def contract_of(call: Call, world: World, name: str) -> dict[str, Any]:
    """What the command takes on this host."""
    contract = contracts("openstack")[name]
    added = {option: {"takes_value": False} for option in extended_by(call, world, name)}
    return {**contract, "options": {**contract.get("options", {}), **added}} if added else contract


def act(call: Call, world: World, name: str, arguments: Arguments, env: dict[str, str]) -> int:
    try:
        login = NOBODY
        if name not in UNAUTHENTICATED:
            login = authenticate(world, env)
            check_region(world, login.cloud, env, TYPES.get(name.split()[0], name.split()[0]))
        world.clock.advance(SECONDS / 2)
        if name in CONVERSATIONS:
            answer = COMMANDS[name](Session(call, world, login, arguments))
        else:
            with under_lock(call, world) as held:
                answer = COMMANDS[name](Session(held, world, login, arguments))
        if isinstance(answer, Table | Record):
            text = emit(answer, arguments)
            arguments.check_obeyed()
            call.stdout.write(text)
            call.stdout.flush()
            return 0
        arguments.check_obeyed()
        return answer or 0
    except ClientError as error:
        return say(call, error.words, error.status)
    except Ends as end:
        return end.status
    except FormatError as error:
        return say(call, str(error), 1)


def say(call: Call, words: str, status: int) -> int:
    call.stderr.write(f"{words}\n")
    call.stderr.flush()
    return status


def split_globals(call: Call) -> tuple[dict[str, str], list[str], set[str]]:
    """The environment as global options change it, the words left for the command, --version or --help if asked."""
    env = dict(call.env)
    words: list[str] = []
    asked: set[str] = set()
    at = 0
    while at < len(call.argv):
        word = call.argv[at]
        name, equals, value = word.partition("=")
        if name in VALUED:
            if not equals:
                at += 1
                value = call.argv[at] if at < len(call.argv) else ""
            env[name[2:].replace("-", "_").upper()] = value
        elif word == "--version" and not words:
            asked.add("--version")
        elif word in ("-h", "--help"):
            asked.add("--help")
        elif word not in PLAIN:
            words.append(word)
        at += 1
    return env, words, asked


def find_command(words: Sequence[str]) -> tuple[str | None, list[str]]:
    """The longest command the words begin with, and what follows it."""
    end = next((index for index, word in enumerate(words) if word.startswith("-")), len(words))
    for length in range(end, 0, -1):
        name = " ".join(words[:length])
        if name in COMMANDS and name in contracts("openstack"):
            return name, list(words[length:])
    return None, []


def unknown_command(words: Sequence[str]) -> str:
    """Cliff's answer to a command it does not know, with those that begin alike."""
    first = words[0] if words else ""
    known = sorted({*data("newton-usage.json")["commands"], *contracts("openstack")})
    close = [name for name in known if first and name.split()[0].startswith(first[:4])]
    lead = f"openstack: '{first}' is not an openstack command. See 'openstack --help'.\n"
    if not close:
        return lead
    return lead + "Did you mean one of these?\n" + "".join(f"  {name}\n" for name in close)
