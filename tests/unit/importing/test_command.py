"""The two commands: what they write, what they refuse, and that nothing half-written is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from osp_compile import cli
from osp_compile.diagnostics import has_errors
from osp_compile.pipeline import check_site, import_spec

SERVERS = "Name,Networks\novercloud-controller-0,ctlplane=192.0.2.10\novercloud-compute-0,ctlplane=192.0.2.20\n"


def site(
    folder: Path, deploy: str = "openstack overcloud deploy --templates -e /t/a.yaml\n", servers: str = SERVERS
) -> Path:
    (folder / "d.sh").write_text(deploy)
    (folder / "s.csv").write_text(servers)
    return folder / "site.yaml"


def test_what_is_not_known_is_marked_and_refused_by_check(tmp_path: Path) -> None:
    out = site(
        tmp_path, "openstack overcloud deploy --templates -e $X/a.yaml\n", SERVERS + "zeus,ctlplane=192.0.2.30\n"
    )
    made = import_spec(out, deploy=tmp_path / "d.sh", servers=tmp_path / "s.csv", change="CHG1")
    assert {one.code for one in made.diagnostics if one.severity == "error"} >= {"unresolved", "unknown-role"}
    text = out.read_text()
    assert '# UNRESOLVED d.sh:1:43: nothing in this script sets `X`\n- "$X/a.yaml"\n' in text
    assert "# UNRESOLVED zeus: nothing says its role" in text
    assert has_errors(check_site(out))


def test_secrets_are_nowhere(tmp_path: Path) -> None:
    deploy = "openstack overcloud deploy --templates -e $X --os-password hunter2secret --reg-activation-key k3yk3y\n"
    out = site(tmp_path, deploy)
    made = import_spec(out, deploy=tmp_path / "d.sh", servers=tmp_path / "s.csv")
    for secret in ("hunter2secret", "k3yk3y"):
        assert secret not in out.read_text() + repr(made.diagnostics)


def test_a_refused_input_writes_nothing(tmp_path: Path) -> None:
    out = site(tmp_path, "if\n")
    made = import_spec(out, deploy=tmp_path / "d.sh", servers=tmp_path / "s.csv")
    assert made.path is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.sh", "s.csv"]


def test_update_keeps_comments_and_choices(tmp_path: Path) -> None:
    out = site(tmp_path)
    old = tmp_path / "old.yaml"
    old.write_text(
        "# ours\nversion: 1\nsite: {name: a, change: CHG7}   # ticket\nnodes:\n"
        "- {name: overcloud-compute-0, role: Compute, address: 192.0.2.99}   # rack 4\n"
        "- {name: gone, role: Compute, address: 192.0.2.98}\nenv_files: [/t/old.yaml]\nimages: skip   # RFC 1\n"
    )
    made = import_spec(out, update=old, deploy=tmp_path / "d.sh", servers=tmp_path / "s.csv")
    text = out.read_text()
    for kept in ("# ours", "# ticket", "# rack 4", "images: skip   # RFC 1", "CHG7", "192.0.2.20", "/t/a.yaml"):
        assert kept in text
    assert "gone" not in text
    assert sum(one.code == "updated" for one in made.diagnostics) == 5


@pytest.mark.parametrize("wrong", ["nodes: {a: b}", "nodes:", "roles: [a]", "env_files: 5", "deploy: [a]", "site: a"])
def test_what_has_not_the_shape_of_a_spec_is_not_refreshed(tmp_path: Path, wrong: str) -> None:
    out = site(tmp_path)
    old = tmp_path / "old.yaml"
    old.write_text(f"version: 1\n{wrong}\n")
    made = import_spec(out, update=old, deploy=tmp_path / "d.sh", servers=tmp_path / "s.csv")
    assert [one.message for one in made.diagnostics if one.code == "update"] == [
        "this spec cannot be refreshed: it is not one"
    ]
    assert not out.exists()


@pytest.mark.parametrize("script", ["set -- a; shift {0}", "f() {{ echo ${{{0}}}; }}; f a", "set -- a; X=${{{0}}}"])
def test_a_number_of_any_length_is_no_internal_error(tmp_path: Path, script: str) -> None:
    out = site(tmp_path, script.format("9" * 5000) + "\nopenstack overcloud deploy --templates -e /t/$1.yaml\n")
    made = import_spec(out, deploy=tmp_path / "d.sh", servers=tmp_path / "s.csv")
    assert not [one for one in made.diagnostics if "internal" in one.message]


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    return int(ended.value.code or 0)


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    out = site(tmp_path)
    out.write_text("mine")
    words = ("import", "--deploy", str(tmp_path / "d.sh"), "-o", str(out))
    assert run(*words) == 3
    assert run("init", "-o", str(out)) == 3
    assert out.read_text() == "mine"


def test_the_commands(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("import", "--commands") == 0
    assert capsys.readouterr().out.startswith("#!/usr/bin/env bash\n")
    assert run("import") == 2
    assert run("init", "--role", "Controller=3", "--role", "OsdCompute=3", "-o", str(tmp_path / "i.yaml")) == 0
    assert not has_errors(check_site(tmp_path / "i.yaml"))
