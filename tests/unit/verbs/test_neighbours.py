"""The files that other programs read: pre-commit's hook and the entry for a schema catalogue."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

from osp_compile import cli

ROOT = Path(__file__).parents[3]


def test_the_hook_of_pre_commit_calls_a_command_that_takes_several_files() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    program, verb = hook["entry"].split()
    assert (program, hook["language"], hook["types"]) == ("osp-compile", "python", ["yaml"])
    context = cli.program.commands[verb].make_context(verb, ["a.yaml", "sites/b.yaml"])
    assert context.params["specs"] == (Path("a.yaml"), Path("sites/b.yaml"))
    found = [
        name for name in ("site.yaml", "a/site.yml", "mysite.yaml", "site.yaml.j2") if re.search(hook["files"], name)
    ]
    assert found == ["site.yaml", "a/site.yml"]


def test_the_catalogue_names_the_schema() -> None:
    catalogue = json.loads((ROOT / "docs/schema-catalogue.json").read_text("utf-8"))
    (entry,) = catalogue["schemas"]
    assert (catalogue["version"], {*entry}) == (1, {"name", "description", "fileMatch", "url"})
    assert "site.yaml" in entry["fileMatch"]
