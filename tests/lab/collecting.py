"""`osp-compile import --commands` with the real clients: what its script collects gives the lab's nodes back.

The lab's overcloud was deployed without a script, so the operator's deploy script and the roles file are made of the
lab's spec. The lists are what the clients answer.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from lab.results import Results
from osp_compile.diagnostics import render_text
from osp_compile.importing import collection
from osp_compile.pipeline import import_spec
from osp_compile.spec import loading
from osp_compile.spec.model import Site
from unit.importing import collected

USER, PLACE = "stack", "/home/stack/osp-import"
SCRIPT, DEPLOY, ROLES, MADE = "collect.sh", "deploy.sh", "roles_data.yaml", "collected.txt"
CARRY = 'mkdir -p "$1" && cat >"$1/$2"'
COLLECT = 'export TERM=dumb LANG=C.UTF-8; cd "$1" && bash "$2" -o "$3" "$4" 2>&1'
SECONDS = 300  # four clients, each of which may be the first to wake its service


class Undercloud(Protocol):
    """The machine that has the clients, as lab.machines has it."""

    def do(self, *words: str, stdin: str | None = None, seconds: float = 60, user: str = "root") -> str:
        """What the user's command prints; ValueError if it ends badly, TimeoutExpired if it is not in time."""


def prove(undercloud: Undercloud, spec: Path, folder: Path, results: Results) -> None:
    """Judges whether the nodes and the stack of `spec` come back; what else the import says is shown, not judged."""
    site, _ = loading.load(spec, frozenset())
    assert site is not None
    notes: list[str] = []
    try:
        text = _collected(undercloud, site, notes)
        wrong = _judged(text, site, folder, notes)
    except subprocess.TimeoutExpired as late:
        wrong = [f"the script of `import --commands`: nothing came within {late.timeout:.0f} s"]
    except ValueError as problem:
        wrong = [f"the script of `import --commands`: {problem}"]
    results.judge(f"import --commands with the real clients: {len(site.nodes)} nodes come back", wrong)
    for line in notes:
        results.put(f"             {line}")


def _collected(undercloud: Undercloud, site: Site, notes: list[str]) -> str:
    """The file that the script makes; nothing of it stays on the undercloud."""
    try:
        for name, text in _files(site).items():
            undercloud.do("bash", "-c", CARRY, "bash", PLACE, name, stdin=text, user=USER)
        words = ("bash", "-lc", COLLECT, "bash", PLACE, SCRIPT, MADE, DEPLOY)
        notes += undercloud.do(*words, seconds=SECONDS, user=USER).splitlines()
        return undercloud.do("cat", f"{PLACE}/{MADE}", user=USER)
    finally:
        with suppress(ValueError, subprocess.TimeoutExpired):
            undercloud.do("rm", "-rf", PLACE, user=USER)


def _files(site: Site) -> dict[str, str]:
    """{name: text} of what is carried to the undercloud."""
    command = collected.deploy_command(site)
    if site.deploy.roles_file:
        command = command.replace(site.deploy.roles_file, f"{PLACE}/{ROLES}")
    roles = [{**role, "HostnameFormatDefault": _hostnames(site, role["name"])} for role in collected.roles(site)]
    return {SCRIPT: collection.commands(), DEPLOY: f"{command}\n", ROLES: json.dumps(roles)}


def _hostnames(site: Site, role: str) -> str:
    """The format of the role's host names, such as `%stackname%-compute-%index%`."""
    first = next(node.name for node in site.nodes if node.role.name == role)
    return re.sub(r"\d+\Z", "%index%", first).replace(site.stack, "%stackname%", 1)


def _judged(text: str, site: Site, folder: Path, notes: list[str]) -> list[str]:
    """What of the collection does not give the site's nodes; the import's own words are added to `notes`."""
    (folder / MADE).write_text(text, "utf-8")
    output = folder / "imported.yaml"
    given: dict[str, Any] = {"collected": folder / MADE, "name": site.name, "change": site.change}
    made = import_spec(output, force=True, **given)
    said = render_text(made.diagnostics).splitlines()
    found = loading.load(output, frozenset())[0] if made.path is not None else None
    if found is None:
        return ["the spec that was imported is refused:", *(f"  {line}" for line in said)]
    notes += said
    return list(differences(site, found))


def differences(site: Site, found: Site) -> Iterator[str]:
    """A line for each node that is missing, added or other than in the lab's spec; so for the stack and its files."""
    if found.stack != site.stack:
        yield f"the stack is {found.stack}, and not {site.stack}"
    if found.env_files != site.env_files:
        yield f"the environment files are {_listed(found.env_files)}, and not {_listed(site.env_files)}"
    wanted, got = _nodes(site), _nodes(found)
    for name in sorted({*wanted, *got}):
        if wanted.get(name) != got.get(name):
            yield f"{name}: imported as {got.get(name, 'nothing')}, and it is {wanted.get(name, 'not of this site')}"


def _listed(files: Sequence[str]) -> str:
    return ", ".join(files) or "none"


def _nodes(site: Site) -> dict[str, str]:
    return {node.name: f"{node.role.name} at {node.address}" for node in site.nodes}
