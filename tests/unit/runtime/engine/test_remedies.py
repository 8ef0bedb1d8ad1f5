"""The table of remedies: its form, that each row has a sample of real output, and which row each sample meets."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
TABLE = ROOT / "templates/_runtime/engine/remedies.tsv"
SAMPLES = ROOT / "tests/data/remedies"
COLUMNS = ("id", "rank", "how", "pattern", "cause", "remedy", "source")
ROWS = [
    dict(zip(COLUMNS, line.split("\t"), strict=True))
    for line in TABLE.read_text("utf-8").splitlines()
    if not line.startswith("#")
]
IDS = [row["id"] for row in ROWS]
PLACEHOLDERS = {"{on}", "{node}", "{stackrc}", "{rc}", "{stack}", "{script}", "{1}", "{uuid}"}
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
    assert set(re.findall(r"\{[a-z0-9]+\}", row["remedy"])) - {"{print}"} <= PLACEHOLDERS
    assert "{1}" not in row["remedy"] or re.compile(row["pattern"]).groups >= 1
    assert not NEVER.search(row["remedy"])
    assert not row["cause"].endswith(".")


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
def test_what_is_given_to_a_shell_reads_as_shell(row: dict[str, str]) -> None:
    assert row["remedy"].count("'") % 2 == 0 or re.search(r"\w'[a-z]", row["remedy"])
    assert row["remedy"].count('"') % 2 == 0
