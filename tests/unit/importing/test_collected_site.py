"""The collecting script on the simulated undercloud of an example: what it carries over gives the spec back."""

from __future__ import annotations

import json
import os
import random
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

import random_specs
from osp_compile.assets import SPECS
from osp_compile.diagnostics import Diagnostic, has_errors
from osp_compile.importing import collection
from osp_compile.pipeline import import_spec, render_site
from osp_compile.spec import loading
from osp_compile.spec.model import Site
from unit.importing.collected import deploy_command, roles
from unit.importing.test_round_trip import known
from unit.simulator.worlds import Served, up

EXAMPLES = [*("minimal", "hyperconverged"), pytest.param("tokyo-1", marks=pytest.mark.long)]

# what a collection cannot know, and a person decides: how an instance on the only compute of its kind moves
WARNED = {"hyperconverged": ["only-compute-of-role"]}


def example(name: str) -> Path:
    return SPECS / f"examples/{name}.yaml"


def loaded(name: str) -> Site:
    found, _ = loading.load(example(name), frozenset())
    assert found is not None
    return found


@pytest.fixture(scope="module")
def site() -> Site:
    return loaded("minimal")


@pytest.fixture
def undercloud(sandbox: None, tmp_path: Path) -> Iterator[Served]:
    with served(example("minimal"), tmp_path / "w") as world:
        yield world


@contextmanager
def served(spec: Path, folder: Path) -> Iterator[Served]:
    """The undercloud of a spec; its home has the script of `import --commands` under the guide's name for it."""
    files, _ = render_site(spec)
    manifest = next(json.loads(file.text) for file in files if file.path == "manifest.json")
    world = up(folder, manifest["site"])
    put(world, "collect.sh", collection.commands())
    # an undercloud has PyYAML, and the Python that this machine lends it need not
    modules = shutil.ignore_patterns("*.so", "__pycache__")
    shutil.copytree(Path(yaml.__file__).parent, home(world, "modules/yaml"), ignore=modules)
    yield world
    world.simulator("down")


def put(world: Served, name: str, text: str, age: int = 0) -> None:
    """A file of that age, in seconds, in the stack user's home."""
    file = home(world, name)
    file.write_text(text, "utf-8")
    os.utime(file, (1_500_000_000 - age,) * 2)


def home(world: Served, name: str) -> Path:
    return Path(world.simulator("file", "undercloud", f"/home/stack/{name}").out.strip())


def names(world: Served) -> set[str]:
    return set(world.run("cd && ls -A . templates").out.split())


def parts(world: Served) -> list[str]:
    """The heads of what was collected, such as `== deploy /home/stack/deploy.sh`."""
    return [line for line in home(world, "made.txt").read_text("utf-8").split("\n") if line.startswith("== ")]


def deploy(*files: str) -> str:
    words = ["openstack", "overcloud", "deploy", "--templates", *(word for file in files for word in ("-e", file))]
    return f"#!/bin/bash\nsource ~/stackrc\n{shlex.join(words)}\n"


def carried_over(world: Served, folder: Path, *words: str) -> tuple[Site | None, tuple[Diagnostic, ...]]:
    """What `import` makes of what the script collects, called with these words in the home directory."""
    collected = world.run(f"cd && PYTHONPATH=$HOME/modules bash collect.sh -o made.txt {shlex.join(words)}")
    assert (collected.status, collected.err) == (0, "")
    made = import_spec(folder / "site.yaml", collected=home(world, "made.txt"), name="x", change="CHG1", force=True)
    return loading.load(folder / "site.yaml", frozenset())[0], made.diagnostics


@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_comes_back(name: str, tmp_path: Path) -> None:
    site = loaded(name)
    with served(example(name), tmp_path / "w") as undercloud:
        put(undercloud, "deploy.sh", f"#!/bin/bash\nsource ~/stackrc\n{deploy_command(site)}\n")
        if site.deploy.roles_file:
            put(undercloud, site.deploy.roles_file.removeprefix("/home/stack/"), yaml.safe_dump(roles(site)))
        before = names(undercloud)
        found, diagnostics = carried_over(undercloud, tmp_path)
        assert found is not None
        assert known(found) == known(site)
        assert [one.code for one in diagnostics] == WARNED.get(name, [])
        assert names(undercloud) == before | {"made.txt"}
        assert {part.split()[1] for part in parts(undercloud)} >= {"deploy", "servers", "baremetal", "services"}
        assert not [call for call in undercloud.calls() if call.get("changed")]


def at_random(seed: int, spec: Path) -> Site | None:
    """A random site in `spec`, whose undercloud is the usual one; None where `check` refuses it."""
    drawn = random_specs.spec(random.Random(seed))
    drawn.pop("undercloud", None)
    # (a roles file that is drawn could lie anywhere, and only the home and named folders are looked through)
    drawn["deploy"] = {**drawn.get("deploy", {}), "roles_file": "/home/stack/roles_data.yaml"}
    spec.write_text(yaml.safe_dump(drawn, allow_unicode=True), "utf-8")
    random_specs.post_install(drawn, spec.parent)
    site, problems = loading.load(spec, random_specs.STEPS)
    return None if has_errors(problems) else site


@pytest.mark.long
@pytest.mark.usefixtures("sandbox")
def test_random_sites_come_back(tmp_path: Path) -> None:
    number = 0
    for seed in range(100, 140):
        site = at_random(seed, tmp_path / "drawn.yaml")
        if site is None or number == 4:
            continue
        number += 1
        with served(tmp_path / "drawn.yaml", tmp_path / str(seed)) as undercloud:
            put(undercloud, "deploy.sh", f"#!/bin/bash\nsource ~/stackrc\n{deploy_command(site)}\n")
            put(undercloud, "roles_data.yaml", yaml.safe_dump(roles(site)))
            found, diagnostics = carried_over(undercloud, tmp_path)
            assert found is not None, (seed, diagnostics)
            assert known(found) == known(site), seed
    assert number == 4


def test_the_script_is_not_taken_for_a_deploy_script(undercloud: Served, site: Site, tmp_path: Path) -> None:
    put(undercloud, "deploy.sh", deploy(*site.env_files))
    put(undercloud, "an-older-one.sh", collection.commands(), age=60)
    put(undercloud, "2.06-update-overcloud.sh", f". lib/runtime.sh\n{deploy('/b.yaml')}")
    carried_over(undercloud, tmp_path)
    assert [part for part in parts(undercloud) if part.startswith("== deploy ")] == ["== deploy /home/stack/deploy.sh"]


def test_of_several_deploy_scripts_the_last_is_taken(undercloud: Served, site: Site, tmp_path: Path) -> None:
    put(undercloud, "a-deploy.sh", deploy(*site.env_files))
    put(undercloud, "deploy.sh", deploy("/home/stack/old.yaml"), age=60)
    found, diagnostics = carried_over(undercloud, tmp_path)
    assert found is not None
    assert known(found) == known(site)
    assert [one.message for one in diagnostics] == [
        "there are 2 deploy commands (/home/stack/deploy.sh:3, /home/stack/a-deploy.sh:3): "
        "the last one is taken, which left the cloud so"
    ]


def test_a_script_that_is_named_is_the_one(undercloud: Served, site: Site, tmp_path: Path) -> None:
    put(undercloud, "deploy.sh", deploy("/home/stack/new.yaml"))
    put(undercloud, "named", deploy(*site.env_files), age=60)
    found, _ = carried_over(undercloud, tmp_path, "named")
    assert found is not None
    assert known(found) == known(site)


def test_a_machine_without_pyyaml_is_told_where_the_script_belongs(undercloud: Served) -> None:
    put(undercloud, "modules/yaml/__init__.py", "raise ImportError")
    collected = undercloud.run("cd && PYTHONPATH=$HOME/modules bash collect.sh -o made.txt")
    said = "no Python here has PyYAML: run this on the undercloud, as the stack user\n"
    assert (collected.status, collected.err) == (1, said)
    assert "made.txt" not in names(undercloud)
