"""What a site is collected as gives its spec back; the collecting script carries no secret."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

import random_specs
from osp_compile.assets import SPECS
from osp_compile.diagnostics import has_errors
from osp_compile.importing import collection
from osp_compile.pipeline import check_site, import_spec
from osp_compile.spec import loading
from osp_compile.spec.model import Site
from unit.importing.collected import collection as collected
from unit.waiting import LIMIT

ROOT = Path(__file__).parents[3]
SECRET = "Qz7canarysecret"


def known(site: Site) -> dict[str, Any]:
    """What of a site can be collected; only its operators know how it is to be worked on."""
    # without OSDs the importer leaves out monitors, which nothing would use
    idle = set() if site.nodes_with("ceph_osd") else {"ceph_mon"}
    nodes = sorted(
        (node.name, node.role.name, sorted(node.role.capabilities - idle), node.address) for node in site.nodes
    )
    # what is given as one word, --option=value, is written as two
    arguments = [part for word in site.deploy.extra_args for part in split(word)]
    # where the command ran is only asked for with an answers file: all other paths are made absolute
    folder = site.deploy.directory if site.deploy.answers_file else None
    deploy = replace(site.deploy, extra_args=tuple(arguments), directory=folder)
    return {"nodes": nodes, "files": site.env_files, "deploy": deploy, "stack": site.stack}


def split(word: str) -> list[str]:
    return word.split("=", 1) if word.startswith("--") and "=" in word else [word]


def back(site: Site, folder: Path) -> Site:
    (folder / "collection.txt").write_text(collected(site), "utf-8")
    made = import_spec(folder / "back.yaml", force=True, collected=folder / "collection.txt", name="x", change="CHG1")
    assert not has_errors(made.diagnostics), made.diagnostics
    found, _ = loading.load(folder / "back.yaml", frozenset())
    assert found is not None
    return found


@pytest.mark.parametrize("name", ["minimal", "tokyo-1", "hyperconverged"])
def test_an_example(name: str, tmp_path: Path) -> None:
    site, _ = loading.load(SPECS / f"examples/{name}.yaml", frozenset())
    assert site is not None
    assert known(back(site, tmp_path)) == known(site)


@pytest.mark.long
def test_random_sites(tmp_path: Path) -> None:
    number = 0
    for seed in range(1, 40):
        path = tmp_path / "site.yaml"
        path.write_text(yaml.safe_dump(random_specs.spec(random.Random(seed)), allow_unicode=True), "utf-8")
        site, problems = loading.load(path, random_specs.STEPS)
        if site is not None and not has_errors(problems):
            number += 1
            assert known(back(site, tmp_path)) == known(site), seed
    assert number >= 10


OPENSTACK = """#!/usr/bin/env bash
case "$*" in
  "server list -f json")
    echo '[{"ID": "1", "Name": "overcloud-controller-0", "Status": "ACTIVE", "Networks": "ctlplane=192.0.2.10"}]' ;;
  "baremetal node list "*)
    echo '[{"Name": "m1", "Instance UUID": "1", "Properties": {"capabilities": "profile:control"}}]' ;;
  *) echo "no such thing" >&2; exit 1 ;;
esac
"""
FILES = {
    "stackrc": f"export OS_PASSWORD={SECRET}\n",
    "deploy.sh": f"export MY_PASSWORD='{SECRET}'\nopenstack overcloud deploy --templates --os-password {SECRET} \\\n"
    f"  -e ~/templates/net.yaml --reg-activation-key={SECRET} --no-proxy http://me:{SECRET}@192.0.2.9\n",
    "templates/net.yaml": f"parameter_defaults:\n  AdminPassword: {SECRET}\n  EnableFencing: true\n"
    f"  FencingConfig: {SECRET}\n",
    "templates/passwords.yaml": f"parameter_defaults:\n  RabbitPassword: {SECRET}\n",
    "instackenv.json": f'{{"nodes": [{{"pm_password": "{SECRET}"}}]}}',
}


def lay_out(home: Path) -> None:
    """The home of the undercloud's user: FILES, a client that answers, and the collecting script."""
    for name, body in FILES.items():
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text(body)
    (home / "bin").mkdir()
    (home / "bin/openstack").write_text(OPENSTACK)
    (home / "bin/openstack").chmod(0o755)
    (home / "collect").write_text(collection.commands())


def test_the_collecting_script(tmp_path: Path) -> None:
    """It runs with the clients' answers of a small site; what it makes has no secret, and imports."""
    lay_out(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    surroundings = {**os.environ, "HOME": str(tmp_path), "PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
    words = ["bash", "collect", "-o", "made.txt"]
    subprocess.run(words, cwd=tmp_path, env=surroundings, check=True, capture_output=True, timeout=LIMIT)
    made = tmp_path / "made.txt"
    assert SECRET not in made.read_text()
    assert made.stat().st_mode & 0o777 == 0o600
    assert {path: path.read_bytes() for path in before} == before
    result = import_spec(tmp_path / "site.yaml", collected=made, change="CHG1")
    spec = yaml.safe_load((tmp_path / "site.yaml").read_text())
    assert spec["nodes"] == [{"name": "overcloud-controller-0", "role": "Controller", "address": "192.0.2.10"}]
    assert spec["env_files"] == [f"{tmp_path}/templates/net.yaml"]
    assert spec["fencing"] is True
    assert SECRET not in (tmp_path / "site.yaml").read_text() + str(result.diagnostics)


@pytest.fixture(scope="module")
def collecting(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the Python of the collecting script defines."""
    home = tmp_path_factory.mktemp("home")
    (home / "none").touch()
    (home / "collect").write_text(collection.commands().replace("trap 'rm -rf -- \"$work\"' EXIT", f"work={home}"))
    subprocess.run(
        ["bash", "collect", "-o", "made", "none"], cwd=home, env={**os.environ, "HOME": str(home)}, check=True,
        capture_output=True, timeout=LIMIT,
    )  # fmt: skip
    sys.path.insert(0, str(home))
    try:
        made: dict[str, Any] = {}
        exec((home / "collect.py").read_text().replace("\nmain()\n", "\n"), made)
        return made
    finally:
        sys.path.remove(str(home))
        for name in collection.MODULES:
            sys.modules.pop(name.removesuffix(".py"), None)


@pytest.mark.parametrize(
    "line",
    [
        "subscription-manager register --username me --password {}",
        "subscription-manager register --org=1 --activationkey={}",
        "curl -u admin:{} https://192.0.2.1/",
        "curl -H 'Authorization: Bearer {}' https://192.0.2.1/",
        'curl -H "X-Auth-Token: {}" https://192.0.2.1/',
        "ipmitool -I lanplus -H 192.0.2.1 -U root -P {} power on",
        "mysql -u root -p{} nova",
        "cat >~/p.yaml <<EOF\nparameter_defaults:\n  AdminPassword: {}\nEOF",
        "cat >~/p.yaml <<EOF\n  CephClientKey: AQBSdFhcAAAAABAAnQ7u2rLZ3yPqz1V{}fQbh==\nEOF",
        'cat >~/i.json <<EOF\n{{"pm_password": "{}"}}\nEOF',
        "SECRETS=(one {} three)",
        "export MY_TOKEN={}",
        "openstack --os-password \\\n  {} server list",
        "sshpass -p {} ssh root@192.0.2.1",
        "export http_proxy=http://me:{}@192.0.2.9",
        "cat >k <<EOF\n-----BEGIN RSA PRIVATE KEY-----\n{}AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
        "-----END RSA PRIVATE KEY-----\nEOF",
    ],
)
def test_a_script_is_carried_over_without_its_secrets(line: str, collecting: dict[str, Any]) -> None:
    deploy = "openstack overcloud deploy --templates -e ~/templates/password-policy.yaml"
    kept = collecting["without_secrets"](f"{line.format(SECRET)}\n{deploy}\n")
    assert SECRET not in kept
    assert deploy in kept


def test_what_is_taken_out_is_nothing_that_import_reads(collecting: dict[str, Any], tmp_path: Path) -> None:
    scripts = sorted((ROOT / "tests/data/deploy").glob("*.sh"))
    assert len(scripts) > 50
    differ = []
    for script in scripts:
        text = script.read_text("utf-8")
        kept = collecting["without_secrets"](text)
        if kept != text:
            found = []
            for number, body in enumerate((text, kept)):
                (tmp_path / "deploy.sh").write_text(body, "utf-8")
                import_spec(tmp_path / f"{number}.yaml", force=True, deploy=tmp_path / "deploy.sh", change="CHG1")
                made = tmp_path / f"{number}.yaml"
                # what comes after a shorter word has another column
                found.append(re.sub(r":\d+:\d+", "", made.read_text("utf-8")) if made.exists() else "")
            if found[0] != found[1]:
                differ.append(script.name)
    assert differ == []


def test_the_script_is_clean(tmp_path: Path) -> None:
    (tmp_path / "collect.sh").write_text(collection.commands())
    for words in (["shellcheck", "--severity=style"], ["shfmt", "-ln", "bash", "-i", "2", "-ci", "-d"]):
        from osp_compile.lint.checking import tool

        ended = subprocess.run(
            [tool(words[0], ""), *words[1:], "collect.sh"], cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
        assert (ended.returncode, ended.stdout) == (0, "")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace("osp-compile collection 1", "x"), "this is not what the script"),
        (lambda text: text.rsplit("== end", 1)[0], "the collection has no end"),
        (lambda text: text.replace("|openstack", "openstack"), "the collection is damaged here"),
        (lambda text: text.rsplit("== end", 1)[0] + f"== end {'9' * 5000}\n", "the collection is damaged here"),
    ],
)
def test_a_collection_that_is_not_whole(change: Any, message: str, tmp_path: Path) -> None:
    site, _ = loading.load(SPECS / "examples/minimal.yaml", frozenset())
    assert site is not None
    (tmp_path / "c").write_text(change(collected(site)))
    result = import_spec(tmp_path / "site.yaml", collected=tmp_path / "c")
    assert [one.message[: len(message)] for one in result.diagnostics if one.severity == "error"] == [message]
    assert not (tmp_path / "site.yaml").exists()


def test_check_takes_what_init_writes(tmp_path: Path) -> None:
    from osp_compile.importing import skeleton

    path = tmp_path / "site.yaml"
    path.write_text(skeleton.text("a", "CHG1", skeleton.roles_of(["Controller=3", "Compute=300", "ComputeOvsDpdk=2"])))
    assert not has_errors(check_site(path))
