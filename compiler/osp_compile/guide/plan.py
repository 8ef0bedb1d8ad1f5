"""Which sections and steps a site needs, and which of its nodes each group holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from osp_compile.guide.model import Section, Step, Text, VariedText
from osp_compile.spec.model import Node, Site
from osp_compile.spec.rules.environments import STOCK_TEMPLATES


def _has_osd_nodes(site: Site) -> bool:
    return any("ceph_osd_nodes" in groups_of(node) for node in site.nodes)


WHEN: Mapping[str, Callable[[Site], bool]] = {
    "always": lambda _: True,
    "nfv": lambda site: site.nfv is not None,
    "nfv_cold_migrate": lambda site: site.nfv is not None and site.nfv.strategy == "cold-migrate",
    "nfv_snapshot": lambda site: site.nfv is not None and site.nfv.strategy == "snapshot",
    "ceph": lambda site: bool(site.nodes_with("ceph_mon") and site.nodes_with("ceph_osd")),
    "ceph_osd_nodes": _has_osd_nodes,
    "hyperconverged": lambda site: any("hyperconverged" in groups_of(node) for node in site.nodes),
    "computes": lambda site: bool(site.nodes_with("compute")),
    "composable": lambda site: any("composable" in groups_of(node) for node in site.nodes),
    "pacemaker": lambda site: bool(site.nodes_with("pacemaker")),
    "controllers": lambda site: bool(site.nodes_with("controller")),
    "update_images": lambda site: site.images == "update",
    "delete_old_images": lambda site: site.images == "update" and site.old_images == "delete",
    "mongodb": lambda site: site.mongodb != "false",
    "copy_to": lambda site: site.backup.copy_to is not None,
    "no_copy_to": lambda site: site.backup.copy_to is None,
    "fencing": lambda site: site.fencing,
    "stuck_fails": lambda site: site.compute_reboot.stuck == "fail",
    "stops_instances": lambda site: site.compute_reboot.stuck in ("stop", "leave"),
    "stops_no_instance": lambda site: site.compute_reboot.stuck not in ("stop", "leave"),
    "own_templates": lambda site: site.deploy.templates.rstrip("/") != STOCK_TEMPLATES,
}


def _only_has_osds(node: Node) -> bool:
    return node.has("ceph_osd") and not node.has("compute") and not node.has("controller")


IN_GROUP: Mapping[str, Callable[[Node], bool]] = {
    "all": lambda _: True,
    "controllers": lambda node: node.has("controller"),
    "computes": lambda node: node.has("compute"),
    "ceph_osds": lambda node: node.has("ceph_osd"),
    "ceph_mons": lambda node: node.has("ceph_mon"),
    "pacemaker": lambda node: node.has("pacemaker"),
    "dpdk": lambda node: node.has("dpdk"),
    "deployed_server": lambda node: node.deployed_server,
    "control_plane": lambda node: node.has("controller") or node.has("pacemaker"),
    "hyperconverged": lambda node: node.has("compute") and node.has("ceph_osd"),
    "ceph_osd_nodes": _only_has_osds,
    "composable": lambda node: not node.has("compute") and not _only_has_osds(node),
}
GROUPS = frozenset(IN_GROUP)


def groups_of(node: Node) -> tuple[str, ...]:
    """The groups of a node; it is rebooted with the computes, with Ceph or with the controllers, never twice."""
    return tuple(group for group, holds in IN_GROUP.items() if holds(node))


def nodes_changed(section: Section, site: Site) -> tuple[Node, ...]:
    """The nodes on which the section changes something, in the order of the spec, which is the order of work."""
    changed = {step.group or step.touches for step in section.steps if step.shape != "check"}
    return tuple(node for node in site.nodes if changed & {*groups_of(node)})


@dataclass(frozen=True)
class Plan:
    """The sections of one site with the steps that apply to it, in order."""

    site: Site
    sections: tuple[Section, ...]


def make_plan(site: Site, sections: Iterable[Section]) -> Plan:
    """The plan for `site`: those of `sections` and of their steps that it needs."""
    chosen = tuple(section for section in sections if WHEN[section.when](site))
    here = {section.id for section in chosen}
    return Plan(
        site,
        tuple(
            replace(_section_at(section, site), needs=tuple(need for need in section.needs if need in here))
            for section in chosen
        ),
    )


def _section_at(section: Section, site: Site) -> Section:
    """The section as this site has it: what it says, and the steps that are needed."""
    return replace(
        section,
        title=_text_at(section.title, site),
        about=_text_at(section.about, site),
        go_back=section.go_back and _text_at(section.go_back, site),
        steps=tuple(_step_at(step, site) for step in section.steps if all(WHEN[word](site) for word in step.when)),
        impacts=tuple(replace(impact, text=_text_at(impact.text, site)) for impact in section.impacts),
    )


def _step_at(step: Step, site: Site) -> Step:
    """The step as this site has it: what it says, and what it changes."""
    return replace(
        step,
        title=_text_at(step.title, site),
        checked=step.checked and _text_at(step.checked, site),
        undo=step.undo and _text_at(step.undo, site),
        changes=tuple(change for change in step.changes if WHEN[change.when](site)),
    )


def _text_at(text: Text, site: Site) -> Text:
    if not isinstance(text, VariedText):
        return text
    return next((other for word, other in text.instead if WHEN[word](site)), Text(text.en, text.ja))
