"""The committed bundle is what the compiler makes of the example today; `pytest --update` renews it for review."""

from pathlib import Path

import pytest

from osp_compile.assets import SPECS
from osp_compile.bundle import on_disk
from osp_compile.pipeline import compile_site

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "out/tokyo-1"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_example_compiles_to_the_committed_bundle(tmp_path: Path, update: bool) -> None:
    out = ROOT / "out" if update else tmp_path
    result = compile_site(SPECS / "examples/tokyo-1.yaml", out)
    assert result.path is not None, result.diagnostics
    made, golden = contents(result.path), contents(GOLDEN)
    assert sorted(made) == sorted(golden)
    assert [name for name in made if made[name] != golden[name]] == []
    assert on_disk.verify(GOLDEN) == ()


@pytest.mark.long
@pytest.mark.parametrize("name", ["minimal", "hyperconverged"])
def test_the_other_examples_compile_clean(tmp_path: Path, name: str) -> None:
    result = compile_site(SPECS / f"examples/{name}.yaml", tmp_path)
    assert result.diagnostics == ()
    assert result.path is not None
    # whoever follows the README gets what it prints; `pytest tests/unit/pages --update` writes that again
    assert name != "minimal" or on_disk.digest(result.path) in (ROOT / "README.md").read_text("utf-8")


def test_the_minimal_example_is_short() -> None:
    assert len((SPECS / "examples/minimal.yaml").read_text().splitlines()) < 15


def test_a_reviewer_has_few_files_to_open() -> None:
    scripts = [script.read_text("utf-8").splitlines() for script in GOLDEN.glob("2.*.sh")]
    sourced = [line for lines in scripts for line in lines if line[:2] == ". "]
    # (110 in the chapter's 15 scripts; one that is added has as many as another)
    assert 0 < len(sourced) < len(scripts) * 110 / 15
