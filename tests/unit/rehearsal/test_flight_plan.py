"""A flight plan as people get it: whatever a command line holds, and of the first runs of the small example."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from osp_compile.assets import SPECS, TEMPLATES
from osp_compile.rehearsal import flight_html, flight_plan, report, trial_kinds, trials
from osp_compile.rehearsal.command import facts_of, get_bundle, scripts_of
from osp_compile.rehearsal.flight_lines import Line
from osp_compile.rehearsal.flight_model import Flight, Group, Part
from osp_compile.rehearsal.flight_text import code, markdown, plain
from osp_compile.rehearsal.flight_wording import WORDS
from osp_compile.rehearsal.flight_words import of_files, of_places
from osp_compile.rehearsal.request import RehearsalRequest, RequestError
from osp_compile.rehearsal.trials import Rehearsal
from osp_simulator.engine import traces
from unit.bundle.step_lists import step_lists

HOSTILE = (
    "echo 'a|b'",
    "echo `id` ``two``",
    "`",
    "a` | `b",
    "<script>alert(1)</script>",
    "</code><img src=x onerror=alert(1)>",
    "[x](javascript:alert(1)) ![y](http://example.com/z)",
    "one\nrow | two\n| --- |\n# head",
    "\x1b[31mred\x07 \u202eback\u2028",
    "&lt;b&gt; &#124;",
    "*a* _b_ ~~c~~ \\| \\",
)


def flight(*lines: Line) -> Flight:
    group = Group("2.07/2", "A <b>title</b> | of a step", "node|0", lines)
    parts = (Part("2.07", "Reboot", 60.0, (group,)), Part("2.10", "Check", 5.0, ()))
    return Flight("site", "CHG1", "d" * 64, parts, 40, (("1 of 2 steps were applied:", "2.13/4a | <i>x</i>"),))


def line(command: str, *within: str, changes: tuple[str, ...] = ()) -> Line:
    return Line("2.07", "2.07/2", "node-0", "node-0", "root", command, within, changes, 3)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_row_of_markdown_stays_one_row_of_five_cells(text: str) -> None:
    page = markdown(flight(line(text, text, changes=(text,))))
    (row,) = [one for one in page.splitlines() if one.startswith("| node-0 ")]
    assert len(re.findall(r"(?<!\\)\|", row)) == 6
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", row)
    assert "<script" not in outside
    assert "<img" not in outside
    assert page.isprintable() or all(one.isprintable() for one in page.splitlines())


@pytest.mark.parametrize("text", HOSTILE)
def test_html_shows_every_letter_and_runs_none(text: str) -> None:
    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.tags: set[str] = set()
            self.words = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.tags.add(tag)
            assert not [
                name for name, value in attrs if name.startswith("on") or name == "src" or "//" in (value or "")
            ]

        def handle_data(self, data: str) -> None:
            self.words += data

    reader = Reader()
    page = flight_html.page(flight(line(text, text, changes=(text,))))
    reader.feed(page)
    assert reader.tags.isdisjoint({"script", "img", "link", "iframe", "b", "i"})
    assert reader.words.count(flight_html.visible(text)) >= 3
    assert all(one.isprintable() for one in page.splitlines())


def test_a_page_needs_no_network_and_says_what_no_section_changes() -> None:
    page = flight_html.page(flight(line("reboot")))
    assert not re.search(r"https?://|@import|url\(", page)
    assert "default-src 'none'" in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert "Changes nothing." in page


def test_nothing_is_cut_but_folded_on_the_page() -> None:
    """A call of pages, and a long list of changes: whole as text, and on the page after something to open."""
    changes = tuple(f"change {number} of many" for number in range(12))
    whole = flight(line(f"write_record {'x' * 5000}END", changes=changes))
    assert f"{'x' * 5000}END" in markdown(whole)
    assert all(one in markdown(whole) for one in changes)
    page = flight_html.page(whole)
    assert all(one in page for one in changes)
    head, tail = re.findall(r"<details><summary><code>(.*?)</code>.*?</summary><code>(.*?)</code></details>", page)[0]
    assert head + tail == f"write_record {'x' * 5000}END"
    assert "... (5,016 characters in all)" in page
    assert "and 8 more" in page
    assert "<details" not in flight_html.page(flight(line("reboot", changes=changes[:5])))


REDIRECTING = """\
set -euo pipefail
keep() { printf '%s\\n' "$2" > "$1/copied to"; }
log_in() { local password=geheim; printf 'password="%s"\\n' "$password" >"$1/cnf"; "${@:2}" 2>>"$1/log"; }
awk '$1 > 3' </dev/null >/dev/null
keep "$PLACE" 'a b'
log_in "$PLACE" echo one >/tmp/scratch/x | sort >> "$PLACE/sorted"
false || echo "status $?" >&2
"""


def test_a_trace_shows_where_commands_write_to_and_disturbs_none(tmp_path: Path) -> None:
    """Each redirection with its path; of a command with a password its text. Status and output are as without it."""
    hook, trace, place = tmp_path / "hook", tmp_path / "trace", tmp_path / "place"
    place.mkdir()
    hook.write_text(traces.OF_A_SHELL)
    script = REDIRECTING.replace("/tmp/scratch", str(tmp_path))
    with trace.open("w") as opened:
        variables = {"PATH": os.environ["PATH"], "PLACE": str(place), traces.NUMBER: str(opened.fileno())}
        ran = subprocess.run(
            ["bash", "-s"], input=script, env=variables | {"BASH_ENV": str(hook)}, pass_fds=[opened.fileno()],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "status 1\n")
    # the test's own folder lies under /tmp, which is not the site's
    text = trace.read_text().replace(str(place), "/srv/place")
    found = [(line, writes) for line, writes in traces.commands_of(text) if writes]
    assert sorted(found) == [
        ("echo one", [">> /srv/place/log"]),
        ("printf '%s\\n' 'a b'", ["> '/srv/place/copied to'"]),
        ('printf \'password="%s"\\n\' "$password"', ["> /srv/place/cnf"]),
        ("sort", [">> /srv/place/sorted"]),
    ]


def test_what_root_runs_redirects_simple_commands_alone() -> None:
    """The redirection of a whole loop or group is in no trace, and so would be missing in the flight plan."""
    of_a_group = re.compile(
        r'^\s*(\}|\)|done|fi|esac)[^#\n]*[^-=<&2>]>>?(?!>|\s*("?\$SCRATCH|/dev/|&|\())', re.MULTILINE
    )
    assert of_a_group.search('  } >"$set/SHA256SUMS.new"')
    files = [*(TEMPLATES / "_runtime/systems").glob("*.sh"), *TEMPLATES.glob("2.*/*.sh")]
    assert len(files) > 100
    assert [(file.name, found[0]) for file in files if (found := of_a_group.search(file.read_text("utf-8")))] == []


def test_text_and_code_are_told_apart() -> None:
    assert code("") == ""
    assert code("a`b") == "``a`b``"
    assert code("`a") == "`` `a ``"
    assert code("a|b") == "<code>a&#124;b</code>"
    assert plain("# a <b> [c] | d") == "\\# a &lt;b&gt; \\[c\\] &#124; d"


def test_steps_that_no_first_run_applied_are_said() -> None:
    outcomes = {"first-2.07": {"applied": ["2.07/2"]}}
    facts = report.ReportHeader("s", "C", "d", "bash", {}, {}, "1 h", {"2.07/2": "Reboot", "2.13/4a": "Move"}, outcomes)
    titles = {"2.07/2": "Reboot", "2.13/4a": "Move"}
    parts = flight(line("reboot")).parts
    assert flight_plan.coverage(facts, titles, parts) == [
        "1 of 2 steps were applied; not rehearsed, because there was nothing to do:",
        "2.13/4a Move",
    ]
    facts = replace(facts, steps={"2.07/2": "Reboot"})
    assert flight_plan.coverage(facts, titles, parts) == ["1 of 1 steps were applied."]
    assert flight_plan.coverage(replace(facts, steps={}), titles, parts) == [
        "No step of these sections changes anything."
    ]


def test_a_step_that_only_waited_is_said() -> None:
    """Its title is in the site's language, as all of the plan is."""
    facts = report.ReportHeader(
        "s", "C", "d", "bash", {}, {}, "1 h", {"2.07/4a": "x"}, {"first-2.07": {"applied": ["2.07/4a"]}}
    )
    assert flight_plan.coverage(facts, {"2.07/4a": "クラスターへの復帰"}, (), "ja") == [
        "1 手順のうち 1 手順を適用しました。",
        "2.07/4a クラスターへの復帰: 適用しましたが、何かを変更したコマンドはありません",
    ]


DESCRIPTIONS = re.compile("[A-Za-z]{3,}")


def test_a_japanese_site_has_a_japanese_plan() -> None:
    """No heading, label or sentence is left in English: what has letters is what the site and its commands have."""
    changed = [(("hosts", "node-0", "up"), True, False)]
    changes = (*of_files([("made", "etc/x"), ("removed", "y")], "ja"), *of_places(changed, "node-0", "ja"))
    group = Group("2.07/2", "ノードの再起動", "node-0", (line("reboot", "sync", changes=changes), line("sync")))
    parts = (Part("2.07", "再起動", 7500.0, (group,)), Part("2.10", "確認", 5.0, ()))
    notes = (("27 手順のうち 26 手順を適用しました。", "2.13/4a コールドマイグレーション"),)
    whole = Flight("site", "CHG1", "d" * 64, parts, 40, notes, "ja")
    page = flight_html.page(whole)
    assert '<html lang="ja">' in page
    assert '<th class="host">ホスト</th>' in page
    assert 'data-name="変更内容"' in page
    assert "2 時間 05 分" in page
    text = re.sub("<style>.*?</style>|<code>.*?</code>|<[^>]*>|`[^`]*`", " ", page + markdown(whole), flags=re.DOTALL)
    known = {"site", "CHG", "root", "node", "etc", "nbsp", "d" * 64}
    assert set(DESCRIPTIONS.findall(text)) <= known


@pytest.mark.parametrize("key", WORDS)
def test_each_phrase_has_the_same_values_in_both_languages(key: str) -> None:
    english, japanese = (set(re.findall(r"\{(\w+)", phrase)) for phrase in WORDS[key])
    assert english == japanese
    names = {"RabbitMQ", "Redis", "MongoDB", "HAProxy", "Ceph", "Ceph OSD", "hieradata"}
    assert key in {"way", "becomes", "on", "then", "comma", "semicolon", "text_on"} or (
        re.search(r"[ぁ-んァ-ヶ一-龠]", WORDS[key][1]) or WORDS[key][1] in names
    )


def test_only_first_runs_can_be_asked_for_with_a_plan() -> None:
    with pytest.raises(RequestError, match="--plan plays the undisturbed first runs alone"):
        RehearsalRequest(Path("site.yaml"), plan=True, matrix="kill")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("mv -- /home/stack/images /home/stack/images.before", True),
        ("rm --force -- /tmp/osp.abc/x", False),
        ("rm -- /tmp/osp.abc/x /etc/passwd", True),
        ("cp -- /etc/passwd /home/stack/osp-runbook/s/C/x", False),
        ("cat /etc/passwd", False),
        ("tar --list --file /x.tar", False),
        ("tar -xvf /x.tar", True),
        ("sed s/a/b/ /x", False),
        ("sed -i s/a/b/ /x", True),
        ("timeout --kill-after=60 1800 rm -- /x", True),
        ("xargs --null sha256sum --", False),
        ("find /x -delete", True),
        ("find /x -name y", False),
        ("local a=1", False),
        ("[[ -e /x ]]", False),
        ("'unbalanced", False),
        ("", False),
    ],
)
def test_what_of_a_trace_can_change_something(text: str, is_one: bool) -> None:
    assert traces.changing(text, "undercloud") is is_one


def test_a_trace_is_read_whatever_stands_in_its_words() -> None:
    assert traces.lines_of("noise\n+ a 'b\nc'\n++ d\n\n+++ e f\n") == ["a 'b\nc'", "d", "e f"]
    assert traces.lines_of("") == []


@pytest.fixture(scope="module")
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sandbox: None
) -> tuple[Flight, Path, Path]:
    """The flight plan of the small example's first runs, where it lies, and the bundle: of a kept rehearsal of the
    whole chapter if there is one, else of one up to 2.07.
    """
    folder = tmp_path_factory.mktemp("flight")
    kept = request.config.getoption("--kept")
    rehearsal = Rehearsal.load(kept / "minimal") if kept else up_to_the_controllers(folder)
    facts = facts_of(rehearsal, RehearsalRequest(Path("minimal.yaml")))
    return flight_plan.write(folder, rehearsal, facts), folder, rehearsal.bundle


def up_to_the_controllers(folder: Path) -> Rehearsal:
    bundle, diagnostics = get_bundle(SPECS / "examples/minimal.yaml", folder)
    assert bundle is not None, diagnostics
    rehearsal = Rehearsal(folder, bundle.absolute(), scripts_of(bundle, ["2.07"]))
    trials.prepare(rehearsal)
    for section in rehearsal.scripts:
        assert trial_kinds.run_of(rehearsal, "first", section).wrong == []
    return rehearsal


@pytest.mark.parametrize("empty", [None, "", []])
def test_what_was_empty_is_called_nothing(empty: object) -> None:
    change = (("pacemaker", "properties", "p"), empty, ["a", "b"])
    assert [*of_places([change], "node-0")] == ["cluster property p: nothing to a, b"]
    assert [*of_places([(*change[:1], "x", empty)], "node-0", "ja")] == ["クラスターのプロパティー p: x → なし"]


def test_a_plan_of_a_part_of_the_chapter_says_what_is_missing() -> None:
    sections = [{"id": one, "title": {"en": f"Title {one}", "ja": f"題 {one}"}} for one in ("2.00", "2.01", "2.02")]
    assert flight_plan.not_played(sections, sections) == ()
    missing = flight_plan.not_played(sections, sections[:1])
    assert missing[1:] == ("2.01 Title 2.01", "2.02 Title 2.02")
    assert flight_plan.not_played(sections, sections[:1], "ja")[1:] == ("2.01 題 2.01", "2.02 題 2.02")
    of_a_part = replace(flight(line("reboot")), not_played=missing)
    for text in (markdown(of_a_part), flight_html.page(of_a_part)):
        # before what it says of the sections that were played
        assert 0 < text.index("not of the whole chapter") < text.index("Title 2.02") < text.index("1 of 2 steps")
    assert "not of the whole chapter" not in markdown(flight(line("reboot")))


def compare_five_lists(flight: Flight, bundle: Path) -> int:
    """That the flight plan's steps, with those that it says changed nothing, are those of the bundle's four lists, of
    each section that was played; their number.
    """
    files = {str(path.relative_to(bundle)): path.read_text("utf-8") for path in bundle.glob("*") if path.is_file()}
    lists = step_lists(files, changing=True)
    played = {part.section for part in flight.parts}
    wanted = [step for step in lists["manifest"] if step.split("/")[0] in played]
    assert all([step for step in listed if step.split("/")[0] in played] == wanted for listed in lists.values())
    flown = [group.step for part in flight.parts for group in part.groups]
    idle = [found[0] for note in flight.notes for row in note if (found := re.match(r"2\.\d\d/\w+", row))]
    assert not {*flown} & {*idle}
    assert {*flown, *idle} == {*wanted}
    # once for each node of a group, and otherwise in the order of the others
    assert list(dict.fromkeys(flown)) == [step for step in wanted if step in flown]
    return len(wanted)


@pytest.mark.whole
def test_all_five_lists_have_the_same_steps(made: tuple[Flight, Path, Path]) -> None:
    flight, _, bundle = made
    assert compare_five_lists(flight, bundle) > 15


@pytest.mark.kept
@pytest.mark.usefixtures("sandbox")
def test_all_five_lists_have_the_same_steps_in_every_section(request: pytest.FixtureRequest) -> None:
    """Of the examples that CI has rehearsed anyway (tests/runner/parts.py)."""
    found = sorted(request.config.getoption("--kept").glob("*/rehearsal.json"))
    assert "minimal" in [file.parent.name for file in found]
    for file in found:
        rehearsal = Rehearsal.load(file.parent)
        flight = flight_plan.flight_of(rehearsal, facts_of(rehearsal, RehearsalRequest(Path("site.yaml"))))
        assert flight.not_played == ()
        assert compare_five_lists(flight, rehearsal.bundle) > 30


@pytest.mark.whole
def test_the_small_example_has_its_reboots_in_their_order(made: tuple[Flight, Path, Path]) -> None:
    flight, *_ = made
    (part,) = [part for part in flight.parts if part.section == "2.07"]
    lines = [line for group in part.groups for line in group.lines]
    down = [line.host for line in lines if any("goes down" in change for change in line.changes)]
    assert down
    assert down == [line.host for line in lines if "reboot" in (line.command, *line.within)]
    assert {line.step for line in lines if line.host in down} >= {"2.07/2"}


@pytest.mark.whole
def test_no_line_is_a_shell_and_none_a_question(made: tuple[Flight, Path, Path]) -> None:
    flight, folder, _ = made
    lines = [line for part in flight.parts for group in part.groups for line in group.lines]
    shown = [one for line in lines for one in (line.command, *line.within)]
    assert not [one for one in shown if "bash -s" in one]
    # (what a question prints may go to a file)
    assert not [one for one in shown if re.match(r"(cat|crm_mon|ceph -s|\S+ \S+ (list|show)\b)(?!.* >>? /)", one)]
    assert "bash -s" not in (folder / "flight-plan.md").read_text("utf-8")
    assert 10 < flight.count < flight.calls / 10


@pytest.mark.whole
def test_what_the_script_runs_itself_is_in_it(made: tuple[Flight, Path, Path]) -> None:
    flight, *_ = made
    own = [line for part in flight.parts if part.section == "2.05" for group in part.groups for line in group.lines]
    assert [line.step for line in own if line.command.startswith("mv --no-target-directory -- ")] == ["2.05/2"]
    assert any(line.command.startswith("cd ") and " && tar -xvf " in line.command for line in own)
