"""subscription-manager: which release of RHEL a registered host follows, and which repositories are enabled there."""

from __future__ import annotations

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.hosts import channels
from osp_simulator.state.hosts import Host

CERTIFICATE = "/etc/pki/consumer/cert.pem"
UNREGISTERED = "This system is not yet registered. Try 'subscription-manager register --help' for more information."
RELEASES = ("7.3", "7.4", "7.5", "7.6", "7.7", "7.8", "7.9", "7Server")


@tool("subscription-manager", facts=Facts(reaches="site", inline=False))
def subscription_manager(call: Call, world: World) -> int:
    """`release [--show|--set RELEASE|--unset|--list]`, `repos --enable ID|--disable ID` of a registered host."""
    if call.user != "root":
        raise Refused(1, "This command requires root access to run.")
    words = [part for word in call.argv for part in word.split("=", 1)]
    if words[:1] not in (["release"], ["repos"]):
        raise Refused(1, "Usage: subscription-manager MODULE-NAME [MODULE-OPTIONS] [--help]")
    if not world.files.path(call.host, CERTIFICATE).exists():
        raise Refused(1, UNREGISTERED)
    world.clock.advance(2)
    entry = world.state["hosts"][call.host]
    return _switch_repository(call, entry, words[1:]) if words[0] == "repos" else _release(call, entry, words[1:])


def _release(call: Call, entry: Host, words: list[str]) -> int:
    match words:
        case [] | ["--show"]:
            release = entry.get("rhel_release")
            call.stdout.write(f"Release: {release}\n" if release else "Release not set\n")
        case ["--set", release]:
            if release not in RELEASES:
                raise Refused(65, f"No releases match '{release}'.  Consult 'release --list' for a full listing.")
            entry["rhel_release"] = release
            call.stdout.write(f"Release set to: {release}\n")
        case ["--unset"]:
            entry.pop("rhel_release", None)
            call.stdout.write("Release preference has been unset\n")
        case ["--list"]:
            rows = "".join(f"{release}\n" for release in RELEASES)
            call.stdout.write(
                "+-------------------------------------------+\n          Available Releases\n"
                f"+-------------------------------------------+\n{rows}"
            )
        case _:
            raise Refused(2, "Usage: subscription-manager release [OPTIONS]")
    return 0


def _switch_repository(call: Call, entry: Host, words: list[str]) -> int:
    match words:
        case ["--enable" | "--disable" as switch, identity] if identity in channels.known(entry):
            channels.switch(entry, identity, switch == "--enable")
            call.stdout.write(f"Repository '{identity}' is {switch[2:]}d for this system.\n")
        case ["--enable" | "--disable", identity]:
            raise Refused(
                1,
                f"Error: '{identity}' does not match a valid repository ID. "
                'Use "subscription-manager repos --list" to see valid repositories.',
            )
        case _:
            raise Refused(2, "Usage: subscription-manager repos [OPTIONS]")
    return 0
