"""What the spec decides is said where it makes a difference, at the steps that the site has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from osp_compile import __version__
from osp_compile.assets import TEMPLATES
from osp_compile.bundle.page.decisions import Decision, decisions
from osp_compile.guide.plan import make_plan
from osp_compile.guide.reader import read_sections
from osp_compile.pipeline import render_site
from osp_compile.spec import loading
from osp_compile.spec.model import Site

EXAMPLES = Path(__file__).parents[4] / "specs/examples"


def site(name: str) -> Site:
    found, _ = loading.load(EXAMPLES / f"{name}.yaml", frozenset())
    assert found is not None
    return found


def said(of: Site) -> dict[str, Decision]:
    return {one.key: one for one in decisions(make_plan(of, read_sections(TEMPLATES)[0]))}


def test_a_policy_is_said_with_its_steps() -> None:
    here = site("minimal")
    found = said(replace(here, compute_reboot=replace(here.compute_reboot, stuck="stop")))["compute_reboot.stuck"]
    assert found.words.en == "what does not move live is stopped, and started again after the reboot"
    assert found.steps == ("2.09/5",)


def test_what_a_site_has_no_step_for_is_not_decided() -> None:
    assert "nfv.strategy" in said(site("tokyo-1"))
    assert "nfv.strategy" not in said(site("minimal"))
    assert "site.language" not in said(site("tokyo-1"))


def test_a_yes_or_no() -> None:
    assert said(site("tokyo-1"))["nfv"].value == "true"
    assert said(site("tokyo-1"))["fencing"].value == "true"


def test_the_runbook_has_what_the_page_has_of_a_spec() -> None:
    spec = EXAMPLES.parents[1] / "tests/cases/valid/every-key/site.yaml"
    here, _ = loading.load(spec, frozenset({"2.12/8"}))
    files, _ = render_site(spec)
    assert here is not None
    runbook = next(file.text for file in files if file.path == "RUNBOOK.md").split("## ")[0]
    hooks = (here.hooks.before_node, here.hooks.after_node, here.hooks.before_update)
    reasons = [waiver.reason for waiver in here.waivers] + [entry.reason for entry in here.accepted_ceph]
    people = [word for contact in here.contacts for word in (contact.who, contact.reach)]
    decided = [f"`{one.key}: {one.value}` {one.words.get(here.language)}" for one in said(here).values()]
    wanted = [here.not_after, f"osp-compile {__version__}", *hooks, *reasons, *people, *decided]
    assert len(wanted) > 20
    assert [word for word in wanted if str(word) not in runbook] == []
