"""needs-restarting -r: exit 1 where something that only a reboot replaces was updated after the boot."""

from __future__ import annotations

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.hosts import packages

REBOOTERS = ("kernel", "kernel-rt", "glibc", "linux-firmware", "systemd", "udev", "openssl-libs", "gnutls", "dbus")
USAGE = (
    "Usage: \n    needs-restarting: Report a list of process ids of programs that started \n\n"
    "needs-restarting: error: no such option: {0}"
)
NOT_NECESSARY = "No core libraries or services have been updated.\nReboot is probably not necessary.\n"
REQUIRED = (
    "\nReboot is required to ensure that your system benefits from these updates.\n\n"
    "More information:\nhttps://access.redhat.com/solutions/27943\n"
)


@tool("needs-restarting", facts=Facts(reaches="nothing", inline=True))
def needs_restarting(call: Call, world: World) -> int:
    if call.argv and call.argv not in (("-r",), ("--reboothint",)):
        raise Refused(2, USAGE.format(call.argv[0]))
    if not call.argv:
        return 0
    entry = world.state["hosts"][call.host]
    stale = [name for name in REBOOTERS if entry["updated"].get(name, 0) > entry["booted_at"]]
    if not stale:
        call.stdout.write(NOT_NECESSARY)
        return 0
    call.stdout.write("Core libraries or services have been updated:\n")
    for name in stale:
        call.stdout.write(f"  {name} -> {packages.split(entry['packages'][name][-1])[1]}\n")
    call.stdout.write(REQUIRED)
    return 1
