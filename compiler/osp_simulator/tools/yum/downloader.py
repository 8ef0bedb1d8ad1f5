"""yumdownloader: where a package would be downloaded from; nothing is downloaded here."""

from __future__ import annotations

from collections.abc import Sequence

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.hosts import channels, packages
from osp_simulator.state.hosts import Host
from osp_simulator.tools.yum.command_line import UNREACHABLE


@tool("yumdownloader", facts=Facts(reaches="nothing", inline=True))
def yumdownloader(call: Call, world: World) -> int:
    """A URL for each package that an enabled repository has; 1 if there is none for any."""
    entry = world.state["hosts"][call.host]
    names = _asked(call.argv)
    if not entry["repositories"]:
        raise Refused(1, UNREACHABLE)
    found = [url for name in names for url in _urls(call, entry, name)]
    call.stdout.write("".join(f"{url}\n" for url in found))
    if not found:
        call.stderr.write("Nothing to download\n")
    return 0 if found else 1


def _asked(argv: Sequence[str]) -> list[str]:
    names = [word for word in argv if word not in ("--urls", "--quiet", "-q")]
    if "--urls" not in argv or not names or any(name.startswith("-") for name in names):
        raise Refused(1, "yumdownloader: only --urls PACKAGE... is answered here")
    return names


def _urls(call: Call, entry: Host, name: str) -> list[str]:
    versions = [*entry["packages"].get(name, ())[-1:], *([entry["offers"][name]] if name in entry["offers"] else [])]
    place = channels.source(entry, name)
    if not versions or not channels.is_enabled(entry, place):
        call.stderr.write(f"No Match for argument {name}\n")
        return []
    file = f"{name}-{packages.split(versions[-1])[1]}.{packages.arch(name)}.rpm"
    return [f"https://cdn.redhat.com/content/dist/{place}/Packages/{file}"]
