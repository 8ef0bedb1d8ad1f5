"""What changed since the bundle before is on the page of the new one, and the manifest says which that was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from osp_compile.assets import SPECS
from osp_compile.bundle.render import File
from osp_compile.cli import program
from osp_compile.diagnostics import RefusedError
from osp_compile.pipeline import compile_site, render_site
from osp_compile.ticket.since import since

TEXT = (SPECS / "examples/minimal.yaml").read_text("utf-8")


def spec(folder: Path, text: str) -> Path:
    (folder / "site.yaml").write_text(text, "utf-8")
    return folder / "site.yaml"


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("approved")
    made = compile_site(spec(folder, TEXT), folder, linted=False).path
    assert made is not None
    return made


def texts(files: tuple[File, ...]) -> dict[str, str]:
    return {file.path: file.text for file in files}


def test_the_page_says_what_changed_in_both_languages_and_the_manifest_since_what(
    tmp_path: Path, approved: Path
) -> None:
    files, _ = render_site(spec(tmp_path, f"{TEXT}\ncompute_reboot: {{stuck: stop}}\n"))
    found = texts(since(approved)(files))
    page, manifest = found["index.html"], json.loads(found["manifest.json"])
    assert "what does not move live is stopped, and started again after the reboot" in page
    assert "ライブマイグレーションできないものは停止し" in page
    assert '<a href="#209-5">2.09/5</a>: what does not move' in page
    assert "osp-compile diff OLD NEW" not in page
    digest = manifest["previous"]["digest"]
    assert len(digest) == 64
    assert digest in page
    assert str(approved) not in "".join(found.values())
    # nothing else is another, and made once more it is the same
    plain = texts(files)
    assert {path for path in plain if plain[path] != found[path]} == {"index.html", "manifest.json"}
    assert texts(since(approved)(files)) == found
    assert {**manifest, "previous": None} == {**json.loads(plain["manifest.json"]), "previous": None}


def test_what_a_bundle_says_of_the_one_before_it_is_no_change(tmp_path: Path, approved: Path) -> None:
    """A bundle that was compiled with --previous, compared with the same compiled without: nothing has changed."""
    made = compile_site(spec(tmp_path, TEXT), tmp_path, linted=False, added=since(approved)).path
    assert made is not None
    files, _ = render_site(tmp_path / "site.yaml")
    page = texts(since(made)(files))["index.html"]
    said = page.partition("Compared with the bundle")[2].partition("</details>")[0]
    assert "<li>" not in said
    assert "byte for byte the same" in said


def test_only_what_was_compiled_is_compared_with(tmp_path: Path, approved: Path) -> None:
    changed = tmp_path / "changed"
    changed.mkdir()
    for file in ("manifest.json", "SHA256SUMS", "runbook"):
        (changed / file).write_bytes((approved / file).read_bytes())
    with pytest.raises(RefusedError, match=r"is not as it was compiled \(.* is missing\); name the bundle that"):
        since(changed)
    with pytest.raises(RefusedError, match="no such file or folder"):
        since(tmp_path / "nothing")


def test_the_command_tells_what_is_wrong_with_the_bundle_before(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", spec(tmp_path, TEXT)
    old.write_text("site: 1\n", "utf-8")
    ran = CliRunner().invoke(program, ["compile", str(new), "--previous", str(old), "-o", str(tmp_path / "out")])
    assert isinstance(ran.exception, RefusedError)
    assert "old.yaml" in ran.output
    assert not (tmp_path / "out").exists()
