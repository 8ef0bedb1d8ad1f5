"""No import runs anything of what it reads: each input has a canary, as a shell or a loader of YAML would run it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from osp_compile.assets import SPECS
from osp_compile.pipeline import import_spec

SPEC = (SPECS / "examples/minimal.yaml").read_text("utf-8")
# `{0}` is the file that none of them may make; the openstack client of this machine makes it too
CANARY = (
    "$(touch {0})", "`touch {0}`", "; touch {0};", "| touch {0}", "&& touch {0}", "<(touch {0})",
    "$((a[$(touch {0})]))",
    "${{x:-$(touch {0})}}", "a[$(touch {0})]", "\ntouch {0}\n", "'\ntouch {0}\n'", '"; touch {0}; "',
    "!!python/object/apply:os.system [touch {0}]", "!!python/object/apply:subprocess.check_call [[touch, {0}]]",
    "!!python/object/new:os.system [touch {0}]", "!!python/name:os.system", "!!python/object/apply:os.mkdir [{0}]",
    "__import__('os').system('touch {0}')", "{{{{ lookup('pipe', 'touch {0}') }}}}", "%(touch {0})s", "&a [*a, *a]",
    "=cmd|' /C touch {0}'!A0", "{{0.__init__.__globals__}}",
)  # fmt: skip
KINDS = ("deploy", "servers", "baremetal", "instackenv", "roles", "services", "templates", "collected", "update")
# {kind of source: its text, with `HOLE` wherever a value may be}
DEPLOY = (
    "A=HOLE\nX=(HOLE)\nopenstack overcloud deploy --templates HOLE --stack HOLE -e HOLE -e $A -r ${X[0]} --x HOLE\n"
)
PASTED = (
    "[stack@u ~]$ history | grep deploy\n  1  openstack overcloud deploy --templates -e HOLE\n[stack@u ~]$ cat d.sh\n"
    'A=(-e HOLE)\nopenstack overcloud deploy --templates "${A[@]+"${A[@]}"}"\n'
    'echo "openstack overcloud deploy --templates -e HOLE" | bash\nflock HOLE -c "openstack overcloud deploy HOLE"\n'
)
PLAYBOOK = "- hosts: HOLE\n  tasks:\n  - shell: openstack overcloud deploy --templates -e HOLE\n"
TABLE = "ID,Name,Networks,Flavor\nHOLE,HOLE,ctlplane=HOLE,HOLE\nHOLE,overcloud-compute-0,HOLE,HOLE\n"
LINES = "| ID | Name | Networks |\n| HOLE | HOLE | ctlplane=HOLE |\n"
ROLES = (
    "- name: HOLE\n  ServicesDefault: [HOLE]\n  HostnameFormatDefault: HOLE\n- name: Compute\n  ServicesDefault: HOLE\n"
)
SETTINGS = (
    "parameter_defaults:\n  EnableFencing: HOLE\n  HostnameMap: {HOLE: HOLE}\n  ComputeCount: HOLE\n"
    "  ComputeHostnameFormat: HOLE\n  NeutronVhostuserSocketDir: HOLE\n  CeilometerMeterDispatcher: HOLE\n"
    "resource_registry:\n  OS::TripleO::Services::MongoDb: HOLE\n  OS::TripleO::Server: HOLE\n"
)
SOURCES = {
    "deploy": (DEPLOY, PASTED, "HOLE", PLAYBOOK),
    "servers": (TABLE, LINES, json.dumps([{"ID": "HOLE", "Name": "HOLE", "Networks": "ctlplane=HOLE"}]), "HOLE"),
    "baremetal": (
        "Name,Instance UUID,Properties\nHOLE,1,HOLE\n", "HOLE",
        json.dumps([{"Name": "m", "Instance UUID": "1", "Properties": "{u'capabilities': HOLE}"}]),
    ),
    "instackenv": (json.dumps({"nodes": [{"name": "HOLE", "capabilities": "HOLE", "pm_password": "HOLE"}]}), "HOLE"),
    "roles": (ROLES, "HOLE"),
    "services": ("ID,Binary,Host,Status\n1,HOLE,HOLE,HOLE\n", json.dumps([{"Binary": "HOLE", "Host": "HOLE"}]), "HOLE"),
    "templates": (SETTINGS, "templates: HOLE\nenvironments: [HOLE]\n", "HOLE"),
    "update": (f"{SPEC}\nmongodb: HOLE\n", SPEC.replace("Compute", "HOLE"), "version: 1\nnodes: HOLE\n", "HOLE"),
}  # fmt: skip
GOOD = {
    "deploy": "openstack overcloud deploy --templates -e /t/a.yaml -e /t/b.yaml\n",
    "servers": "Name,Networks\novercloud-controller-0,ctlplane=192.0.2.1\novercloud-compute-0,ctlplane=192.0.2.9\n",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for the inputs; the openstack client that this machine has meanwhile makes the canary."""
    folder = tmp_path_factory.mktemp("canary")
    (folder / "bin").mkdir()
    for name in ("openstack", "source"):
        (folder / "bin" / name).write_text(f"#!/bin/sh\ntouch {folder}/canary\n")
        (folder / "bin" / name).chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{folder}/bin{os.pathsep}{os.environ['PATH']}")
        yield folder


def given_files(place: Path, kind: str, text: str) -> dict[str, Path | tuple[Path, ...]]:
    """The parameters of import_spec: what is good, and one input of that kind with this text."""
    texts = {kind: text} if kind == "collected" else {**GOOD, kind: text}
    files: dict[str, Path | tuple[Path, ...]] = {}
    for name, content in texts.items():
        file = place / ("a.yaml" if name == "templates" else f"{name}.txt")
        file.write_bytes(content.encode("utf-8", "surrogateescape"))
        files[name] = (file,) if name in ("templates", "services") else file
    return files


def collection(texts: dict[str, str]) -> str:
    """What the collecting script might have made, of somebody else's making."""
    parts = {"deploy": "deploy", "servers": "servers", "baremetal": "baremetal", "services": "services"}
    parts |= {"roles": "roles", "templates": "environment"}
    lines = ["osp-compile collection 1", "user stack", "home /home/stack"]
    for kind, head in parts.items():
        lines += [f"== {head} /home/stack/{kind}", *(f"|{line}" for line in texts[kind].split("\n"))]
    return "\n".join((*lines, f"== end {len(parts)}", ""))


def filled(text: str, choose: Callable[[], str]) -> str:
    """The text with a value of its own in each hole; within JSON as JSON has it."""
    first, *rest = text.split("HOLE")
    quoted = first.startswith(("[{", '{"'))
    values = (choose() for _ in rest)
    return first + "".join(
        (json.dumps(value)[1:-1] if quoted else value) + part for value, part in zip(values, rest, strict=True)
    )


@pytest.mark.whole
@pytest.mark.longest
@pytest.mark.long
@settings(max_examples=90, deadline=None)
@given(st.sampled_from(KINDS), st.data())
def test_nothing_that_is_read_is_run(place: Path, kind: str, data: st.DataObject) -> None:
    canary = place / "canary"

    def choose() -> str:
        return data.draw(st.sampled_from(CANARY)).format(canary)

    def text(of: str) -> str:
        return filled(data.draw(st.sampled_from(SOURCES[of])), choose)

    made = collection({one: text(one) for one in SOURCES}) if kind == "collected" else text(kind)
    import_spec(place / "site.yaml", force=True, **given_files(place, kind, made))
    assert not canary.exists()


@pytest.mark.parametrize("harm", CANARY[12:15])
def test_the_canary_would_sing(harm: str, place: Path) -> None:
    """What the property looks for happens where YAML is read by the loader that makes objects."""
    own = place / "another"
    yaml.unsafe_load(harm.format(own))
    assert own.exists()
    own.unlink()
