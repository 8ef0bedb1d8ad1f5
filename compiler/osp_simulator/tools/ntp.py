"""ntpstat and chronyc: whether a host's clock follows its time server."""

from __future__ import annotations

from osp_simulator.engine.call import Call
from osp_simulator.engine.clocktext import ctime
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World

SOURCES = "210 Number of sources = 1\n^* 192.0.2.1  3  10  377  512  +35us[ +51us] +/-   39ms\n"


@tool("ntpstat", facts=Facts(reaches="host", inline=True))
def ntpstat(call: Call, world: World) -> int:
    ntp = world.state["hosts"][call.host]["ntp"]
    if ntp["daemon"] is None:
        call.stderr.write("Unable to talk to NTP daemon. Is it running?\n")
        return 2
    if not follows(world, call.host):
        call.stdout.write("unsynchronised\n  time server re-starting\n   polling server every 8 s\n")
        return 1
    call.stdout.write(
        "synchronised to NTP server (192.0.2.1) at stratum 4\n"
        "   time correct to within 39 ms\n   polling server every 1024 s\n"
    )
    return 0


@tool("chronyc", facts=Facts(reaches="site", inline=False))
def chronyc(call: Call, world: World) -> int:
    ntp = world.state["hosts"][call.host]["ntp"]
    if ntp["daemon"] != "chronyd":
        call.stdout.write("506 Cannot talk to daemon\n")
        return 1
    words = [word for word in call.argv if word not in ("-n", "-c", "-4", "-6", "-a")]
    if words[:1] == ["tracking"]:
        call.stdout.write(_tracking(follows(world, call.host), ntp["offset"], world.clock.now()))
    elif words[:1] == ["sources"]:
        call.stdout.write(SOURCES)
    else:
        call.stdout.write("Unrecognized command\n")
        return 1
    return 0


def follows(world: World, host: str) -> bool:
    """Whether the host's clock is synchronised, for which it may need a while after a boot."""
    entry = world.state["hosts"][host]
    awake = world.state["clock"] - entry["booted_at"]
    return bool(entry["ntp"]["synced"]) and bool(awake >= entry["ntp"].get("sync_seconds", 0))


def _tracking(synced: bool, offset: float, now: int) -> str:
    return (
        f"Reference ID    : {'C0000201 (192.0.2.1)' if synced else '00000000 ()'}\n"
        f"Stratum         : {4 if synced else 0}\n"
        f"Ref time (UTC)  : {ctime(now)}\n"
        f"System time     : {abs(offset):.9f} seconds {'slow' if offset < 0 else 'fast'} of NTP time\n"
        f"Last offset     : {offset:+.9f} seconds\n"
        "RMS offset      : 0.000035270 seconds\n"
        f"Leap status     : {'Normal' if synced else 'Not synchronised'}\n"
    )
