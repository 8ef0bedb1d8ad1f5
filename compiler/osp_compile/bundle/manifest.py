"""manifest.json: the plan as data, for those who check a bundle or rehearse it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from osp_compile import __version__
from osp_compile.guide import durations
from osp_compile.guide.model import Goal, Section
from osp_compile.guide.plan import Plan, groups_of
from osp_compile.spec.model import Site

# The version of this file's format; raised when a reader of the old format would misread the new one.
FORMAT = 1
COMPILER = "osp-compile"


def manifest(plan: Plan, paths: Iterable[str]) -> str:
    """The text of manifest.json for a bundle with the files `paths`."""
    document = {
        "format": FORMAT,
        "compiler": {"name": COMPILER, "version": __version__},
        "site": _plain_site(plan.site),
        "sections": [_plain_section(section, plan.site) for section in plan.sections],
        "files": sorted(paths),
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
            "deployed_server": node.deployed_server,
        }
        for node in site.nodes
    ]
    return data


def _plain_goal(goal: Goal, site: Site) -> dict[str, Any]:
    """The goal as data, with this site's nodes in place of the group."""
    nodes = [node.name for node in site.nodes if goal.group in groups_of(node)]
    if goal.judge:
        return {"is": goal.judge, "nodes": nodes}
    if goal.group is None:
        return {"then": dict(goal.then)}
    # a name with a dot is one word of the path
    return {"then": {path.replace("<node>", f"[{node}]"): value for node in nodes for path, value in goal.then.items()}}


def _plain_section(section: Section, site: Site) -> dict[str, Any]:
    duration = durations.words(section, site)
    return {
        "id": section.id,
        "script": f"{section.name}.sh",
        "guide": section.guide,
        "title": asdict(section.title),
        "duration": asdict(duration) if duration else None,
        "minutes": asdict(durations.range_of(section, site)),
        "impact": [asdict(impact) for impact in section.impacts],
        "needs": section.needs,
        "closes": section.closes,
        "goal": [_plain_goal(goal, site) for goal in section.goals],
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
                "deadline": step.deadline,
                "changes": [{"kind": change.kind, "name": change.name} for change in step.changes],
                "departures": [asdict(departure) for departure in step.departures],
                "source": step.source,
            }
            for step in section.steps
        ],
    }
