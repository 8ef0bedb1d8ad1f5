"""From a spec to the typed site."""

from __future__ import annotations

import subprocess
import sys
from operator import attrgetter
from pathlib import Path

import pytest

from osp_compile.assets import SPECS
from osp_compile.spec import loading
from osp_compile.spec.model import Accepted, Nfv, NfvInstance, Site
from osp_compile.spec.roles import capabilities
from unit.waiting import LIMIT
from unit.work import work

CASES = Path(__file__).parents[2] / "cases"
SPEC = """version: 1
site: {name: lab-1, change: CHG0042}
nodes:
- {name: overcloud-controller-0, role: Controller, address: 192.0.2.10}
- {name: overcloud-compute-0, role: Compute, address: 192.0.2.20}
env_files: [/home/stack/templates/network-environment.yaml]
"""


def load(path: Path, text: str | None = None) -> Site:
    if text is not None:
        path.write_text(text, encoding="utf-8")
    site, diagnostics = loading.load(path, frozenset({"2.12/8"}))
    assert site is not None, diagnostics
    return site


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "tokyo-1"),
        ("change", "CHG0042137"),
        ("stack", "overcloud"),
        ("language", "ja"),
        ("undercloud.user", "director"),
        ("undercloud.reboot", "needed"),
        ("backup.minimum_free_gb", 3.5),
        ("deploy.roles_file", "/home/director/templates/roles_data.yaml"),
        ("mongodb", "false"),
        ("fencing", True),
        ("images", "skip"),
        ("old_images", "keep"),
        ("disk.warn", 70),
        ("disk.fail", 85),
        ("timeouts.reboot", 2400),
        ("timeouts.settle", 900),
        ("not_after", "05:30"),
        ("hooks.after_node", "/home/director/bin/unsilence"),
        ("accepted_ceph", (Accepted("TOO_MANY_PGS", "so since 2016, RFC 1234"),)),
    ],
)
def test_every_key_arrives(key: str, value: object) -> None:
    site = load(CASES / "valid" / "every-key" / "site.yaml")
    assert attrgetter(key)(site) == value


def test_lists_and_mappings_arrive() -> None:
    site = load(CASES / "valid" / "every-key" / "site.yaml")
    assert site.ssh.options[0] == "ConnectTimeout=20"
    assert [node.name for node in site.nodes_with("dpdk")] == ["overcloud-computeovsdpdk-0"]
    assert dict(site.compute_reboot.targets) == {
        "overcloud-compute-0": "overcloud-compute-2",
        "overcloud-compute-2": "overcloud-compute-1",
    }
    assert [(waiver.step, waiver.reason) for waiver in site.waivers] == [
        ("2.12/8", "/var is being extended, CHG0042138")
    ]


def test_nfv_arrives_with_the_text_of_its_file() -> None:
    nfv = load(CASES / "valid" / "every-key" / "site.yaml").nfv
    assert nfv is not None
    assert nfv.instances[0] == NfvInstance("vnf-0", "/home/director/vnf.rc")
    assert nfv.post_install_text is not None
    assert nfv.post_install_text.startswith("heat_template_version: 2014-10-16\nparameter_defaults:")


def test_numbers_keep_their_spelling_where_they_are_names() -> None:
    site = load(CASES / "valid" / "plain-words-stay-text" / "site.yaml")
    assert (site.name, site.change, site.not_after, site.mongodb) == ("2.10", "0042137", "12:30", "true")


def test_hostile_text_arrives_as_it_is() -> None:
    site = load(CASES / "valid" / "hostile-quoting" / "site.yaml")
    assert site.env_files[0] == '/home/stack/templates/it\'s $(touch /tmp/owned) `id`; "quoted" & more.yaml'
    assert site.hooks.before_node == "/home/stack/bin/si'lence $1"


@pytest.mark.parametrize("said", ["nfv: true", "nfv: {}"])
def test_nfv_with_all_defaults(tmp_path: Path, said: str) -> None:
    text = SPEC.replace("role: Compute", "role: Dpdk") + "roles: {Dpdk: {compute: true, dpdk: true}}\n" + said + "\n"
    assert load(tmp_path / "s.yaml", text).nfv == Nfv("/var/lib/vhost_sockets", None, None, "cold-migrate", ())


def test_no_nfv(tmp_path: Path) -> None:
    assert load(tmp_path / "s.yaml", SPEC).nfv is None
    assert load(tmp_path / "s.yaml", SPEC + "nfv: false\n").nfv is None


def test_the_spec_in_another_folder_finds_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    site = load(CASES / "valid" / "every-key" / "site.yaml")
    assert site.nfv is not None
    assert site.nfv.post_install == "post-install.yaml"


class TestRoles:
    def test_monitors_come_with_osds(self) -> None:
        assert "ceph_mon" not in capabilities({}, ["Controller", "Compute"])["Controller"]
        assert "ceph_mon" in capabilities({}, ["Controller", "CephStorage"])["Controller"]
        hyperconverged = {"Hci": {"compute": True, "ceph_osd": True}}
        assert "ceph_mon" in capabilities(hyperconverged, ["Controller", "Hci"])["Controller"]

    def test_osds_of_a_role_without_nodes_do_not_count(self) -> None:
        assert "ceph_mon" not in capabilities({"Hci": {"ceph_osd": True}}, ["Controller"])["Controller"]

    def test_monitors_of_their_own_role(self) -> None:
        roles = capabilities({"Mon": {"ceph_mon": True}}, ["Controller", "Mon", "CephStorage"])
        assert "ceph_mon" not in roles["Controller"]
        assert "ceph_mon" in capabilities({"Mon": {"ceph_mon": True}}, ["Controller", "CephStorage"])["Controller"]

    def test_a_stock_role_says_more_or_less(self) -> None:
        assert capabilities({"Compute": {"dpdk": True}}, [])["Compute"] == {"compute", "dpdk"}
        assert capabilities({"Controller": {"pacemaker": False}}, [])["Controller"] == {"controller"}
        said = capabilities({"Controller": {"ceph_mon": False}}, ["Controller", "CephStorage"])
        assert "ceph_mon" not in said["Controller"]


@pytest.mark.parametrize("example", sorted((SPECS / "examples").glob("*.yaml")), ids=lambda path: str(path.name))
def test_examples_have_nothing_wrong(example: Path) -> None:
    assert loading.load(example, frozenset())[1] == ()


def test_the_smallest_example_is_small() -> None:
    assert len((SPECS / "examples" / "minimal.yaml").read_text(encoding="utf-8").splitlines()) < 15


def big(path: Path, computes: int) -> Path:
    nodes = "".join(
        f"- {{name: overcloud-compute-{n}, role: Compute, address: 10.{n >> 16}.{n >> 8 & 255}.{n & 255}}}\n"
        for n in range(1, computes + 1)
    )
    path.write_text(SPEC.replace("env_files", nodes + "env_files"), encoding="utf-8")
    return path


def test_ten_times_the_nodes_take_ten_times_the_work(tmp_path: Path) -> None:
    small, large = (big(tmp_path / f"{computes}.yaml", computes) for computes in (200, 2000))
    assert work(load, large) < 11 * work(load, small)


def test_ten_thousand_nodes_take_little_memory(tmp_path: Path) -> None:
    # the peak of this program alone: rusage would count what the test runner had before it started the program
    code = (
        "import re, sys; from pathlib import Path; from osp_compile.spec import loading; "
        "site, _ = loading.load(Path(sys.argv[1]), frozenset()); assert site is not None; "
        "print(re.search(r'VmHWM:\\s+(\\d+) kB', Path('/proc/self/status').read_text())[1])"
    )
    arguments = [sys.executable, "-c", code, str(big(tmp_path / "large.yaml", 10_000))]
    package = str(Path(loading.__file__).parents[2])
    done = subprocess.run(
        arguments, capture_output=True, text=True, check=True, env={"PYTHONPATH": package}, timeout=LIMIT
    )
    assert int(done.stdout) < 100 * 1024


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("192.0.2.20", "192.0.2.20"),
        ('"2001:DB8:0:0::20"', "2001:db8::20"),
        ('"2001:db8:0000::0020"', "2001:db8::20"),
        ('"::ffff:192.0.2.20"', "192.0.2.20"),
    ],
)
def test_an_address_is_as_hosts_write_it(tmp_path: Path, written: str, meant: str) -> None:
    site = load(tmp_path / "lab-1.yaml", SPEC.replace("192.0.2.20", written))
    assert site.nodes[1].address == meant
