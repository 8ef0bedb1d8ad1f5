"""A spec beside a fresh collection of its site: nothing to say where they agree, and every difference where not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from osp_compile import cli
from osp_compile.assets import SPECS
from osp_compile.importing.drift import DRIFT, drift
from osp_compile.spec import loading
from unit.importing.collected import collection, of_whole, whole

Site = Callable[[Callable[[str], str]], list[str]]


@pytest.fixture
def differences(tmp_path: Path) -> Site:
    """What is said of the collected example, where its spec is another by `change`."""
    example = SPECS / "examples/tokyo-1.yaml"
    site, _ = loading.load(example, frozenset())
    assert site is not None
    (tmp_path / "site.txt").write_text(collection(site), "utf-8")

    def found(change: Callable[[str], str]) -> list[str]:
        (tmp_path / "site.yaml").write_text(change(example.read_text("utf-8")), "utf-8")
        told = drift(tmp_path / "site.yaml", tmp_path / "site.txt")
        assert {one.code for one in told} <= {DRIFT}, told
        return [one.message for one in told]

    return found


@pytest.mark.parametrize("name", ["minimal", "tokyo-1", "hyperconverged"])
def test_a_site_is_as_its_spec(name: str, tmp_path: Path) -> None:
    site, _ = loading.load(SPECS / f"examples/{name}.yaml", frozenset())
    assert site is not None
    (tmp_path / "site.txt").write_text(collection(site), "utf-8")
    assert drift(SPECS / f"examples/{name}.yaml", tmp_path / "site.txt") == ()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "address: 192.0.2.41}",
            "address: 192.0.2.99}",
            "`overcloud-compute-1`: `address` was `192.0.2.99`, is `192.0.2.41`",
        ),
        (
            "overcloud-compute-2,",
            "overcloud-compute-9,",
            "the node `overcloud-compute-9` is not among the servers of the site;"
            " `overcloud-compute-2` has its address",
        ),
        ("overcloud-compute-2,", "overcloud-compute-9,", "the node `overcloud-compute-2` is new"),
        (
            "- /home/stack/templates/tokyo-1.yaml\n",
            "",
            "the deploy command has the environment file `/home/stack/templates/tokyo-1.yaml`",
        ),
        (
            "/storage-environment.yaml",
            "/other.yaml",
            "the deploy command has no environment file `/home/stack/templates/other.yaml`",
        ),
        (
            "192.0.2.1]",
            "192.0.2.3]",
            "`deploy.extra_args` was `--ntp-server 192.0.2.3`, and the deploy command has `--ntp-server 192.0.2.1`",
        ),
    ],
)
def test_each_difference_is_said(differences: Site, before: str, after: str, told: str) -> None:
    assert differences(lambda text: text) == []
    assert told in differences(lambda text: text.replace(before, after))


def test_another_order_of_the_files(differences: Site) -> None:
    first, second = "network-environment.yaml", "storage-environment.yaml"
    swapped = differences(lambda text: text.replace(first, "@").replace(second, first).replace("@", second))
    assert swapped == ["the deploy command has the environment files in another order, and the last one wins"]


NODE = "overcloud-compute-1"
MACHINE = f"m-{NODE}"


def named(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(row for row in rows if name in (row.get("Name"), row.get("Host", "").split(".")[0]))


def renamed(site: dict[str, Any]) -> None:
    named(site["servers"], NODE)["Name"] = "overcloud-compute-7"
    named(site["computes"], NODE)["Host"] = "overcloud-compute-7.localdomain"


def gone(site: dict[str, Any]) -> None:
    site["servers"].remove(named(site["servers"], NODE))
    site["computes"].remove(named(site["computes"], NODE))


def added(site: dict[str, Any]) -> None:
    new = {"Name": "overcloud-compute-3", "Networks": "ctlplane=192.0.2.77", "Status": "ACTIVE", "ID": "new"}
    site["servers"].append(new)


def told_by(key: str, name: str, **values: object) -> Callable[[dict[str, Any]], object]:
    return lambda site: named(site[key], name).update(values)


# {what has changed on the site: (the change of what is collected, what is said, and nothing else)}
CHANGED: dict[str, tuple[Callable[[dict[str, Any]], object], list[str]]] = {
    "nothing": (lambda site: None, []),
    "a node is gone": (gone, [f"the node `{NODE}` is not among the servers of the site"]),
    "a node has another name": (
        renamed,
        [
            f"the node `{NODE}` is not among the servers of the site; `overcloud-compute-7` has its address",
            "the node `overcloud-compute-7` is new",
        ],
    ),
    "a node has another address": (
        told_by("servers", NODE, Networks="ctlplane=192.0.2.99"),
        [f"`{NODE}`: `address` was `192.0.2.41`, is `192.0.2.99`"],
    ),
    "a node is off": (told_by("servers", NODE, Status="SHUTOFF"), [f"`{NODE}` is SHUTOFF, not ACTIVE"]),
    "a compute was added": (added, ["the node `overcloud-compute-3` is new"]),
    "a machine is in maintenance": (
        told_by("baremetal", MACHINE, Maintenance=True),
        [f"the machine of `{NODE}` is in maintenance"],
    ),
    "a machine has another profile": (
        told_by("baremetal", MACHINE, Properties={"capabilities": "profile:ceph-storage"}),
        [
            f"`{NODE}` is taken for `Compute`: by its name, as the roles file has it; but by its profile ceph-storage"
            " it would be CephStorage"
        ],
    ),
    "a machine is gone": (
        lambda site: site["baremetal"].remove(named(site["baremetal"], MACHINE)),
        [f"no machine has `{NODE}` on it"],
    ),
    "a service is disabled": (
        told_by("computes", NODE, Status="disabled"),
        [f"nova-compute of `{NODE}` is disabled"],
    ),
    "a service is down": (told_by("computes", NODE, State="down"), [f"nova-compute of `{NODE}` is down"]),
    "an agent is dead": (told_by("agents", NODE, Alive=False), [f"neutron-openvswitch-agent of `{NODE}` is down"]),
    "a service is on another host": (
        told_by("computes", NODE, Host="elsewhere.localdomain"),
        ["nova-compute is on `elsewhere.localdomain`, which is not among the servers"],
    ),
    "a flavor of the deploy command": (
        lambda site: site.update(deploy=f"{site['deploy']} --compute-flavor large"),
        [
            "`deploy.extra_args` was `--ntp-server 192.0.2.1`, and the deploy command has `--ntp-server 192.0.2.1"
            " --compute-flavor large`"
        ],
    ),
    "a file of the deploy command": (
        lambda site: site.update(deploy=f"{site['deploy']} -e /t/new.yaml"),
        ["the deploy command has the environment file `/t/new.yaml`"],
    ),
    "a number in a file": (
        lambda site: site["environment"].update(
            {"/home/stack/templates/tokyo-1.yaml": {"parameter_defaults": {"ComputeCount": "9"}}}
        ),
        ["`ComputeCount` is 9, and the servers listed have 3 of that role"],
    ),
}


@pytest.mark.parametrize("name", CHANGED)
def test_one_change_of_the_site_is_said_and_nothing_else(name: str, tmp_path: Path) -> None:
    example = SPECS / "examples/tokyo-1.yaml"
    site, _ = loading.load(example, frozenset())
    assert site is not None
    change, told = CHANGED[name]
    found = whole(site)
    change(found)
    (tmp_path / "site.txt").write_text(of_whole(site, found), "utf-8")
    said = drift(example, tmp_path / "site.txt")
    assert [one.message for one in said] == told
    assert all(one.help for one in said)  # what to do


def test_a_host_that_the_undercloud_did_not_deploy_is_not_missed(tmp_path: Path) -> None:
    spec = yaml.safe_load((SPECS / "examples/tokyo-1.yaml").read_text("utf-8"))
    site, _ = loading.load(SPECS / "examples/tokyo-1.yaml", frozenset())
    assert site is not None
    found = whole(site)
    found["servers"].remove(named(found["servers"], NODE))
    next(node for node in spec["nodes"] if node["name"] == NODE)["deployed_server"] = True
    (tmp_path / "site.yaml").write_text(yaml.safe_dump(spec, allow_unicode=True, sort_keys=False), "utf-8")
    (tmp_path / "site.txt").write_text(of_whole(site, found), "utf-8")
    assert drift(tmp_path / "site.yaml", tmp_path / "site.txt") == ()


MUTANTS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a name": (lambda spec: spec["nodes"][4].update(name="other-0"), "`other-0`"),
    "a role": (lambda spec: spec["nodes"][4].update(role="Compute"), "`role`"),
    "an address": (lambda spec: spec["nodes"][4].update(address="192.0.2.99"), "`address`"),
    "a node less": (lambda spec: spec["nodes"].pop(), "is new"),
    "a node more": (
        lambda spec: spec["nodes"].append({"name": "x-0", "role": "Compute", "address": "192.0.2.98"}),
        "`x-0`",
    ),
    "a file": (lambda spec: spec["env_files"].pop(), "environment file"),
    "the order": (lambda spec: spec["env_files"].reverse(), "another order"),
    "templates": (lambda spec: spec["deploy"].update(templates="/t"), "`deploy.templates`"),
    "the roles file": (lambda spec: spec["deploy"].update(roles_file="/t/r.yaml"), "`deploy.roles_file`"),
    "no roles file": (lambda spec: spec["deploy"].pop("roles_file"), "`deploy.roles_file`"),
    "an option": (lambda spec: spec["deploy"].update(extra_args=["--debug"]), "`deploy.extra_args`"),
    "answers": (lambda spec: spec["deploy"].update(answers_file="/t/answers.yaml"), "`deploy.answers_file`"),
    "folders": (
        lambda spec: spec["deploy"].update(environment_directories=["/t/env"]),
        "`deploy.environment_directories`",
    ),
    "the stack": (lambda spec: spec["site"].update(stack="other"), "`site.stack`"),
    "the user": (lambda spec: spec.update(undercloud={"user": "cloud"}), "`undercloud.user`"),
    "the home": (lambda spec: spec.update(undercloud={"home": "/srv/stack"}), "`undercloud.home`"),
    "a custom role": (
        lambda spec: spec["roles"]["ComputeOvsDpdk"].update(ceph_osd=True),
        "the role `ComputeOvsDpdk`",
    ),
    "a stock role": (lambda spec: spec["roles"].update(Compute={"ceph_osd": True}), "the role `Compute`"),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_spec_that_is_another_at_one_key(differences: Site, name: str) -> None:
    """Whatever a collection shows, drift names a spec that differs there, and names nothing twice."""
    change, told = MUTANTS[name]

    def changed(text: str) -> str:
        spec = yaml.safe_load(text)
        change(spec)
        return str(yaml.safe_dump(spec, allow_unicode=True, sort_keys=False))

    said = differences(changed)
    assert [one for one in said if told in one], said
    assert len(said) == len(set(said))


def test_another_way_to_write_the_same_is_not_a_difference(differences: Site) -> None:
    def changed(text: str) -> str:
        spec = yaml.safe_load(text)
        spec["deploy"].update(
            templates="/usr/share/openstack-tripleo-heat-templates/", directory="/home/stack/templates"
        )
        spec["env_files"] = [one.replace("/home/stack/templates/", "") for one in spec["env_files"]]
        spec["undercloud"] = {"user": "stack", "home": "/home/stack"}
        return str(yaml.safe_dump(spec, allow_unicode=True, sort_keys=False))

    assert differences(changed) == []


@pytest.mark.parametrize("mongodb", [True, False])
def test_what_the_environment_files_set_is_compared(mongodb: bool, tmp_path: Path) -> None:
    from osp_compile.importing.bash.values import Undercloud
    from osp_compile.importing.draft import Draft
    from osp_compile.importing.drift import _settings
    from osp_compile.importing.environments import Value
    from osp_compile.importing.text import Text

    body = (SPECS / "examples/minimal.yaml").read_text("utf-8")
    body += f"fencing: false\nmongodb: {str(mongodb).lower()}\nservices: {{haproxy: true, volumes: true}}\n"
    (tmp_path / "s.yaml").write_text(body, "utf-8")
    site, problems = loading.load(tmp_path / "s.yaml", frozenset())
    assert site is not None, problems
    text = Text("s.yaml", tuple(body.split("\n")))
    draft = Draft("x", "CHG1", Undercloud())
    assert list(_settings(draft, site, text)) == []
    value = Value("OS::Heat::None", text.at(1))
    draft.fencing = value
    draft.absent = {"haproxy": value, "volumes": value}
    draft.mongodb = Value(not mongodb, text.at(1))
    assert [one.message for one in _settings(draft, site, text)] == [
        "`fencing` is `false`, and on the site `true`",
        f"`mongodb` is `{str(mongodb).lower()}`, and on the site `{str(not mongodb).lower()}`",
        "`services.haproxy` is `true`, and on the site `false`",
        "`services.volumes` is `true`, and on the site `false`",
    ]


DPDK = """\
parameter_defaults:
  NeutronVhostuserSocketDir: /srv/sockets/
"""


@pytest.mark.parametrize(
    ("nfv", "told"),
    [
        ({"vhost_socket_dir": "/srv/sockets"}, []),
        (None, []),
        (False, ["`nfv` is `false`, and on the site `true`"]),
        (True, ["`nfv.vhost_socket_dir` is `/var/lib/vhost_sockets`, and on the site `/srv/sockets`"]),
        ({"vhost_socket_dir": "/a"}, ["`nfv.vhost_socket_dir` is `/a`, and on the site `/srv/sockets`"]),
    ],
)
def test_nfv_is_compared(nfv: Any, told: list[str], tmp_path: Path) -> None:
    site, _ = loading.load(SPECS / "examples/tokyo-1.yaml", frozenset())
    assert site is not None
    spec = yaml.safe_load((SPECS / "examples/tokyo-1.yaml").read_text("utf-8"))
    spec.pop("nfv", None)
    if nfv is not None:
        spec["nfv"] = nfv
    (tmp_path / "site.yaml").write_text(yaml.safe_dump(spec, allow_unicode=True, sort_keys=False), "utf-8")
    body, end, rest = collection(site).rpartition("== end ")
    dpdk = "".join(f"|{line}\n" for line in DPDK.splitlines())
    carried = f"{body}== environment {site.env_files[-1]}\n{dpdk}{end}{int(rest) + 1}\n"
    (tmp_path / "site.txt").write_text(carried, "utf-8")
    assert [one.message for one in drift(tmp_path / "site.yaml", tmp_path / "site.txt")] == told


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site, _ = loading.load(SPECS / "examples/minimal.yaml", frozenset())
    assert site is not None
    (tmp_path / "site.txt").write_text(collection(site), "utf-8")
    text = (SPECS / "examples/minimal.yaml").read_text("utf-8")
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    (tmp_path / "b.yaml").write_text(text.replace("192.0.2.21}", "192.0.2.77}"), "utf-8")

    def run(*words: str) -> int:
        with pytest.raises(SystemExit) as ended:
            cli.main(["check", *map(str, words)])
        return int(ended.value.code or 0)

    assert run(str(tmp_path / "a.yaml"), "--against", str(tmp_path / "site.txt")) == 0
    assert run(str(tmp_path / "b.yaml"), "--against", str(tmp_path / "site.txt")) == 1
    said = capsys.readouterr().err
    assert "error[drift]: `overcloud-compute-1`: `address` was `192.0.2.77`, is `192.0.2.21`" in said
    assert "b.yaml:9:" in said
    assert run(str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml"), "--against", str(tmp_path / "site.txt")) == 2
    assert run(str(tmp_path / "a.yaml"), "--against", str(tmp_path / "nothing.txt")) == 1


def test_what_the_collection_lacks_is_said(tmp_path: Path) -> None:
    site, _ = loading.load(SPECS / "examples/minimal.yaml", frozenset())
    assert site is not None
    parts = collection(site).split("== ")
    kept = [part for part in parts if not part.startswith("deploy ")]
    number = sum(not part.startswith(("end ", "osp")) for part in kept[1:])
    text = "== ".join(kept[:-1]) + f"== end {number}\n"
    (tmp_path / "site.txt").write_text(text, "utf-8")
    told = drift(SPECS / "examples/minimal.yaml", tmp_path / "site.txt")
    assert any("no deploy command" in one.message for one in told), (told, text[:400])
