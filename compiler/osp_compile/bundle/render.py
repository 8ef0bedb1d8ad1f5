"""The bundle's files as text: scripts, runbook and manifest are three arrangements of the same plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

import jinja2
from jinja2.bccache import Bucket

from osp_compile import __version__
from osp_compile.bundle.library import Library, read_library, words_of_script
from osp_compile.bundle.manifest import manifest
from osp_compile.bundle.page.decisions import decisions
from osp_compile.bundle.page.rendering import page
from osp_compile.bundle.shell_variables import shell_variables, site_values
from osp_compile.bundle.step_text import StepText, render_steps
from osp_compile.bundle.values_shown import Values
from osp_compile.guide import durations
from osp_compile.guide.model import Section, Step
from osp_compile.guide.plan import Plan, groups_of, nodes_changed
from osp_compile.shell import quoting
from osp_compile.shell.folding import folded
from osp_compile.spec.model import Site
from osp_compile.text_width import comment_lines, display_pad, hanging

Texts = Mapping[str, StepText]


class _Compiled(jinja2.BytecodeCache):
    """A cache of the templates that this process has compiled: each bundle is rendered twice."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


COMPILED = _Compiled()


@dataclass(frozen=True)
class File:
    """One file of the bundle; `path` is relative to it."""

    path: str
    text: str
    executable: bool = False


def render(
    plan: Plan, templates: Path, quote: quoting.Quoting = quoting.AS_THEY_ARE, *, paged: bool = True
) -> tuple[File, ...]:
    """Every file of the bundle but SHA256SUMS, sorted by path; index.html only if `paged`."""
    settings = shell_variables(plan.site)
    environment = _environment(templates, plan.site, settings, quote)
    plan, texts = render_steps(environment, plan, settings)
    library = read_library(templates / "_runtime")
    files = [
        *(_script(environment, section, settings, texts, library) for section in plan.sections),
        *_runtime(templates),
        *_data(plan),
        *_shown_before(environment, plan, texts),
        *_installed(environment, plan),
        *_layouts(environment, plan, texts),
        File("runbook", _driver(templates, library), executable=True),
    ]
    if paged:
        values = site_values(next(file.text for file in files if file.path == "lib/site.sh"))
        files.append(File("index.html", page(plan, texts, values, templates, COMPILED)))
    files.append(File("manifest.json", manifest(plan, (file.path for file in files))))
    return tuple(sorted(files, key=lambda file: file.path))


def _environment(templates: Path, site: Site, settings: Values, quote: quoting.Quoting) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - shell and markdown, quoted by our own filters
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=COMPILED,
    )
    filters: Mapping[str, Callable[..., object]] = {
        "sh": quote.sh,
        "sh_quoted": quote.sh_quoted,
        "sh_words": quote.sh_words,
        "ssh_host": quoting.ssh_host,
        "url_host": quoting.url_host,
        "comment": quote.comment,
        "comment_lines": comment_lines,
        "pad": display_pad,
        "folded": folded,
        "hanging": hanging,
    }
    environment.filters.update(filters)
    environment.tests["plain"] = quoting.plain
    environment.globals.update(site=site, language=site.language, variables=settings)
    return environment


def _script(
    environment: jinja2.Environment, section: Section, settings: Values, texts: Texts, library: Library
) -> File:
    steps = [(step, texts[step.id].text) for step in section.steps]
    sources = library.needed_by(text for _, text in steps)
    defined = _files_that_define(library, settings, [text for _, text in steps])
    text = environment.get_template("_layouts/section.sh.j2").render(
        section=section, texts=steps, sources=sources, defined=defined
    )
    return File(f"{section.name}.sh", text, executable=True)


def _files_that_define(library: Library, settings: Values, texts: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """(file, words) of each library file that the steps use, and the site's settings that they read."""
    read = frozenset().union(*map(words_of_script, texts)).intersection(settings)
    of_site = [("site.sh", tuple(sorted(read)))] if read else []
    return sorted([*library.words_of(texts), *of_site])


def _runtime(templates: Path) -> list[File]:
    folder = templates / "_runtime"
    return [
        File(f"lib/{file.relative_to(folder).as_posix()}", file.read_text("utf-8"))
        for file in sorted(folder.rglob("*"))
        if file.suffix in {".sh", ".py", ".tsv"}
    ]


def _data(plan: Plan) -> list[File]:
    site = plan.site
    nodes = ["# name\trole\taddress\tgroups"]
    nodes += [f"{node.name}\t{node.role.name}\t{node.address}\t{','.join(groups_of(node))}" for node in site.nodes]
    targets = _targets(site)
    instances = [f"{row.server}\t{row.rc_file}" for row in (site.nfv.instances if site.nfv else ())]
    waivers = [f"{waiver.step}\t{quoting.comment(waiver.reason)}" for waiver in site.waivers]
    accepted = [f"ceph\t{entry.check}\t{quoting.comment(entry.reason)}" for entry in site.accepted_ceph]
    contacts = [f"{quoting.comment(contact.who)}\t{quoting.comment(contact.reach)}" for contact in site.contacts]
    tables = {
        "nodes": nodes, "targets": targets, "nfv_instances": instances, "waivers": waivers, "accepted": accepted,
        "sections": _sections(plan), "contacts": contacts,
    }  # fmt: skip
    return [File(f"lib/{name}.tsv", "".join(f"{row}\n" for row in rows)) for name, rows in tables.items()]


LONG = 10  # minutes: a section that may take so long besides its nodes' own time has steps that print nothing for long


def _sections(plan: Plan) -> list[str]:
    """Id, script, sections before it, title, how long it takes, and whether its steps of low risk may take long too."""
    here = {section.id for section in plan.sections}
    rows = []
    for section in plan.sections:
        needs = " ".join(need for need in section.needs if need in here) or "-"
        title = quoting.comment(section.title.get(plan.site.language))
        takes = durations.words(section, plan.site)
        long = section.duration is not None and section.duration.once.most >= LONG
        facts = [section.id, f"{section.name}.sh", needs, title, takes.en if takes else "-", "long" if long else "-"]
        rows.append("\t".join(facts))
    return rows


def _targets(site: Site) -> list[str]:
    """{compute: where its instances go} under the policy `target`: as the spec says, else to the next in a ring."""
    if site.compute_reboot.migrate != "target":
        return []
    names = [node.name for node in site.nodes_with("compute")]
    return [
        f"{name}\t{site.compute_reboot.targets.get(name, names[(at + 1) % len(names)])}"
        for at, name in enumerate(names)
    ]


def _shown_before(environment: jinja2.Environment, plan: Plan, texts: Texts) -> Iterator[File]:
    """What the operator is shown before a step: its commands, and what they do where it is asked about."""
    for section in plan.sections:
        for step in section.steps:
            if step.shape != "check":
                yield _commands(section, step, texts)
            if step.risk != "low":
                yield _effect(environment, section, step, plan.site)


def _commands(section: Section, step: Step, texts: Texts) -> File:
    return File(f"lib/commands/{section.id}-{step.name}.txt", texts[step.id].shown)


def _effect(environment: jinja2.Environment, section: Section, step: Step, site: Site) -> File:
    """What a step that is asked about does to the site, how long its section takes, and how to go back."""
    takes = durations.words(section, site)
    text = environment.get_template("_layouts/before.txt.j2").render(section=section, step=step, takes=takes)
    return File(f"lib/before/{section.id}-{step.name}.txt", text)


def _installed(environment: jinja2.Environment, plan: Plan) -> list[File]:
    """The files of the section's files/ folder, which it installs; those that end in .j2 are rendered."""
    found = []
    for section in plan.sections:
        for file in sorted((section.folder / "files").glob("*")):
            text = file.read_text("utf-8")
            if file.suffix == ".j2":
                text = environment.from_string(text).render()
            found.append(File(f"files/{file.name.removesuffix('.j2')}", text))
    return found


def _layouts(environment: jinja2.Environment, plan: Plan, texts: Texts) -> list[File]:
    shown = {
        step.id: texts[step.id].shown for section in plan.sections for step in section.steps if step.shape != "check"
    }

    def layout(name: str) -> str:
        return environment.get_template(f"_layouts/{name}.j2").render(
            sections=plan.sections,
            shown=shown,
            gates={id: text.gate for id, text in texts.items()},
            nodes={section.id: nodes_changed(section, plan.site) for section in plan.sections},
            durations={section.id: durations.words(section, plan.site) for section in plan.sections},
            window=durations.in_words(durations.total(plan.sections, plan.site), plan.site.language),
            decisions=decisions(plan),
            version=__version__,
        )

    return [
        File("README.md", layout("README.md")),
        File("RUNBOOK.md", layout("RUNBOOK.md")),
        File("lib/site.sh", layout("site.sh")),
    ]


def _driver(templates: Path, library: Library) -> str:
    """The script `runbook`, the operator's entry point; it sources the runtime, then the library files that it uses."""
    text = (templates / "_layouts/runbook_command.sh").read_text("utf-8")
    lines = "".join(f". lib/{source}\n" for source in library.needed_by([text]))
    return text.replace(". lib/runtime.sh\n", f". lib/runtime.sh\n{lines}", 1)
