"""curl for HAProxy's statistics, asked from a host that reaches the virtual address."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.state.control_plane import Haproxy
from osp_simulator.tools.haproxy_stats import STATISTICS, UNAUTHORIZED, as_csv

SHORT = {"--user": "-u", "--config": "-K", "--max-time": "-m"}
VALUED = frozenset({*SHORT, *SHORT.values(), "--connect-timeout"})
FLAGS = frozenset("s S f k g --silent --show-error --fail --insecure --globoff".split())
Problem = tuple[int, str]  # curl's exit status and its words


@dataclass
class Asked:
    url: str = ""
    values: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)

    def has(self, *names: str) -> bool:
        return bool(self.flags & set(names))


@tool("curl", facts=Facts(reaches="site", inline=False))
def curl(call: Call, world: World) -> int:
    """Runs curl; credentials are from -u or from the file of -K."""
    asked = parse(call)
    if "-K" in asked.values:
        _read_config(call, world, asked)
    answer = _answer(world.state["haproxy"], asked)
    if isinstance(answer, str):
        call.stdout.write(answer)
        return 0
    status, words = answer
    if not asked.has("s", "--silent") or asked.has("S", "--show-error"):
        call.stderr.write(f"curl: ({status}) {words}\n")
    return status


def parse(call: Call) -> Asked:
    asked, words = Asked(), list(call.argv)
    while words:
        word = words.pop(0)
        if word in VALUED:
            if not words:
                raise Refused(2, f"curl: option {word}: requires parameter")
            asked.values[SHORT.get(word, word)] = words.pop(0)
        elif word.startswith("-") and len(word) > 1:
            given = {word} if word.startswith("--") else set(word[1:])
            if not given <= FLAGS:
                raise Refused(2, f"curl: option {word}: is unknown")
            asked.flags |= given
        else:
            asked.url = word
    return asked


def _read_config(call: Call, world: World, asked: Asked) -> None:
    """The lines `user = "..."` and `url = "..."` of a file, or of the standard input."""
    name = asked.values["-K"]
    text = call.stdin.read().decode() if name == "-" else world.files.path(call.host, name).read_text()
    for key, quoted in re.findall(r'^\s*(user|url)\s*[= ]\s*"((?:[^"\\]|\\.)*)"', text, re.M):
        value = re.sub(r"\\(.)", r"\1", quoted)
        if key == "url":
            asked.url = value
        else:
            asked.values["-u"] = value


def _answer(haproxy: Haproxy | None, asked: Asked) -> str | Problem:
    match = re.match(r"(https?)://(\[[^\]]+\]|[^/:]+)(?::(\d+))?(/.*)?$", asked.url)
    if not match:
        return 3, "<url> malformed"
    where, port = match[2].strip("[]"), match[3]
    if haproxy is None or not _listens(haproxy, where, port):
        return 7, f"Failed connect to {where}:{port or 80}; Connection refused"
    problem = _no_connection(haproxy["tls"], match[1] == "https", asked)
    if problem:
        return problem
    if asked.values.get("-u") != f"admin:{haproxy['password']}":
        refused = 22, "The requested URL returned error: 401 Unauthorized"
        return refused if asked.has("f", "--fail") else UNAUTHORIZED
    return as_csv(haproxy) if (match[4] or "/").startswith("/;csv") else STATISTICS


def _listens(haproxy: Haproxy, address: str, port: str | None) -> bool:
    return address in (haproxy["vip"], "localhost", "127.0.0.1") and port == str(haproxy["port"])


def _no_connection(tls: bool, https: bool, asked: Asked) -> Problem | None:
    if tls and not https:
        return 52, "Empty reply from server"
    if https and not tls:
        return 35, "SSL received a record that exceeded the maximum permissible length."
    if tls and not asked.has("k", "--insecure") and "--cacert" not in asked.values:
        return 60, "Peer's certificate issuer has been marked as not trusted by the user."
    return None
