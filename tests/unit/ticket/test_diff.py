"""`osp-compile diff` through whole bundles: one change of each kind, hostile archives, each form and language."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from osp_compile import cli
from osp_compile.assets import SPECS, TEMPLATES
from osp_compile.guide.model import PARTS
from osp_compile.pipeline import compile_site
from osp_compile.spec.keys import KEYS
from osp_compile.spec.policies import POLICIES
from osp_compile.ticket.command import diff
from osp_compile.ticket.comparison import compare
from osp_compile.ticket.reading import read
from osp_compile.ticket.site_changes import entries, values
from osp_compile.ticket.texts import moved
from osp_compile.ticket.wording import word

pytestmark = pytest.mark.long  # two bundles for each test
TOKYO = (SPECS / "examples/tokyo-1.yaml").read_text("utf-8")
Spec = Callable[..., Path]


@pytest.fixture
def spec(tmp_path: Path) -> Spec:
    """A spec of tokyo-1 with texts replaced and lines added."""

    def make(name: str, *changes: tuple[str, str], more: str = "") -> Path:
        text = TOKYO
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        path = tmp_path / f"{name}.yaml"
        path.write_text(text + more, "utf-8")
        return path

    return make


def lines(old: Path, new: Path) -> list[str]:
    return diff(old, new, "text", "en").text.splitlines()


def test_the_same(spec: Spec) -> None:
    found = diff(spec("a"), spec("b"), "text", "en")
    assert found.same
    assert found.text.endswith("The two bundles are byte for byte the same.\n")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (
            "compute_reboot: {stuck: stop}\n",
            "2.09/5: what does not move live is stopped, and started again after the reboot; "
            "before, it stopped the section",
        ),
        ("compute_reboot: {stuck: cold}\n", "2.09/5: what does not move live is migrated cold"),
        ("compute_reboot: {stuck: leave}\n", "2.09/5: what does not move live is left"),
        ("compute_reboot: {migrate: evacuate}\n", "2.09/5: the whole host is evacuated live at once"),
        ("compute_reboot: {batch: 2}\n", "2.09: compute_reboot.batch is 2; it was 1"),
        ("update: {breakpoints: guarded}\n", "2.06/2: the script answers each breakpoint"),
        ("undercloud: {reboot: needed}\n", "2.04/6: the undercloud is rebooted only where"),
        ("images: skip\n", "2.05: the images on the undercloud are not updated"),
        ("old_images: delete\n", "2.05: the old images in glance are deleted; before, they stayed there"),
        ("mongodb: false\n", "2.02/2: the site has no MongoDB"),
        ("services: {haproxy: false}\n", "2.12/4: the load balancer is an external one"),
        ('not_after: "05:30"\n', "not_after is 05:30; it was none"),
        ("hooks: {before_node: /home/stack/h}\n", "2.07, 2.08, 2.09: hooks.before_node is /home/stack/h; it was none"),
        ("timeouts: {answer: 60}\n", "timeouts.answer is 60; it was 300"),
        ("waive: {2.12/8: known}\n", "2.12/8 may fail: known"),
        ("disk: {warn: 70}\n", "2.00/7, 2.11/3, 2.12/8: disk.warn is 70; it was 80. Percentage in use at which"),
    ],
)
def test_one_value_is_told_in_few_lines(spec: Spec, more: str, sentence: str) -> None:
    found = lines(spec("a"), spec("b", more=more))
    assert any(line.strip().startswith(sentence) for line in found), found
    assert len(found) < 15
    assert found[-1].startswith("The rest is byte for byte the same: ")
    assert "Other files" not in found
    assert not any(line.startswith("Compiler") for line in found)


@pytest.mark.parametrize(
    ("change", "more", "sentence"),
    [
        (("strategy: cold-migrate", "strategy: snapshot"), "", "2.13: "),
        (("", ""), "compute_reboot: {migrate: target}\n", "2.09"),
    ],
)
def test_a_policy_that_changes_many_steps_takes_few_lines(
    spec: Spec, change: tuple[str, str], more: str, sentence: str
) -> None:
    found = lines(spec("a"), spec("b", change, more=more))
    assert any(line.strip().startswith(sentence) for line in found), found
    assert len(found) < 15


def test_a_contact(spec: Spec) -> None:
    found = lines(spec("a"), spec("b", ("+81 3 5550 0100", "+81 3 5550 0199")))
    assert found[2:4] == ["Whom to call", "  Network on call: +81 3 5550 0199; before: +81 3 5550 0100"]
    assert "Other files" not in found


def test_nothing_that_a_manifest_says_of_a_site_goes_unnoticed(spec: Spec, tmp_path: Path) -> None:
    whole = tmp_path / "whole.yaml"
    whole.write_text((SPECS / "examples/tokyo-1.yaml").read_text("utf-8") + MORE, "utf-8")
    site = read(compiled(whole, tmp_path / "out")).facts.site
    assert {key for key, value in site.items() if isinstance(value, list) and not value} == set()
    unnoticed = [
        key for key, value in site.items() if value not in (None, "") and not _differ(without(site, key), site)
    ]
    assert unnoticed == []


MORE = """
hooks: {before_node: /home/stack/h}
waive: {2.12/8: known}
accept: {ceph: [{check: OSDMAP_FLAGS, reason: known}]}
require_signature: [0123456789ABCDEF0123456789ABCDEF01234567]
"""


def without(site: Mapping[str, object], key: str) -> dict[str, object]:
    """The site as it would be with nothing under this key."""
    return {**site, key: type(site[key])()}


def _differ(before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    return bool(values(before, after) or entries(before, after))


def test_nodes(spec: Spec) -> None:
    new = spec(
        "b",
        ("role: Compute, address: 192.0.2.42", "role: Compute, address: 192.0.2.49"),
        ("- {name: overcloud-networker-1, role: Networker, address: 192.0.2.21}\n", ""),
    )
    found = lines(spec("a"), new)
    assert "  overcloud-compute-2: 192.0.2.49; before: 192.0.2.42" in found
    assert "  removed: overcloud-networker-1: Networker, 192.0.2.21" in found


def test_environment_files(spec: Spec) -> None:
    first, second = (f"- /home/stack/templates/{name}-environment.yaml\n" for name in ("network", "storage"))
    found = lines(
        spec("a"), spec("b", (first + second, second + first), ("- /home/stack/templates/tokyo-1.yaml\n", ""))
    )
    assert any(line.startswith("  moved: /home/stack/templates/") for line in found)
    assert "  removed: /home/stack/templates/tokyo-1.yaml, which was at place 6" in found


def test_the_number_of_the_change_alone(spec: Spec) -> None:
    found = lines(spec("a"), spec("b", ("CHG0042137", "CHG0042138")))
    assert found[2:4] == ["Decisions of the spec", "  the change is CHG0042138; it was CHG0042137"]
    assert len(found) == 5


def test_another_compiler(spec: Spec, tmp_path: Path) -> None:
    old = compiled(spec("a"), tmp_path / "old")
    new = compiled(spec("a"), tmp_path / "new")
    (new / "lib/engine/gate.sh").write_text((new / "lib/engine/gate.sh").read_text() + "later() {\n  true\n}\n")
    found = lines(old, new)
    assert "Not as it was compiled" in found
    assert "  now: lib/engine/gate.sh (changed)" in found
    assert "  lib/engine/gate.sh: +3 -0 lines, later (added)" in found[5]
    assert {step.cause for step in compare(read(old), read(new)).steps} <= {"compiler"}


def test_what_the_guide_changed_is_apart_from_what_the_site_did(spec: Spec, tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    step = next(templates.glob("2.04-*/start_services.sh"))
    step.write_text(step.read_text("utf-8") + "# told apart\n", "utf-8")
    old = compiled(spec("a"), tmp_path / "old")
    new = compiled(spec("b", more="compute_reboot: {stuck: stop}\n"), tmp_path / "new", templates)
    steps = {step.id: step.cause for step in compare(read(old), read(new)).steps}
    (by_guide,) = {*steps} - {"2.09/5", "2.09/11", "2.09/13"}
    assert steps == {by_guide: "either", "2.09/5": "site", "2.09/11": "site", "2.09/13": "site"}
    found = lines(old, new)
    assert found.index("Steps") < found.index("Steps changed by the spec, the compiler or the guide")
    same_site = compiled(spec("a"), tmp_path / "same", templates)
    assert [step.cause for step in compare(read(old), read(same_site)).steps] == ["compiler"]


def compiled(spec: Path, out: Path, templates: Path = TEMPLATES) -> Path:
    result = compile_site(spec, out, templates=templates, linted=False)
    assert result.path is not None, result.diagnostics
    return result.path


def test_folder_archive_and_spec_are_the_same(spec: Spec, tmp_path: Path) -> None:
    folder = compiled(spec("a"), tmp_path / "out")
    archive = tmp_path / "tokyo-1.tar.gz"
    # as `tar czf` writes it
    with tarfile.open(archive, "w:gz", format=tarfile.GNU_FORMAT) as file:
        file.add(folder, "tokyo-1")
    assert diff(folder, archive, "text").same
    assert diff(archive, spec("a"), "text").same


def hostile(folder: Path, text: str) -> Path:
    folder.mkdir()
    step = {"id": "2.09/5", "name": "x", "title": {"en": text}}
    manifest = {"site": {"name": text, "change": text}, "sections": [{"id": "2.09", "steps": [step, {}]}, 3]}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.mark.parametrize("newer", [True, False])
def test_a_bundle_without_its_sums_is_not_the_same_as_the_approved_one(newer: bool, tmp_path: Path) -> None:
    compile_site(SPECS / "examples/minimal.yaml", tmp_path)
    bundle = tmp_path / "lab-1"
    shutil.copytree(bundle, tmp_path / "other")
    (tmp_path / "other/SHA256SUMS").unlink()
    pair = (bundle, tmp_path / "other") if newer else (tmp_path / "other", bundle)
    found = diff(*pair, "text", "en")
    assert not found.same
    assert "SHA256SUMS (missing)" in found.text
    assert "The two bundles are" not in found.text


def test_what_a_bundle_says_is_text(tmp_path: Path) -> None:
    old, new = hostile(tmp_path / "a", "plain"), hostile(tmp_path / "b", "<script>\x1b[2J`")
    page = diff(old, new, "html", "en").text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    for form in ("html", "markdown", "text"):
        assert "\x1b" not in diff(old, new, form, "en").text


@pytest.mark.parametrize("manifest", ["", "[]", "[" * 99999, "null", '{"site": 1, "sections": {}}'])
def test_a_manifest_that_is_none(tmp_path: Path, manifest: str) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text(manifest + (" " if name == "b" else ""))
    found = diff(tmp_path / "a", tmp_path / "b", "text", "en")
    assert not found.same
    assert "Not as it was compiled" in found.text


def test_json_and_japanese(spec: Spec) -> None:
    old, new = spec("a"), spec("b", more="compute_reboot: {stuck: stop}\n")
    data = json.loads(json.dumps(diff(old, new, "json", "en").data))
    assert data["same"] is False
    assert data["values"] == [{"key": "compute_reboot.stuck", "before": "fail", "after": "stop"}]
    assert [step["id"] for step in data["steps"]] == ["2.09/5", "2.09/11", "2.09/13"]
    assert "ライブマイグレーションできないものは停止し、再起動後に起動" in diff(old, new, "text").text
    assert '<html lang="ja">' in diff(old, new, "html").text
    assert 'with_overcloudrc openstack server start "$id"' in diff(old, new, "markdown").text


def test_the_command(spec: Spec, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "wrong.yaml").write_text("version: 1\n")
    for words, status in (
        ((str(spec("a")), str(spec("a"))), 0),
        ((str(spec("a")), str(spec("b", ("CHG0042137", "CHG0042138")))), 1),
        ((str(spec("a")),), 2),
        ((str(spec("a")), str(tmp_path / "gone")), 3),
        ((str(spec("a")), str(tmp_path / "wrong.yaml")), 3),
    ):
        with pytest.raises(SystemExit) as leaving:
            cli.main(["diff", *words])
        assert leaving.value.code == status
    assert "error[" in capsys.readouterr().err


def keys_of(schema: dict[str, object], place: str = "") -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    properties = schema.get("properties", {})
    assert isinstance(properties, dict)
    for key, part in properties.items():
        found[f"{place}{key}"] = part
        found.update(keys_of(part, f"{place}{key}."))
    return found


def test_every_value_of_a_policy_has_its_words() -> None:
    known = keys_of(json.loads((SPECS / "site.schema.json").read_text("utf-8")))
    wanted = {key: part["enum"] for key, part in known.items() if "enum" in part and key != "version"}
    assert {key: set(values) for key, values in wanted.items()} == {key: set(POLICIES[key]) for key in wanted}
    assert {key for key, part in known.items() if not part.get("properties")} - {
        "version", "roles", "deploy.directory"} <= set(KEYS)  # fmt: skip


def test_the_fewest_move() -> None:
    assert moved("abcd", "dabc") == {"d"}
    assert moved("abcd", "abcd") == frozenset()


def test_each_function_that_a_step_may_have_is_told_in_words() -> None:
    for part in PARTS:
        assert word("en", part) != word("ja", part)
