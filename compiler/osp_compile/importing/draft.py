"""A spec before it is written: each value with its origin, and the questions that a person has yet to settle."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from osp_compile.diagnostics import Diagnostic, quoted
from osp_compile.importing.bash.values import Undercloud
from osp_compile.importing.deploy_words import Deploy
from osp_compile.importing.environments import Environment, Value
from osp_compile.importing.inference import UNKNOWN, Finding, Inference
from osp_compile.importing.nodes import Server
from osp_compile.importing.roles_data import CONTROL, PREFIX, KnownRole, capabilities
from osp_compile.importing.text import Entry, Note, number_of, said, unresolved
from osp_compile.spec.model import Capability
from osp_compile.spec.roles import COMMON, STOCK

ORDER: Sequence[Capability] = ("controller", "pacemaker", "compute", "dpdk", "ceph_osd", "ceph_mon")
RANKS: Sequence[tuple[int, Capability]] = ((0, "controller"), (4, "compute"), (3, "ceph_osd"), (1, "pacemaker"))
Roles = Mapping[str, frozenset[Capability]]
MONITORS: frozenset[Capability] = frozenset({"ceph_mon"})
NO_CHANGE = "CHG0000000"
SOCKET_DIR = "/var/lib/vhost_sockets"
SOCKETS = "NeutronVhostuserSocketDir"
SWITCHED_OFF = {"volumes": "CinderApi", "haproxy": "HAproxy"}
MONGODB = "OS::TripleO::Services::MongoDb"
DISPATCHER, BACKEND = "CeilometerMeterDispatcher", "CeilometerBackend"
TELEMETRY, HELP = "telemetry", "`mongodb` of the spec stays `auto`, which asks the controllers"


@dataclass(frozen=True)
class DraftNode:
    name: str
    role: str
    address: str
    how: str
    doubt: str | None = None


@dataclass(frozen=True)
class DraftRole:
    words: Mapping[str, bool]
    how: str


@dataclass
class Draft:
    """The content of the new spec; `known` has what the roles file says of each role that has nodes.

    `absent` are the services that the files switch off, by their keys in the spec.
    `nfv` is the folder of the sockets where a role has DPDK, `socket_dir` the environment file's word for it.
    """

    name: str
    change: str
    undercloud: Undercloud
    deploy: Deploy = field(default_factory=Deploy)
    has_deploy: bool = False
    has_servers: bool = False
    roles: dict[str, DraftRole] = field(default_factory=dict)
    known: Roles = field(default_factory=dict)
    nodes: list[DraftNode] = field(default_factory=list)
    fencing: Value | None = None
    nfv: str | None = None
    socket_dir: Value | None = None
    mongodb: Value | None = None  # True or False
    absent: dict[str, Value] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    @property
    def stack(self) -> str:
        return self.deploy.stack.text if self.deploy.stack else "overcloud"


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """A key that puts compute-2 before compute-10."""
    parts = [(number_of(part), part) for part in re.split(r"([0-9]+)", name.lower())]
    return tuple((-1, part) if number is None else (number, "") for number, part in parts)


def put_nodes(draft: Draft, servers: Sequence[Server], inference: Inference) -> list[Diagnostic]:
    """Adds the nodes with their roles, controllers first, computes last; each kind of doubt is reported once."""
    found = {server.name: (server, inference.role(server)) for server in servers}
    used = {finding.role for _, finding in found.values()}
    put_roles(draft, used - {UNKNOWN}, inference)
    rank = {role: _rank(draft, role) for role in used}
    ordered = sorted(found.values(), key=lambda one: (rank[one[1].role], one[1].role, natural(one[0].name)))
    draft.nodes = [_node(server, finding) for server, finding in ordered]
    return _doubts([*found.values()])


def _node(server: Server, finding: Finding) -> DraftNode:
    problem = server.address_problem if not server.address else None
    doubt = "; ".join(filter(None, (finding.doubt, f"its address: {problem}" if problem else None)))
    return DraftNode(server.name, finding.role, server.address or UNKNOWN, finding.how, doubt or None)


def _rank(draft: Draft, role: str) -> int:
    """The order of nodes: controllers, other cluster members, the rest, Ceph nodes, computes, unknown roles."""
    if role == UNKNOWN:
        return len(RANKS) + 1
    words = {word for word, has in draft.roles[role].words.items() if has} if role in draft.roles else set()
    words |= STOCK.get(role, frozenset())
    return next((rank for rank, word in RANKS if word in words), 2)


def _doubts(found: Sequence[tuple[Server, Finding]]) -> list[Diagnostic]:
    first: dict[tuple[str, str], tuple[Server, int]] = {}
    for server, finding in found:
        if finding.doubt:
            key = (finding.role, finding.doubt)
            first[key] = (first.get(key, (server, 0))[0], first.get(key, (server, 0))[1] + 1)
    problems = []
    for (role, doubt), (server, number) in first.items():
        many = f" and {number - 1} more" if number > 1 else ""
        if role == UNKNOWN:
            problems.append(
                unresolved(f"the role of {quoted(server.name)}{many}: {doubt}", server.span, "write it into the spec")
            )
        else:
            message = f"{quoted(server.name)}{many} is taken for {quoted(role)}: {doubt}"
            problems.append(said(message, server.span, "see that it is so", "unsure-role"))
    return problems


def put_roles(draft: Draft, used: set[str], inference: Inference) -> None:
    """Adds the capabilities of the roles in use where they differ from the compiler's stock roles."""
    known = _known(used, inference)
    found = _without_idle_monitors({role: known.get(role) or _usual(role) for role in used})
    draft.known = {role: words for role, words in found.items() if role in known}
    stock = _stock(found)
    for role in sorted(used):
        base = stock.get(role, frozenset())
        words = found[role] if role in known else found[role] | base
        stated = _stated(words, base)
        if stated or role not in STOCK:
            how = _how(inference.roles.get(role)) if role in known else "as such a role usually is"
            draft.roles[role] = DraftRole(stated, how)


def _stated(words: frozenset[Capability], base: frozenset[Capability]) -> dict[str, bool]:
    """{capability: whether the role has it}, for those that its stock role has otherwise."""
    return {word: word in words for word in ORDER if word in words ^ base}


def _known(used: set[str], inference: Inference) -> Roles:
    """What the roles file says of the roles in use, as far as it lists their services."""
    registry = inference.environment.services()
    return {
        role: capabilities(inference.roles[role], registry)
        for role in used
        if role in inference.roles and inference.roles[role].services
    }


def _without_idle_monitors(found: Roles) -> Roles:
    """The roles, with Ceph monitors only if there are OSDs."""
    has_osds = any("ceph_osd" in words for words in found.values())
    return found if has_osds else {role: words - MONITORS for role, words in found.items()}


def _stock(found: Roles) -> Roles:
    """The stock roles as the compiler takes them beside these: see `capabilities` of spec/roles.py."""
    has_osds = any("ceph_osd" in words for words in found.values())
    elsewhere = any("ceph_mon" in words for role, words in found.items() if role != "Controller")
    return {**STOCK, "Controller": STOCK["Controller"] | MONITORS} if has_osds and not elsewhere else STOCK


def _usual(role: str) -> frozenset[Capability]:
    if role in STOCK:
        return STOCK[role]
    words = yaml.safe_load(COMMON.get(role, "{}"))
    return frozenset(word for word in ORDER if words.get(word))


def _how(role: KnownRole | None) -> str:
    return Entry("", role.span).origin if role else ""


def put_environment(draft: Draft, environment: Environment, roles: Mapping[str, KnownRole]) -> list[Diagnostic]:
    """Adds fencing, DPDK, telemetry and templates, as the environment files and the roles file set them."""
    fencing = environment.parameters.get("EnableFencing")
    if fencing is not None and str(fencing.value).lower() in {"true", "yes", "on"}:
        draft.fencing = fencing
    registry = environment.registry
    problems = put_telemetry(draft, environment, roles)
    draft.absent = _absent(registry)
    if any(role.words.get("dpdk") for role in draft.roles.values()):
        told = environment.parameter(SOCKETS)
        draft.nfv, draft.socket_dir = told or SOCKET_DIR, environment.parameters[SOCKETS] if told else None
    if environment.templates is not None and draft.deploy.templates is None:
        value = environment.templates
        draft.deploy.templates = Entry(str(value.value), value.span)
    return [*problems, *_left_out(draft, environment)]


def _absent(registry: Mapping[str, Value]) -> dict[str, Value]:
    """The services of the spec that the files map to nothing."""
    found = {key: _none(registry.get(f"{PREFIX}{name}")) for key, name in SWITCHED_OFF.items()}
    return {key: value for key, value in found.items() if value is not None}


def put_telemetry(draft: Draft, environment: Environment, roles: Mapping[str, KnownRole]) -> list[Diagnostic]:
    """Adds whether the controllers run MongoDB, as far as the files say so; what they do not say is left open.

    Ceilometer's meters go to gnocchi unless CeilometerMeterDispatcher has `database`, which is MongoDB unless
    CeilometerBackend is another. MongoDB runs beside gnocchi too, until its service is mapped to nothing; a roles file
    may have put it on other nodes than the controllers.
    """
    off = _none(environment.registry.get(MONGODB))
    dispatcher = environment.parameters.get(DISPATCHER)
    stored = "database" in environment.words(DISPATCHER) and environment.words(BACKEND) <= {"mongodb"}
    if off is not None:
        draft.mongodb = Value(False, off.span)
        if stored and dispatcher is not None:
            message = f"{DISPATCHER} has meters go to MongoDB, whose service is switched off in {_place(off)}"
            return [said(message, dispatcher.span, "see whether the controllers run MongoDB", TELEMETRY)]
    elif stored and dispatcher is not None and _on_controllers(roles):
        draft.mongodb = Value(True, dispatcher.span)
    return _unusual_telemetry(environment)


def _unusual_telemetry(environment: Environment) -> list[Diagnostic]:
    """A diagnostic for each parameter of Ceilometer that has another word than the templates know."""
    return [
        said(f"{name} is something else than {' or '.join(sorted(words))}", value.span, HELP, TELEMETRY)
        for name, words in ((DISPATCHER, {"gnocchi", "database"}), (BACKEND, {"mongodb", "mysql"}))
        if (value := environment.parameters.get(name)) is not None
        and not (environment.words(name) and environment.words(name) <= words)
    ]


def _on_controllers(roles: Mapping[str, KnownRole]) -> bool:
    """Whether MongoDB's service is one of the controllers', as it is where no roles file says otherwise."""
    service = MONGODB.removeprefix(PREFIX)
    return not roles or any(service in role.services for role in roles.values() if CONTROL & role.services)


def _place(value: Value) -> str:
    return Entry("", value.span).origin


def _left_out(draft: Draft, environment: Environment) -> list[Diagnostic]:
    """What the files only hint at, which a person has to add; the draft notes it too."""
    problems = []
    if environment.has_deployed_servers:
        span = environment.registry["OS::TripleO::Server"].span
        message = "this overcloud has hosts that the undercloud did not deploy, and no list of it has them"
        problems.append(unresolved(message, span, "write them under `nodes` with `deployed_server: true`"))
        draft.notes.append(Note(f"{message}: add them with `deployed_server: true`", span))
    if draft.deploy.answers_file and draft.deploy.templates is None:
        span = draft.deploy.answers_file.span
        message = "the answers file names the template collection, and it was not given"
        problems.append(unresolved(message, span, "give it with --templates, or say `deploy: {templates: ...}`"))
        draft.notes.append(Note(message, span))
    return problems


def _none(value: Value | None) -> Value | None:
    return value if value is not None and value.value == "OS::Heat::None" else None


def count_problems(draft: Draft, environment: Environment) -> list[Diagnostic]:
    """A diagnostic for each role whose node count in the environment files differs from the listed servers."""
    found: dict[str, int] = {}
    for node in draft.nodes:
        found[node.role] = found.get(node.role, 0) + 1
    problems = []
    for name, value in environment.parameters.items():
        role, number = name.removesuffix("Count"), number_of(str(value.value))
        if name.endswith("Count") and number is not None and draft.nodes and number != found.get(role, 0):
            message = f"{quoted(name)} is {number}, and the servers listed have {found.get(role, 0)} of that role"
            problems.append(
                said(message, value.span, "see that the list is whole and the roles are right", "role-count")
            )
    return problems
