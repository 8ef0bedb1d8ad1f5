"""`osp-compile import`: makes one draft of a spec from all files that were given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from osp_compile.diagnostics import Diagnostic, has_errors, in_order
from osp_compile.importing import (
    baremetal,
    collection,
    deploy_command,
    deploy_script,
    deploy_words,
    roles_data,
    server_list,
    services,
)
from osp_compile.importing.bash.tree import LARGEST
from osp_compile.importing.bash.values import Undercloud
from osp_compile.importing.deploy_command import Command
from osp_compile.importing.deploy_words import STOCK, Deploy
from osp_compile.importing.draft import NO_CHANGE, Draft, count_problems, put_environment, put_nodes
from osp_compile.importing.environments import Environment, add, carried, gather, known_by_name
from osp_compile.importing.inference import FLAVOR_OPTIONS, Inference
from osp_compile.importing.nodes import Server
from osp_compile.importing.roles_data import KnownRole
from osp_compile.importing.text import Text, as_seen, read, said, without

# the kinds of source that people copy from a terminal
SEEN = frozenset(("deploy", "servers", "baremetal", "services"))


@dataclass(frozen=True)
class Wish:
    """What was given on the command line; paths are of this machine, `undercloud` has those of the undercloud.

    `deployed` are the hosts, in lower case, that a spec has and that the undercloud did not deploy.
    """

    deploy: Path | None = None
    command: int | None = None
    servers: Path | None = None
    baremetal: Path | None = None
    instackenv: Path | None = None
    roles: Path | None = None
    services: tuple[Path, ...] = ()
    templates: tuple[Path, ...] = ()
    collected: Path | None = None
    name: str | None = None
    change: str | None = None
    undercloud: Undercloud = field(default_factory=Undercloud)
    deployed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Imported:
    """The draft, or None if nothing could be made of the input, and the diagnostics."""

    draft: Draft | None
    diagnostics: tuple[Diagnostic, ...]


class _Import:
    """Gathers what the sources say; `texts` maps a kind of source to the texts of that kind."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.undercloud = wish.undercloud
        self.found: list[Diagnostic] = []
        self.texts: dict[str, list[Text]] = {}
        self.refused = False

    def all(self) -> Imported:
        self._read()
        deploy, has_deploy = self._deploy()
        if self.refused:
            return Imported(None, self._told(deploy))
        environment = self._environment(deploy)
        known_by_name(environment, [entry.text for entry in deploy.env_files])
        draft = Draft("", "", self.undercloud, deploy, has_deploy)
        draft.name, draft.change = self.wish.name or draft.stack, self.wish.change or NO_CHANGE
        roles = self._roles(deploy)
        self._nodes(draft, roles, environment)
        self.found += put_environment(draft, environment, roles)
        self.found += count_problems(draft, environment)
        if self.wish.change is None:
            self.found.append(said("the number of the change is in no file", None, "say `--change`", "no-change"))
        return Imported(draft, self._told(deploy))

    def _told(self, deploy: Deploy) -> tuple[Diagnostic, ...]:
        return without(deploy.secrets, in_order((*self.found, *deploy.diagnostics)))

    def _read(self) -> None:
        wish = self.wish
        given = [(kind, getattr(wish, kind)) for kind in ("deploy", "servers", "baremetal", "instackenv", "roles")]
        given += [("services", path) for path in wish.services]
        for kind, path in given:
            if path is not None:
                self._take(kind, read(path, LARGEST) if kind == "deploy" else read(path))
        if wish.collected is not None:
            self._take_collection(read(wish.collected, 64 * 1024 * 1024))

    def _take(self, kind: str, text: Text | Diagnostic) -> None:
        if isinstance(text, Diagnostic):
            self.found.append(text)
            self.refused = True
        else:
            self.texts.setdefault(kind, []).append(as_seen(text) if kind in SEEN else text)

    def _take_collection(self, text: Text | Diagnostic) -> None:
        if isinstance(text, Diagnostic):
            self._take("", text)
            return
        parts, problems = collection.parts(text)
        self.found += problems
        self.refused = self.refused or has_errors(problems)
        self.undercloud = collection.undercloud(text, self.undercloud)
        named = frozenset(self.texts)
        for part in parts:
            # what was named on the command line is newer than what was carried over
            if part.kind not in named or part.kind in collection.MANY:
                self._take(part.kind, part.text)

    def _deploy(self) -> tuple[Deploy, bool]:
        if not self.texts.get("deploy"):
            return Deploy(), False
        commands = self._deploy_commands(self.texts["deploy"])
        chosen, problems = deploy_command.choose(commands, self.wish.command) if commands else (None, [])
        self.found += problems
        if chosen is None:
            self.refused = True
            return Deploy(), False
        deploy = deploy_words.read(chosen)
        self.refused = self.refused or any(one.code == "deploy-command" for one in deploy.diagnostics)
        return deploy, True

    def _deploy_commands(self, texts: Sequence[Text]) -> list[Command]:
        """The deploy commands of all scripts; a script without any is reported if no other has one."""
        commands, problems = [], []
        for text in texts:
            found, wrong = deploy_script.find(text, self._where(text), self._folder(text))
            commands += found
            problems += wrong
        if commands and len(texts) > 1:
            problems = [problem for problem in problems if problem.code != "no-deploy-command"]
        self.found += problems
        return commands

    def _folder(self, text: Text) -> Path | None:
        """The folder of the script on this machine, with files that it reads; None for one of a collection."""
        given = self.wish.deploy
        return given.parent if given is not None and text.file == str(given) and given.is_file() else None

    def _where(self, text: Text) -> Undercloud:
        """The undercloud of the deploy script; a script from the collection is named by its own path there."""
        script = self.undercloud.script or (text.file if text.file.startswith("/") and self.wish.collected else None)
        return Undercloud(self.undercloud.user, self.undercloud.home, script, self.undercloud.folder)

    def _environment(self, deploy: Deploy) -> Environment:
        files = carried(self.wish.templates)
        wanted = [entry.text for entry in deploy.env_files if not entry.problem]
        for entry in reversed([*filter(None, [deploy.answers_file])]):
            wanted.insert(0, entry.text)
        folders = [entry.text.rstrip("/") for entry in deploy.directories]
        wanted = [*_in_folders(files, folders), *wanted]
        environment, problems = gather(files, wanted)
        for text in collection.of_paths(self.texts.get("environment", ()), wanted):
            problems += add(environment, text)
        self.found += problems
        return environment

    def _roles(self, deploy: Deploy) -> dict[str, KnownRole]:
        found: dict[str, KnownRole] = {}
        texts = self.texts.get("roles", [])
        if self.wish.roles is None:
            # of the collected roles files, the one that the deploy command names, else that of its templates
            templates = deploy.templates.text.rstrip("/") if deploy.templates else STOCK
            own = deploy.roles_file.text if deploy.roles_file else f"{templates}/roles_data.yaml"
            texts = collection.of_paths(texts, [own])
        for text in texts[:1]:
            roles, problems = roles_data.read(text)
            self.found += problems
            found.update(roles)
        return found

    def _nodes(self, draft: Draft, roles: dict[str, KnownRole], environment: Environment) -> None:
        servers: list[Server] = []
        for text in self.texts.get("servers", ()):
            some, problems = server_list.read(text)
            servers += some
            self.found += problems
        draft.has_servers = bool(servers)
        if not servers:
            if "servers" not in self.texts:
                self.found.append(
                    said("no list of servers was given", None, "add --servers; `nodes` is empty", "no-servers")
                )
            return
        for kind, reader in (("baremetal", baremetal.read), ("instackenv", baremetal.instackenv)):
            for text in self.texts.get(kind, ()):
                machines, problems = reader(text)
                self.found += [*problems, *baremetal.tag(servers, machines)]
                self._use(text, problems, baremetal.are_among(machines, servers))
        self._services(servers)
        inference = Inference(draft.stack, roles, environment, _flavors(draft.deploy, environment))
        self.found += put_nodes(draft, servers, inference)

    def _services(self, servers: Sequence[Server]) -> None:
        for text in self.texts.get("services", ()):
            before = sum(len(server.services) for server in servers)
            problems = services.read(text, servers, self.wish.deployed)
            self.found += problems
            used = sum(len(server.services) for server in servers) > before
            self._use(text, [one for one in problems if one.severity == "error"], used)

    def _use(self, text: Text, problems: Sequence[Diagnostic], used: bool) -> None:
        """Warns of a file of the command line that mentions none of the servers: another may have been meant."""
        given = map(str, filter(None, (self.wish.baremetal, self.wish.instackenv, *self.wish.services)))
        if not used and not problems and text.file in given:
            message = "nothing in this file is about one of the servers, so that it was of no use"
            self.found.append(said(message, text.whole(), "see that it is the file that was meant", "unused-list"))


def _in_folders(files: Sequence[Path], folders: Sequence[str]) -> list[str]:
    """The carried files in the folders of --environment-directory, sorted as the client sorts them."""
    found = []
    for folder in folders:
        tail = Path(folder).name
        found += sorted(
            f"{folder}/{path.name}" for path in files if path.parent.name == tail and path.suffix == ".yaml"
        )
    return found


def _flavors(deploy: Deploy, environment: Environment) -> dict[str, str]:
    """{flavor: role} for flavors that only one role has."""
    pairs = [
        (deploy.extra[number + 1].text, FLAVOR_OPTIONS[entry.text])
        for number, entry in enumerate(deploy.extra[:-1])
        if entry.text in FLAVOR_OPTIONS
    ]
    for name, value in environment.parameters.items():
        if name.startswith("Overcloud") and name.endswith("Flavor") and isinstance(value.value, str):
            role = name.removeprefix("Overcloud").removesuffix("Flavor")
            pairs.append((value.value, {"Control": "Controller", "SwiftStorage": "ObjectStorage"}.get(role, role)))
    roles: dict[str, set[str]] = {}
    for flavor, role in pairs:
        roles.setdefault(flavor, set()).add(role)
    return {flavor: next(iter(found)) for flavor, found in roles.items() if len(found) == 1}


def import_site(wish: Wish) -> Imported:
    """A draft of the site's spec from everything that was given. Nothing is run, and nothing is written."""
    return _Import(wish).all()
