"""The table of remedies: its form, a sample of real output for each row, and that what is printed can be pasted."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
TABLE = ROOT / "templates/_runtime/engine/remedies.tsv"
SAMPLES = ROOT / "tests/data/remedies"
COLUMNS = ("id", "rank", "how", "pattern", "cause", "words", "look", "fix", "source")
ROWS = [
    dict(zip(COLUMNS, line.split("\t"), strict=True))
    for line in TABLE.read_text("utf-8").splitlines()
    if not line.startswith("#")
]
IDS = [row["id"] for row in ROWS]
VALUES = {"{stack}", "{user}", "{1}", "{uuid}", "{file}", "{url}", "{host}", "{port}"}
PLACES = {
    *("node", "here", "bundle", "rc", "stackrc", "console", "monitor"),
    *("all", "controllers", "computes", "ceph_mons", "ceph_osd_nodes"),
}
# What a command of the table may begin with, or have after a |, && or ;.
PROGRAMS = frozenset(
    """
    cat ceph ceph-disk chage chmod chown chronyc cinder clustercheck corosync-cfgtool corosync-quorumtool cp curl
    cut date df dmesg du findmnt free getent grep grubby hiera hostname id ip iptables iscsiadm journalctl locale ls
    lsblk lsmod lsof mkdir modprobe mongo multipath mv mysql mysqlcheck nova ntpstat openssl openstack ovs-vsctl
    package-cleanup pcs pgrep ping ps rabbitmqctl rpm sed sh smartctl socat sort ss ssh ssh-keygen sshd
    subscription-manager sudo sudoedit systemctl tail tee uniq uptime virsh wc xargs yum yum-complete-transaction
    """.split()
)
BUILTINS = {"cd", "echo", "export", "printf"}
# Words in capitals that are the tools' own, or what they print.
CAPITALS = {"DEFAULT", "DOWN", "REG", "RPM-GPG-KEY-redhat-release", "RUNNING", "UMask", "UTF-8"}
NODES = """\
c1\tController\t192.0.2.1\tall,controllers,ceph_mons,pacemaker
c2\tController\t192.0.2.2\tall,controllers,ceph_mons,pacemaker
n1\tCompute\t192.0.2.11\tall,computes
n2\tCompute\t192.0.2.12\tall,computes
s1\tCephStorage\t192.0.2.21\tall,ceph_osd_nodes
"""
STUB = '#!/bin/sh\nprintf "%s\\n" "${0##*/} $*" >>"$PASTED"\n'
STUBS = {
    "ssh": 'if [ "$1" = -Q ]; then exit; fi; for last; do :; done; exec /bin/bash -c "$last"\n',
    "sudo": 'while [ "${1#-}" != "$1" ]; do shift; done; exec "$@"\n',
    "sh": 'exec /bin/sh "$@"\n',
    "pgrep": "exit 1\n",
}
# What a prudent operator does not do on production.
NEVER = re.compile(
    r"--force|\brm -\w*[rf]|--recursive|kill -9|--nodeps|nogpgcheck|StrictHostKeyChecking|bootstrap-cluster"
)
# A sample that meets several rows of one rank, and the higher one, which is meant.
SEVERAL: dict[str, set[str]] = {
    "instance_locked": {"os_conflict"},
    "ironic_locked": {"os_conflict"},
    "mariadb_libs": {"yum_file_conflict"},
    "no_host_for_cold": {"no_valid_host"},
    "quota_exceeded": {"forbidden"},
    "undercloud_upgrade": {"collect_config"},
    "virtlogd": {"libvirt_down"},
}


def fits(row: dict[str, str], line: str) -> bool:
    return row["pattern"] in line if row["how"] == "text" else re.search(row["pattern"], line) is not None


def parts(column: str) -> list[tuple[str, str]]:
    """(place, command) of each part of a column of commands."""
    return [] if column == "-" else [(part.split(": ")[0], part.split(": ", 1)[1]) for part in column.split(" ;; ")]


def sample(name: str) -> list[str]:
    return (SAMPLES / f"{name}.txt").read_text("utf-8").splitlines()


def test_each_row_has_a_sample_and_each_sample_a_row() -> None:
    assert len(IDS) >= 85
    assert sorted(IDS) == sorted({path.stem for path in SAMPLES.iterdir()})
    assert all(path.suffix == ".txt" and path.read_text("utf-8").strip() for path in SAMPLES.iterdir())


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_the_form_of_a_row(row: dict[str, str]) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", row["id"])
    assert row["rank"] in {"exact", "general"}
    assert row["how"] in {"text", "regex"}
    assert all(value == value.strip() and value.isascii() and value.isprintable() and value for value in row.values())
    assert "{" not in re.sub(r"\{section [a-z-]+\}", "", row["words"])
    assert not NEVER.search(row["look"] + row["fix"])
    assert not row["cause"].endswith(".")
    for place, command in (part for column in ("look", "fix") for part in parts(row[column])):
        assert place.removeprefix("else ") in PLACES
        assert set(re.findall(r"\{[a-z0-9]+\}", command)) <= VALUES
        assert "{1}" not in command or re.compile(row["pattern"]).groups >= 1


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_bash_takes_the_pattern(row: dict[str, str]) -> None:
    text = "\n".join(sample(row["id"]))
    script = 'while IFS= read -r l; do if [[ $l =~ $1 ]]; then exit 0; fi; done <<<"$2"; exit 1'
    if row["how"] == "text":
        script = '[[ $2 == *"$1"* ]]'
    ran = subprocess.run(
        ["bash", "-c", script, "bash", row["pattern"], text], check=False, env={"LC_ALL": "C"}, timeout=20
    )
    assert ran.returncode == 0


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_sample_meets_its_own_row_alone_unless_the_order_is_said(row: dict[str, str]) -> None:
    met = [other["id"] for other in ROWS if any(fits(other, line) for line in sample(row["id"]))]
    same = [name for name in met if ROWS[IDS.index(name)]["rank"] == row["rank"]]
    assert set(same) == {row["id"], *SEVERAL.get(row["id"], set())}
    assert same[0] == row["id"], "what is special stands above what is general"


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_command_begins_with_a_known_program_and_has_no_word_to_be_replaced(row: dict[str, str]) -> None:
    for _, command in (part for column in ("look", "fix") for part in parts(row[column])):
        ran = subprocess.run(["bash", "-n", "-c", command], capture_output=True, text=True, check=False, timeout=20)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert command.split()[0].rstrip(";") in PROGRAMS | BUILTINS | {"./runbook"}
        assert not re.search(r"<\w|\.\.\.|[`\\](?!n)", command)
        assert set(re.findall(r">\S*", command.replace(">>", ">"))) <= {">/dev/null"}
        words = re.findall(r"(?<![\w$/.\-{])[A-Z][A-Z_-]+(?![\w=/])[\w-]*", command)
        assert set(words) <= CAPITALS


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with rc files, a bundle, and a stand-in for each program; what they are called with is in `pasted`."""
    folder = tmp_path_factory.mktemp("it's a house")
    (folder / "bin").mkdir()
    (folder / "bundle/lib/engine").mkdir(parents=True)
    (folder / "bundle/lib/engine/remedies.tsv").write_bytes(TABLE.read_bytes())
    (folder / "bundle/lib/nodes.tsv").write_text(NODES)
    (folder / "bundle/lib/sections.tsv").write_text("3.02\t3.02-back-up-control-plane.sh\t-\tBack up\n")
    for name in ("stackrc", "overcloudrc"):
        text = f'echo {name} >>"$PASTED"\nOS_AUTH_URL=https://192.0.2.9:13000/v2.0 OS_USERNAME=admin OS_TENANT_NAME=a\n'
        (folder / name).write_text(text)
    for file in [*(folder / "bin" / name for name in (*PROGRAMS, "ssh")), folder / "bundle/runbook"]:
        file.write_text(STUB + STUBS.get(file.name, ""))
        file.chmod(0o755)
    return folder


def told(house: Path, node: str, *lines: str, options: str = "") -> list[str]:
    """What say_cure prints for these lines of a tool."""
    engine = ROOT / "templates/_runtime/engine"
    script = f"""
        set -euo pipefail
        BUNDLE=$PWD/bundle COPY=$PWD/bundle UNDERCLOUD_HOME=$PWD
        STACK=overcloud SSH_USER=heat-admin SSH_SITE_OPTIONS=({options})
        for file in words nodes ssh stop step pasting remedies; do . "{engine}/$file.sh"; done
        note() {{ printf '%s\\n' "$1"; }}
        look_up_cure "$@"
        say_cure
    """
    words = ["bash", "-c", script, "bash", node, *lines]
    return subprocess.run(words, cwd=house, capture_output=True, text=True, check=True, timeout=30).stdout.splitlines()


def pasted(house: Path, lines: list[str]) -> tuple[list[str], str]:
    """(calls of the stand-ins, complaints of the shell) when each command of these lines is pasted as it is."""
    record = house / "pasted"
    record.write_text("")
    complaints = ""
    for line in lines:
        label, command = line.split(": ", 1)
        if label != "to do":
            ran = subprocess.run(
                ["/bin/bash", "-c", command],
                check=False, capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL,
                cwd=house, env={"PATH": str(house / "bin"), "PASTED": str(record), "HOME": str(house)},
            )  # fmt: skip
            # a locale that this machine does not have
            complaints += "".join(said for said in ran.stderr.splitlines(True) if "setlocale" not in said)
    return record.read_text().splitlines(), complaints


def in_bundle(words: str) -> str:
    """The words with each {section NAME} as a bundle says it that has none of these but back-up-control-plane."""
    words = words.replace("{section back-up-control-plane}", "section 3.02")
    return re.sub(r"\{section ([a-z-]+)\}", r"the section \1, which this site does not have", words)


@pytest.mark.parametrize("node", ["n1", ""])
@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_each_command_can_be_pasted_as_it_is_printed(house: Path, row: dict[str, str], node: str) -> None:
    lines = told(house, node, *sample(row["id"]))
    labels = r"(look at it|then run)(, where it failed|, at the console of \w[\w ]*)?|to do"
    assert all(re.fullmatch(labels, line.split(": ")[0]) for line in lines)
    assert f"to do: {in_bundle(row['words'])}" in lines
    called, complaints = pasted(house, lines)
    assert complaints == ""
    assert called or len(lines) == 1
    assert not [line for line in called if "{" in line.replace("{ print", "").replace("(m) {", "")]
    assert ("ssh" in {call.split()[0] for call in called}) or node != "n1" or "node: " not in row["look"]


def test_a_command_for_a_node_is_one_line_with_the_options_that_reach_it(house: Path) -> None:
    lines = told(house, "n1", *sample("libvirt_down"), options="-o Port=2222 -o ProxyJump=jump.example.com")
    ssh = "-o Port=2222 -o ProxyJump=jump.example.com heat-admin@192.0.2.11"
    assert lines == [
        f"look at it: ssh -n {ssh} 'sudo systemctl status --no-pager libvirtd; "
        "sudo journalctl --no-pager --unit libvirtd --lines 50'",
        "to do: start it; running instances keep running",
        f"then run: ssh -t {ssh} 'sudo systemctl start libvirtd'",
    ]  # fmt: skip
    called, complaints = pasted(house, lines)
    assert complaints == ""
    assert called[-2:] == ["sudo systemctl start libvirtd", "systemctl start libvirtd"]


def test_a_section_is_said_by_the_number_that_it_has_in_the_bundle(house: Path) -> None:
    words = next(line for line in told(house, "n1", "gzip: unexpected end of file") if line.startswith("to do: "))
    assert "the section back-up-undercloud, which this site does not have or section 3.02; or the section" in words


def test_a_command_for_a_group_goes_to_each_of_its_nodes_and_for_a_client_loads_its_rc_file(house: Path) -> None:
    lines = told(house, "n1", *sample("no_host_for_cold"))
    assert lines[0].startswith(
        'look at it: for at in 192.0.2.1 192.0.2.2; do echo "== $at"; ssh -n heat-admin@"$at" \'sudo rpm'
    )
    assert lines[1].endswith("; openstack hypervisor stats show; nova service-list --binary nova-compute)")
    called, _ = pasted(house, lines)
    assert [call.split()[2] for call in called if call.startswith("ssh ")] == [
        f"heat-admin@192.0.2.{at}" for at in (1, 2)
    ]
    assert called[-3:-1] == ["overcloudrc", "openstack hypervisor stats show"]
    assert told(house, "c2", *sample("osds_down"))[0] == "look at it: ssh -n heat-admin@192.0.2.1 'sudo ceph osd tree'"


def test_a_command_for_a_place_that_is_not_known_says_where_it_belongs(house: Path) -> None:
    assert told(house, "", *sample("yum_lock"))[0] == "look at it, where it failed: ps -fp $(sudo cat /var/run/yum.pid)"
    assert told(house, "undercloud", *sample("yum_lock"))[0] == "look at it: ps -fp $(sudo cat /var/run/yum.pid)"
    first = "look at it, at the console of n1: ssh-keygen -lf /etc/ssh/ssh_host_ecdsa_key.pub"
    assert told(house, "n1", *sample("host_key_changed"))[0] == first


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("tar: /var/log/heat/heat-engine.log: file changed as we read it", "sudo lsof /var/log/heat/heat-engine.log"),
        ("file /lib64/foo.so.1.2 from install of a conflicts with file from package b", "rpm -qf /lib64/foo.so.1.2;"),
        ("http://192.0.2.7:80/a/repomd.xml: [Errno 14] HTTP Error 404", "curl -sSI http://192.0.2.7:80/a/repomd.xml"),
        ("Could not retrieve repomd.xml from https://cdn.redhat.com/content/", "curl -sSI https://cdn.redhat.com/content"),
        ("curl: (6) Could not resolve host: cdn.redhat.com; Unknown error", "getent hosts cdn.redhat.com"),
        ("ssh: Could not resolve hostname n1.example: Name or service not known", "getent hosts n1.example"),
        ("ssh: connect to host 192.0.2.31 port 22: No route to host", "ping -c 3 192.0.2.31"),
        ("curl: (7) Failed connect to 192.0.2.1:5000; Connection timed out", "ping -c 3 192.0.2.1"),
        ("HTTPSConnectionPool(host='192.0.2.2', port=13000): Read timed out", "ping -c 3 192.0.2.2"),
        ("connecting to https://192.0.2.2:13000/v2.0: certificate verify failed", "-connect 192.0.2.2:13000 "),
        ("HTTPSConnectionPool(host='a.example', port=13000): certificate verify failed", "-connect a.example:13000 "),
        ("rack9-u12 is clean wait", "openstack baremetal node abort rack9-u12 "),
        ("5f7b6d25-f8ae-44f4-b40a-5b4b0a5d91b5 is not on shared storage", "show 5f7b6d25-f8ae-44f4-b40a-5b4b0a5d91b5)"),
    ],
)  # fmt: skip
def test_what_the_message_names_is_in_the_command(house: Path, line: str, command: str) -> None:
    assert command in "\n".join(told(house, "n1", line))


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("tar: /srv/$(canary)/x: file changed as we read it", "sudo lsof -nP /"),
        ("tar: /srv/a b;canary: file changed as we read it", "sudo lsof -nP /"),
        ("tar: -canary: file changed as we read it", "sudo lsof -nP /"),
        ("http://x/`canary`/repodata/repomd.xml: [Errno 14] HTTP Error 404", "yum repolist -v"),
        ("http://u:canary@x/repomd.xml: [Errno 14]", "yum repolist -v"),
        ("Could not resolve host: -ocanary;x", "/etc/resolv.conf"),
        ("Could not resolve host: $(canary)", "/etc/resolv.conf"),
        ("ssh: connect to host x'canary' port 22: No route to host", "ip route"),
        ("connecting to https://x:13000;canary/: certificate verify failed", "$OS_AUTH_URL"),
        ("Node $(canary) is locked by host x", "openstack baremetal node list"),
        ("x is not on shared storage (req-3f1c9f5e-1b1a-4f0b-a8f1-2f4c2be9b9c1) canary", "openstack server list"),
    ],
)  # fmt: skip
def test_what_has_another_form_is_not_and_a_command_that_finds_it_is_printed(
    house: Path, line: str, instead: str
) -> None:
    lines = told(house, "n1", line)
    assert instead in "\n".join(lines)
    assert "canary" not in "\n".join(lines)
    assert pasted(house, lines)[1] == ""


def shown(house: Path, remedy: str, options: str = "") -> str:
    """What remedy_into makes of a step's own remedy; it is asked twice, since a reason may be handed on."""
    engine = ROOT / "templates/_runtime/engine"
    script = f"""
        set -euo pipefail
        BUNDLE=$PWD/bundle COPY=$PWD/bundle UNDERCLOUD_HOME=$PWD
        STACK=overcloud SSH_USER=heat-admin SSH_SITE_OPTIONS=({options})
        HOSTNAME=director.example.com
        for file in words nodes ssh stop step pasting remedies; do . "{engine}/$file.sh"; done
        remedy_into once "$1"
        remedy_into twice "$once"
        [[ $once == "$twice" ]]
        printf '%s' "$once"
    """
    words = ["bash", "-c", script, "bash", remedy]
    return subprocess.run(words, cwd=house, capture_output=True, text=True, check=True, timeout=30).stdout


AT = "ssh heat-admin@192.0.2.11 "


@pytest.mark.parametrize(
    ("remedy", "text"),
    [
        ("wait until it ends; then run it again", "wait until it ends; then run it again"),
        ("on n1: sudo virsh list", AT + "'sudo virsh list'"),
        ("on N1.example.com: sudo virsh list", AT + "'sudo virsh list'"),
        ("look at it ;; on n1: df -h; df -i", "look at it: " + AT + "'df -h; df -i'"),
        ("on n1: ls 'a b'", AT + r"'ls '\''a b'\'''"),
        ("on n1: df ;; on s1: df", AT + "'df'; ssh heat-admin@192.0.2.21 'df'"),
        ("on controller: sudo pcs status", "ssh heat-admin@192.0.2.1 'sudo pcs status'"),
        ("on monitor: sudo ceph -s", "ssh heat-admin@192.0.2.1 'sudo ceph -s'"),
        ("on undercloud: sudo df", "sudo df"),
        ("on director.example.com: sudo df", "sudo df"),
        ("make room ;; here: df -h", "make room: df -h"),
        ("on c9: sudo df", "on c9: sudo df"),
        ("ask ;; and wait", "ask; and wait"),
        ("", ""),
    ],
)
def test_a_steps_own_remedy_says_where_its_commands_run(house: Path, remedy: str, text: str) -> None:
    assert shown(house, remedy) == text


def test_a_steps_own_remedy_can_be_pasted_with_the_options_of_the_spec_and_the_rc_file(house: Path) -> None:
    remedy = "on ceph_mons: sudo ceph -s ;; rc: openstack server list ;; stackrc: openstack stack list"
    called, complaints = pasted(house, ["remedy: " + shown(house, remedy, "-o Port=2222")])
    assert complaints == ""
    assert [call for call in called if not call.startswith("sudo")] == [
        *("ssh -o Port=2222 heat-admin@192.0.2.1 sudo ceph -s", "ceph -s"),
        *("ssh -o Port=2222 heat-admin@192.0.2.2 sudo ceph -s", "ceph -s"),
        *("overcloudrc", "openstack server list", "stackrc", "openstack stack list"),
    ]


def test_words_that_others_have_said_are_single_words_of_a_shell(house: Path) -> None:
    engine = ROOT / "templates/_runtime/engine"
    sources = f'for file in ssh stop pasting remedies; do . "{engine}/$file.sh"; done'
    script = f'{sources}; words_into SAID "$1"; printf %s "$SAID"'
    words = ["bash", "-c", script, "bash", "a.service\n$(canary)\n-x;y"]
    said = subprocess.run(words, cwd=house, capture_output=True, text=True, check=True, timeout=30).stdout
    assert said == r"a.service \$\(canary\) -x\;y"
