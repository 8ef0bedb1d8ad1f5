"""A spec that `check` calls right compiles, whatever is in it; `tests/random_specs.py` plays thousands."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

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
from osp_compile.spec import loading, schema

CASES = Path(__file__).parents[2] / "cases"
# of the random specs that the suite plays; thousands are played by hand
SEEDS = (1, 7, 19, 42)
SPEC = """version: 1
site: {name: %(word)s, change: %(word)s}
nodes:
- {name: overcloud-controller-0, role: Controller, address: 192.0.2.10}
- {name: overcloud-compute-0, role: Compute, address: 192.0.2.13}
env_files: %(files)s
deploy: {extra_args: [--ntp-server, %(value)s]}
"""


def of_schema(part: Any) -> Iterator[tuple[str, ...]]:
    """Every key of the spec, and every word of a choice; `*` is a list's entry or a name that the site gives."""
    for key, inner in part.get("properties", {}).items():
        yield (key,)
        yield from ((key, *deeper) for deeper in of_schema(inner))
    for word in ("items", "additionalProperties"):
        if isinstance(part.get(word), dict):
            yield from (("*", *deeper) for deeper in of_schema(part[word]))
    yield from ((f"={choice}",) for choice in part.get("enum", ()))


def of_spec(value: Any, part: Any) -> Iterator[tuple[str, ...]]:
    """The keys and words of a spec in the form of `of_schema`."""
    if isinstance(value, dict):
        known = part.get("properties", {})
        for key, inner in value.items():
            step = key if key in known else "*"
            yield (step,)
            yield from ((step, *deeper) for deeper in of_spec(inner, known.get(key) or part["additionalProperties"]))
    elif isinstance(value, list):
        for entry in value:
            yield from (("*", *deeper) for deeper in of_spec(entry, part["items"]))
    elif "enum" in part:
        yield (f"={str(value).lower() if isinstance(value, bool) else value}",)


def test_every_key_and_every_choice_is_drawn() -> None:
    """What the generator never draws, no random spec proves."""
    whole = schema.load()
    drawn = {path for seed in range(300) for path in of_spec(random_specs.spec(random.Random(seed)), whole)}
    harmless = {path for path in of_schema(whole) if path[:4] == ("accept", "ceph", "*", "check") and len(path) == 5}
    assert {*of_schema(whole)} - harmless - drawn == set()
    assert len(harmless & drawn) >= 4


@pytest.mark.long
def test_what_is_right_compiles_and_is_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "lint", lambda *_: ())  # the next test says why it would find nothing
    memory = Memory(tmp_path / "memory")
    ended = [random_specs.played(random_specs.spec(random.Random(seed)), tmp_path, memory) for seed in SEEDS]
    assert ended.count("") >= len(SEEDS) - 2
    assert [wrong for wrong in ended if wrong] == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda bundle: edit(bundle / "lib/site.sh", "SITE_NAME='", "SITE_NAME='x"), "lib/site.sh: "),
        (lambda bundle: edit(bundle / "2.06-update-overcloud.sh", " -e /", " -e /x"), "environment files: "),
        (
            lambda bundle: edit(bundle / "2.06-update-overcloud.sh", "--templates /", "--templates /x"),
            "templates, roles",
        ),
        (lambda bundle: edit(bundle / "2.06-update-overcloud.sh", " --ntp-server", " --debug"), "options: "),
        (lambda bundle: edit(bundle / "lib/waivers.tsv", "extended", "mended"), "lib/waivers.tsv: "),
        (lambda bundle: edit(bundle / "lib/accepted.tsv", "since", "until"), "lib/accepted.tsv: "),
        (lambda bundle: edit(bundle / "lib/targets.tsv", "overcloud-compute-2", "x"), "lib/targets.tsv: "),
        (lambda bundle: edit(bundle / "lib/nfv_instances.tsv", "vnf-0", "vnf-1"), "lib/nfv_instances.tsv: "),
        (lambda bundle: edit(bundle / "index.html", "ext. 4711", "ext. 4712"), "index.html has not "),
        (lambda bundle: edit(bundle / "manifest.json", "192.0.2.40", "192.0.2.41"), "manifest.json: "),
        (lambda bundle: edit(bundle / "files/nfv-site-post-install.yaml", "version", "word"), "files/nfv-site-post"),
    ],
)
def test_a_value_that_is_read_otherwise_is_found(change: Callable[[Path], None], says: str, every_key: Path) -> None:
    """The comparison itself: each place of a bundle that has a value of the spec is changed once."""
    bundle = every_key / "tokyo-1"
    site, _ = loading.load(CASES / "valid/every-key/site.yaml", random_specs.STEPS)
    assert site is not None
    kept = {path: path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
    try:
        assert random_specs.differing_in(site, bundle) == ""
        change(bundle)
        assert random_specs.differing_in(site, bundle).startswith(says)
    finally:
        for path, before in kept.items():
            path.write_bytes(before)


@pytest.fixture(scope="module")
def every_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bundle of the case that says every key."""
    folder = tmp_path_factory.mktemp("bundle")
    assert pipeline.compile_site(CASES / "valid/every-key/site.yaml", folder, linted=False).path is not None
    return folder


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


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
