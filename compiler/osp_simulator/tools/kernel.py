"""uname and grubby: the kernel that runs, and the one that the next boot takes."""

from __future__ import annotations

import re

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World

BOOT = "/boot/vmlinuz-"
ORDER = "snrvmpio"  # of what uname prints
LETTERS = {
    "--kernel-name": "s", "--nodename": "n", "--kernel-release": "r", "--kernel-version": "v", "--machine": "m",
    "--processor": "p", "--hardware-platform": "i", "--operating-system": "o", "--all": "a",
}  # fmt: skip


@tool("uname", facts=Facts(reaches="nothing", inline=False))
def uname(call: Call, world: World) -> int:
    entry = world.state["hosts"][call.host]
    values = {
        "s": "Linux", "n": entry["fqdn"], "r": entry["kernel"]["running"], "v": "#1 SMP", "m": "x86_64",
        "p": "x86_64", "i": "x86_64", "o": "GNU/Linux",
    }  # fmt: skip
    letters = ""
    for word in call.argv or ("-s",):
        if word in LETTERS:
            letters += LETTERS[word]
        elif re.fullmatch(r"-[asnrvmpio]+", word):
            letters += word[1:]
        else:
            raise Refused(1, f"uname: extra operand '{word}'\nTry 'uname --help' for more information.")
    chosen = [letter for letter in ORDER if "a" in letters or letter in letters]
    call.stdout.write(" ".join(values[letter] for letter in chosen) + "\n")
    return 0


@tool("grubby", facts=Facts(reaches="host", inline=True))
def grubby(call: Call, world: World) -> int:
    if call.user != "root":
        raise Refused(1, "grubby: error opening /boot/grub2/grub.cfg for read: Permission denied")
    kernel = world.state["hosts"][call.host]["kernel"]
    if call.argv == ("--default-kernel",):
        call.stdout.write(f"{BOOT}{kernel['default']}\n")
    elif call.argv == ("--default-index",):
        call.stdout.write("0\n")
    elif call.argv and call.argv[0].startswith("--set-default"):
        wanted = call.argv[0].partition("=")[2] or (call.argv[1] if len(call.argv) > 1 else "")
        kernel["default"] = wanted.removeprefix(BOOT)
    elif call.argv == ("--info=ALL",):
        for index, name in enumerate(reversed(kernel["installed"])):
            call.stdout.write(f"index={index}\nkernel={BOOT}{name}\n")
    else:
        raise Refused(1, "grubby: unexpected argument " + " ".join(call.argv))
    return 0
