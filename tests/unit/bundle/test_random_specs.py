"""A spec that `check` calls right compiles, whatever is in it; `tests/random_specs.py` plays thousands."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import yaml

import random_specs
from osp_compile import pipeline
from osp_compile.assets import TEMPLATES
from osp_compile.bundle.render import render
from osp_compile.guide.plan import make_plan
from osp_compile.guide.reader import read_sections
from osp_compile.lint.memory import Memory
from osp_compile.shell.quoting import STAND_INS
from osp_compile.spec import loading

CASES = Path(__file__).parents[2] / "cases"
SPEC = """version: 1
site: {name: %(word)s, change: %(word)s}
nodes:
- {name: overcloud-controller-0, role: Controller, address: 192.0.2.10}
- {name: overcloud-compute-0, role: Compute, address: 192.0.2.13}
env_files: %(files)s
deploy: {extra_args: [--ntp-server, %(value)s]}
"""


def test_what_is_right_compiles_and_is_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "lint", lambda *_: ())  # the next test says why it would find nothing
    memory = Memory(tmp_path / "memory")
    ended = [random_specs.played(random_specs.spec(random.Random(seed)), tmp_path, memory) for seed in range(4)]
    assert "" in ended
    assert [wrong for wrong in ended if wrong] == []


@pytest.mark.parametrize("case", ["deployment-05", "deployment-13b", "deployment-18", "deployment-23"])
def test_a_public_deployment_keeps_its_command(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files and options of sites that were deployed so, in their order."""
    monkeypatch.setattr(pipeline, "lint", lambda *_: ())
    made = yaml.safe_load((CASES / "valid" / case / "site.yaml").read_text("utf-8"))
    assert random_specs.played(made, tmp_path, Memory(tmp_path / "memory")) == ""


def standing_in(path: Path, **words: str) -> dict[str, str]:
    path.write_text(SPEC % words, "utf-8")
    site, _ = loading.load(path, frozenset())
    assert site is not None
    plan = make_plan(site, read_sections(TEMPLATES)[0])
    return {file.path: file.text for file in render(plan, TEMPLATES, STAND_INS) if file.path.endswith(".sh")}


def test_the_lint_sees_no_value_of_a_site(tmp_path: Path) -> None:
    plain = standing_in(tmp_path / "a", word="a", files='["/a b"]', value="'a b'")
    odd = yaml.safe_dump(["/" + "".join(random_specs.PIECES)], allow_unicode=True, default_flow_style=True, width=9999)
    assert standing_in(tmp_path / "b", word="eval", files=odd, value="'$(id) wait -n'") == plain
