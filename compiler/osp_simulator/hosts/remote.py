"""How one host reaches another by ssh: names, addresses, host keys, and the command lines of OpenSSH 7.4's tools."""

from __future__ import annotations

import base64
import fnmatch
import hashlib
import hmac
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field

from osp_compile.spec.openssh import BY_FOLDED
from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.world import World


@dataclass
class Options:
    """A parsed ssh command line: settings by lower-case keyword; the first one given wins, as in ssh."""

    settings: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    control: str = ""

    def put(self, keyword: str, value: str) -> None:
        self.settings.setdefault(keyword.lower(), value)

    def get(self, keyword: str, default: str = "") -> str:
        return self.settings.get(keyword.lower(), default)


def put_option(options: Options, text: str) -> None:
    """Adds an `-o KEY=VALUE` or `-o "KEY VALUE"`."""
    key, separator, value = text.partition("=")
    if not separator:
        key, _, value = text.partition(" ")
    key, value = key.strip(), value.strip()
    if key.lower() not in BY_FOLDED:
        if _is_among(options.get("ignoreunknown").lower().split(","), key.lower()):
            return
        raise Refused(255, f"command-line: line 0: Bad configuration option: {key.lower()}")
    if not value:
        raise Refused(255, "command-line line 0: Missing argument.")
    if key.lower() == "stricthostkeychecking" and value.lower() not in ("yes", "no", "ask", "true", "false"):
        raise Refused(255, f'command-line line 0: unsupported option "{value}".')
    options.put(key, value)


def read_config(options: Options, world: World, call: Call, name: str) -> None:
    """~/.ssh/config: Host blocks, first value wins."""
    path = world.files.path(call.host, f"{world.files.home_of(call.host, call.user)}/.ssh/config")
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return
    applies = True
    for line in lines:
        words = line.strip().replace("=", " ", 1).split(None, 1)
        if not words or words[0].startswith("#"):
            continue
        if words[0].lower() == "host":
            applies = _is_among(words[1].split() if len(words) > 1 else [], name)
        elif applies and len(words) == 2:
            options.put(words[0], words[1])


def _is_among(patterns: Iterable[str], name: str) -> bool:
    """Whether one of a Host line's patterns matches, and none of those with a leading `!`."""
    fitting = [one for one in patterns if fnmatch.fnmatch(name, one.removeprefix("!"))]
    return bool(fitting) and not any(one.startswith("!") for one in fitting)


def resolve(world: World, call: Call, name: str) -> str | None:
    """The host that a name or an address leads to from here, or None if it leads nowhere."""
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return _by_name(world, call, name)
    for host, entry in world.state["hosts"].items():
        if ipaddress.ip_address(entry["address"]) == address:
            return host
    return None


def _by_name(world: World, call: Call, name: str) -> str | None:
    try:
        lines = world.files.path(call.host, "/etc/hosts").read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        words = line.split("#")[0].split()
        if name in words[1:] and words[0] not in ("127.0.0.1", "::1"):
            return resolve(world, call, words[0])
    return call.host if name == "localhost" else None


def known_keys(text: str, name: str) -> list[str]:
    """The keys (`type base64`) a known_hosts file holds for a name or address, hashed names included."""
    found = []
    for line in text.splitlines():
        words = line.split()
        if len(words) < 3 or words[0].startswith(("#", "@")):
            continue
        if any(_same_host(pattern, name) for pattern in words[0].split(",")):
            found.append(f"{words[1]} {words[2]}")
    return found


def _same_host(pattern: str, name: str) -> bool:
    if pattern.startswith("|1|"):
        _, _, salt, digest = pattern.split("|")
        return hmac.new(base64.b64decode(salt), name.encode(), hashlib.sha1).digest() == base64.b64decode(digest)
    # (in a pattern of ssh brackets mean themselves)
    return fnmatch.fnmatchcase(name.lower(), pattern.lower().replace("[", "[[]"))


def check_host_key(world: World, call: Call, options: Options, name: str, host: str) -> None:
    """Raises Refused as ssh does for an unknown or changed key; with checking off, records the key."""
    alias = options.get("hostkeyalias", name)
    strict = options.get("stricthostkeychecking", "ask").lower()
    home = world.files.home_of(call.host, call.user)
    places = [*options.get("userknownhostsfile", f"{home}/.ssh/known_hosts").split(), "/etc/ssh/ssh_known_hosts"]
    places = [place.replace("~", home, 1).replace("%d", home) for place in places]
    keys = [key for place in places for key in _keys_in(world, call.host, place, alias)]
    key = world.state["hosts"][host]["host_key"]
    if key in keys:
        return
    if keys:
        if strict in ("no", "false"):
            return
        raise Refused(255, f"{'@' * 59}\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n{'@' * 59}\n"
                           f"Host key verification failed.")  # fmt: skip
    if strict in ("yes", "true"):
        raise Refused(
            255,
            f"No ED25519 host key is known for {alias} and you have requested strict checking.\n"
            "Host key verification failed.",
        )
    if strict == "ask":
        raise Refused(255, "Host key verification failed.")
    if places[0] != "/dev/null":
        _add_host_key(world, call, places[0], alias, key)


def _add_host_key(world: World, call: Call, place: str, alias: str, key: str) -> None:
    own = world.files.path(call.host, place)
    own.parent.mkdir(parents=True, exist_ok=True)
    with own.open("a") as known:
        known.write(f"{alias} {key}\n")
    world.changes.touch()
    call.stderr.write(f"Warning: Permanently added '{alias}' (ED25519) to the list of known hosts.\n")


def _keys_in(world: World, host: str, place: str, alias: str) -> list[str]:
    try:
        return known_keys(world.files.path(host, place).read_text(), alias)
    except OSError:
        return []


def connect(world: World, call: Call, options: Options, name: str) -> str:
    """The host that a name leads to, if it is reachable, up and has the right key; else Refused(255) in ssh's words."""
    target = options.get("hostname", name).replace("%h", name)
    port = options.get("port", "22")
    if target.startswith("["):
        raise Refused(255, f"ssh: Could not resolve hostname {target}: Name or service not known")
    host = resolve(world, call, target)
    if host is None:
        if _is_address(target):
            world.clock.advance(float(options.get("connecttimeout", "127")))
            raise Refused(255, f"ssh: connect to host {target} port {port}: Connection timed out")
        raise Refused(255, f"ssh: Could not resolve hostname {target}: Name or service not known")
    entry = world.state["hosts"][host]
    if not entry["up"] or entry.get("unreachable"):
        world.clock.advance(min(float(options.get("connecttimeout", "3")), 3.0))
        raise Refused(255, f"ssh: connect to host {target} port {port}: No route to host")
    check_host_key(world, call, options, target, host)
    return host


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def login(world: World, call: Call, options: Options, host: str, user: str) -> None:
    """Raises Refused unless the host knows the user and accepts this caller."""
    passwd = world.files.path(host, "/etc/passwd").read_text().splitlines()
    known = {line.split(":")[0] for line in passwd}
    if user not in known or (user == "root" and host != call.host):
        raise Refused(255, "Permission denied (publickey,gssapi-keyex,gssapi-with-mic).")
    key = world.files.path(call.host, f"{world.files.home_of(call.host, call.user)}/.ssh/id_rsa")
    if not key.exists() and not options.get("identityfile"):
        raise Refused(255, "Permission denied (publickey,gssapi-keyex,gssapi-with-mic).")
