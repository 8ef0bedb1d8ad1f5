"""The packages and the kernel of every host, before a change and after it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from unit.runtime.parse.parsers import RUNTIME
from unit.runtime.report.test_summary import GOOD, told
from unit.waiting import LIMIT

NODES = "# name\trole\taddress\tgroups\nc0\tCompute\t192.0.2.1\tall\nc1\tCompute\t192.0.2.2\tall\n"
BEFORE = "kernel 3.10.0-693.el7.x86_64\nbash-4.2.46-28.el7.x86_64\nopenvswitch-2.6.1-16.git2016.el7ost.x86_64\n"
AFTER = "kernel 3.10.0-957.el7.x86_64\nbash-4.2.46-28.el7.x86_64\nopenvswitch-2.9.0-19.el7fdp.1.x86_64\n"


def compared(python: str, folder: Path, **lists: str | bytes) -> tuple[list[str], list[str]]:
    """The rows of both tables, of the lists by their names, __ for a dot."""
    (folder / "software").mkdir()
    (folder / "nodes.tsv").write_text(NODES, "utf-8")
    for name, text in lists.items():
        data = text if isinstance(text, bytes) else text.encode()
        (folder / "software" / name.replace("__", ".")).write_bytes(data)
    command = [python, "-S", str(RUNTIME / "report/software.py"), str(folder)]
    ran = subprocess.run(command, capture_output=True, check=False, timeout=LIMIT)
    assert ran.returncode == 0, ran.stderr
    assert not ran.stderr
    return (
        (folder / "software.tsv").read_text("utf-8").splitlines(),
        (folder / "software-changes.tsv").read_text("utf-8").splitlines(),
    )


def test_kernels_counts_and_what_differs(python: str, tmp_path: Path) -> None:
    hosts, changes = compared(python, tmp_path, undercloud__before=BEFORE, undercloud__after=BEFORE,
                              c0__before=BEFORE, c0__after=AFTER)  # fmt: skip
    assert hosts == [
        "undercloud\t3.10.0-693.el7.x86_64\t3.10.0-693.el7.x86_64\t2\t2\t0",
        "c0\t3.10.0-693.el7.x86_64\t3.10.0-957.el7.x86_64\t2\t2\t1",
        "c1\t-\t-\t-\t-\t-",
    ]
    assert changes == ["c0\topenvswitch\t2.6.1-16.git2016.el7ost.x86_64\t2.9.0-19.el7fdp.1.x86_64"]


def test_packages_that_came_and_went_and_several_versions_of_one(python: str, tmp_path: Path) -> None:
    before = "kernel 1\nkernel-3.10.0-1.el7.x86_64\ngone-away-1-2.noarch\ngpg-pubkey-fd431d51-4ae0493b\n"
    after = "kernel 2\nkernel-3.10.0-2.el7.x86_64\nkernel-3.10.0-1.el7.x86_64\nnew-1-1.noarch\n"
    after += "gpg-pubkey-fd431d51-4ae0493b\n"
    hosts, changes = compared(python, tmp_path, c0__before=before, c0__after=after)
    assert hosts[1] == "c0\t1\t2\t3\t4\t3"
    assert changes == [
        "c0\tgone-away\t1-2.noarch\t-",
        "c0\tkernel\t3.10.0-1.el7.x86_64\t3.10.0-1.el7.x86_64 3.10.0-2.el7.x86_64",
        "c0\tnew\t-\t1-1.noarch",
    ]


def test_a_host_with_one_list_has_changed_nothing_that_is_known(python: str, tmp_path: Path) -> None:
    hosts, changes = compared(python, tmp_path, c0__before=BEFORE, c1__after=AFTER)
    assert hosts[1:] == ["c0\t3.10.0-693.el7.x86_64\t-\t2\t-\t-", "c1\t-\t3.10.0-957.el7.x86_64\t-\t2\t-"]
    assert not changes


@pytest.mark.parametrize(
    "text", [b"", b"\xff\xfe\x00", b"kernel \x1b[31m\n\x1b[2J-1-2\n", b"<b>-1-2\na\tb-1-2\n", b"-\n" * 1000]
)
def test_other_texts_count_for_nothing(python: str, tmp_path: Path, text: bytes) -> None:
    hosts, changes = compared(python, tmp_path, c0__before=text, c0__after=text)
    assert hosts[1] == "c0\t-\t-\t0\t0\t0"
    assert not changes


ROWS = (
    "undercloud\t3.10.0-693\t3.10.0-957\t1300\t1302\t210\n"
    "c0\t3.10.0-693\t3.10.0-957\t1100\t1101\t190\n"
    "c1\t3.10.0-693\t-\t1100\t-\t-\n"
    "c2\t-\t3.10.0-957\t-\t1100\t-\n"
)


def test_the_summary_has_kernels_counts_and_who_has_no_list(python: str, tmp_path: Path) -> None:
    facts = "unlisted\tc1\tconnect to host 192.0.2.2: No route to host\nunlisted\n"
    text, page = told(python, tmp_path, GOOD, **{"software.tsv": ROWS, "facts.tsv": facts})
    assert "| undercloud, c0 | 3.10.0-693 | 3.10.0-957 | 1100-1300 | 1101-1302 | 190-210 |" in text
    assert "| c1 | 3.10.0-693 | - | 1100 | - | - |" in text
    assert "**No list of before: c2**" in text
    assert "**No list of after: c1 (connect to host 192.0.2.2: No route to host)**" in text
    assert '<p class="bad">No list of before: c2</p>' in page


def test_the_summary_in_japanese(python: str, tmp_path: Path) -> None:
    text, _ = told(python, tmp_path, GOOD, "ja", **{"software.tsv": ROWS})
    assert "**更新前の一覧がないホスト: c2**" in text


def test_the_summary_of_a_thousand_hosts_stays_a_page(python: str, tmp_path: Path) -> None:
    rows = "".join(f"c{at}\t1\t2\t1000\t1000\t{at}\n" for at in range(1000)) + "".join(
        f"d{at}\t-\t-\t-\t-\t-\n" for at in range(1000)
    )
    text, _ = told(python, tmp_path, GOOD, **{"software.tsv": rows})
    assert "| c0, c1, c2, c3, c4, c5 and 994 more | 1 | 2 | 1000 | 1000 | 0-999 |" in text
    assert "**No list of after: d0, d1, d2, d3, d4, d5 and 994 more**" in text
    assert len(text) < 5000


def test_rows_that_are_no_rows_cost_nothing(python: str, tmp_path: Path) -> None:
    text, _ = told(python, tmp_path, GOOD, **{"software.tsv": "a\nb\tc\nx\t1\t2\tmany\t<b>\t²\n"})
    assert "| x | 1 | 2 | - | - | - |" in text
