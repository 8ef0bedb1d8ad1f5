"""rpm: `-q`, `-qa`, `--qf`, `--last`, `-V`; nothing that changes a package."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.clocktext import ctime
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.hosts import package_files, packages
from osp_simulator.state.hosts import Host
from osp_simulator.tools.yum.command_line import wanted

# {spelling: what it asks for}
FLAGS = {
    "-q": ("query",), "--query": ("query",), "-qa": ("query", "every"), "-aq": ("query", "every"),
    "-a": ("every",), "--all": ("every",), "--last": ("last",), "-V": ("verify",), "--verify": ("verify",),
    "-Va": ("verify", "every"), "--nodeps": (), "--noscripts": (),
    "--scripts": ("scripts",), "--quiet": (), "--nosignature": (), "--nodigest": (),
}  # fmt: skip


@dataclass
class Query:
    """`asked` holds "query", "verify", "every", "scripts" and "last"; `form` is the format given."""

    asked: set[str] = field(default_factory=set)
    form: str | None = None
    names: list[str] = field(default_factory=list)


@tool("rpm", facts=Facts(reaches="host", inline=True))
def rpm(call: Call, world: World) -> int:
    """The exit status is the number of packages that are not installed."""
    query = parse(call.argv)
    if "verify" in query.asked:
        return _verify(call, world, query)
    if "query" not in query.asked:
        words = "only queries are answered here" if query.names else "no arguments given for query"
        raise Refused(1, f"rpm: {words}")
    return _query(call, world, query)


def _query(call: Call, world: World, query: Query) -> int:
    """A line for each version of a package that is asked for; the number of those that are not installed."""
    entry = world.state["hosts"][call.host]
    names = query.names
    if "every" in query.asked:
        names = [name for name in sorted(entry["packages"]) if wanted(name, query.names)]
    missing = 0
    for name in names:
        found = _installed(entry, name)
        if not found:
            call.stdout.write(f"package {name} is not installed\n")
            missing += 1
        if "scripts" in query.asked:
            call.stdout.write(package_files.SCRIPTS.get(name, "") if found else "")
            continue
        for base, version in reversed(found) if "last" in query.asked else found:
            call.stdout.write(_line(entry, base, version, query))
    return missing


def _verify(call: Call, world: World, query: Query) -> int:
    """A line for each file that is not as its package brought it; 1 if there is any, or a package that is not there."""
    entry = world.state["hosts"][call.host]
    names = query.names
    if "every" in query.asked:
        names = sorted(entry["packages"])
    elif not names:
        raise Refused(1, "rpm: no arguments given for verify")
    faults = []
    for name in names:
        found = _installed(entry, name)
        if not found:
            faults.append(f"package {name} is not installed\n")
        for base, version in found[-1:]:
            world.clock.advance(1)
            faults += _changed(world, call.host, base, version)
    call.stdout.write("".join(faults))
    return 1 if faults else 0


def _changed(world: World, host: str, name: str, version: str) -> list[str]:
    lines: list[str] = []
    for path, text in sorted(package_files.files_of(name, version).items()):
        kind = "c" if path in package_files.CONFIG.get(name, ()) else " "
        file = world.files.path(host, path)
        if world.files.itself(host, path).is_symlink():
            lines.append(f"....L....  {kind} {path}\n")
            continue
        if not file.exists():
            if host != "undercloud":  # of a node's packages only those files are laid out that a world patches
                continue
            lines.append(f"missing   {kind} {path}\n")
            continue
        there = file.read_bytes()
        if hashlib.sha256(there).digest() != hashlib.sha256(text.encode()).digest():
            size = "." if len(there) == len(text.encode()) else "S"
            lines.append(f"{size}.5....T.  {kind} {path}\n")
    return lines


def parse(argv: Sequence[str]) -> Query:
    query, words = Query(), list(argv)
    while words:
        word = words.pop(0)
        name, separator, value = word.partition("=")
        if name in ("--qf", "--queryformat"):
            query.form = value if separator else (words.pop(0) if words else "")
        elif word in FLAGS:
            query.asked.update(FLAGS[word])
        elif word.startswith("-"):
            raise Refused(1, f"rpm: {word}: unknown option")
        else:
            query.names.append(word)
    return query


def _installed(entry: Host, name: str) -> list[tuple[str, str]]:
    """(package, version) of what a name means, which may say version, release and architecture too."""
    found = []
    for base, versions in entry["packages"].items():
        for version in versions:
            rest, arch = packages.split(version)[1], packages.arch(base)
            number = rest.split("-")[0]
            if name in (base, f"{base}.{arch}", f"{base}-{number}", f"{base}-{rest}", f"{base}-{rest}.{arch}"):
                found.append((base, version))
    return found


def _line(entry: Host, name: str, version: str, query: Query) -> str:
    when = entry["updated"].get(name, entry["booted_at"] - 86400)
    whole = f"{name}-{packages.split(version)[1]}.{packages.arch(name)}"
    if "last" in query.asked:
        return f"{whole:<45} {ctime(when)} UTC\n"
    return f"{whole}\n" if query.form is None else _formatted(query.form, name, version, whole, when)


def _formatted(form: str, name: str, version: str, whole: str, when: float) -> str:
    epoch, rest = packages.split(version)
    number, _, release = rest.partition("-")
    values = {
        "NAME": name, "VERSION": number, "RELEASE": release, "EPOCH": epoch or "(none)", "EPOCHNUM": epoch or "0",
        "ARCH": packages.arch(name), "INSTALLTIME": str(int(when)), "EVR": version, "NVRA": whole,
    }  # fmt: skip
    text = re.sub(r"%\{(\w+)(?::\w+)?\}", lambda match: values.get(match[1].upper(), "(none)"), form)
    return text.replace("\\n", "\n").replace("\\t", "\t")
