"""The files that other programs read: pre-commit's hook and the entry for a schema catalogue."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from osp_compile import cli
from pages import blocks

ROOT = Path(__file__).parents[3]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
# What pre-commit takes in a hook's entry, by the type of its value (`pre-commit validate-manifest`, 4.7).
REQUIRED = ("id", "name", "entry", "language")
TEXTS = (
    *REQUIRED,
    "alias",
    "description",
    "files",
    "exclude",
    "language_version",
    "log_file",
    "minimum_pre_commit_version",
)
LISTS = ("types", "types_or", "exclude_types", "additional_dependencies", "args", "stages")
FLAGS = ("always_run", "fail_fast", "pass_filenames", "require_serial", "verbose")
LANGUAGES = (
    "conda coursier dart docker docker_image dotnet fail golang haskell julia lua node perl pygrep python r ruby rust "
    "swift system script unsupported unsupported_script"
).split()


def faults_of_a_hook(hook: dict[str, object]) -> list[str]:
    """What pre-commit would refuse of an entry of the manifest, as the names of its keys."""
    kinds = dict.fromkeys(TEXTS, str) | dict.fromkeys(LISTS, list) | dict.fromkeys(FLAGS, bool)
    found = [key for key in REQUIRED if key not in hook]
    found += [key for key, value in hook.items() if not isinstance(value, kinds.get(key, ()))]
    found += [key for key in LISTS if not all(isinstance(one, str) for one in hook.get(key) or [])]
    found += [key for key in ("files", "exclude") if not _is_pattern(hook.get(key, ""))]
    return found + ([] if hook.get("language") in LANGUAGES else ["language"])


def _is_pattern(text: object) -> bool:
    try:
        re.compile(str(text))
    except re.error:
        return False
    return True


def test_the_manifest_of_hooks_is_one_that_pre_commit_takes() -> None:
    hooks = yaml.safe_load(MANIFEST.read_text("utf-8"))
    assert isinstance(hooks, list)
    assert hooks
    assert [faults_of_a_hook(hook) for hook in hooks] == [[] for _ in hooks]
    assert len({hook["id"] for hook in hooks}) == len(hooks)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"entry": None}, "entry"), ({"files": "("}, "files"), ({"types": "yaml"}, "types"), ({"types": [1]}, "types"),
        ({"language": "bash"}, "language"), ({"pass_filenames": "no"}, "pass_filenames"), ({"file": "x"}, "file"),
    ],
)  # fmt: skip
def test_what_pre_commit_refuses_is_found(change: dict[str, object], fault: str) -> None:
    (hook,) = yaml.safe_load(MANIFEST.read_text("utf-8"))
    assert fault in faults_of_a_hook({**hook, **change})


def test_the_guide_s_configuration_names_a_hook_that_is_there() -> None:
    page = (ROOT / "docs/editors.md").read_text("utf-8")
    (text,) = (block.text for block in blocks.blocks(page) if block.options.get("path") == ".pre-commit-config.yaml")
    (repository,) = yaml.safe_load(text)["repos"]
    assert {*repository} == {"repo", "rev", "hooks"}
    assert [hook["id"] for hook in repository["hooks"]] == [hook["id"] for hook in yaml.safe_load(MANIFEST.read_text())]
    assert [
        faults_of_a_hook({**hook, "name": "", "entry": "", "language": "python"}) for hook in repository["hooks"]
    ] == [[]]


def test_the_hook_of_pre_commit_calls_a_command_that_takes_several_files() -> None:
    (hook,) = yaml.safe_load(MANIFEST.read_text("utf-8"))
    program, verb = hook["entry"].split()
    assert (program, hook["language"], hook["types"]) == ("osp-compile", "python", ["yaml"])
    context = cli.program.commands[verb].make_context(verb, ["a.yaml", "sites/b.yaml"])
    assert context.params["specs"] == (Path("a.yaml"), Path("sites/b.yaml"))
    names = ("site.yaml", "a/site.yml", "a/tokyo-1.site.yaml", "mysite.yaml", "site.yaml.j2")
    assert [name for name in names if re.search(hook["files"], name)] == [*names[:3]]


def test_the_catalogue_names_the_schema() -> None:
    catalogue = json.loads((ROOT / "docs/schema-catalogue.json").read_text("utf-8"))
    (entry,) = catalogue["schemas"]
    assert (catalogue["version"], {*entry}) == (1, {"name", "description", "fileMatch", "url"})
    assert "site.yaml" in entry["fileMatch"]
