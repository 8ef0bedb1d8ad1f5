"""Small tools of a host: its names, clock daemon, disks, memory, users, hiera, Open vSwitch."""

# ruff: noqa: E501  what a tool prints stands in one line here as it does there
# ruff: noqa: ARG001  handlers of one kind share a signature

from __future__ import annotations

import json
import re
import time
from typing import Any

from osp_compile.simulator import domains
from osp_compile.simulator.call import Call, Refused
from osp_compile.simulator.clocktext import ctime
from osp_compile.simulator.registry import tool
from osp_compile.simulator.world import World


def entry_of(call: Call, world: World) -> dict[str, Any]:
    entry: dict[str, Any] = world.state["hosts"][call.host]
    return entry


@tool("hostname")
def hostname(call: Call, world: World) -> int:
    name = world.path(call.host, "/etc/hostname").read_text().strip()
    short = name.split(".")[0]
    answers = {
        (): name, ("-s",): short, ("--short",): short, ("-f",): name, ("--fqdn",): name, ("--long",): name,
        ("-d",): name.partition(".")[2], ("-I",): entry_of(call, world)["address"] + " ",
    }  # fmt: skip
    if call.argv not in answers:
        raise Refused(
            1, "hostname: you must be root to change the host name" if call.user != "root" else "hostname: refused"
        )
    call.stdout.write(answers[call.argv] + "\n")
    return 0


@tool("hostnamectl")
def hostnamectl(call: Call, world: World) -> int:
    if call.argv not in ((), ("status",), ("--static",), ("status", "--static")):
        raise Refused(1, f"Unknown operation {call.argv[0]}")
    name = world.path(call.host, "/etc/hostname").read_text().strip()
    call.stdout.write(f"{name}\n" if "--static" in call.argv else f"   Static hostname: {name}\n")
    return 0


@tool("ntpstat")
def ntpstat(call: Call, world: World) -> int:
    ntp = entry_of(call, world)["ntp"]
    if ntp["daemon"] is None:
        call.stderr.write("Unable to talk to NTP daemon. Is it running?\n")
        return 2
    if not ntp["synced"]:
        call.stdout.write("unsynchronised\n  time server re-starting\n   polling server every 8 s\n")
        return 1
    call.stdout.write(
        "synchronised to NTP server (192.0.2.1) at stratum 4\n   time correct to within 39 ms\n   polling server every 1024 s\n"
    )
    return 0


@tool("chronyc")
def chronyc(call: Call, world: World) -> int:
    ntp = entry_of(call, world)["ntp"]
    if ntp["daemon"] != "chronyd":
        call.stdout.write("506 Cannot talk to daemon\n")
        return 1
    words = [word for word in call.argv if word not in ("-n", "-c", "-4", "-6", "-a")]
    if words[:1] == ["tracking"]:
        status = "Normal" if ntp["synced"] else "Not synchronised"
        reference = "C0000201 (192.0.2.1)" if ntp["synced"] else "00000000 ()"
        call.stdout.write(
            f"Reference ID    : {reference}\nStratum         : {4 if ntp['synced'] else 0}\nRef time (UTC)  : {ctime(world.now())}\n"
            f"System time     : {abs(ntp['offset']):.9f} seconds {'slow' if ntp['offset'] < 0 else 'fast'} of NTP time\nLast offset     : {ntp['offset']:+.9f} seconds\n"
            f"RMS offset      : 0.000035270 seconds\nLeap status     : {status}\n"
        )
        return 0
    if words[:1] == ["sources"]:
        call.stdout.write("210 Number of sources = 1\n^* 192.0.2.1  3  10  377  512  +35us[ +51us] +/-   39ms\n")
        return 0
    call.stdout.write("Unrecognized command\n")
    return 1


COLUMNS = {
    "source": "Filesystem", "fstype": "Type", "itotal": "Inodes", "iused": "IUsed", "iavail": "IFree", "ipcent": "IUse%",
    "size": "Size", "used": "Used", "avail": "Avail", "pcent": "Use%", "file": "File", "target": "Mounted on",
}  # fmt: skip


@tool("df")
def df(call: Call, world: World) -> int:
    """The world's disks in the layout of coreutils 8.22."""
    asked = _df_arguments(call)
    disks: list[dict[str, Any]] = entry_of(call, world)["disks"]
    paths = asked["paths"]
    chosen: list[tuple[dict[str, Any], str]] = []
    status = 0
    for path in paths:
        absolute = path if path.startswith("/") else f"{call.cwd}/{path}"
        if not world.path(call.host, absolute).exists() and not any(disk["target"] == absolute for disk in disks):
            call.stderr.write(f"df: \u2018{path}\u2019: No such file or directory\n")
            status = 1
            continue
        holding = [disk for disk in disks if _under(absolute, disk["target"])]
        chosen.append((max(holding, key=lambda disk: len(disk["target"])), path))
    if not paths:
        chosen = [(disk, "-") for disk in disks]
    chosen = [
        (disk, path) for disk, path in chosen
        if disk["fstype"] not in asked["excluded"] and (not asked["only"] or disk["fstype"] in asked["only"])
    ]  # fmt: skip
    if not chosen:
        if not status:
            call.stderr.write("df: no file systems processed\n")
        return 1
    _df_print(call, asked, chosen)
    return status


def _under(path: str, target: str) -> bool:
    return target == "/" or path == target or path.startswith(target.rstrip("/") + "/")


def _df_arguments(call: Call) -> dict[str, Any]:  # noqa: C901  one branch an option or answer
    asked: dict[str, Any] = {
        "columns": None,
        "unit": 1024,
        "human": 0,
        "posix": False,
        "type": False,
        "excluded": [],
        "only": [],
        "inodes": False,
    }
    paths: list[str] = []
    words = list(call.argv)
    while words:
        word = words.pop(0)
        name, separator, value = word.partition("=")
        if name == "--output":
            asked["columns"] = value.split(",") if separator else list(COLUMNS)
        elif name in ("--exclude-type", "--type", "--block-size"):
            _df_value(
                asked,
                {"--exclude-type": "x", "--type": "t", "--block-size": "B"}[name],
                value if separator else words.pop(0),
            )
        elif word in (
            "--portability",
            "--print-type",
            "--human-readable",
            "--inodes",
            "--local",
            "--all",
            "--total",
            "--si",
            "--no-sync",
            "--sync",
        ):
            letter = {
                "--portability": "P",
                "--print-type": "T",
                "--human-readable": "h",
                "--inodes": "i",
                "--si": "H",
            }.get(word, "l")
            _df_letters(asked, letter, words)
        elif word == "--":
            paths += words
            break
        elif word.startswith("--"):
            raise Refused(1, f"df: unrecognized option '{word}'\nTry 'df --help' for more information.")
        elif word.startswith("-") and word != "-":
            _df_letters(asked, word[1:], words)
        else:
            paths.append(word)
    for column in asked["columns"] or []:
        if column not in COLUMNS:
            raise Refused(1, f"df: option --output: field '{column}' unknown\nTry 'df --help' for more information.")
    if asked["columns"] and (asked["posix"] or asked["type"] or asked["inodes"]):
        letter = "-P" if asked["posix"] else "-T" if asked["type"] else "-i"
        raise Refused(
            1, f"df: options {letter} and --output are mutually exclusive\nTry 'df --help' for more information."
        )
    return asked | {"paths": paths}


def _df_letters(asked: dict[str, Any], letters: str, words: list[str]) -> None:
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter in "xtB":
            _df_value(asked, letter, letters or words.pop(0))
            return
        if letter not in "hHPTkmial":
            raise Refused(1, f"df: invalid option -- '{letter}'\nTry 'df --help' for more information.")
        asked["human"] = {"h": 1024, "H": 1000}.get(letter, asked["human"])
        asked["unit"] = {"k": 1024, "m": 1 << 20}.get(letter, asked["unit"])
        asked["posix"] |= letter == "P"
        asked["type"] |= letter == "T"
        asked["inodes"] |= letter == "i"


def _df_value(asked: dict[str, Any], letter: str, value: str) -> None:
    if letter == "B":
        match = re.fullmatch(r"(\d*)([KMGT]?)(i?B)?", value)
        if not match:
            raise Refused(1, f"df: invalid -B argument '{value}'")
        asked["unit"] = int(match[1] or 1) * {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}[match[2]]
        asked["block"] = value
    else:
        asked["excluded" if letter == "x" else "only"].append(value)


def _df_print(call: Call, asked: dict[str, Any], chosen: list[tuple[dict[str, Any], str]]) -> None:
    if asked["columns"]:
        columns = asked["columns"]
    else:
        columns = ["source", *(["fstype"] if asked["type"] else []), "size", "used", "avail", "pcent", "target"]
        if asked["inodes"]:
            columns = ["source", "itotal", "iused", "iavail", "ipcent", "target"]
    heading = dict(COLUMNS)
    block = asked.get("block") or {1024: "1K", 1 << 20: "1M"}.get(asked["unit"], str(asked["unit"]))
    block = f"{block}B" if block.isdigit() and not asked["posix"] else block
    if not asked["human"]:
        heading["size"] = f"{asked['unit']}-blocks" if asked["posix"] else f"{block}-blocks"
        heading["avail"] = "Avail" if asked["columns"] else "Available"
    if asked["posix"]:
        heading["pcent"] = "Capacity"
    rows = [[heading[column] for column in columns]]
    for disk, path in chosen:
        rows.append([_df_cell(column, disk, path, asked) for column in columns])
    widths = [max(len(row[index]) for row in rows) for index in range(len(columns))]
    for row in rows:
        cells = []
        for index, (column, cell) in enumerate(zip(columns, row, strict=True)):
            left = column in ("source", "fstype", "target", "file")
            width = widths[index] if not (column == "source" and not asked["columns"]) else max(widths[index], 14)
            last = index == len(columns) - 1
            cells.append(
                (cell if last else f"{cell:<{width}}")
                if left
                else f"{cell:>{width if last else max(width, 5 if column in ('size', 'used', 'avail') else width)}}"
            )
        call.stdout.write(" ".join(cells) + "\n")


def _df_cell(column: str, disk: dict[str, Any], path: str, asked: dict[str, Any]) -> str:
    size, used = disk["size"], min(disk["used"], disk["size"])
    numbers = {"size": size, "used": used, "avail": size - used}
    if column in numbers:
        return _human(numbers[column], asked["human"]) if asked["human"] else str(-(-numbers[column] // asked["unit"]))
    inodes = {
        "itotal": size // 2048,
        "iused": disk.get("iused", used // 65536),
        "iavail": size // 2048 - disk.get("iused", used // 65536),
    }
    if column in inodes:
        return str(inodes[column])
    if column == "pcent":
        return f"{-(-used * 100 // size) if size else 0}%"
    if column == "ipcent":
        return f"{-(-inodes['iused'] * 100 // inodes['itotal']) if inodes['itotal'] else 0}%"
    return str(path if column == "file" else disk[column])


def _human(number: int, base: int) -> str:
    value = float(number)
    for unit in ("", "K", "M", "G", "T", "P"):
        if value < base or unit == "P":
            if not unit:
                return str(number)
            tenth = -(-int(value * 1000) // 100) / 10
            return f"{tenth:.1f}{unit}" if tenth < 10 else f"{-int(-value // 1)}{unit}"
        value /= base
    return str(number)


@tool("uptime")
def uptime(call: Call, world: World) -> int:
    entry = entry_of(call, world)
    if call.argv in (("-s",), ("--since",)):
        call.stdout.write(time.strftime("%Y-%m-%d %H:%M:%S\n", time.gmtime(entry["booted_at"])))
        return 0
    if call.argv not in ((), ("-p",), ("--pretty",)):
        raise Refused(1, f"uptime: invalid option -- '{call.argv[0].lstrip('-')}'")
    seconds = int(world.state["clock"] - entry["booted_at"])
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if call.argv:
        call.stdout.write(f"up {days} days, {hours} hours, {minutes} minutes\n")
    else:
        now = time.strftime("%H:%M:%S", time.gmtime(world.now()))
        call.stdout.write(
            f" {now} up {days} days, {hours:2d}:{minutes:02d},  1 user,  load average: 0.10, 0.15, 0.12\n"
        )
    return 0


@tool("who", "w")
def who(call: Call, world: World) -> int:
    entry = entry_of(call, world)
    if call.argv in (("-b",), ("--boot",)):
        call.stdout.write(time.strftime("         system boot  %Y-%m-%d %H:%M\n", time.gmtime(entry["booted_at"])))
        return 0
    for user in entry["users"]:
        moment = time.strftime("%Y-%m-%d %H:%M", time.gmtime(user.get("at", entry["booted_at"])))
        call.stdout.write(f"{user['user']:<8} {user['tty']:<12} {moment} ({user['from']})\n")
    return 0


@tool("free")
def free(call: Call, world: World) -> int:
    unit = 1 << 20 if "-m" in call.argv else 1 << 30 if "-g" in call.argv else 1 if "-b" in call.argv else 1 << 10
    values = [int(part * 2**30 / unit) for part in (64, 20, 30, 1, 14, 42)]
    call.stdout.write("              total        used        free      shared  buff/cache   available\n")
    call.stdout.write("Mem:   " + " ".join(f"{value:>11}" for value in values) + "\n")
    call.stdout.write("Swap:  " + " ".join(f"{0:>11}" for _ in range(3)) + "\n")
    return 0


@tool("hiera")
def hiera(call: Call, world: World) -> int:
    words = list(call.argv)
    config = "/etc/hiera.yaml"
    if words[:1] in (["-c"], ["--config"]):
        config = words[1] if len(words) > 1 else ""
        words = words[2:]
    elif words and words[0].startswith("--config="):
        config = words.pop(0).partition("=")[2]
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option not in ("-a", "--array", "-h", "--hash", "-d", "--debug"):
            raise Refused(1, f"invalid option: {option}")
    if config != "/etc/hiera.yaml" and not world.path(call.host, config).exists():
        raise Refused(1, f"Cannot find config file: {config}")
    if not words:
        raise Refused(1, "Please supply a data item to look up")
    if call.user != "root":  # the data files are root's alone
        raise Refused(
            1,
            "/usr/share/ruby/hiera/filecache.rb:76:in `read': Permission denied @ rb_sysopen - /etc/puppet/hieradata/service_configs.json (Errno::EACCES)",
        )
    value = entry_of(call, world)["hiera"].get(words[0])
    if value is None:
        call.stdout.write((words[1] if len(words) > 1 else "nil") + "\n")
    else:
        text = (
            "true"
            if value is True
            else "false"
            if value is False
            else json.dumps(value)
            if isinstance(value, (list, dict))
            else str(value)
        )
        call.stdout.write(text + "\n")
    return 0


@tool("ovs-vsctl")
def ovs_vsctl(call: Call, world: World) -> int:  # noqa: C901  one branch an option or answer
    entry = entry_of(call, world)
    words = [
        word
        for word in call.argv
        if not re.match(r"--(timeout|no-wait|if-exists|columns|bare|format|no-headings|data|db)", word)
    ]
    options = set(call.argv) - set(words)
    if entry["openvswitch"] is None:
        raise Refused(127, "bash: ovs-vsctl: command not found")
    if call.argv in (("--version",), ("-V",)):
        version = entry["packages"]["openvswitch"][-1].split("-")[0]
        call.stdout.write(f"ovs-vsctl (Open vSwitch) {version}\nDB Schema 7.{'15.1' if version >= '2.9' else '14.0'}\n")
        return 0
    if call.user != "root":
        raise Refused(1, "ovs-vsctl: unix:/var/run/openvswitch/db.sock: database connection failed (Permission denied)")
    if entry["units"].get("openvswitch.service", {}).get("active") != "active":
        raise Refused(
            1, "ovs-vsctl: unix:/var/run/openvswitch/db.sock: database connection failed (No such file or directory)"
        )
    if words[:3] == ["get", "Open_vSwitch", "."] and len(words) == 4:
        if words[3] != "ovs_version":
            raise Refused(1, f'ovs-vsctl: Open_vSwitch does not contain a column whose name matches "{words[3]}"')
        call.stdout.write(f'"{entry["openvswitch"]["running"]}"\n')
        return 0
    if words[:1] == ["show"]:
        call.stdout.write(
            f'b9f0b1f0-8c1c-4d5e-9a43-1d2f0c6c5b11\n    ovs_version: "{entry["openvswitch"]["running"]}"\n'
        )
        return 0
    if words[:2] in (["list", "Interface"], ["find", "Interface"], ["find", "interface"], ["list", "interface"]):
        return _interfaces(call, world, words, options)
    if words[:1] == ["get"] and len(words) == 4 and words[1].lower() == "interface":
        for port in _ports(world, call.host):
            if port["name"] == words[2]:
                call.stdout.write(port[words[3]] + "\n")
                return 0
        if "--if-exists" in options:
            return 0
        raise Refused(1, f'ovs-vsctl: no row "{words[2]}" in table Interface')
    raise Refused(1, f"ovs-vsctl: unknown command '{words[0] if words else ''}'; use --help for help")


def _ports(world: World, host: str) -> list[dict[str, str]]:
    found = [{"name": "br-int", "type": "internal", "iface-id": ""}]
    for port in world.state.get("neutron", {}).get("overcloud", {}).get("ports", []):
        on = str(port.get("host") or "").split(".")[0]
        if on == host and port.get("server") and port.get("plugged", True):
            kind = port["mode"] if str(port.get("mode", "")).startswith("dpdk") else ""
            prefix = "vhu" if kind else "qvo"
            found.append(
                {"name": f"{prefix}{port['id'][:11]}", "type": kind, "iface-id": port["id"], "vm-uuid": port["server"]}
            )
    return found


def _interfaces(call: Call, world: World, words: list[str], options: set[str]) -> int:
    columns = next(
        (word.partition("=")[2].split(",") for word in options if word.startswith("--columns=")),
        ["name", "type", "external_ids"],
    )
    ports = _ports(world, call.host)
    conditions = words[2:]
    if words[0] == "list" and conditions:
        ports = [port for port in ports if port["name"] in conditions]
    else:
        for condition in conditions:
            key, _, value = condition.partition("=")
            key = "iface-id" if key in ("external_ids:iface-id", "external-ids:iface-id") else key
            ports = [port for port in ports if port.get(key) == value.strip('"')]
    bare = "--bare" in options or "--no-headings" in options
    for index, port in enumerate(ports):
        if index:
            call.stdout.write("\n")
        for column in columns:
            value = _ovs_column(port, column)
            call.stdout.write(f"{value}\n" if bare else f"{column:<20}: {value}\n")
    return 0


def _ovs_column(port: dict[str, str], column: str) -> str:
    """As ovs-vsctl prints it: quotes round whatever is more than letters, `_`, `-` and `.`."""
    if column.startswith("external"):
        return _external_ids(port)
    value = port.get(column, "")
    return value if re.fullmatch(r"[A-Za-z_][A-Za-z_.-]*", value) else f'"{value}"'


def _external_ids(port: dict[str, str]) -> str:
    """What neutron's agent and nova note on a port: `{iface-id="...", vm-uuid="..."}`, nothing on a bridge's own."""
    return "{" + ", ".join(f'{key}="{port[key]}"' for key in ("iface-id", "vm-uuid") if port.get(key)) + "}"


@tool("ovs-appctl")
def ovs_appctl(call: Call, world: World) -> int:
    entry = entry_of(call, world)
    if entry["openvswitch"] is None:
        raise Refused(127, "bash: ovs-appctl: command not found")
    if call.user != "root":
        raise Refused(1, 'ovs-appctl: cannot connect to "/var/run/openvswitch/ovs-vswitchd.ctl" (Permission denied)')
    words = list(call.argv)
    if words[:1] in (["-t"], ["--target"]):
        words = words[2:]
    if words != ["version"]:
        raise Refused(
            2, f'"{" ".join(words)}" is not a valid command\novs-appctl: ovs-vswitchd: server returned an error'
        )
    call.stdout.write(f"ovs-vswitchd (Open vSwitch) {entry['openvswitch']['running']}\n")
    return 0


@tool("virsh")
def virsh(call: Call, world: World) -> int:
    """`virsh list`: nova's running servers on this host, and whatever else runs here."""
    words = [word for word in call.argv if word not in ("-r", "--readonly", "-q", "--quiet", "-c", "qemu:///system")]
    entry = entry_of(call, world)
    if entry["units"].get("libvirtd.service", {}).get("active") != "active":
        raise Refused(
            1,
            "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory",
        )
    if call.user != "root" and not {"-r", "--readonly"} & set(call.argv):
        raise Refused(
            1,
            "error: failed to connect to the hypervisor\nerror: authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'",
        )
    if words[:1] == ["dumpxml"] and len(words) == 2:
        call.stdout.write(domains.description(world, call.host, words[1]) + "\n")
        return 0
    if words[:1] != ["list"]:
        raise Refused(1, f"error: unknown command: '{words[0] if words else ''}'")
    flags = set(words[1:])
    rows: list[tuple[str, str]] = [(name, "running") for name in entry["domains"]]
    for server in world.state.get("nova", {}).get("overcloud", {}).get("servers", []):
        if str(server.get("host") or "").split(".")[0] == call.host:
            running = server["status"] in ("ACTIVE", "MIGRATING", "PAUSED", "RESIZE")
            rows.append((str(server.get("instance_name", server["name"])), "running" if running else "shut off"))
    if "--state-shutoff" in flags:
        rows = [row for row in rows if row[1] != "running"]
    elif "--all" not in flags:
        rows = [row for row in rows if row[1] == "running"]
    if "--name" in flags:
        call.stdout.write("".join(f"{name}\n" for name, _ in rows) + "\n")
    else:
        call.stdout.write(
            " Id    Name                           State\n----------------------------------------------------\n"
        )
        call.stdout.write(
            "".join(
                f" {index if state == 'running' else '-':<5} {name:<30} {state}\n"
                for index, (name, state) in enumerate(rows, 1)
            )
            + "\n"
        )
    return 0


@tool("tmux", "screen")
def multiplexer(call: Call, world: World) -> int:
    """Present, and holding no session."""
    if call.argv[:1] in (("-V",), ("-v",), ("--version",)):
        call.stdout.write("tmux 1.8\n" if call.tool == "tmux" else "Screen version 4.01.00devel (GNU) 2-May-06\n")
        return 0
    if call.argv[:1] in (("ls",), ("list-sessions",), ("-ls",)):
        raise Refused(
            1,
            "failed to connect to server: Connection refused"
            if call.tool == "tmux"
            else "No Sockets found in /var/run/screen/S-stack.",
        )
    raise Refused(1, "open terminal failed: not a terminal")


@tool("logger")
def logger(call: Call, world: World) -> int:
    words = [word for word in call.argv if not word.startswith("-")]
    with world.path(call.host, "/var/log/messages").open("a") as log:
        log.write(f"{ctime(world.now())} {call.host} {call.user}: {' '.join(words)}\n")
    return 0


@tool("chown", "chgrp")
def chown(call: Call, world: World) -> int:
    """One real uid stands for all users, so a change of owner changes nothing; who may make it is kept."""
    words = [word for word in call.argv if not word.startswith("-")]
    if len(words) < 2:
        raise Refused(1, f"{call.tool}: missing operand")
    names = re.split(r"[:.]", words[0])
    known = {line.split(":")[0] for line in world.path(call.host, "/etc/passwd").read_text().splitlines()}
    groups = {line.split(":")[0] for line in world.path(call.host, "/etc/group").read_text().splitlines()}
    for name in filter(None, names):
        if not name.isdigit() and name not in known | groups:
            raise Refused(1, f"{call.tool}: invalid user: \u2018{words[0]}\u2019")
    if call.user != "root" and names[0] not in (call.user, "", "1000"):
        raise Refused(1, f"{call.tool}: changing ownership of \u2018{words[1]}\u2019: Operation not permitted")
    for path in words[1:]:
        if not world.path(call.host, path if path.startswith("/") else f"{call.cwd}/{path}").exists():
            raise Refused(1, f"{call.tool}: cannot access \u2018{path}\u2019: No such file or directory")
    return 0
