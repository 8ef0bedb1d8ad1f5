"""Specs with their exact diagnostics: each folder under tests/cases is a test, and adding one needs no code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from osp_compile.diagnostics import has_errors, render_text
from osp_compile.spec import loading

CASES = Path(__file__).parents[2] / "cases"
STEPS = frozenset({"2.11/3", "2.11/5", "2.12/4", "2.12/8", "2.12/9"})


def folders(kind: str) -> list[pytest.ParameterSet]:
    return [pytest.param(folder, id=folder.name) for folder in sorted((CASES / kind).iterdir()) if folder.is_dir()]


def compare(actual: str, expected: Path, update: bool) -> None:
    if update and actual:
        expected.write_text(actual, encoding="utf-8")
    elif update:
        expected.unlink(missing_ok=True)
    assert actual == (expected.read_text(encoding="utf-8") if expected.exists() else "")


@pytest.mark.parametrize("folder", folders("invalid"))
def test_invalid(folder: Path, update: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    site, diagnostics = loading.load(Path("site.yaml"), STEPS)
    assert site is None
    assert has_errors(diagnostics)
    compare(render_text(diagnostics), folder / "expected.txt", update)


@pytest.mark.parametrize("folder", folders("valid"))
def test_valid(folder: Path, update: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    site, diagnostics = loading.load(Path("site.yaml"), STEPS)
    compare(render_text(diagnostics), folder / "expected.txt", update)
    assert site is not None


def test_every_diagnostic_has_a_case() -> None:
    """A code that no case shows is one nobody has read; those that need a machine gone wrong are tested elsewhere."""
    package = Path(loading.__file__).parent
    stages = ("yaml_composer", "yaml_messages", "yaml_reader", "coerce", "schema_messages", "loading")
    files = [*(package / f"{stage}.py" for stage in stages), *(package / "rules").glob("*.py")]
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    codes = set(re.findall(r'(?:error|warning|_refuse)\(\s*"([a-z0-9-]+)"', text))
    codes |= set(re.findall(r'return "([a-z]+-[a-z0-9-]+)", ', text))
    shown = "".join(path.read_text(encoding="utf-8") for path in CASES.glob("*/*/expected.txt"))
    assert len(codes) > 70
    assert {code for code in codes if f"[{code}]: " not in shown} == {"file-unreadable", "not-a-file", "too-large"}


def test_there_are_enough() -> None:
    assert len(folders("invalid")) >= 65
    assert len(folders("valid")) >= 12
