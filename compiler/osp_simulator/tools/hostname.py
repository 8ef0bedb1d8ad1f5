"""hostname and hostnamectl: the host's names, told and never changed."""

from __future__ import annotations

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, always, tool
from osp_simulator.engine.world import World


@tool("hostname", facts=Facts(reaches="nothing", inline=False, idle=always))
def hostname(call: Call, world: World) -> int:
    name = _static(call, world)
    short, _, domain = name.partition(".")
    answers = {
        (): name, ("-s",): short, ("--short",): short, ("-f",): name, ("--fqdn",): name, ("--long",): name,
        ("-d",): domain, ("-I",): world.state["hosts"][call.host]["address"] + " ",
    }  # fmt: skip
    if call.argv not in answers:
        raise Refused(
            1, "hostname: you must be root to change the host name" if call.user != "root" else "hostname: refused"
        )
    call.stdout.write(answers[call.argv] + "\n")
    return 0


@tool("hostnamectl", facts=Facts(reaches="site", inline=False))
def hostnamectl(call: Call, world: World) -> int:
    if call.argv not in ((), ("status",), ("--static",), ("status", "--static")):
        raise Refused(1, f"Unknown operation {call.argv[0]}")
    name = _static(call, world)
    call.stdout.write(f"{name}\n" if "--static" in call.argv else f"   Static hostname: {name}\n")
    return 0


def _static(call: Call, world: World) -> str:
    return world.files.path(call.host, "/etc/hostname").read_text().strip()
