"""The bundle's files as text: scripts, runbook and manifest are three arrangements of the same plan."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, cast

import jinja2

from osp_compile import quoting
from osp_compile.commands import commands_of
from osp_compile.library import Library, read_library
from osp_compile.model import Language, Site
from osp_compile.plan import Plan, deadline_of, groups_of
from osp_compile.scalars import scalars
from osp_compile.section import DEPARTURE, Section, Step
from osp_compile.wrap import comment_lines, display_pad


@dataclass(frozen=True)
class File:
    """One file of the bundle; `path` is relative to it."""

    path: str
    text: str
    executable: bool = False


def render(plan: Plan, templates: Path) -> tuple[File, ...]:
    """Every file of the bundle but SHA256SUMS, sorted by path."""
    environment = _environment(templates, plan.site)
    plan = _as_rendered(environment, plan)
    library = read_library(templates / "_runtime")
    files = [
        *(_script(environment, section, library) for section in plan.sections),
        *_runtime(templates),
        *_data(plan.site),
        *(
            _commands(environment, plan.site, section, step)
            for section in plan.sections
            for step in section.steps
            if step.shape != "check"
        ),
        *_installed(environment, plan),
        *_layouts(environment, templates, plan),
    ]
    files.append(File("manifest.json", _manifest(plan, files)))
    return tuple(sorted(files, key=lambda file: file.path))


def _environment(templates: Path, site: Site) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - shell and markdown, quoted by our own filters
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: Mapping[str, Callable[..., object]] = {
        "sh": quoting.sh,
        "sh_quoted": quoting.sh_quoted,
        "sh_words": quoting.sh_words,
        "ssh_host": quoting.ssh_host,
        "url_host": quoting.url_host,
        "comment": quoting.comment,
        "comment_lines": comment_lines,
        "pad": display_pad,
    }
    environment.filters.update(filters)
    environment.globals.update(site=site, language=site.language, scalars=scalars(site), deadline_of=deadline_of)
    return environment


def _as_rendered(environment: jinja2.Environment, plan: Plan) -> Plan:
    """The plan with only those departures that this site's policy brings about: a policy's branches have their own."""

    def only_marked(step: Step) -> Step:
        marked = set(DEPARTURE.findall(_policy_text(environment, step)))
        return replace(step, departures=tuple(found for found in step.departures if found.key in marked))

    sections = (replace(part, steps=tuple(only_marked(step) for step in part.steps)) for part in plan.sections)
    return replace(plan, sections=tuple(sections))


def _policy_text(environment: jinja2.Environment, step: Step) -> str:
    text = step.file.read_text("utf-8")
    return environment.from_string(text).render() if step.file.suffix == ".j2" else text


def step_text(environment: jinja2.Environment, step: Step) -> str:
    """The step's shell with its policy rendered and its departures spelled out."""
    text = _policy_text(environment, step)
    language = cast(Language, environment.globals["language"])
    reasons = {departure.key: departure.reason.get(language) for departure in step.departures}

    def spell_out(found: Any) -> str:
        indent = found.group(0)[: len(found.group(0)) - len(found.group(0).lstrip())].strip("\n")
        return "\n".join(
            f"{indent}{line}" for line in comment_lines(f"departs: {reasons[found.group(1)]}", 116 - len(indent), "  ")
        )

    return DEPARTURE.sub(spell_out, text).strip("\n")


def _script(environment: jinja2.Environment, section: Section, library: Library) -> File:
    texts = [(step, step_text(environment, step)) for step in section.steps]
    sources = library.needed_by(text for _, text in texts)
    text = environment.get_template("_layouts/section.sh.j2").render(section=section, texts=texts, sources=sources)
    return File(f"{section.name}.sh", text, executable=True)


def _runtime(templates: Path) -> list[File]:
    folder = templates / "_runtime"
    return [
        File(f"lib/{file.name}", file.read_text("utf-8"))
        for file in sorted(folder.iterdir())
        if file.suffix in {".sh", ".py"}
    ]


def _data(site: Site) -> list[File]:
    nodes = ["# name\trole\taddress\tgroups"]
    nodes += [f"{node.name}\t{node.role.name}\t{node.address}\t{','.join(groups_of(node))}" for node in site.nodes]
    targets = _targets(site)
    instances = [f"{row.server}\t{row.rc_file}" for row in (site.nfv.instances if site.nfv else ())]
    waivers = [f"{waiver.step}\t{quoting.comment(waiver.reason)}" for waiver in site.waivers]
    tables = {"nodes": nodes, "targets": targets, "nfv_instances": instances, "waivers": waivers}
    return [File(f"lib/{name}.tsv", "".join(f"{row}\n" for row in rows)) for name, rows in tables.items()]


def _targets(site: Site) -> list[str]:
    """Where a compute's instances go under the policy `target`: as the spec says, else to the next in a ring."""
    if site.compute_reboot.migrate != "target":
        return []
    names = [node.name for node in site.nodes_with("compute")]
    return [
        f"{name}\t{site.compute_reboot.targets.get(name, names[(at + 1) % len(names)])}"
        for at, name in enumerate(names)
    ]


def _commands(environment: jinja2.Environment, site: Site, section: Section, step: Step) -> File:
    function = "attend" if step.shape == "attended" else "apply"
    text = commands_of(step_text(environment, step), f"{step.name}_{function}", site)
    return File(f"lib/commands/{section.id}-{step.name}.txt", text)


def _installed(environment: jinja2.Environment, plan: Plan) -> list[File]:
    """What a section brings along for installation: its files/ folder, rendered where it ends in .j2."""
    found = []
    for section in plan.sections:
        for file in sorted((section.folder / "files").glob("*")):
            text = file.read_text("utf-8")
            if file.suffix == ".j2":
                text = environment.from_string(text).render()
            found.append(File(f"files/{file.name.removesuffix('.j2')}", text))
    return found


def _layouts(environment: jinja2.Environment, templates: Path, plan: Plan) -> list[File]:
    texts = {step.id: step_text(environment, step) for section in plan.sections for step in section.steps}
    shown = {
        step.id: commands_of(
            texts[step.id], f"{step.name}_{'attend' if step.shape == 'attended' else 'apply'}", plan.site
        )
        for section in plan.sections
        for step in section.steps
        if step.shape != "check"
    }

    def layout(name: str) -> str:
        return environment.get_template(f"_layouts/{name}.j2").render(
            plan=plan, sections=plan.sections, texts=texts, shown=shown
        )

    return [
        File("README.md", layout("README.md")),
        File("RUNBOOK.md", layout("RUNBOOK.md")),
        File("lib/site.sh", layout("site.sh")),
        File("runbook", _driver(templates), executable=True),
    ]


def _driver(templates: Path) -> str:
    """The operator's front door, with the files of the library it uses sourced after the runtime."""
    text = (templates / "_layouts/runbook.sh").read_text("utf-8")
    sources = read_library(templates / "_runtime").needed_by([text])
    lines = "".join(f". lib/{source}\n" for source in sources)
    return text.replace(". lib/runbook.sh\n", f". lib/runbook.sh\n{lines}", 1)


def _manifest(plan: Plan, files: list[File]) -> str:
    document = {
        "format": 1,
        "site": _plain_site(plan.site),
        "sections": [_plain_section(section, plan.site) for section in plan.sections],
        "files": sorted(file.path for file in files),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _plain_site(site: Site) -> dict[str, Any]:
    policy = replace(site.compute_reboot, targets=dict(site.compute_reboot.targets))
    data = asdict(replace(site, nodes=(), compute_reboot=policy))
    if data["nfv"]:
        del data["nfv"]["post_install_text"]
    data["nodes"] = [
        {
            "name": node.name,
            "role": node.role.name,
            "address": node.address,
            "capabilities": sorted(node.role.capabilities),
        }
        for node in site.nodes
    ]
    return data


def _plain_section(section: Section, site: Site) -> dict[str, Any]:
    return {
        "id": section.id,
        "script": f"{section.name}.sh",
        "guide": section.guide,
        "title": asdict(section.title),
        "needs": section.needs,
        "errata": [asdict(erratum) for erratum in section.errata],
        "steps": [
            {
                "id": step.id,
                "name": step.name,
                "title": asdict(step.title),
                "shape": step.shape,
                "risk": step.risk,
                "runs_on": step.runs_on,
                "for_each": step.group,
                "bracket": step.bracket,
                "covers": step.covers,
                "deadline": deadline_of(step, site),
                "changes": step.changes,
                "departures": [asdict(departure) for departure in step.departures],
            }
            for step in section.steps
        ],
    }
