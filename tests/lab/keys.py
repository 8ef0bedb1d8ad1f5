"""What a Redis holds, key by key, of the lab's master and of a fresh server that has loaded its dump."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from lab.machines import wait
from lab.site import CONTROLLERS, REDIS_VIP, Lab

# A command in, what redis-cli prints out.
Ask = Callable[[str], str]
SEED = """\
SET greeting "こんにちは"
SET counter 41
INCR counter
RPUSH queue a b c
SADD members one two three
ZADD scores 1 low 9 high
HSET gnocchi measures 12 lock "held by 'nobody'"
SETEX passing 86400 soon
EVAL "for i = 1, 2000 do redis.call('SET', 'key:' .. i, string.rep(i, 20)) end" 0
"""
LIST = (
    # a set has no order, and its dump has the order of its making
    "local found = {} for _, key in ipairs(redis.call('KEYS', '*')) do local kind = redis.call('TYPE', key).ok "
    "local value = kind == 'set' and table.concat(redis.call('SORT', key, 'ALPHA'), ' ') or redis.call('DUMP', key) "
    "found[#found + 1] = key .. ' ' .. kind .. "
    "(redis.call('TTL', key) < 0 and ' lasting ' or ' passing ') "
    ".. redis.sha1hex(value) end return found"
)


def of_lab(lab: Lab) -> Ask:
    """Asks the master, by the address that follows it."""

    def ask(commands: str) -> str:
        words = f"AUTH {lab.redis_password}\n{commands}\n"
        answer = lab.machines[CONTROLLERS[0]].do("redis-cli", "-h", REDIS_VIP, stdin=words)
        return answer.partition("\n")[2]

    return ask


def facts(ask: Ask) -> dict[str, str]:
    """{key: type, whether it passes, and a sum of its value}."""
    rows = (line.partition(" ") for line in ask(f'EVAL "{LIST}" 0').splitlines() if line)
    return {key: words for key, _, words in rows}


def of_dump(dump: Path, place: Path) -> dict[str, str]:
    """The facts of a dump that a fresh server has loaded."""
    place.mkdir()
    shutil.copy(dump, place / "dump.rdb")
    words = ["redis-server", "--port", "0", "--unixsocket", str(place / "socket"), "--dir", str(place), "--save", ""]
    server = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    client = ["redis-cli", "-s", str(place / "socket")]

    def ask(commands: str) -> str:
        return subprocess.run(client, input=f"{commands}\n", capture_output=True, text=True, check=True).stdout

    def loaded() -> bool:
        return subprocess.run([*client, "PING"], capture_output=True, text=True, check=False).stdout == "PONG\n"

    try:
        wait("a fresh Redis", loaded, 30)
        return facts(ask)
    finally:
        server.kill()
        server.wait()
