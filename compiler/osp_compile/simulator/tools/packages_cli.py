"""yum, rpm, grubby, uname and needs-restarting."""

# ruff: noqa: E501  what a tool prints stands in one line here as it does there
# ruff: noqa: ARG001  handlers of one kind share a signature

from __future__ import annotations

import fnmatch
import re
import time
from typing import Any

from osp_compile.simulator import packages
from osp_compile.simulator.call import Call, Refused
from osp_compile.simulator.clocktext import ctime
from osp_compile.simulator.registry import event, tool
from osp_compile.simulator.world import World

REBOOTERS = ("kernel", "kernel-rt", "glibc", "linux-firmware", "systemd", "udev", "openssl-libs", "gnutls", "dbus")
UNREACHABLE = (
    "\n\n One of the configured repositories failed (Unknown),\n and yum doesn't have enough cached data to continue.\n\n"
    "Cannot retrieve metalink for repository: rhel-7-server-rpms. Please verify its path and try again"
)


def parse(call: Call) -> tuple[set[str], list[str]]:
    flags: set[str] = set()
    rest: list[str] = []
    words = list(call.argv)
    while words:
        word = words.pop(0)
        if word in ("-y", "-q", "-v", "-C", "-t", "--assumeyes", "--quiet", "--version", "--assumeno", "--nogpgcheck"):
            flags.add({"--assumeyes": "-y", "--quiet": "-q"}.get(word, word))
        elif word in ("-d", "-e", "-x", "-c") or word in ("--enablerepo", "--disablerepo", "--exclude"):
            if words:
                words.pop(0)
        elif re.match(r"--(enablerepo|disablerepo|exclude|setopt|showduplicates)", word) or re.match(
            r"-[de]\d+$", word
        ):
            continue
        elif word.startswith("-"):
            raise Refused(1, "Usage: yum [options] COMMAND\n\nCommand line error: no such option: " + word)
        else:
            rest.append(word)
    return flags, rest


@tool("yum")
def yum(call: Call, world: World) -> int:
    flags, words = parse(call)
    if "--version" in flags:
        call.stdout.write("3.4.3\n")
        return 0
    if not words:
        raise Refused(1, "You need to give some command")
    entry = world.state["hosts"][call.host]
    world.advance(2)
    command = COMMANDS.get(words[0])
    if command is None:
        raise Refused(1, f"No such command: {words[0]}. Please use /bin/yum --help")
    return int(command(call, world, entry, flags, words[1:]))


def update(call: Call, world: World, entry: dict[str, Any], flags: set[str], names: list[str]) -> int:
    if call.user != "root":
        raise Refused(
            1,
            "Loaded plugins: product-id, search-disabled-repos, subscription-manager\nYou need to be root to perform this command.",
        )
    if not entry["repositories"]:
        raise Refused(1, UNREACHABLE)
    unknown = [name for name in names if name not in entry["packages"]]
    found = packages.pending(entry, [name for name in names if name not in unknown] or ([""] if unknown else []))
    say = call.stdout.write if "-q" not in flags else lambda _text: 0
    say("Loaded plugins: product-id, search-disabled-repos, subscription-manager\n")
    for name in unknown:
        say(f"No package {name} available.\n")
    if not found:
        say("No packages marked for update\n")
        return 0
    if "-y" not in flags:
        say("Is this ok [y/d/N]: ")
        if not call.stdin.readline().lower().startswith(b"y"):
            call.stderr.write("Exiting on user command\n")
            return 1
    if call.fault.startswith("yum-fails"):
        world.advance(30)
        raise Refused(1, "Error: Package: openvswitch requires: openssl-libs >= 1.1")
    for name, version in packages.update(world, call.host, found, f"update {' '.join(names)}".strip()).items():
        say(f"  Updating   : {name}-{packages.split(version)[1]}.{packages.arch(name)}\n")
    say("\nComplete!\n")
    return 0


def check_update(call: Call, world: World, entry: dict[str, Any], flags: set[str], names: list[str]) -> int:
    if not entry["repositories"]:
        raise Refused(1, UNREACHABLE)
    found = packages.pending(entry, names)
    if "-q" not in flags:
        call.stdout.write("Loaded plugins: product-id, search-disabled-repos, subscription-manager\n")
    if found:
        call.stdout.write("\n")
    for name, version in found.items():
        call.stdout.write(row(f"{name}.{packages.arch(name)}", version, repository(name)))
    return 100 if found else 0


def repository(name: str) -> str:
    openstack = ("openstack-", "python-", "puppet-", "instack", "rhosp-", "openvswitch", "qemu-")
    return "rhel-7-server-openstack-10-rpms" if name.startswith(openstack) else "rhel-7-server-rpms"


def row(name: str, version: str, where: str) -> str:
    """One line of a list, wrapped as yum wraps what does not fit into 80 columns."""
    first = f"{name:<40} " if len(name) <= 40 else f"{name}\n{'':<41}"
    second = f"{version:<22} " if len(version) <= 22 else f"{version}\n{'':<64}"
    return f"{first}{second}{where}\n"


def listing(call: Call, world: World, entry: dict[str, Any], flags: set[str], names: list[str]) -> int:
    kind = "all"
    if names and names[0] in ("installed", "available", "updates", "all"):
        kind, names = names[0], names[1:]
    matches = names
    installed = [
        row(f"{name}.{packages.arch(name)}", version, f"@{repository(name)}")
        for name, versions in sorted(entry["packages"].items())
        if _wanted(name, matches)
        for version in versions
    ]
    if not entry["repositories"] and kind != "installed":
        raise Refused(1, UNREACHABLE)
    newer = packages.pending(entry)
    offered = {**newer, **{name: version for name, version in entry["offers"].items() if name not in entry["packages"]}}
    available = [
        row(f"{name}.{packages.arch(name)}", version, repository(name))
        for name, version in sorted(offered.items())
        if _wanted(name, matches)
    ]
    if "-q" not in flags:
        call.stdout.write("Loaded plugins: product-id, search-disabled-repos, subscription-manager\n")
    shown = False
    if kind in ("all", "installed") and installed:
        call.stdout.write("Installed Packages\n" + "".join(installed))
        shown = True
    if kind in ("all", "available") and available:
        call.stdout.write("Available Packages\n" + "".join(available))
        shown = True
    if kind == "updates" and newer:
        call.stdout.write(
            "Updated Packages\n"
            + "".join(row(f"{n}.{packages.arch(n)}", v, repository(n)) for n, v in newer.items() if _wanted(n, matches))
        )
        shown = True
    if not shown and names:
        raise Refused(1, "Error: No matching Packages to list")
    return 0


def _wanted(name: str, patterns: list[str]) -> bool:
    return not patterns or any(
        fnmatch.fnmatchcase(name, pattern) or pattern == f"{name}.{packages.arch(name)}" for pattern in patterns
    )


def history(call: Call, world: World, entry: dict[str, Any], flags: set[str], names: list[str]) -> int:
    if call.user != "root":
        raise Refused(1, "You don't have access to the history DB.")
    call.stdout.write(
        "ID     | Command line             | Date and time    | Action(s)      | Altered\n" + "-" * 79 + "\n"
    )
    for one in reversed(entry["yum_history"]):
        moment = time.strftime("%Y-%m-%d %H:%M", time.gmtime(one["at"]))
        call.stdout.write(
            f"{one['id']:>6} | {one['command'][:24]:<24} | {moment} | Update         | {len(one['packages']):>4}   \n"
        )
    call.stdout.write("history list\n")
    return 0


def repolist(call: Call, world: World, entry: dict[str, Any], flags: set[str], names: list[str]) -> int:
    call.stdout.write("repo id                            repo name                          status\n")
    for name in ("rhel-7-server-rpms/x86_64", "rhel-7-server-openstack-10-rpms/x86_64"):
        call.stdout.write(f"{name:<35}{'Red Hat Enterprise Linux 7':<35}{'20,000' if entry['repositories'] else '0'}\n")
    return 0


def clean(call: Call, *_: Any) -> int:
    call.stdout.write("Cleaning repos: rhel-7-server-rpms rhel-7-server-openstack-10-rpms\n")
    return 0


COMMANDS: dict[str, Any] = {
    "update": update, "upgrade": update, "check-update": check_update, "list": listing, "history": history, "repolist": repolist,
    "clean": clean, "makecache": lambda *_: 0,
}  # fmt: skip


@event("packages_updated")
def archives_arrive(world: World, host: str, packages: dict[str, str]) -> None:
    """The image packages bring their archives; the release file follows the system."""
    from osp_compile.simulator import hostfiles, hosts

    if "rhosp-director-images" in packages:
        for path, (content, mode) in hostfiles.archives(packages["rhosp-director-images"]).items():
            hosts.write(world.path(host, path), content, mode)
    if "systemd" in packages:
        hosts.write(world.path(host, "/etc/redhat-release"), "Red Hat Enterprise Linux Server release 7.6 (Maipo)\n")


@tool("rpm")
def rpm(call: Call, world: World) -> int:  # noqa: C901  one branch an option or answer
    """`rpm -q`, `-qa`, `--qf`, `--last`; nothing that changes a package."""
    words = list(call.argv)
    query = every = last = False
    form: str | None = None
    names: list[str] = []
    while words:
        word = words.pop(0)
        name, separator, value = word.partition("=")
        if name in ("--qf", "--queryformat"):
            form = value if separator else (words.pop(0) if words else "")
        elif word in ("--query", "-q"):
            query = True
        elif word in ("-qa", "-aq"):
            query = every = True
        elif word in ("-a", "--all"):
            every = True
        elif word == "--last":
            last = True
        elif word in ("--quiet", "--nosignature", "--nodigest"):
            continue
        elif word.startswith("-"):
            raise Refused(1, f"rpm: {word}: unknown option")
        else:
            names.append(word)
    if not query:
        raise Refused(1, "rpm: no arguments given for query" if not names else "rpm: only queries are answered here")
    entry = world.state["hosts"][call.host]
    status = 0
    for name in sorted(entry["packages"]) if every else names:
        if every and names and not _wanted(name, names):
            continue
        versions = _installed(entry, name)
        if not versions:
            call.stdout.write(f"package {name} is not installed\n")
            status += 1
        for base, version in reversed(versions) if last else versions:
            call.stdout.write(_query(entry, base, version, form, last))
    return status


def _installed(entry: dict[str, Any], name: str) -> list[tuple[str, str]]:
    found = []
    for base, versions in entry["packages"].items():
        for version in versions:
            rest = packages.split(version)[1]
            if name in (
                base,
                f"{base}.{packages.arch(base)}",
                f"{base}-{rest.split('-')[0]}",
                f"{base}-{rest}",
                f"{base}-{rest}.{packages.arch(base)}",
            ):
                found.append((base, version))
    return found


def _query(entry: dict[str, Any], name: str, version: str, form: str | None, last: bool) -> str:
    epoch, rest = packages.split(version)
    number, _, release = rest.partition("-")
    when = entry["updated"].get(name, entry["booted_at"] - 86400)
    whole = f"{name}-{rest}.{packages.arch(name)}"
    if last:
        return f"{whole:<45} {ctime(when)} UTC\n"
    if form is None:
        return whole + "\n"
    values = {
        "NAME": name, "VERSION": number, "RELEASE": release, "EPOCH": epoch or "(none)", "EPOCHNUM": epoch or "0", "ARCH": packages.arch(name),
        "INSTALLTIME": str(int(when)), "EVR": version, "NVRA": whole,
    }  # fmt: skip
    text = re.sub(r"%\{(\w+)(?::\w+)?\}", lambda match: values.get(match[1].upper(), "(none)"), form)
    return text.replace("\\n", "\n").replace("\\t", "\t")


@tool("grubby")
def grubby(call: Call, world: World) -> int:
    if call.user != "root":
        raise Refused(1, "grubby: error opening /boot/grub2/grub.cfg for read: Permission denied")
    kernel = world.state["hosts"][call.host]["kernel"]
    if call.argv == ("--default-kernel",):
        call.stdout.write(f"/boot/vmlinuz-{kernel['default']}\n")
    elif call.argv == ("--default-index",):
        call.stdout.write("0\n")
    elif call.argv and call.argv[0].startswith("--set-default"):
        wanted = call.argv[0].partition("=")[2] or (call.argv[1] if len(call.argv) > 1 else "")
        kernel["default"] = wanted.removeprefix("/boot/vmlinuz-")
    elif call.argv == ("--info=ALL",):
        for index, name in enumerate(reversed(kernel["installed"])):
            call.stdout.write(f"index={index}\nkernel=/boot/vmlinuz-{name}\n")
    else:
        raise Refused(1, "grubby: unexpected argument " + " ".join(call.argv))
    return 0


@tool("uname")
def uname(call: Call, world: World) -> int:
    entry = world.state["hosts"][call.host]
    values = {
        "s": "Linux", "n": entry["fqdn"], "r": entry["kernel"]["running"], "v": "#1 SMP", "m": "x86_64", "p": "x86_64", "i": "x86_64", "o": "GNU/Linux",
    }  # fmt: skip
    names = {
        "--kernel-name": "s", "--nodename": "n", "--kernel-release": "r", "--kernel-version": "v", "--machine": "m", "--processor": "p",
        "--hardware-platform": "i", "--operating-system": "o", "--all": "a",
    }  # fmt: skip
    letters = ""
    for word in call.argv or ("-s",):
        if word in names:
            letters += names[word]
        elif re.fullmatch(r"-[asnrvmpio]+", word):
            letters += word[1:]
        else:
            raise Refused(1, f"uname: extra operand '{word}'\nTry 'uname --help' for more information.")
    chosen = "snrvmpio" if "a" in letters else [letter for letter in "snrvmpio" if letter in letters]
    call.stdout.write(" ".join(values[letter] for letter in chosen) + "\n")
    return 0


@tool("needs-restarting")
def needs_restarting(call: Call, world: World) -> int:
    """`-r`: exit 1 where something that only a reboot replaces was updated after the boot."""
    if call.argv and call.argv not in (("-r",), ("--reboothint",)):
        raise Refused(
            2,
            f"Usage: \n    needs-restarting: Report a list of process ids of programs that started \n\nneeds-restarting: error: no such option: {call.argv[0]}",
        )
    entry = world.state["hosts"][call.host]
    if not call.argv:
        return 0
    stale = [name for name in REBOOTERS if entry["updated"].get(name, 0) > entry["booted_at"]]
    if not stale:
        call.stdout.write("No core libraries or services have been updated.\nReboot is probably not necessary.\n")
        return 0
    call.stdout.write("Core libraries or services have been updated:\n")
    for name in stale:
        call.stdout.write(f"  {name} -> {packages.split(entry['packages'][name][-1])[1]}\n")
    call.stdout.write(
        "\nReboot is required to ensure that your system benefits from these updates.\n\nMore information:\nhttps://access.redhat.com/solutions/27943\n"
    )
    return 1
