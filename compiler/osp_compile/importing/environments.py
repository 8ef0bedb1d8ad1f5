"""Environment files: what their parameters say about a site. Passwords and keys in them are not kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import basename
from typing import Any

from osp_compile.diagnostics import Diagnostic, Span
from osp_compile.importing import plain_yaml
from osp_compile.importing.roles_data import PREFIX, Registry
from osp_compile.importing.text import Text, read, said

# the only parameters that are read
LOOKED_AT = re.compile(
    r"\w+Count|\w+HostnameFormat|HostnameMap|Overcloud\w+Flavor|EnableFencing|NeutronVhostuserSocketDir"
    r"|NovaEnableNUMALiveMigration|NeutronDpdk\w+|CeilometerBackend|CeilometerMeterDispatcher|DeployedServer\w+"
)
NONE = "OS::Heat::None"
SERVER = "OS::TripleO::Server"
DPDK_FILE = "neutron-ovs-dpdk.yaml"
DPDK_SERVICE = "ComputeNeutronOvsAgent"
MOST_FILES = 2000


@dataclass(frozen=True)
class Value:
    value: Any
    span: Span


@dataclass
class Environment:
    """The settings of all files together; the last file that sets a parameter wins. `read` has the files' names."""

    parameters: dict[str, Value] = field(default_factory=dict)
    registry: dict[str, Value] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    templates: Value | None = None

    def parameter(self, name: str) -> str | None:
        found = self.parameters.get(name)
        return found.value if found is not None and isinstance(found.value, str) else None

    def words(self, name: str) -> frozenset[str]:
        """The texts of a parameter that is one, several with commas between them, or a list; empty if it is not set."""
        found = self.parameters.get(name)
        values = found.value if found is not None and isinstance(found.value, list) else [self.parameter(name) or ""]
        words = (word.strip().lower() for value in values if isinstance(value, str) for word in value.split(","))
        return frozenset(filter(None, words))

    def hostnames(self) -> Mapping[str, str]:
        """HostnameMap: {the node's default name: the name that it has}."""
        found = self.parameters.get("HostnameMap")
        if found is None or not isinstance(found.value, dict):
            return {}
        return {old: new for old, new in found.value.items() if isinstance(new, str)}

    def services(self) -> Registry:
        mapped = {
            name.removeprefix(PREFIX): str(one.value) for name, one in self.registry.items() if name.startswith(PREFIX)
        }
        none = frozenset(name for name, value in mapped.items() if value == NONE)
        return Registry(none, frozenset(name for name, value in mapped.items() if "ovs-dpdk" in basename(value)))

    @property
    def has_deployed_servers(self) -> bool:
        found = self.registry.get(SERVER)
        return found is not None and "deployed-server" in str(found.value)


def add(environment: Environment, text: Text) -> list[Diagnostic]:
    """Adds the settings of one file; a file that is not an environment file adds nothing."""
    data, lines = plain_yaml.load(text)
    if isinstance(data, Diagnostic):
        return [data]
    if not isinstance(data, dict):
        return []
    environment.read.append(basename(text.file))

    def values(section: str) -> Iterator[tuple[str, Value]]:
        found = data.get(section)
        for name, value in found.items() if isinstance(found, dict) else ():
            yield name, Value(value, text.at(lines.get((section, name), 1)))

    for name, value in (*values("parameters"), *values("parameter_defaults")):
        if LOOKED_AT.fullmatch(name):
            environment.parameters[name] = value
    for name, value in values("resource_registry"):
        if name.startswith("OS::TripleO::") and isinstance(value.value, str):
            environment.registry[name] = value
    templates = data.get("templates")
    if isinstance(templates, str) and "environments" in data:
        environment.templates = Value(templates, text.at(lines.get(("templates",), 1)))
    return []


def known_by_name(environment: Environment, files: Iterable[str]) -> None:
    """Adds the settings of a stock file that are known from its name alone, so that nobody had to carry it over."""
    name = f"{PREFIX}{DPDK_SERVICE}"
    if name not in environment.registry and any(basename(file) == DPDK_FILE for file in files):
        span = Span(DPDK_FILE, 0, 0, 0)
        environment.registry[name] = Value("../puppet/services/neutron-ovs-dpdk-agent.yaml", span)


def carried(folders: Sequence[Path]) -> list[Path]:
    """The files that were carried over: those given, and the *.yaml in the folders given, sorted."""
    found: list[Path] = []
    for folder in folders:
        if folder.is_dir():
            found += sorted(path for path in folder.rglob("*.y*ml") if path.is_file())[:MOST_FILES]
        else:
            found.append(folder)
    return found


def matching(files: Sequence[Path], wanted: str) -> Path | None:
    """The carried file whose path has the longest end in common with `wanted`, the path in the deploy command."""
    parts = [part for part in wanted.split("/") if part]

    def shared(path: Path) -> int:
        number = 0
        for one, other in zip(reversed(path.parts), reversed(parts), strict=False):
            if one != other:
                break
            number += 1
        return number

    best = max(files, key=shared, default=None)
    return best if best is not None and shared(best) else None


def gather(files: Sequence[Path], wanted: Sequence[str]) -> tuple[Environment, list[Diagnostic]]:
    """The settings of the files, in the deploy command's order if there is one; a diagnostic for each missing file."""
    environment, problems = Environment(), []
    found = {path: matching(files, path) for path in wanted}
    order = [path for path in found.values() if path is not None] if wanted else list(files)
    for path in order:
        text = read(path)
        problems += [text] if isinstance(text, Diagnostic) else add(environment, text)
    return environment, [*problems, *(_missing(found) if files else ())]


def _missing(found: Mapping[str, Path | None]) -> list[Diagnostic]:
    """What there is to say of the files that the deploy command names and that were not carried over."""
    paths = [path for path, file in found.items() if file is None]
    if not paths:
        return []
    names = ", ".join(paths[:4]) + (", ..." if len(paths) > 4 else "")
    message = f"{len(paths)} of {len(found)} environment files are not among those given: {names}"
    help = "what they set (host names, fencing, DPDK) is not known; give them with --templates"
    return [said(message, None, help, "environment-missing")]
