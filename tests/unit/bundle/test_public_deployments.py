"""Deployments that were published, as their operators called them: the plan update has the same files and options.

Each is a case, `tests/cases/valid/deployment-NAME`, with the operator's `command.txt`. Where an operator's own words
are refused, `tests/cases/invalid/deployment-NAME` has them, and the valid case what the diagnostics say to write.
With --update the table of `docs/public-deployments.md` is made again.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from posixpath import join, normpath
from typing import Any

import pytest
import yaml

import random_specs
from osp_compile import pipeline
from osp_compile.spec.rules import client

pytestmark = pytest.mark.long  # a bundle for each deployment
CASES = Path(__file__).parents[2] / "cases"
PAGE = Path(__file__).parents[3] / "docs/public-deployments.md"
NAMES = sorted(folder.name for folder in (CASES / "valid").glob("deployment-*"))
REFUSED = sorted(folder.name for folder in (CASES / "invalid").glob("deployment-*"))
STOCK = "/usr/share/openstack-tripleo-heat-templates"
HOME = "/home/stack"
# what the guide adds to the command of a site with NFV
ADDED = ("environments/ovs-dpdk-permissions.yaml", "templates/osp-runbook/nfv-environment.yaml")
# what an operator's command has and a bundle must not hold, with the options that mean nothing without it
SECRET = ("--os-password", "--rhel-reg", "--reg-method", "--reg-org", "--reg-activation-key")
REGISTRATION = ("rhel-registration-resource-registry.yaml", "/home/stack/registration.yaml")
# the templates that an answers file names; the spec says them, and the client takes both
ANSWERED = {"deployment-answers-file": "/home/stack/answers/tht"}
LIST = "--environment-file", "--environment-directory"
PLACE = "--roles-file", "--answers-file"
READ = """
cd() { folder=$1; }
openstack() { printf '%s\\0' "${folder:-}" "$@"; }
. "$1"
"""


def as_called(file: Path) -> tuple[str, list[str]]:
    """The folder of the call, "" if it is not said, and the words of the command, as bash reads them."""
    ended = subprocess.run(
        ["bash", "-c", READ, "bash", file],
        capture_output=True, check=True, timeout=random_specs.LIMIT, env={"HOME": HOME, "PATH": os.defpath},
    )  # fmt: skip
    folder, *words = ended.stdout.decode().split("\0")[:-1]
    assert words[:2] == ["overcloud", "deploy"]
    return folder, words[2:]


def meant(words: Sequence[str], folder: str = "") -> dict[str, Any]:
    """What the client makes of the words: its lists in their order, each single value, the other options in order."""
    found: dict[str, Any] = {"--templates": STOCK, "--stack": "overcloud", LIST[0]: [], LIST[1]: [], "others": []}
    for one in client.given(enumerate(words)):
        name, value = one.option.name, one.value
        if name in LIST:
            found[name].append(normpath(join(folder, str(value))))
        elif name in (*PLACE, "--templates", "--stack"):
            found[name] = value.rstrip("/") if value else STOCK
        elif name != "--update-plan-only":
            found["others"].append((name, value))
    return found


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    """{deployment: the words of its deploy command in section 2.06}."""
    found = {}
    for name in NAMES:
        out = tmp_path_factory.mktemp(name)
        made = pipeline.compile_site(CASES / "valid" / name / "site.yaml", out, linted=False, paged=False)
        assert made.path is not None, made.diagnostics
        command = random_specs.COMMAND.search((made.path / "2.06-update-overcloud.sh").read_text("utf-8"))
        assert command is not None
        words = random_specs.in_bash(made.path, f"with_stackrc() {{ printf '%s\\0' \"$@\"; }}\n{command[0]}")
        assert isinstance(words, list), words
        found[name] = words[3:]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_plan_update_is_the_operators_command(name: str, generated: Mapping[str, list[str]]) -> None:
    folder, words = as_called(CASES / "valid" / name / "command.txt")
    theirs, ours = meant(words, folder), meant(generated[name])
    kept = [file for file in ours[LIST[0]] if not file.endswith(ADDED) or file in theirs[LIST[0]]]
    if "--rhel-reg" in [option for option, _ in theirs["others"]]:
        assert [file for file in kept if file.endswith(REGISTRATION)] == kept[:2]
        kept = kept[2:]
    theirs["others"] = [(option, value) for option, value in theirs["others"] if option not in SECRET]
    theirs["--templates"] = ANSWERED.get(name, theirs["--templates"])
    assert {**ours, LIST[0]: kept} == theirs


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_said_is_all_that_had_to_be_written(name: str) -> None:
    """The valid case differs from the refused one in the command alone, and each error says what to do."""
    both = [yaml.safe_load((CASES / kind / name / "site.yaml").read_text("utf-8")) for kind in ("valid", "invalid")]
    command = ("deploy", "env_files")
    right, refused = ({key: value for key, value in made.items() if key not in command} for made in both)
    assert right == refused
    said = (CASES / "invalid" / name / "expected.txt").read_text("utf-8")
    assert said.count("= help: ") >= said.count("error[") > 0


def test_no_secret_is_in_a_bundle(generated: Mapping[str, list[str]]) -> None:
    secret = [name for name in NAMES if "canary" in (CASES / "valid" / name / "command.txt").read_text("utf-8")]
    assert secret == ["deployment-appliance", "deployment-registered-by-option"]
    assert [name for name in secret if "canary" in generated[name]] == []


def test_the_table(generated: Mapping[str, list[str]], update: bool) -> None:
    rows = [row(name, meant(generated[name])) for name in NAMES]
    page = PAGE.read_text("utf-8")
    head, rule, *_ = re.findall(r"^\|.*\n", page, re.MULTILINE)
    before, after = page.split(head)[0], page.rpartition("|\n")[2]
    wanted = before + head + rule + "".join(rows) + after
    if update:
        PAGE.write_text(wanted, "utf-8")
    assert PAGE.read_text("utf-8") == wanted


def row(name: str, made: Mapping[str, Any]) -> str:
    about = (CASES / "valid" / name / "site.yaml").read_text("utf-8").partition("\n")[0].removeprefix("# ")
    said = f"compiles; files: {len(made[LIST[0]])}, options: {len(made['others'])}"
    return f"| `{name.removeprefix('deployment-')}` | {about} | {remedy(name) if name in REFUSED else said} |\n"


def remedy(name: str) -> str:
    """What the errors of the refused case say to write, each once."""
    said = (CASES / "invalid" / name / "expected.txt").read_text("utf-8")
    errors = [part for part in said.split("\n\n") if part.startswith("error[")]
    helps = dict.fromkeys(part.partition("= help: ")[2].partition("\n")[0] for part in errors)
    return f"refused until it is written so: {'; '.join(helps)}"
