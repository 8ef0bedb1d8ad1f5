"""The base of every OpenStack client's command: its cloud, its user, the services that are up, and its errors."""

from __future__ import annotations

import io
import os
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, overload
from urllib.parse import urlsplit

from osp_simulator.engine.call import Call, Gone
from osp_simulator.engine.registry import Facts
from osp_simulator.engine.world import World
from osp_simulator.state import State, access
from osp_simulator.state.clouds import CinderCloud, GlanceCloud, IronicCloud, KeystoneCloud, MistralCloud, SwiftCloud
from osp_simulator.state.heat import HeatCloud
from osp_simulator.state.neutron import NeutronCloud
from osp_simulator.state.nova import NovaCloud
from osp_simulator.tools.openstack.arguments import Arguments
from osp_simulator.tools.openstack.format import Record, Table

ASKING = re.compile(r"\b(?:list|show)$")  # how a subcommand ends that only asks
Answer = Table | Record | int | None
Command = Callable[["Session"], Answer]
COMMANDS: dict[str, Command] = {}
ServiceName = Literal["keystone", "nova", "neutron", "cinder", "glance", "heat", "ironic", "mistral", "swift"]
CloudPart = (
    KeystoneCloud
    | NovaCloud
    | NeutronCloud
    | CinderCloud
    | GlanceCloud
    | HeatCloud
    | IronicCloud
    | MistralCloud
    | SwiftCloud
)


def asks_by_name(words: Sequence[str]) -> bool:
    """Whether the first word is a subcommand that only asks: `agent-list`. A server may be called `show`."""
    return bool(words) and ASKING.search(words[0]) is not None


API_CLIENT = Facts(reaches="site", inline=False, asks=asks_by_name, breaks="api")


class ClientError(Exception):
    """The client says this on stderr and exits 1; `kind` is novaclient's name for it."""

    def __init__(self, words: str, kind: str = "CommandError", status: int = 1) -> None:
        super().__init__(words)
        self.words = words
        self.kind = kind
        self.status = status


class Ends(Exception):  # noqa: N818  (no error: a way out)
    """The command ends here with this status, all said."""

    def __init__(self, status: int = 0) -> None:
        super().__init__(status)
        self.status = status


KINDS = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    500: "ClientException",
}


def api_error(world: World, words: str, code: int) -> ClientError:
    """An API's refusal, with the id of its request, made from the world's time so that a replay prints the same."""
    request = uuid.uuid5(uuid.NAMESPACE_OID, f"{world.clock.now()} {words}")
    return ClientError(f"{words} (HTTP {code}) (Request-ID: req-{request})", KINDS.get(code, "ClientException"))


@dataclass(frozen=True)
class Login:
    """Whom the credentials open which cloud to ("undercloud" or "overcloud")."""

    cloud: str
    project: str
    project_id: str
    user_id: str
    admin: bool


@dataclass
class Session:
    """One command under way."""

    call: Call
    world: World
    login: Login
    arguments: Arguments

    @property
    def cloud(self) -> str:
        return self.login.cloud

    @overload
    def part(self, service: Literal["nova"]) -> NovaCloud: ...
    @overload
    def part(self, service: Literal["neutron"]) -> NeutronCloud: ...
    @overload
    def part(self, service: Literal["cinder"]) -> CinderCloud: ...
    @overload
    def part(self, service: Literal["glance"]) -> GlanceCloud: ...
    @overload
    def part(self, service: Literal["heat"]) -> HeatCloud: ...
    @overload
    def part(self, service: Literal["ironic"]) -> IronicCloud: ...
    @overload
    def part(self, service: Literal["mistral"]) -> MistralCloud: ...
    @overload
    def part(self, service: Literal["swift"]) -> SwiftCloud: ...
    def part(self, service: ServiceName) -> CloudPart:
        """The service's state in this cloud; ClientError where the cloud has no such service."""
        clouds = self.world.state.get(service, {})
        if self.cloud not in clouds:
            raise ClientError(self.no_endpoint(service))
        return clouds[self.cloud]

    def no_endpoint(self, service: ServiceName) -> str:
        region = region_of(self.world.state, self.cloud)
        if service == "ironic":
            return f"public endpoint for baremetal service in {region} region not found"
        if service == "mistral":
            return "publicURL endpoint for workflowv2 service not found"
        name = "volumev2" if service == "cinder" else service
        return f"publicURL endpoint for {name} service in {region} region not found"

    def need(self, service: ServiceName, path: str) -> None:
        """Refuse as the client does when nothing listens on the service's port."""
        port, units, root = SERVICES[service]
        if not api_is_up(self.world.state, self.cloud, units):
            host = urlsplit(self.world.state["keystone"][self.cloud]["auth_url"]).hostname or "localhost"
            raise ClientError(unreachable(f"http://{host}:{port}", root + path), "ConnectFailure")


SERVICES: dict[ServiceName, tuple[int, tuple[str, ...], str]] = {
    "nova": (8774, ("openstack-nova-api",), "/v2.1"),
    "neutron": (9696, ("neutron-server",), "/v2.0"),
    "cinder": (8776, ("openstack-cinder-api",), "/v2"),
    "glance": (9292, ("openstack-glance-api",), "/v2"),
    "heat": (8004, ("openstack-heat-api",), "/v1"),
    "ironic": (6385, ("openstack-ironic-api",), "/v1"),
    "mistral": (8989, ("openstack-mistral-api",), "/v2"),
    "swift": (8080, ("openstack-swift-proxy",), "/v1"),
    "keystone": (5000, ("httpd",), ""),
}


def command(name: str) -> Callable[[Command], Command]:
    """Register what `openstack NAME` does."""

    def register(function: Command) -> Command:
        COMMANDS[name] = function
        return function

    return register


def region_of(state: State, cloud: str) -> str:
    return state["keystone"][cloud].get("region", "regionOne")


def refusal(root: str, path: str) -> str:
    parts = urlsplit(root)
    name = parts.hostname or ""
    known = name == "localhost" or name.replace(".", "").isdigit() or ":" in name
    reason = "[Errno 111] Connection refused" if known else "[Errno -2] Name or service not known"
    return (
        f"HTTPConnectionPool(host='{parts.hostname}', port={parts.port or 80}): Max retries exceeded with url: {path} "
        "(Caused by NewConnectionError('<requests.packages.urllib3.connection.HTTPConnection object at "
        "0x7f6e9a014e10>: "
        f"Failed to establish a new connection: {reason}',))"
    )


def unreachable(root: str, path: str) -> str:
    """The client's line for a port that nobody listens on, or a name that nobody has."""
    return f"Unable to establish connection to {root}{path}: {refusal(root, path)}"


def api_is_up(state: State, cloud: str, units: tuple[str, ...]) -> bool:
    """Whether some host of the cloud serves these units: the undercloud itself, or any controller."""
    names = ["undercloud"] if cloud == "undercloud" else state["keystone"][cloud].get("controllers", [])
    if cloud != "undercloud" and not names:
        return True
    return any(
        access.host_is_up(state, name) and all(access.unit_active(access.host(state, name), unit) for unit in units)
        for name in names
    )


def stamp(epoch: float | None, form: str = "%Y-%m-%dT%H:%M:%SZ") -> str | None:
    """A time as the APIs write it (UTC); None stays None."""
    return None if epoch is None else datetime.fromtimestamp(epoch, UTC).strftime(form)


@contextmanager
def under_lock(call: Call, world: World) -> Iterator[Call]:
    """Hold the world for the body, whose stdout is written out afterwards: a full pipe must hold nobody up."""
    held = io.StringIO()
    try:
        with world.lock:
            yield replace(call, stdout=held)
    except Gone:
        raise
    except BaseException:
        call.stdout.write(held.getvalue())
        raise
    call.stdout.write(held.getvalue())
    call.stdout.flush()


def is_tty(call: Call, number: int) -> bool:
    """Whether the caller's descriptor 0, 1 or 2 is a terminal."""
    try:
        return os.isatty(call.fds[number])
    except OSError:
        return False
