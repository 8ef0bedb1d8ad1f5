"""A section is a folder: what is wrong with it is said whole, and what is right needs no Python."""

import copy
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from osp_compile.assets import TEMPLATES
from osp_compile.guide import mistakes, scaffold
from osp_compile.guide.faults import OF_A_NODE
from osp_compile.guide.reader import read_sections
from osp_compile.pipeline import check_site, compile_site
from osp_simulator.safety import goals
from unit.waiting import LIMIT

SECTION = """\
id: "2.99"
guide: "2.99"
title: {en: Water the plants, ja: 植物への水やり}
about: {en: Each compute gets its water., ja: 各コンピュートに水をやります。}
needs: ["2.08"]
goal:
- {for_each: computes, then: {"hosts.<node>.up": true}}
steps:
- id: "2.99/1"
  name: fill_can
  title: {en: Fill the can, ja: じょうろの準備}
  runs_on: undercloud
  shape: change
  risk: low
  bracket: opens can
  checked: {en: The can is full., ja: じょうろが満水であること。}
  changes: [{kind: file, name: /etc/can}]
- for_each: computes
  steps:
  - id: "2.99/2"
    name: pour
    title: {en: Pour, ja: 注水}
    runs_on: node
    shape: change
    risk: disruptive
    bracket: body can
    checked: {en: The soil is wet., ja: 土が湿っていること。}
    undo: {en: It dries by itself., ja: 自然に乾きます。}
    changes: [{kind: file, name: /etc/watered}]
    departures: [{key: slowly, guide: pour, en: slowly keeps the floor dry, ja: 床を濡らさないため}]
- id: "2.99/3"
  name: empty_can
  title: {en: Empty the can, ja: じょうろの片付け}
  runs_on: undercloud
  shape: change
  risk: low
  bracket: closes can
  checked: {en: The can is empty., ja: じょうろが空であること。}
  changes: [{kind: file, name: /etc/can}]
- id: "2.99/4"
  name: look
  title: {en: Look at them, ja: 観察}
  runs_on: undercloud
  shape: check
"""
CHANGE = (
    "{0}_requires() {{ true; }}\n{0}_satisfied() {{ {1}; }}\n"
    '{0}_apply() {{\n  {2}\n}}\n{0}_verify() {{ {0}_satisfied "$@"; }}\n'
)
POUR = '# departs: slowly\n  on "$1" sudo touch /etc/watered'
FILES = {
    "section.yaml": SECTION,
    "fill_can.sh": CHANGE.format("fill_can", "[[ -e /etc/can ]]", "in_time sudo touch /etc/can"),
    "pour.sh": CHANGE.format("pour", 'on "$1" test -e /etc/watered', POUR),
    "empty_can.sh": CHANGE.format("empty_can", "[[ ! -e /etc/can ]]", "sudo rm /etc/can")
    + "empty_can_rescue() { sudo rm --force /etc/can; }\n",
    "look.sh": "look_check() { pass 'they look well'; }\n",
}


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """The product's own templates, with one more section dropped in."""
    place = tmp_path / "templates"
    shutil.copytree(TEMPLATES.resolve(), place)
    dropped_in(place)
    return place


def dropped_in(templates: Path) -> Path:
    """The folder of one more section."""
    folder = templates / "2.99-water-plants"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


@pytest.mark.long
def test_a_folder_dropped_in_is_a_section_everywhere(templates: Path, tmp_path: Path, minimal: Path) -> None:
    result = compile_site(minimal, tmp_path / "out", templates=templates)
    assert result.path is not None, result.diagnostics
    listed = subprocess.run(
        ["grep", "--after-context=6", "^steps", "2.99-water-plants.sh"],
        cwd=result.path,
        capture_output=True,
        text=True,
        check=True,
        timeout=LIMIT,
    ).stdout
    assert [line.split()[0] for line in listed.splitlines()[1:]] == [
        "2.99/1",
        "each",
        "2.99/2",
        "end_each",
        "2.99/3",
        "2.99/4",
    ]
    runbook = (result.path / "RUNBOOK.md").read_text()
    assert "### 2.99/2 Pour" in runbook
    assert "slowly keeps the floor dry" in runbook
    assert "- **How to go back**: It dries by itself." in runbook
    manifest = json.loads((result.path / "manifest.json").read_text())
    assert [step["id"] for step in manifest["sections"][-1]["steps"]] == ["2.99/1", "2.99/2", "2.99/3", "2.99/4"]
    script = (result.path / "2.99-water-plants.sh").read_text()
    assert "# departs: slowly keeps the floor dry" in script
    assert (result.path / "lib/commands/2.99-pour.txt").read_text() == "on <node> sudo touch /etc/watered\n"


@pytest.mark.usefixtures("sandbox")
def test_a_folder_dropped_in_is_rehearsed(templates: Path, tmp_path: Path, minimal: Path) -> None:
    """One of several nodes with a bracket, and one as it is begun; of the chapter there is only its beginning."""
    for folder in templates.glob("2.*"):
        if folder.name not in ("2.00-preflight", "2.99-water-plants"):
            shutil.rmtree(folder)
    (templates / "2.99-water-plants/section.yaml").write_text(SECTION.replace('needs: ["2.08"]', 'needs: ["2.00"]'))
    scaffold.make("2.98-note", templates)
    result = compile_site(minimal, tmp_path / "out", templates=templates)
    assert result.path is not None
    words = ("--section", "2.98", "--section", "2.99", "--matrix", "kill", "--sample", "3")
    done = subprocess.run(
        [sys.executable, "-m", "osp_compile", "rehearse", str(result.path), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = (tmp_path / "out/lab-1.rehearsal/report.tap").read_text()
    runs = [f"{section} {run}" for section in ("2.98", "2.99") for run in ("first run", "second run changes nothing")]
    assert [run for run in runs if f"{run}\n" not in report] == []
    assert len(re.findall(r"^ok \d+ 2\.(98|99):", report, re.MULTILINE)) == 3


def test_what_is_begun_is_right_and_has_its_number_alone(templates: Path) -> None:
    folder = scaffold.make("2.98-note", templates)
    sections, faults = read_sections(templates)
    assert (sections[-2].name, faults) == (folder.name, ())
    with pytest.raises(ValueError, match="has that number already"):
        scaffold.make("2.98-other", templates)
    for name in ("../2.16-out", "3.00-x", "1.15-x", "2.1-x", "2.160-x"):
        with pytest.raises(ValueError, match="a section of chapter 2 is called as its folder"):
            scaffold.make(name, templates)
    assert sorted(one.name for one in templates.iterdir() if one.name[0] != "2") == ["_layouts", "_runtime"]


def test_a_goal_is_looked_for_in_the_site() -> None:
    world: Any = SimpleNamespace(state={"hosts": {"a.b": {"boots": 1}}})
    assert [*goals.missed(world, {"then": {"hosts.[a.b].boots": 1}})] == []
    assert [*goals.missed(world, {"then": {"hosts.[a.b].boots": 2, "hosts.c.up": True}})] == [
        "hosts.[a.b].boots is 1, not 2",
        "hosts.c.up is null, not true",
    ]
    assert [*goals.missed(world, {"is": "happy"})] == ["this simulator cannot judge its goal happy"]


def test_a_section_that_changes_something_has_a_goal() -> None:
    sections, _ = read_sections(TEMPLATES)
    changing = {section.id for section in sections if any(step.shape != "check" for step in section.steps)}
    assert changing == {section.id for section in sections if section.goals}


WRONG = {
    "no apply": ("pour.sh", "pour_apply", "poor_apply", "step 2.99/2 has no function pour_apply"),
    "misnamed helper": ("look.sh", "look_check", "look_verify", "step 2.99/4 (check) has no use for look_verify"),
    "no rescue": ("empty_can.sh", "empty_can_rescue", "empty_can_help", "step 2.99/3 has no function empty_can_rescue"),
    "departure without mark": (
        "pour.sh",
        "# departs: slowly",
        "# slowly",
        "the departure slowly is listed but marked at no command",
    ),
    "mark without departure": (
        "look.sh",
        "look_check",
        "# departs: fast\nlook_check",
        "the departure fast is marked but has no reason in section.yaml",
    ),
    "bracket never closed": (
        "section.yaml",
        "closes can",
        "body can",
        "the bracket can must open once, then close once: opens, body, body",
    ),
    "foreign step": ("section.yaml", '"2.99/4"', '"2.98/4"', "step 2.98/4 does not belong to section 2.99"),
    "unknown shape": ("section.yaml", "shape: check", "shape: chek", "`shape` must be "),
    "no Japanese": ("section.yaml", "{en: Pour, ja: 注水}", "{en: Pour}", "the key `ja` is missing"),
    "unknown key": ("section.yaml", "runs_on: node", "runs_an: node", "unknown key `runs_an` in entry 1 of `steps`"),
    "a key twice": ("section.yaml", "shape: check", "shape: check\n  shape: check", "duplicate key `shape`"),
    "no YAML": ("section.yaml", "shape: check", "shape: [check", ""),
    "a list for a word": ("section.yaml", "shape: check", "shape: [check]", "`shape` must be"),
    "risk of a check": ("section.yaml", "shape: check", "shape: check\n  risk: low", "`risk` belongs to a change"),
    "no way back": (
        "section.yaml",
        "    undo: {en: It dries by itself., ja: 自然に乾きます。}\n",
        "",
        "step 2.99/2 is disruptive, and does not say how to go back from it",
    ),
    "way back from a check": (
        "section.yaml",
        "shape: check",
        "shape: check\n  undo: {en: Look away., ja: 見ない。}",
        "`undo` belongs to a change",
    ),
    "what changes in one language": (
        "section.yaml",
        "name: /etc/watered",
        "name: the plant",
        "`the plant` is not a name",
    ),
    "no effect": ("section.yaml", "changes:", "changed:", "unknown key `changed`"),
    "unknown property": (
        "section.yaml",
        'needs: ["2.08"]',
        "when: computs",
        "`when: computs` is not a property of a site",
    ),
    "unknown property in a text": (
        "section.yaml",
        "{en: Pour, ja: 注水}",
        "{en: Pour, ja: 注水, instead: [{when: computs, en: Spray, ja: 散水}]}",
        "`when: computs` is not a property of a site",
    ),
    "unknown property of a change": (
        "section.yaml",
        "name: /etc/watered",
        "when: computs, name: /etc/watered",
        "`when: computs` is not a property of a site",
    ),
    "goal of a group": (
        "section.yaml",
        'then: {"hosts.<node>.up": true}',
        "is: images_updated",
        "`is: images_updated` is judged of the site: leave `for_each` out",
    ),
    "goal of a node": (
        "section.yaml",
        '{for_each: computes, then: {"hosts.<node>.up": true}}',
        "{is: rebooted}",
        "`is: rebooted` is judged of a node",
    ),
    "goal of nobody": ("section.yaml", "hosts.<node>.up", "hosts.undercloud.up", "`<node>` in a goal's path and"),
    "goal that says nothing": (
        "section.yaml",
        '{for_each: computes, then: {"hosts.<node>.up": true}}',
        "{for_each: computes}",
        "a goal has either `is` or `then`",
    ),
    "unknown goal": (
        "section.yaml",
        '{for_each: computes, then: {"hosts.<node>.up": true}}',
        "{is: images_updatd}",
        "`is` must be ",
    ),
    "two that close": ("section.yaml", "needs:", "closes: true\nneeds:", "closes: true is here and in "),
    "unknown group": ("section.yaml", "for_each: computes", "for_each: computs", "`for_each: computs` is not a group"),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), WRONG.values(), ids=WRONG)
def test_a_section_that_is_wrong_says_how(templates: Path, file: str, old: str, new: str, message: str) -> None:
    path = templates / "2.99-water-plants" / file
    path.write_text(path.read_text().replace(old, new))
    _, faults = read_sections(templates)
    assert any(fault.message.startswith(message) for fault in faults), [fault.message for fault in faults]
    assert all(
        fault.span is not None and fault.span.file.startswith("templates/2.99-water-plants/") for fault in faults
    )


def test_a_file_that_belongs_to_no_step_is_reported(templates: Path) -> None:
    (templates / "2.99-water-plants" / "left_over.sh").write_text("")
    _, faults = read_sections(templates)
    assert [fault.message for fault in faults] == ["left_over.sh belongs to no step"]


def test_every_mistake_is_told_at_once_at_its_place(templates: Path, minimal: Path) -> None:
    path = templates / "2.99-water-plants" / "section.yaml"
    text = (
        path.read_text()
        .replace("- for_each: computes", "- for_each: [computes]")
        .replace('needs: ["2.08"]', "needs: 2.08")
    )
    path.write_text(text.replace("shape: check", "shape: chek\n  riks: low"))
    faults = check_site(minimal, templates)
    assert [(fault.message, fault.help) for fault in faults] == [
        ("`needs` must be a list, not `2.08`", "write `[2.08]`"),
        ("`for_each` must be text, not a list", None),
        ("`shape` must be `change`, `check` or `attended`, not `chek`", "did you mean `check`?"),
        ("unknown key `riks` in entry 4 of `steps`", "did you mean `risk`?"),
    ]
    assert all(fault.span and fault.span.text in path.read_text().splitlines() for fault in faults)
    assert faults[2].span is not None
    assert faults[2].span.text[faults[2].span.column - 1 :] == "chek"


def test_the_faults_of_file_folder_and_spec_are_told_at_once(templates: Path, tmp_path: Path, minimal: Path) -> None:
    folder = templates / "2.99-water-plants"
    text = SECTION.replace("name: pour", "name: pour\n    riks: low").replace('id: "2.99/4"', "id: four")
    (folder / "section.yaml").write_text(text)
    (folder / "fill_can.sh").unlink()
    (folder / "pour.sh").write_text(FILES["pour.sh"].replace("pour_apply", "poor_apply"))
    (folder / "empty_can.sh").write_text(FILES["empty_can.sh"].replace("empty_can_verify", "empty_can_check"))
    (folder / "look.sh").write_text("")
    (folder / "left_over.sh").write_text("")
    spec = tmp_path / "site.yaml"
    # the waiver may be right: nobody knows the steps of a section that cannot be read
    spec.write_text(minimal.read_text() + "nothing: such\nwaive: {2.99/4: later}\n")
    assert [fault.message for fault in check_site(spec, templates)] == [
        "unknown key `riks` in entry 1 of `steps`",
        "`id` must be the section and a number, such as `2.08/3` or `2.08/3b`, not `four`",
        "step 2.99/1 has no file fill_can.sh",
        "step 2.99/2 has no function pour_apply",
        "step 2.99/3 has no function empty_can_verify",
        "step 2.99/3 (change) has no use for empty_can_check",
        "step four has no function look_check",
        "left_over.sh belongs to no step",
        "unknown key `nothing`",
    ]


MISTAKES = (
    ("name: pour\n", "nme: pour\n"),
    ("shape: check", "shape: [check]"),
    ("- for_each: computes\n  steps:", "- steps: 1\n  x:"),
    ("bracket: closes can", "bracket: [closes can]"),
    ("risk: disruptive", "risk: [disruptive]"),
    ("steps:", "stebs:"),
    ("departures: [{key: slowly,", "departures: [{key: [slowly],"),
    ("name: look", "name: a/look"),
    ("undo: {en: It dries by itself., ja: 自然に乾きます。}", "undo: {en: It dries by itself.}"),
)


@pytest.mark.parametrize(("old", "new"), MISTAKES, ids=[new for _, new in MISTAKES])
def test_nothing_is_told_of_a_folder_that_does_not_follow_from_its_file(tmp_path: Path, old: str, new: str) -> None:
    """With a mistake in a row, a folder in which nothing is wrong has no fault besides."""
    folder = dropped_in(tmp_path)
    assert old in SECTION
    (folder / "section.yaml").write_text(SECTION.replace(old, new))
    _, faults = read_sections(tmp_path)
    assert faults
    assert {*faults} == {*mistakes.find(folder / "section.yaml")}


def everywhere(data: Any, other: Any) -> Iterator[Any]:
    """The data as often as it has values, each time with `other` in place of one of them."""
    yield other
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        for changed in everywhere(value, other):
            whole = copy.copy(data)
            whole[key] = changed
            yield whole


@pytest.mark.parametrize("other", [None, 4, "", "x y", "../x", [], {}, ["x"], {"x": "y"}], ids=repr)
def test_any_value_anywhere_is_refused_in_words(tmp_path: Path, other: Any) -> None:
    folder = dropped_in(tmp_path)
    data = yaml.safe_load(SECTION)
    accepted = 0
    for changed in everywhere(data, other):
        (folder / "section.yaml").write_text(json.dumps(changed, ensure_ascii=False))
        sections, faults = read_sections(tmp_path)
        assert faults or sections
        assert "is not as specs/section.schema.json says" not in str(faults)
        accepted += not faults
    assert accepted < 40


def test_a_wrong_word_is_told_with_mistakes_of_another_kind(templates: Path, minimal: Path) -> None:
    path = templates / "2.99-water-plants" / "section.yaml"
    text = path.read_text().replace("- for_each: computes", "- for_each: computs")
    path.write_text(text.replace("shape: check", "shape: check\n  riks: low\n  touches: controler"))
    faults = check_site(minimal, templates)
    assert [fault.message for fault in faults] == [
        "`for_each: computs` is not a group of nodes",
        "unknown key `riks` in entry 4 of `steps`",
        "`touches: controler` is not a group of nodes",
    ]
    assert all(fault.span and fault.span.text in path.read_text().splitlines() for fault in faults)


def test_the_way_that_knows_places_takes_what_the_quick_one_takes() -> None:
    assert {mistakes.find(file) for file in TEMPLATES.glob("[0-9]*/section.yaml")} == {()}


def test_the_products_own_sections_are_whole() -> None:
    sections, faults = read_sections(TEMPLATES)
    assert faults == ()
    assert [section.guide for section in sections if section.closes] == ["2.14"]


def test_the_simulated_site_judges_the_goals_that_a_section_may_name() -> None:
    named = json.loads(mistakes.SCHEMA.read_text())["$defs"]["goal"]["properties"]["is"]["enum"]
    assert named == sorted({*goals.OF_THE_SITE, *goals.OF_A_NODE})
    page = (TEMPLATES.resolve().parent / "docs/how-to/section.md").read_text("utf-8")
    assert [name for name in named if f"`{name}`" not in page] == []
    assert goals.OF_A_NODE.keys() == OF_A_NODE
