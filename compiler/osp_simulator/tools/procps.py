"""uptime, who, w and free: since when a host is up, who is logged in, its memory."""

from __future__ import annotations

import time

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, always, tool
from osp_simulator.engine.world import World
from osp_simulator.tools.date import local

MEMORY = (64, 20, 30, 1, 14, 42)  # GiB: total, used, free, shared, buff/cache, available
UNITS = {"-m": 1 << 20, "-g": 1 << 30, "-b": 1}


@tool("uptime", facts=Facts(reaches="nothing", inline=True, idle=always))
def uptime(call: Call, world: World) -> int:
    booted_at = world.state["hosts"][call.host]["booted_at"]
    if call.argv in (("-s",), ("--since",)):
        call.stdout.write(local(booted_at, "%Y-%m-%d %H:%M:%S\n", call, world))
        return 0
    if call.argv not in ((), ("-p",), ("--pretty",)):
        raise Refused(1, f"uptime: invalid option -- '{call.argv[0].lstrip('-')}'")
    seconds = int(world.state["clock"] - booted_at)
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if call.argv:
        call.stdout.write(f"up {days} days, {hours} hours, {minutes} minutes\n")
    else:
        now = time.strftime("%H:%M:%S", time.gmtime(world.clock.now()))
        call.stdout.write(
            f" {now} up {days} days, {hours:2d}:{minutes:02d},  1 user,  load average: 0.10, 0.15, 0.12\n"
        )
    return 0


@tool("who", "w", facts=Facts(reaches="nothing", inline=True, idle=always))
def who(call: Call, world: World) -> int:
    entry = world.state["hosts"][call.host]
    if call.argv in (("-b",), ("--boot",)):
        call.stdout.write(time.strftime("         system boot  %Y-%m-%d %H:%M\n", time.gmtime(entry["booted_at"])))
        return 0
    for user in entry["users"]:
        moment = time.strftime("%Y-%m-%d %H:%M", time.gmtime(user.get("at", entry["booted_at"])))
        call.stdout.write(f"{user['user']:<8} {user['tty']:<12} {moment} ({user['from']})\n")
    return 0


@tool("free", facts=Facts(reaches="site", inline=False))
def free(call: Call, _world: World) -> int:
    unit = next((size for option, size in UNITS.items() if option in call.argv), 1 << 10)
    values = [int(part * 2**30 / unit) for part in MEMORY]
    call.stdout.write("              total        used        free      shared  buff/cache   available\n")
    call.stdout.write("Mem:   " + " ".join(f"{value:>11}" for value in values) + "\n")
    call.stdout.write("Swap:  " + " ".join(f"{0:>11}" for _ in range(3)) + "\n")
    return 0
