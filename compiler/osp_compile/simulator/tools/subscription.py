"""subscription-manager: which release of RHEL a registered host follows."""

from __future__ import annotations

from osp_compile.simulator.call import Call, Refused
from osp_compile.simulator.registry import tool
from osp_compile.simulator.world import World

CERTIFICATE = "/etc/pki/consumer/cert.pem"
UNREGISTERED = "This system is not yet registered. Try 'subscription-manager register --help' for more information."
RELEASES = ("7.3", "7.4", "7.5", "7.6", "7.7", "7.8", "7.9", "7Server")


@tool("subscription-manager")
def subscription_manager(call: Call, world: World) -> int:
    """`release [--show|--set RELEASE|--unset|--list]` of a host that has its consumer's certificate."""
    if call.user != "root":
        raise Refused(1, "This command requires root access to run.")
    words = [part for word in call.argv for part in word.split("=", 1)]
    if words[:1] != ["release"]:
        raise Refused(1, "Usage: subscription-manager MODULE-NAME [MODULE-OPTIONS] [--help]")
    if not world.path(call.host, CERTIFICATE).exists():
        raise Refused(1, UNREGISTERED)
    world.advance(2)
    entry = world.state["hosts"][call.host]
    match words[1:]:
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
