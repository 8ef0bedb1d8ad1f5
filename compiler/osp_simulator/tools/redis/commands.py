"""redis-cli (3.2)."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.options import parse
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.state import access
from osp_simulator.tools.redis.server import redis_command

PORT = "6379"
VALUES = {"-h": "host", "-p": "port", "-a": "auth"}
# What a line consists of; a closing quote is the end of its word.
PIECE = re.compile(
    r"""(?P<space>\s+) | (?P<plain>[^\s"']+)
        | "(?P<double>(?:[^"\\]|\\.)*)"(?!\S) | '(?P<single>(?:[^'\\]|\\'|\\(?!'))*)'(?!\S)""",
    re.VERBOSE | re.DOTALL,
)
ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


@tool("redis-cli", facts=Facts(reaches="site", inline=False, waits=True))
def redis_cli(call: Call, world: World) -> int:
    redis = world.state["redis"]
    if redis is None or call.host not in redis["nodes"]:
        raise Refused(127, "bash: redis-cli: command not found")
    options, command = _options_and_command(call.argv)
    asked = parse(
        options,
        {"--raw": "raw"},
        VALUES,
        "Unrecognized option or bad number of args for: '%s'",
        1,
    )
    host, port = asked.values.get("host", "127.0.0.1"), asked.values.get("port", PORT)
    node = redis["master"] if host == redis["vip"] else _redis_node(world, call.host, host)
    if node is None or port != PORT or not _is_up(world, node):
        raise Refused(1, f"Could not connect to Redis at {host}:{port}: Connection refused")
    session = {"auth": asked.values.get("auth") == redis["password"]}
    if command:
        _redis_say(call, command[0], redis_command(world, node, session, command))
    elif not os.isatty(call.fds[0]):
        _redis_lines(call, world, node, session)
    return 0


def _is_up(world: World, name: str) -> bool:
    host = access.host(world.state, name)
    return host is not None and host["up"]


def _options_and_command(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    words, at = list(argv), 0
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in VALUES else 1
    return words[:at], words[at:]


def _redis_lines(call: Call, world: World, node: str, session: dict[str, bool]) -> None:
    """A command a line from the standard input, all in one session."""
    for line in call.stdin:
        arguments = redis_words(line.decode("utf-8", "surrogateescape").rstrip("\n"))
        if arguments is None:
            call.stdout.write("Invalid argument(s)\n")
        elif arguments:
            _redis_say(call, arguments[0], redis_command(world, node, session, arguments))


def _redis_node(world: World, here: str, name: str) -> str | None:
    if name in ("127.0.0.1", "localhost", "::1"):
        return here
    return next(
        (
            node
            for node in access.redis(world.state)["nodes"]
            if name in (node, world.state["hosts"][node]["address"], world.state["hosts"][node]["fqdn"])
        ),
        None,
    )


def redis_words(line: str) -> list[str] | None:
    """A line split as redis-cli does: quotes may begin inside a word, and must close at its end; else None."""
    words: list[str] = []
    word: str | None = None
    at = 0
    while at < len(line):
        piece = PIECE.match(line, at)
        if piece is None:
            return None
        at = piece.end()
        if piece.lastgroup == "space":
            words += [] if word is None else [word]
            word = None
        else:
            word = (word or "") + _unquoted(piece)
    return words if word is None else [*words, word]


def _unquoted(piece: re.Match[str]) -> str:
    if piece["double"] is not None:
        return re.sub(r"\\(.)", lambda found: ESCAPES.get(found[1], found[1]), piece["double"], flags=re.DOTALL)
    if piece["single"] is not None:
        return piece["single"].replace("\\'", "'")
    return piece["plain"]


def _redis_say(call: Call, command: str, reply: str) -> None:
    """An error has a line end of its own, and redis-cli adds one to every reply but that of INFO."""
    error = reply.startswith(("ERR ", "NOAUTH "))
    call.stdout.write(reply + "\n" * (error + (command.lower() != "info")))
