"""What a Redis server (3.2) answers, and how it saves its data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from osp_simulator.engine import events
from osp_simulator.engine.world import World
from osp_simulator.state import access
from osp_simulator.state.control_plane import Redis


@dataclass(frozen=True)
class Command:
    """A command with its words, on the node it reached."""

    world: World
    node: str
    words: list[str]

    @property
    def redis(self) -> Redis:
        return access.redis(self.world.state)

    @property
    def at_master(self) -> bool:
        return self.node in (self.redis["master"], self.redis.get("also_master"))


def redis_command(world: World, node: str, session: dict[str, bool], words: list[str]) -> str:
    """The reply; an error's begins with ERR or NOAUTH. `session` knows whether its password was given."""
    name = words[0].lower()
    if name == "auth":
        session["auth"] = len(words) > 1 and words[1] == access.redis(world.state)["password"]
        return "OK" if session["auth"] else "ERR invalid password"
    if not session["auth"]:
        return "NOAUTH Authentication required."
    reply = REPLIES.get(name)
    return reply(Command(world, node, words)) if reply else f"ERR unknown command '{words[0]}'"


def _config(command: Command) -> str:
    if len(command.words) < 3 or command.words[1].lower() != "get":
        return "ERR CONFIG subcommand must be one of GET, SET, RESETSTAT, REWRITE"
    name = command.words[2]
    values = {"dir": command.redis["dir"], "dbfilename": command.redis.get("dbfilename", "dump.rdb")}
    return f"{name}\n{values[name]}" if name in values else ""


def _bgsave(command: Command) -> str:
    redis, world = command.redis, command.world
    if redis["bgsave"] is not None:
        return "ERR Background save already in progress"
    ends = world.state["clock"] + redis.get("bgsave_seconds", 6)
    redis["bgsave"] = ends
    world.clock.at(ends, events.bgsave_ends, node=command.node)
    return "Background saving started"


def _info(command: Command) -> str:
    return _redis_info(command.redis, command.at_master, command.words[1].lower() if len(command.words) > 1 else "")


REPLIES: dict[str, Callable[[Command], str]] = {
    "ping": lambda _: "PONG",
    "quit": lambda _: "OK",
    "lastsave": lambda command: str(command.redis["lastsave"]),
    "role": lambda command: "master\n0" if command.at_master else "slave",
    "config": _config,
    "bgsave": _bgsave,
    "info": _info,
}


def _redis_info(redis: Redis, master: bool, section: str) -> str:
    parts = {"memory": _memory(redis), "persistence": _persistence(redis), "replication": _replication(redis, master)}
    lines = [line for name, told in parts.items() if section in ("", name) for line in told]
    return "".join(f"{line}\r\n" for line in lines)


def _memory(redis: Redis) -> list[str]:
    return [
        "# Memory",
        f"used_memory:{redis.get('used_memory', 2_000_000)}",
        "maxmemory:0",
        "mem_allocator:jemalloc-3.6.0",
    ]


def _persistence(redis: Redis) -> list[str]:
    saving = redis["bgsave"] is not None
    return [
        "# Persistence", "loading:0", "rdb_changes_since_last_save:0", f"rdb_bgsave_in_progress:{int(saving)}",
        f"rdb_last_save_time:{redis['lastsave']}", f"rdb_last_bgsave_status:{redis['status']}",
        "rdb_last_bgsave_time_sec:0", f"rdb_current_bgsave_time_sec:{0 if saving else -1}", "aof_enabled:0",
        "aof_rewrite_in_progress:0", "aof_rewrite_scheduled:0", "aof_last_rewrite_time_sec:-1",
        "aof_current_rewrite_time_sec:-1", "aof_last_bgrewrite_status:ok", "aof_last_write_status:ok",
    ]  # fmt: skip


def _replication(redis: Redis, master: bool) -> list[str]:
    others = len(redis["nodes"]) - 1
    own = [f"connected_slaves:{others}"] if master else [f"master_host:{redis['master']}", "master_link_status:up"]
    # the first replica to connect makes the master keep a backlog
    return [
        "# Replication", f"role:{'master' if master else 'slave'}", *own, "master_repl_offset:0",
        f"repl_backlog_active:{int(others > 0 and master)}", "repl_backlog_size:1048576",
        "repl_backlog_first_byte_offset:0", "repl_backlog_histlen:0",
    ]  # fmt: skip


@events.bgsave_ends.handler
def bgsave_ends(world: World, node: str) -> None:
    """The dump lies on the node that saved, which is the one that was the master when it was asked."""
    redis = access.redis(world.state)
    if redis["bgsave"] is None:
        return
    redis["bgsave"] = None
    if redis.get("bgsave_fails"):
        redis["status"] = "err"
        return
    redis["status"], redis["lastsave"] = "ok", max(world.clock.now(), redis["lastsave"] + 1)
    path = world.files.path(node, f"{redis['dir']}/{redis.get('dbfilename', 'dump.rdb')}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(f"REDIS0007 saved at {world.clock.now()}\n".encode() + b"\xff")
    world.changes.touch()
