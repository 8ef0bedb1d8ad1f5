"""`explain`: the whole of a step, with the site's values and the node, from a folder, an archive or a spec."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from osp_compile import cli
from osp_compile.assets import SPECS
from osp_compile.bundle.closure import Function, Shell
from osp_compile.bundle.page import rendering
from osp_compile.bundle.page.reasons import OF_EVERY_STEP, Reasons, ways
from osp_compile.bundle.page.refusals import Asking
from osp_compile.bundle.page.view import ACTS, PageView
from osp_compile.bundle.shell_variables import site_values
from osp_compile.pipeline import compile_site, render_site
from osp_compile.ticket.archive import pack
from osp_compile.ticket.explain import as_data, explain, page

TOKYO = SPECS / "examples/tokyo-1.yaml"
NODE = "overcloud-compute-0"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    result = compile_site(TOKYO, tmp_path_factory.mktemp("out"), "en", linted=False)
    assert result.path
    return result.path


def test_a_step_with_all_that_it_runs(bundle: Path) -> None:
    found = explain(bundle, "2.09/5", NODE)
    assert found.diagnostics == ()
    names = [one.name for one in found.functions]
    assert names[:4] == ["drain_node_requires", "drain_node_satisfied", "drain_node_apply", "drain_node_verify"]
    assert {"takes_no_instances", "instances_that_move_live", "node_is_drained", "with_overcloudrc"} <= {*names}
    assert "await_node_apply" not in names
    assert len(names) == len({(one.file, one.line) for one in found.functions})
    engine = [one.file.startswith("lib/engine/") for one in found.functions]
    assert not any(engine[: engine.index(True)])
    # what a function of the engine is for is said, by its comment or by the page's words
    assert [one.name for one in found.functions if one.of_the_engine and not one.said] == []
    for one in found.functions:
        line = (bundle / one.file).read_text("utf-8").splitlines()[one.line - 1]
        assert line.startswith(f"{one.name}() ")


def test_the_node_and_the_values_stand_in_their_places(bundle: Path) -> None:
    texts = {one.name: one.text for one in explain(bundle, "2.09/5", NODE).functions}
    assert texts["drain_node_verify"] == f"drain_node_verify() {{ node_is_drained {NODE}; }}"
    assert f"host=$(compute_host {NODE})" in texts["drain_node_apply"]
    # in the library $1 and $node may be any
    assert NODE not in "".join(text for name, text in texts.items() if not name.startswith("drain_node_"))
    without = {one.name: one.text for one in explain(bundle, "2.09/5").functions}
    assert without["drain_node_verify"] == "drain_node_verify() { node_is_drained <node>; }"
    disable = {one.name: one.text for one in explain(bundle, "2.09/3", NODE).functions}
    assert '--disable-reason "CHG0042137: rebooted in the update"' in disable["disable_scheduling_apply"]


@pytest.mark.parametrize("word", ["2.9/5", "2.09/5", "drain_node"])
def test_ways_to_name_a_step(bundle: Path, word: str) -> None:
    step = explain(bundle, word).step
    assert step is not None
    assert (step.id, step.script, step.group) == ("2.09/5", "2.09-reboot-computes.sh", "computes")


def test_a_word_alone(bundle: Path) -> None:
    found = explain(bundle, "compute_host")
    assert [(one.name, one.file) for one in found.functions] == [("compute_host", "lib/systems/nova.sh")]
    assert "# uses: printed, find_compute_host" in page(found)


def test_archive_and_spec_give_the_same(bundle: Path, tmp_path: Path) -> None:
    archive = pack(bundle, tmp_path / "x.tar.gz").path
    assert archive
    assert page(explain(archive, "2.08/1")) == page(explain(bundle, "2.08/1"))
    assert {one.name for one in explain(TOKYO, "2.08/1").functions} == {
        one.name for one in explain(bundle, "2.08/1").functions
    }


@pytest.mark.parametrize(
    ("word", "node", "message", "help"),
    [
        ("2.09/55", None, "no step `2.09/55` in this bundle", "did you mean `2.09/5`?"),
        ("node_is_draind", None, "no step or function `node_is_draind` in", "did you mean `node_is_drained`?"),
        ("\x1b[2J", None, "no step or function `\N{REPLACEMENT CHARACTER}[2J` in this bundle", "RUNBOOK.md has"),
        ("2.09/5", "overcloud-comptue-0", "no node `overcloud-comptue-0` in this site", f"did you mean `{NODE}`?"),
        ("2.09/5", "overcloud-controller-0", "2.09/5 does not run for overcloud-controller-0: it runs for each of the "
         "computes", "leave --node out"),
        ("node_is_drained", NODE, "`node_is_drained` is a function, which has the values of whoever calls it",
         "leave --node out"),
        ("2.08/1", NODE, f"2.08/1 does not run for {NODE}: it runs once", "leave --node out"),
    ],
)  # fmt: skip
def test_what_is_not_there(bundle: Path, word: str, node: str | None, message: str, help: str) -> None:
    found = explain(bundle, word, node)
    assert found.functions == ()
    assert message in found.diagnostics[-1].message
    assert help in (found.diagnostics[-1].help or "")


def test_an_edited_bundle_is_not_explained(bundle: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(bundle, copy)
    (copy / "lib/engine/words.sh").write_text("numbers() { :; }\n")
    found = explain(copy, "2.09/5")
    assert (found.functions, [one.message for one in found.diagnostics]) == ((), ["modified since it was compiled"])


def test_a_wrong_spec(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text("version: 1\n")
    found = explain(tmp_path / "site.yaml", "2.09/5")
    assert found.functions == ()
    assert "missing-key" in [one.code for one in found.diagnostics]


def test_every_fifth_step_of_the_example_is_bash_with_the_site_s_values(bundle: Path) -> None:
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    steps = [step["id"] for section in manifest["sections"] for step in section["steps"]]
    whole = shown = ""
    for step in steps[::5]:
        found = explain(bundle, step)
        assert found.functions, step
        whole += re.sub(r"<node>", "node", page(found))
        shown += "\n".join(one.text for one in found.functions)
    done = subprocess.run(["bash", "-n"], input=whole, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    # no setting is left by its name
    names = "|".join(site_values((bundle / "lib/site.sh").read_text("utf-8")))
    assert re.findall(rf".*\$\{{?[#!]?(?:{names})(?!\w).*", shown) == []
    assert re.findall(rf"\(\([^)\n]*\b(?:{names})\b.*", shown) == []


def shell_of(bundle: Path) -> Shell:
    files = [*bundle.glob("2.*.sh"), *bundle.rglob("lib/**/*.sh")]
    return Shell({str(path.relative_to(bundle)): path.read_text("utf-8") for path in files})


def placed(functions: Iterable[Function]) -> list[tuple[str, bool]]:
    """(name, whether it is of the library) of each function."""
    return [(one.name, one.file.startswith("lib/")) for one in functions]


@pytest.mark.long
def test_the_page_and_explain_find_the_same_functions_behind_every_step(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    views: list[PageView] = []
    monkeypatch.setattr(rendering, "PageView", lambda *words: views.append(PageView(*words)) or views[-1])
    render_site(TOKYO)
    view = views[-1]
    named = ways(section.section for section in view.sections)
    reasons = Reasons({**site_values((bundle / "lib/site.sh").read_text("utf-8")), **named})
    shell = shell_of(bundle)
    steps = [(section, step) for section in view.sections for step in section.steps]
    assert len(steps) > 80
    for section, shown in steps:
        step = shown.step
        of_page = view.shell.of_step(step.name, section.section.name)
        assert placed((*of_page.own, *of_page.engine)) == placed(explain(bundle, step.id).functions), step.id
        # what the page says of a step comes from these; of the engine, only how every change can end
        script = f"{section.section.name}.sh"
        refused = reasons.of(Asking(shell).asked(shell.parts(step.name, script, ("requires",)), script))
        assert said(view, shown.refuses) == {reason.text for reason in refused}, step.id
        stopped = reasons.of(Asking(shell).asked(shell.parts(step.name, script, ACTS), script))
        ends = reasons.of((shell.library[name], "no") for name in OF_EVERY_STEP) if step.shape != "check" else ()
        expected = {reason.text for reason in (*stopped, *ends) if reason not in refused}
        assert said(view, shown.stops) == expected, step.id


def said(view: PageView, numbers: Iterable[int]) -> set[str]:
    """The texts of these messages of the page."""
    return {view.messages[number - 1].text for number in numbers}


def test_the_values_of_a_site() -> None:
    text = "{\n  A='it'\\''s'\n  B=(one 'two words')\n  C=()\n  D=''\n}\n"
    assert site_values(text) == {"A": "it's", "B": ("one", "two words"), "C": (), "D": ""}


def test_as_json(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        cli.main(["explain", str(bundle), "2.09/5", "--node", NODE, "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    assert leaving.value.code == 0
    assert document["diagnostics"] == []
    assert document["step"]["title"] == "Move the instances off the node"
    assert document["functions"][0]["uses"] == ["takes_no_instances", "has_instance_record", "compute_may_be_emptied"]
    assert document["functions"][0]["comment"].startswith("2.09/5  Move the instances")
    assert document == {
        "diagnostics": [],
        "counts": {"errors": 0, "warnings": 0},
        **json.loads(json.dumps(as_data(explain(bundle, "2.09/5", NODE)))),
    }


@pytest.mark.parametrize("extra", [{}, {"NO_COLOR": "1"}])
def test_colours_on_a_terminal_alone(bundle: Path, extra: dict[str, str]) -> None:
    words = [sys.executable, "-m", "osp_compile", "explain", str(bundle), "compute_host"]
    plain = subprocess.run(
        words, capture_output=True, text=True, check=True, env={**os.environ, **extra}, timeout=60
    ).stdout
    assert "\x1b" not in plain
    leader, follower = pty.openpty()
    try:
        subprocess.run(words, stdout=follower, check=True, env={**os.environ, "TERM": "xterm", **extra}, timeout=60)
        shown = os.read(leader, 1 << 16).decode().replace("\r\n", "\n")
    finally:
        os.close(leader)
        os.close(follower)
    assert ("\x1b[" in shown) is not bool(extra)
    stripped = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert [line.rstrip() for line in stripped.splitlines()] == plain.rstrip().splitlines()
