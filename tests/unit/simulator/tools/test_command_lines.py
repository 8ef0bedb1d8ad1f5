"""How the host's tools read their command lines, without a world."""

from __future__ import annotations

import pytest

from osp_simulator.engine.call import Refused
from osp_simulator.tools import haproxy_stats
from osp_simulator.tools.df import options as df_options
from osp_simulator.tools.rsync import options as rsync_options
from osp_simulator.tools.systemctl import unit_names
from osp_simulator.tools.transfer import Place, place_of


def test_df_reads_grouped_letters_and_values() -> None:
    asked = df_options.parse(["-PB1", "-xtmpfs", "--type", "xfs", "/home"])
    assert (asked.posix, asked.unit, asked.block) == (True, 1, "1")
    assert (asked.excluded, asked.only, asked.paths) == (["tmpfs"], ["xfs"], ["/home"])
    assert [asked.wants(kind) for kind in ("xfs", "tmpfs", "ext4")] == [True, False, False]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["-B"], "df: option requires an argument -- 'B'"),
        (["--block-size"], "df: option '--block-size' requires an argument"),
        (["-B", "1Q"], "df: invalid -B argument '1Q'"),
        (["--output=size", "-i"], "df: options -i and --output are mutually exclusive"),
    ],
)
def test_df_refuses(argv: list[str], words: str) -> None:
    with pytest.raises(Refused) as refused:
        df_options.parse(argv)
    assert (refused.value.status, refused.value.text.splitlines()[0]) == (1, words)


def test_rsync_takes_its_ssh_and_a_far_sudo() -> None:
    argv = ["-a", "-e", "ssh -o BatchMode=yes -i key", "--rsync-path=sudo rsync", "--exclude", "*.log", "a", "h:b"]
    asked = rsync_options.parse(argv)
    assert (asked.recursive, asked.as_root, asked.excluded) == (True, True, ["*.log"])
    assert (asked.options.get("BatchMode"), asked.options.get("IdentityFile")) == ("yes", "key")
    assert [place_of(word) for word in asked.places] == [Place(None, "a"), Place("h", "b")]


@pytest.mark.parametrize("argv", [["a"], ["--nosuch", "a", "b"], ["a", "b", "-e"]])
def test_rsync_refuses(argv: list[str]) -> None:
    with pytest.raises(Refused, match="syntax or usage error"):
        rsync_options.parse(argv)


def test_unit_names() -> None:
    def unit(*, loaded: bool) -> unit_names.Unit:
        return {"active": "active", "loaded": loaded}

    units = {"httpd.service": unit(loaded=True), "neutron-server.service": unit(loaded=True)}
    units["neutron-old.service"] = unit(loaded=False)
    assert unit_names.full("ceph-osd@1") == "ceph-osd@1.service"
    assert unit_names.full("local-fs.target") == "local-fs.target"
    assert unit_names.matching(units, "neutron-*") == ["neutron-server.service"]
    assert unit_names.named(units, ("neutron-old", "nosuch")) == ["neutron-old.service", "nosuch.service"]


def test_haproxy_counts_a_backend_as_up_while_one_server_is() -> None:
    services = {"redis": {"c0": "UP", "c1": "DOWN"}, "mysql": {"c0": "DOWN", "c1": "DOWN"}}
    rows = [line.split(",") for line in haproxy_stats.as_csv({"services": services}).splitlines()]
    status = {(row[0], row[1]): row[17] for row in rows}
    assert rows[0][17] == "status"
    assert (status["redis", "BACKEND"], status["mysql", "BACKEND"]) == ("UP", "DOWN")
