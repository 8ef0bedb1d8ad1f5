"""scp, rsync, ssh-keyscan, ssh-keygen, and curl for the HAProxy statistics page."""

# ruff: noqa: E501  what a tool prints stands in one line here as it does there

from __future__ import annotations

import base64
import fnmatch
import glob
import hashlib
import re
import shutil
from pathlib import Path

from osp_compile.simulator import remote, sandbox
from osp_compile.simulator.call import Call, Exec, Refused
from osp_compile.simulator.registry import tool
from osp_compile.simulator.sandbox import REAL
from osp_compile.simulator.world import World

from .ssh import VALUED

Place = tuple[str | None, str]  # (host as it was written, or None for here; path)


def place_of(word: str) -> Place:
    """`[user@]host:path`, brackets round an IPv6 address; a colon before any slash makes a host."""
    match = re.match(r"((?:[^@/:\[\]]+@)?)\[([^\]]+)\]:(.*)$", word, re.S)
    if match:
        return match[1] + match[2], match[3]
    colon, slash = word.find(":"), word.find("/")
    if colon > 0 and (slash < 0 or colon < slash):
        return word[:colon], word[colon + 1 :]
    return None, word


@tool("scp")
def scp(call: Call, world: World) -> int:
    options = remote.Options()
    words, places = list(call.argv), []
    recursive = False
    while words:
        word = words.pop(0)
        if word == "--":
            places += words
            break
        if not word.startswith("-") or word == "-":
            places.append(word)
            continue
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter in "rpqBCv346T":
                recursive |= letter == "r"
                continue
            if letter not in "oiPFSlc":
                raise Refused(
                    1,
                    "usage: scp [-12346BCpqrv] [-c cipher] [-F ssh_config] [-i identity_file]\n           [-l limit] [-o ssh_option] [-P port] [-S program]\n           [[user@]host1:]file1 ... [[user@]host2:]file2",
                )
            value = letters or (words.pop(0) if words else "")
            if letter == "o":
                remote.put_option(options, value)
            elif letter in VALUED:
                options.settings[VALUED[letter]] = value
            break
    if len(places) < 2:
        raise Refused(
            1,
            "usage: scp [-12346BCpqrv] [-c cipher] [-F ssh_config] [-i identity_file]\n           [-l limit] [-o ssh_option] [-P port] [-S program]\n           [[user@]host1:]file1 ... [[user@]host2:]file2",
        )
    world.advance(1)
    sources, target = [place_of(one) for one in places[:-1]], place_of(places[-1])
    return _copy(call, world, options, sources, target, recursive, "scp")


def _copy(
    call: Call, world: World, options: remote.Options, sources: list[Place], target: Place, recursive: bool, name: str
) -> int:
    to, to_user = _reach(call, world, options, target[0], name)
    destination = _inside(call, world, to, to_user, target[1])
    many = len(sources) > 1
    status = 0
    for host, path in sources:
        here, user = _reach(call, world, options, host, name)
        for one in _matches(call, world, here, user, path):
            status = (
                _copy_one(call, world, (here, user, one), (to, to_user, destination, target[1]), recursive, many, name)
                or status
            )
    return status


def _matches(call: Call, world: World, host: str, user: str, path: str) -> list[Path]:
    place = _inside(call, world, host, user, path)
    if any(letter in path for letter in "*?["):
        return [Path(found) for found in sorted(glob.glob(str(place)))] or [place]
    return [place]


def _copy_one(
    call: Call,
    world: World,
    source: tuple[str, str, Path],
    target: tuple[str, str, Path, str],
    recursive: bool,
    many: bool,
    name: str,
) -> int:
    host, user, one = source
    to, to_user, destination, written = target
    text = "/" + str(one.relative_to(world.root(host))) if one.is_relative_to(world.root(host)) else str(one)
    if not one.exists():
        call.stderr.write(f"{name}: {text}: No such file or directory\n")
        return 1
    if _forbidden(text, user, reading=True) or _mode_forbids(one, user):
        call.stderr.write(f"{name}: {text}: Permission denied\n")
        return 1
    if one.is_dir() and not recursive:
        call.stderr.write(f"{name}: {text}: not a regular file\n")
        return 1
    place = destination / one.name if destination.is_dir() else destination
    shown = "/" + str(place.relative_to(world.root(to))) if place.is_relative_to(world.root(to)) else str(place)
    if _forbidden(shown, to_user, reading=False):
        call.stderr.write(f"{name}: {written}: Permission denied\n")
        return 1
    if not place.parent.is_dir() or (many and not destination.is_dir()):
        call.stderr.write(f"{name}: {written}: No such file or directory\n")
        return 1
    if call.fault.startswith(("cut", "disk-full")):
        place.write_bytes(one.read_bytes()[: one.stat().st_size // 2] if one.is_file() else b"")
        raise Refused(
            1, f"{name}: {written}: No space left on device" if call.fault.startswith("disk") else "lost connection"
        )
    if one.is_dir():
        shutil.copytree(one, place, symlinks=True, dirs_exist_ok=True)
    else:
        shutil.copyfile(one, place)
        place.chmod(one.stat().st_mode & 0o777)
    world.touch()
    return 0


def _forbidden(path: str, user: str, reading: bool) -> bool:
    """Whether a user that is not root may not read, or write, there."""
    if user == "root":
        return False
    hidden = any(path == f"/{one}" or path.startswith(f"/{one}/") for one in sandbox.ROOTS_ONLY)
    if reading:
        return hidden
    return not path.startswith((f"{sandbox.home_of(user)}/", "/tmp/", "/var/tmp/", "/srv/"))


def _mode_forbids(path: Path, user: str) -> bool:
    """Root's private files in places all may enter: one uid owns all, so only files outside the home are asked."""
    return user != "root" and "home" not in path.parts and not path.stat().st_mode & 0o004 and "tmp" not in path.parts


def _reach(call: Call, world: World, options: remote.Options, where: str | None, name: str) -> tuple[str, str]:
    """(host, user) at the far end, the key and the login checked; here, where no host was written."""
    if where is None:
        return call.host, call.user
    user, _, address = where.rpartition("@")
    settings = remote.Options(settings=dict(options.settings))
    remote.read_config(settings, world, call, address)
    user = user or settings.get("user", call.user)
    try:
        host = remote.connect(world, call, settings, address)
        remote.login(world, call, settings, host, user)
    except Refused as refused:
        tail = (
            "lost connection"
            if name == "scp"
            else "rsync: connection unexpectedly closed (0 bytes received so far) [sender]\nrsync error: unexplained error (code 255) at io.c(226) [sender=3.1.2]"
        )
        raise Refused(1 if name == "scp" else 255, f"{refused.text}\n{tail}") from None
    return host, user


def _inside(call: Call, world: World, host: str, user: str, path: str) -> Path:
    if path.startswith("~/"):
        path = f"{sandbox.home_of(user)}/{path[2:]}"
    base = call.cwd if host == call.host and user == call.user else sandbox.home_of(user)
    return world.path(host, path if path.startswith("/") else f"{base}/{path}")


RSYNC_FLAGS = frozenset(
    {
        "--archive",
        "--checksum",
        "--partial",
        "--quiet",
        "--verbose",
        "--recursive",
        "--times",
        "--perms",
        "--relative",
        "--compress",
        "--delete",
        "--protect-args",
    }
    | {
        "--numeric-ids",
        "--xattrs",
        "--acls",
        "--sparse",
        "--inplace",
        "--ignore-existing",
        "--remove-source-files",
        "--human-readable",
        "--stats",
        "--links",
        "--append-verify",
    }
)


@tool("rsync")
def rsync(call: Call, world: World) -> int:  # noqa: C901  one branch an option or answer
    options = remote.Options()
    words, places, excluded = list(call.argv), [], []
    recursive, as_root = False, False
    if words[:1] == ["--version"]:
        call.stdout.write("rsync  version 3.1.2  protocol version 31\n")
        return 0
    while words:
        word = words.pop(0)
        name, separator, value = word.partition("=")
        if word == "--":
            places += words
            break
        if name in (
            "--rsh",
            "--rsync-path",
            "--exclude",
            "--chmod",
            "--timeout",
            "--bwlimit",
            "--out-format",
            "--include",
        ):
            value = value if separator else words.pop(0)
            excluded += [value] if name == "--exclude" else []
            as_root |= name == "--rsync-path" and "sudo" in value
            if name == "--rsh":
                _shell_words(options, value)
        elif word == "-e":
            _shell_words(options, words.pop(0))
        elif word in RSYNC_FLAGS:
            recursive |= word in ("--archive", "--recursive")
        elif re.fullmatch(r"-[aqvrtpczPhHAXSlsogDn]+", word):
            recursive |= bool(set(word) & {"a", "r"})
        elif word.startswith("-"):
            raise Refused(
                1,
                f"rsync: {word}: unknown option\nrsync error: syntax or usage error (code 1) at main.c(1572) [client=3.1.2]",
            )
        else:
            places.append(word)
    if len(places) < 2:
        raise Refused(1, "rsync error: syntax or usage error (code 1) at main.c(1572) [client=3.1.2]")
    world.advance(1)
    target = place_of(places[-1])
    to, to_user = _reach(call, world, options, target[0], "rsync")
    destination = _inside(call, world, to, to_user, target[1])
    for word in places[:-1]:
        host, path = place_of(word)
        here, user = _reach(call, world, options, host, "rsync")
        user = "root" if as_root and host else user
        for source in _matches(call, world, here, user, path.rstrip("/") or "/"):
            _rsync_one(
                call,
                world,
                (here, user, source),
                (to, "root" if as_root and target[0] else to_user, destination),
                path,
                target[1],
                recursive,
                excluded,
            )
    return 0


def _shell_words(options: remote.Options, text: str) -> None:
    import shlex

    words = shlex.split(text)[1:]
    while words:
        word = words.pop(0)
        if word.startswith("-o"):
            remote.put_option(options, word[2:] or (words.pop(0) if words else ""))
        elif word[:2] in ("-i", "-F", "-S", "-p", "-l") and len(word) == 2 and words:
            options.settings[VALUED.get(word[1], word[1])] = words.pop(0)


def _rsync_one(
    call: Call,
    world: World,
    source: tuple[str, str, Path],
    target: tuple[str, str, Path],
    path: str,
    written: str,
    recursive: bool,
    excluded: list[str],
) -> None:
    here, user, one = source
    to, to_user, destination = target
    text = "/" + str(one.relative_to(world.root(here))) if one.is_relative_to(world.root(here)) else str(one)
    tail = "rsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1179) [sender=3.1.2]"
    if not one.exists():
        raise Refused(23, f'rsync: link_stat "{text}" failed: No such file or directory (2)\n{tail}')
    if _forbidden(text, user, reading=True) or _mode_forbids(one, user):
        raise Refused(23, f'rsync: send_files failed to open "{text}": Permission denied (13)\n{tail}')
    if one.is_dir() and not recursive:
        call.stdout.write(f"skipping directory {one.name}\n")
        return
    into = (
        destination / one.name
        if (one.is_file() and (destination.is_dir() or written.endswith("/")))
        or (one.is_dir() and not path.endswith("/"))
        else destination
    )
    shown = "/" + str(into.relative_to(world.root(to))) if into.is_relative_to(world.root(to)) else str(into)
    if _forbidden(shown, to_user, reading=False):
        raise Refused(23, f'rsync: mkstemp "{shown}" failed: Permission denied (13)\n{tail}')
    if not into.parent.parent.is_dir():
        raise Refused(
            11,
            f'rsync: mkdir "{written}" failed: No such file or directory (2)\nrsync error: error in file IO (code 11) at main.c(674) [Receiver=3.1.2]',
        )
    into.parent.mkdir(exist_ok=True)
    if call.fault.startswith(("cut", "disk-full")):
        raise Refused(
            11 if "disk" in call.fault else 12,
            "rsync: write failed: No space left on device (28)\nrsync error: error in file IO (code 11) at receiver.c(393) [receiver=3.1.2]",
        )
    if one.is_dir():
        shutil.copytree(
            one,
            into,
            symlinks=True,
            dirs_exist_ok=True,
            ignore=lambda _, names: {
                n for n in names if any(fnmatch.fnmatch(n, pattern.strip("/")) for pattern in excluded)
            },
        )
        world.touch()
    elif not into.exists() or into.read_bytes() != one.read_bytes():
        shutil.copyfile(one, into)
        into.chmod(one.stat().st_mode & 0o777)
        world.touch()


def _addresses(call: Call, world: World, name: str) -> list[str]:
    """The names a file for `ssh-keyscan -f` lists, one a line; `-` is the standard input."""
    if name == "-":
        text = call.stdin.read().decode()
    else:
        path = world.path(call.host, name if name.startswith("/") else f"{call.cwd}/{name}")
        if not path.is_file():
            raise Refused(1, f"{name}: No such file or directory")
        text = path.read_text()
    return [line.split()[-1].split(",")[0] for line in text.splitlines() if line.strip() and not line.startswith("#")]


@tool("ssh-keyscan")
def ssh_keyscan(call: Call, world: World) -> int:
    words, hosts = list(call.argv), []
    kinds = ["ed25519"]
    while words:
        word = words.pop(0)
        if word in ("-T", "-p", "-f", "-t"):
            value = words.pop(0) if words else ""
            kinds = value.split(",") if word == "-t" else kinds
            hosts += _addresses(call, world, value) if word == "-f" else []
        elif word in ("-4", "-6", "-H", "-v"):
            continue
        elif word.startswith("-"):
            raise Refused(
                1,
                "usage: ssh-keyscan [-46Hv] [-f file] [-p port] [-T timeout] [-t type]\n\t\t   [host | addrlist namelist] ...",
            )
        else:
            hosts.append(word)
    world.advance(1)
    for name in hosts:
        host = remote.resolve(world, call, name)
        if host is None or not world.state["hosts"][host]["up"]:
            world.advance(5)
            continue
        call.stderr.write(f"# {name}:22 SSH-2.0-OpenSSH_7.4\n")
        if "ed25519" in kinds:
            call.stdout.write(
                f"{name} {world.state['hosts'][host].get('offered_key', world.state['hosts'][host]['host_key'])}\n"
            )
    return 0


@tool("ssh-keygen")
def ssh_keygen(call: Call, world: World) -> int:  # noqa: C901  one branch an option or answer
    """-F and -R on known_hosts, -l fingerprints; the real program for anything else."""
    words, values, flags = list(call.argv), {}, set()
    while words:
        word = words.pop(0)
        if word in ("-F", "-R", "-f", "-E", "-t", "-N", "-b", "-C"):
            values[word] = words.pop(0) if words else ""
        elif re.fullmatch(r"-[lfvqHBy]+", word):
            flags |= set(word[1:])
            if word.endswith("f"):
                values["-f"] = words.pop(0) if words else ""
        else:
            raise Refused(1, f"ssh-keygen: unknown option {word}")
    if "-t" in values:
        raise Exec(f"{REAL}/bin/ssh-keygen", *call.argv)
    name = values.get("-f") or f"{sandbox.home_of(call.user)}/.ssh/known_hosts"
    path = world.path(call.host, name if name.startswith("/") else f"{call.cwd}/{name}")
    text = call.stdin.read().decode() if name == "-" else path.read_text() if path.exists() else None
    if text is None:
        raise Refused(
            255,
            f"ssh-keygen: {name}: No such file or directory"
            if "l" in flags
            else "do_known_hosts: hostkeys_foreach failed: No such file or directory",
        )
    if "-F" in values:
        keys = remote.known_keys(text, values["-F"])
        for number, key in enumerate(keys, 1):
            call.stdout.write(f"# Host {values['-F']} found: line {number}\n{values['-F']} {key}\n")
        return 0 if keys else 1
    if "-R" in values:
        kept = [line for line in text.splitlines() if not remote.known_keys(line, values["-R"])]
        path.with_name(path.name + ".old").write_text(text)
        path.write_text("".join(f"{line}\n" for line in kept))
        call.stdout.write(
            f"# Host {values['-R']} found: line 1\n{name} updated.\nOriginal contents retained as {name}.old\n"
        )
        world.touch()
        return 0
    for line in text.splitlines():
        match = re.search(r"(ssh-ed25519|ssh-rsa|ecdsa-\S+) (\S+)(?: (.*))?$", line)
        if match:
            digest = base64.b64encode(hashlib.sha256(base64.b64decode(match[2] + "==")).digest()).decode().rstrip("=")
            comment = line[: match.start()].strip() or match[3] or "no comment"
            call.stdout.write(f"256 SHA256:{digest} {comment} ({match[1].removeprefix('ssh-').upper()})\n")
    return 0


@tool("curl")
def curl(call: Call, world: World) -> int:
    """HAProxy's statistics page, asked from a host that reaches the virtual address; credentials from -u, -K or -n."""
    words, values, flags = list(call.argv), {}, set()
    url = ""
    while words:
        word = words.pop(0)
        if word in (
            "-u",
            "--user",
            "-K",
            "--config",
            "-m",
            "--max-time",
            "-o",
            "--output",
            "--connect-timeout",
            "-w",
            "--cacert",
            "--netrc-file",
            "-H",
        ):
            values[{"--user": "-u", "--config": "-K", "--max-time": "-m", "--output": "-o"}.get(word, word)] = (
                words.pop(0)
            )
        elif word.startswith("--"):
            flags.add(word)
        elif word.startswith("-") and len(word) > 1:
            flags |= set(word[1:])
        else:
            url = word
    if "-K" in values:
        config = call.stdin.read().decode() if values["-K"] == "-" else world.path(call.host, values["-K"]).read_text()
        for key, quoted in re.findall(r'^\s*(user|url)\s*[= ]\s*"((?:[^"\\]|\\.)*)"', config, re.M):
            if key == "url":
                url = re.sub(r"\\(.)", r"\1", quoted)
            else:
                values["-u"] = re.sub(r"\\(.)", r"\1", quoted)
    return _haproxy(call, world, url, values, flags)


def _haproxy(call: Call, world: World, url: str, values: dict[str, str], flags: set[str]) -> int:  # noqa: C901  one branch an option or answer
    haproxy = world.state["haproxy"]
    match = re.match(r"(https?)://(\[[^\]]+\]|[^/:]+)(?::(\d+))?(/.*)?$", url)
    silent = bool({"s", "--silent"} & flags) and not {"S", "--show-error"} & flags
    failing = bool({"f", "--fail"} & flags)

    def fail(status: int, text: str) -> int:
        if not silent:
            call.stderr.write(f"curl: ({status}) {text}\n")
        return status

    if not match:
        return fail(3, "<url> malformed")
    scheme, where, port, path = match[1], match[2].strip("[]"), match[3], match[4] or "/"
    known = {haproxy["vip"], "localhost", "127.0.0.1"} if haproxy else set()
    if not haproxy or where not in known or port != str(haproxy["port"]):
        return fail(7, f"Failed connect to {where}:{port or 80}; Connection refused")
    if (scheme == "https") != haproxy["tls"]:
        return (
            fail(52, "Empty reply from server")
            if haproxy["tls"]
            else fail(35, "SSL received a record that exceeded the maximum permissible length.")
        )
    if haproxy["tls"] and not {"k", "--insecure"} & flags and "--cacert" not in values:
        return fail(60, "Peer's certificate issuer has been marked as not trusted by the user.")
    if values.get("-u") != f"admin:{haproxy['password']}":
        if failing:
            return fail(22, "The requested URL returned error: 401 Unauthorized")
        call.stdout.write(
            "<html><body><h1>401 Unauthorized</h1>\nYou need a valid user and password to access this content.\n</body></html>\n"
        )
        return 0
    if not path.startswith("/;csv"):
        call.stdout.write("<html>Statistics Report for HAProxy</html>\n")
        return 0
    fields = 62
    call.stdout.write(
        "# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,rate_lim,rate_max,check_status,check_code,check_duration,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other,hanafail,req_rate,req_rate_max,req_tot,cli_abrt,srv_abrt,comp_in,comp_out,comp_byp,comp_rsp,lastsess,last_chk,last_agt,qtime,ctime,rtime,ttime,\n"
    )

    def row(proxy: str, server: str, status: str) -> None:
        cells = [""] * fields
        cells[0], cells[1], cells[17] = proxy, server, status
        call.stdout.write(",".join(cells) + ",\n")

    for name, servers in haproxy["services"].items():
        row(name, "FRONTEND", "OPEN")
        for node, status in servers.items():
            row(name, node, status)
        row(
            name,
            "BACKEND",
            "UP" if any(status.startswith(("UP", "no check")) for status in servers.values()) else "DOWN",
        )
    row("haproxy.stats", "FRONTEND", "OPEN")
    row("haproxy.stats", "BACKEND", "UP")
    return 0
