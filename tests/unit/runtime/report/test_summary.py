"""The summary that closes a ticket: what the journal and the records say, whatever is in them."""

from __future__ import annotations

import json
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from unit.runtime.parse.parsers import RUNTIME
from unit.waiting import LIMIT

STEPS = [
    {"id": "2.04/1", "title": {"en": "Stop services", "ja": "サービスの停止"}, "shape": "change"},
    {"id": "2.04/2", "title": {"en": "Upgrade", "ja": "更新"}, "shape": "change"},
]
CHECK = {"id": "2.12/3", "title": {"en": "Units", "ja": "ユニット"}, "shape": "check"}
SECTIONS = [
    {
        "id": "2.04",
        "title": {"en": "Update", "ja": "更新"},
        "duration": {"en": "1 to 2 hours", "ja": "1〜2 時間"},
        "steps": STEPS,
    },
    {"id": "2.12", "title": {"en": "Validate", "ja": "検証"}, "duration": None, "minutes": [2, 5], "steps": [CHECK]},
]
# where what is installed was noted, before and after, under other numbers than this guide's
NOTED = [
    {"id": f"3.0{at}", "title": {"en": name}, "steps": [{"id": f"3.0{at}/1", "name": name, "shape": "check"}]}
    for at, name in enumerate(("package_offers", "package_versions"))
]
HOSTILE = "<script>alert(1)</script> | `x` [a](javascript:1) \x1b[31m\u202etxt \"'"


def row(
    when: str, step: str, event: str, detail: str = "-", node: str = "-", who: str = "ito", section: str = "2.04"
) -> str:
    return "\t".join((f"2018-11-22T{when}Z", who, "CHG1", "0123456789ab", section, step, node, event, detail, "-"))


def told(python: str, folder: Path, rows: list[str], language: str = "en", **files: str) -> tuple[str, str]:
    """The summary of a journal with these rows, as markdown and as HTML."""
    (folder / "evidence").mkdir(exist_ok=True)
    manifest = {"format": 1, "site": {"name": "lab", "change": "CHG1"}, "sections": SECTIONS}
    texts = {"manifest.json": json.dumps(manifest), "journal.tsv": "".join(f"{one}\n" for one in rows),
             "digest": "d" * 64 + "\n",
             "journal-check.txt": f"{len(rows)} lines, each as it was written\nsha256 x\n", **files}  # fmt: skip
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    command = [python, "-S", str(RUNTIME / "report/summary.py"), str(folder), language]
    ran = subprocess.run(command, capture_output=True, check=False, timeout=LIMIT)
    assert ran.returncode == 0, ran.stderr
    return (folder / "summary.md").read_text("utf-8"), (folder / "summary.html").read_text("utf-8")


GOOD = [
    row("20:00:00", "-", "begin"),
    row("20:00:05", "2.04/1", "start"),
    row("20:01:05", "2.04/1", "done"),
    row("20:02:00", "-", "end", "exit 0"),
]


def test_a_section_and_its_steps_against_the_plan(python: str, tmp_path: Path) -> None:
    text, _ = told(python, tmp_path, GOOD)
    assert "| 2.04 Update | 2018-11-22 20:00:00 | 2018-11-22 20:02:00 | 2 min 00 s | 1 to 2 hours | ito | - |" in text
    assert "| 2.04/1 Stop services | 2018-11-22 20:00:05 | 2018-11-22 20:01:05 | 1 min 00 s |  | ito | - |" in text
    assert "2.04/2" not in text
    assert "- not run: 2.12" in text
    assert "d" * 64 in text


@pytest.mark.parametrize("compiler", ["0.9.1", {"name": "osp-compile", "version": "0.9.1"}])
def test_the_compilers_version_where_the_manifest_has_it(python: str, tmp_path: Path, compiler: object) -> None:
    text, _ = told(
        python, tmp_path, GOOD, **{"manifest.json": json.dumps({"compiler": compiler, "sections": SECTIONS})}
    )
    assert "| Compiler | 0.9.1 |" in text


def test_minutes_of_the_plan_and_what_took_longer(python: str, tmp_path: Path) -> None:
    rows = [row("20:00:00", "-", "begin", section="2.12"), row("20:06:00", "-", "end", "exit 0", section="2.12")]
    text, _ = told(python, tmp_path, rows)
    assert (
        "| 2.12 Validate | 2018-11-22 20:00:00 | 2018-11-22 20:06:00 | 6 min 00 s | 2-5 min | ito "
        "| longer than planned |" in text
    )


def test_runs_that_failed_or_were_killed_and_what_was_done_again(python: str, tmp_path: Path) -> None:
    rows = [
        row("19:00:00", "-", "begin"), row("19:00:05", "2.04/1", "start", node="c0"),
        row("20:00:00", "-", "begin", "--step 2.04/1", who="sato"), row("20:00:05", "2.04/1", "start", node="c0"),
        row("20:01:00", "2.04/1", "failed", "no room", "c0"), row("20:01:00", "-", "end", "exit 1, failed"),
        row("21:00:00", "-", "begin"), row("21:00:05", "2.04/1", "start", node="c0"),
        row("21:01:00", "2.04/1", "done", node="c0"),
        row("21:01:00", "2.04/2", "start"), row("21:02:00", "2.04/2", "unverified", "not there"),
        row("21:02:00", "-", "end", "exit 1, failed"),
    ]  # fmt: skip
    text, _ = told(python, tmp_path, rows)
    assert "| ito, sato | longer" not in text
    assert "| ito, sato | runs: 3; cut off: 1; stopped: 2; with --step 2.04/1 |" in text
    assert "| 2.04/1 c0 | 2018-11-22 19:00:05 | cut off | - | ito | done at 2018-11-22 21:01:00 |" in text
    assert "| 2.04/1 c0 | 2018-11-22 20:00:05 | failed | no room | ito | done at 2018-11-22 21:01:00 |" in text
    assert "| 2.04/2 | 2018-11-22 21:01:00 | had no effect | not there | ito | not done since |" in text
    assert "- 2.04: its last run ended with: exit 1, failed" in text
    assert "- 2.04/2 -: started and not done" in text
    assert "2.04/1 c0: begun" not in text


@pytest.mark.parametrize(("later", "is_open"), [("", True), ("done", False), ("satisfied", False), ("rescued", False)])
def test_what_was_not_put_back_is_open_until_it_is(python: str, tmp_path: Path, later: str, is_open: bool) -> None:
    rows = [*GOOD, row("20:03:00", "2.04/2", "rescue-failed", "not undone: the flag is up")]
    if later == "done":
        rows.append(row("20:04:00", "2.04/2", "start"))
    if later:
        rows += [row("20:04:00", "2.04/2", later)]
    text, _ = told(python, tmp_path, rows)
    assert ("2.04/2 -: could not be put back" in text) == is_open
    assert "could not be put back | not undone: the flag is up" in text


def test_what_a_change_has_warned_of_is_open_once(python: str, tmp_path: Path) -> None:
    warned = [row(f"20:0{at}:00", "2.04/2", "warned", "x is off: start x", "c0") for at in (3, 4)]
    text, _ = told(python, tmp_path, [*GOOD, *warned])
    assert text.count("- 2.04/2 c0: x is off: start x") == 1


def test_what_was_let_through(python: str, tmp_path: Path) -> None:
    rows = [*GOOD, row("20:03:00", "2.04/1", "gate-forced", "the boss said so (2.01 is not done)")]
    attested = "2018-11-22T20:00:00Z\tsato\t2.04/2\tby hand, INC7\n"
    text, _ = told(python, tmp_path, rows, **{
        "waivers.tsv": "2.12/3\tknown, RFC 1\n", "accepted.tsv": "ceph\tTOO_MANY_PGS\tsince 2016\n",
        "attested.tsv": attested,
    })  # fmt: skip
    assert "| waived by the spec | 2.12/3 | known, RFC 1 | - | - |" in text
    assert "| accepted by the spec | ceph TOO_MANY_PGS | since 2016 | - | - |" in text
    assert "| attested | 2.04/2 | by hand, INC7 | sato | 2018-11-22 20:00:00 |" in text
    assert "| gate forced | 2.04/1 | the boss said so (2.01 is not done) | ito | 2018-11-22 20:03:00 |" in text


def test_results_versions_and_backups(python: str, tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    facts = (
        "packed\t2018-11-22T22:00:00Z\tito\nrebooting\tc1\ncopy_to\tbackup@x:/y\nbackup\tundercloud\t/b/undercloud-1\t1542916800\n"
        "piece\tundercloud\tu.tar\tabc123\nbackup_unknown\tcontrol_plane\tno answer\n"
    )
    text, _ = told(python, tmp_path, GOOD, **{
        "facts.tsv": facts,
        "evidence/2.12-3-c0.tsv": "verdict\tpass\t2018-11-22T20:00:00Z\npass\tfine\t\n",
        "evidence/2.12-3-c1.tsv": "verdict\tfail\t2018-11-22T20:05:00Z\nfail\tx.service failed\tstart it\n",
        "evidence/versions-before.tsv": "c0\tkernel\t1\nc1\tkernel\t1\n",
        "evidence/versions-after.tsv": "c0\tkernel\t2\nc1\tkernel\t1\n",
    })  # fmt: skip
    assert "| 2.12 | 2018-11-22 20:05:00 | 1 / 2 | 2.12/3 c1 fail: x.service failed |" in text
    assert "- 2.12/3 c1: x.service failed" in text
    assert "| kernel | 1 (hosts: 2) | 2 (hosts: 1); 1 (hosts: 1) |" in text
    assert "| undercloud | /b/undercloud-1 | 2018-11-22 20:00:00 | u.tar abc123 | backup@x:/y |" in text
    assert "- c1 was rebooted and has not come back" in text
    assert "**The backups of the control plane could not be looked at: no answer**" in text


def test_the_sections_are_those_of_the_bundle(python: str, tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    text, _ = told(python, tmp_path, GOOD, **{
        "manifest.json": json.dumps({"sections": [*SECTIONS, *NOTED]}),
        "evidence/3.00-1.tsv": "verdict\tpass\t2018-11-22T20:00:00Z\npass\tfine\t\n",
        "evidence/versions-before.tsv": "c0\tkernel\t1\n",
        "software.tsv": "c0\t3.10\t-\t1100\t-\t-\n",
    })  # fmt: skip
    assert "| Package | Before (3.00) | After (3.01) |" in text
    assert "| Kernel before (3.00) | Kernel after (packed) |" in text
    assert "| 3.00 | 2018-11-22 20:00:00 | 1 / 1 | - |" in text


def test_a_journal_that_was_changed_is_told_of_first(python: str, tmp_path: Path) -> None:
    text, page = told(python, tmp_path, GOOD, **{"journal-check.txt": "line 3 does not fit: x\nsha256 y\n"})
    assert text.splitlines()[2] == "**The journal is not as it was written: line 3 does not fit: x**"
    assert '<p class="bad">The journal is not as it was written' in page


def test_the_page_on_paper_and_on_a_narrow_screen(python: str, tmp_path: Path) -> None:
    facts = (
        "packed\t2018-11-22T22:00:00Z\tito\nbackup\tundercloud\t/b/undercloud-1\t1542916800\n"
        f"piece\tundercloud\ta&b.tar\t{'e' * 64}\npiece\tundercloud\tc.sql\t{'f' * 64}\n"
    )
    results = "verdict\tpass\t2018-11-22T20:00:00Z\npass\tfine\t\n"
    (tmp_path / "evidence").mkdir()
    _, page = told(python, tmp_path, GOOD, **{
        "facts.tsv": facts, "evidence/2.12-3.tsv": results,
        "software.tsv": "c0\t3.10.0-693.21.1.el7.x86_64\t-\t1100\t-\t-\n",
    })  # fmt: skip
    # each cell of a wide table says what it is, where its heading is not beside it
    assert '<td class="whole" data-head="Started (UTC)">2018-11-22 20:00:00</td>' in page
    assert '<table class="wide">\n<thead><tr><th>Section, step</th>' in page
    assert "<table>\n<thead><tr><th>Key facts</th>" in page
    # what cannot be read torn apart is not, and what says nothing takes no room
    assert '<td class="whole" data-head="Kernel before">3.10.0-693.21.1.el7.x86_64</td>' in page
    assert '<td class="nothing" data-head="Kernel after (packed)">-</td>' in page
    # pieces of a backup have a line each, and a sign that HTML writes otherwise is torn by nothing
    assert f"a&amp;b.tar {'e' * 64};<br>c.sql {'f' * 64}</td>" in page
    # a section is bold in the timeline, and in no other table
    assert page.count('<tr class="section">') == 2


def test_japanese(python: str, tmp_path: Path) -> None:
    text, page = told(python, tmp_path, GOOD, "ja")
    assert text.startswith("# lab 変更 CHG1: 作業結果\n")
    assert "| 2.04/1 サービスの停止 |" in text
    assert '<html lang="ja">' in page


class Tags(HTMLParser):
    """Every tag of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))


@pytest.mark.parametrize("language", ["en", "ja"])
def test_nothing_hostile_is_more_than_text(python: str, tmp_path: Path, language: str) -> None:
    rows = [
        row("20:00:00", "-", "begin", HOSTILE, who=HOSTILE),
        row("20:00:01", "2.04/1", "start", HOSTILE, HOSTILE, HOSTILE),
        row("20:00:02", "2.04/1", "failed", HOSTILE, HOSTILE), row("20:00:03", "2.04/1", "gate-forced", HOSTILE),
        row("20:00:04", HOSTILE, HOSTILE, HOSTILE), row("no time", "2.04/1", "refused", HOSTILE),
        "\t" * 20, "a\tb", "\udcff\udcfe",
        row("20:00:05", "-", "end", HOSTILE),
    ]  # fmt: skip
    files = dict.fromkeys(
        ("waivers.tsv", "accepted.tsv", "attested.tsv", "cleaned.tsv"), "\t".join([HOSTILE] * 4) + "\n"
    )
    files["facts.tsv"] = "".join(
        f"{word}\t{HOSTILE}\t{HOSTILE}\t{HOSTILE}\n"
        for word in ("packed", "backup", "piece", "copied", "rebooting", "backup_unknown")
    )
    (tmp_path / "evidence").mkdir()
    files["evidence/2.12-3.tsv"] = f"verdict\t{HOSTILE}\t{HOSTILE}\nfail\t{HOSTILE}\n"
    files["evidence/versions-before.tsv"] = f"{HOSTILE}\t{HOSTILE}\t{HOSTILE}\n"
    text, page = told(python, tmp_path, rows, language, **files)
    tags = Tags()
    tags.feed(page)
    allowed = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "h1",
        "h2",
        "p",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "ul",
        "li",
        "br",
    }
    assert {tag for tag, _ in tags.found} <= allowed
    assert {name for _, attrs in tags.found for name, _ in attrs} <= {
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "class",
        "data-head",
    }
    assert "http://" not in page
    for told_text in (text, page):
        assert not any(ord(sign) < 32 and sign != "\n" for sign in told_text)
        assert "\u202e" not in told_text
    assert "<script" not in text
    assert "[a](" not in text
    assert "| `" not in text


def test_a_site_of_a_thousand_nodes(python: str, tmp_path: Path) -> None:
    rows = [row("20:00:00", "-", "begin")]
    for at in range(1000):
        rows += [row("20:00:01", "2.04/1", "start", node=f"c{at}"), row("20:00:02", "2.04/1", "done", node=f"c{at}")]
    text, page = told(python, tmp_path, rows)
    assert "| nodes: 1000 |" in text
    assert len(page) < 20000


def test_nothing_at_all(python: str, tmp_path: Path) -> None:
    text, _ = told(python, tmp_path, [], **{"manifest.json": "[", "journal-check.txt": "the journal has no line\n"})
    assert "No section has been run." in text
