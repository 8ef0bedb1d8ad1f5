"""The command line as people expect it: help, a mistyped verb, standard input, options that would be ignored."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from osp_compile import cli
from osp_compile.assets import SPECS
from osp_compile.bundle.on_disk import digest
from osp_compile.pipeline import compile_site
from osp_compile.rehearsal.progress import both_ends
from osp_compile.verbs.arguments import NEEDED, NEEDED_BY_IMPORT
from osp_compile.verbs.commands import Verb
from unit.waiting import LIMIT

MINIMAL = SPECS / "examples/minimal.yaml"
PACKAGE = Path(cli.__file__).parents[1]


def verbs(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command, with the words that call it."""
    for name, command in group.commands.items():
        yield (*before, name), command
        if isinstance(command, click.Group):
            yield from verbs(command, (*before, name))


VERBS = list(verbs(cli.program))


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as leaving:
        cli.main(words)
    shown = capsys.readouterr()
    return int(leaving.value.code or 0), shown.out, shown.err


@pytest.mark.parametrize(("words", "command"), VERBS, ids=[" ".join(words) for words, _ in VERBS])
def test_every_help_has_examples_and_exit_codes(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], command: click.Command
) -> None:
    status, shown, _ = call(capsys, *words, "--help")
    assert status == 0
    assert isinstance(command, Verb)
    assert command.examples
    examples = shown.split("Examples:\n")[1].split("\n\n")[0].splitlines()
    assert examples == [f"  {line}" for line in command.examples]
    assert all(line.startswith("osp-compile ") for line in command.examples)
    codes = shown.split("Exit codes:\n")[1].splitlines()
    assert [line.split()[0] for line in codes] == ["0", *(["1"] if command.bad else []), "2", "3", "130"]


@pytest.mark.parametrize(("words", "command"), VERBS, ids=[" ".join(words) for words, _ in VERBS])
def test_every_example_is_read(words: tuple[str, ...], command: click.Command) -> None:
    """Its options are those of the command; what it names need not be there."""
    assert isinstance(command, Verb)
    for example in command.examples:
        line = example.split(">")[0].split("<")[0].split()[1:]
        if len(line) == 1 and line[0].endswith(".yaml"):
            line = ["compile", *line]
        given = line[len(words) :] if tuple(line[: len(words)]) == words else line
        command.make_context(words[-1], given)


@pytest.mark.parametrize("words", [words for words, _ in VERBS], ids=" ".join)
def test_no_help_is_wider_than_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, shown, _ = call(capsys, *words, "--help")
    assert [line for line in shown.splitlines() if len(line) > 80] == []


def test_no_first_line_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    _, shown, _ = call(capsys, "--help")
    assert "..." not in shown.split("Commands:")[1]
    assert "Exit codes:" in shown


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("chekc", "no command and no file `chekc`; did you mean `check`?; commands: check, compile, "),
        ("frobnicate", "no command and no file `frobnicate`; commands: check, compile, "),
        ("a\x1b[2Jb", "no command and no file `a\N{REPLACEMENT CHARACTER}[2Jb`; commands: "),
    ],
)
def test_a_mistyped_verb_is_no_file(capsys: pytest.CaptureFixture[str], word: str, said: str) -> None:
    status, out, told = call(capsys, word, "site.yaml")
    assert (status, out) == (2, "")
    assert f"Error: {said}" in told


def test_a_file_without_a_suffix_is_compiled(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tokyo").write_text("version: 1\n", "utf-8")
    status, _, told = call(capsys, "tokyo")
    assert (status, "error[missing-key]" in told) == (1, True)
    status, _, told = call(capsys, "nowhere.yaml")
    assert (status, "there is no such file" in told) == (1, True)


def test_several_specs_are_checked_at_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("version: 2\n", "utf-8")
    status, out, told = call(capsys, "check", str(MINIMAL), str(wrong))
    assert (status, out) == (1, f"{MINIMAL} is valid\n")
    assert f"--> {wrong}:1:10" in told
    status, out, _ = call(capsys, "check", str(MINIMAL), str(wrong), "--format", "json")
    document = json.loads(out)
    assert (status, document["ok"], document["counts"]) == (1, False, {"errors": 2, "warnings": 0})
    assert [(one["file"], one["ok"]) for one in document["specs"]] == [(str(MINIMAL), True), (str(wrong), False)]
    assert document["specs"][0]["sections"][:3] == ["2.00", "2.01", "2.02"]
    assert document["specs"][1]["sections"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("check", "-"),
        ("-", "-o", "out"),
        ("compile", "-", "-o", "out"),
        ("explain", "-", "2.09/5"),
        ("diff", "-", str(MINIMAL)),
        ("diff", str(MINIMAL), "-"),
        ("import", "--deploy", "d.sh", "--update", "-"),
    ],
)
def test_a_hyphen_is_standard_input(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "d.sh").write_text("openstack overcloud deploy --templates\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "osp_compile", *words],
        cwd=tmp_path,
        input=b"version: 1\nnodes: 5\n",
        capture_output=True,
        env={"PYTHONPATH": str(PACKAGE), "PATH": "/usr/bin:/bin"},
        check=False,
        timeout=LIMIT,
    )
    # diff has 1 for bundles that differ
    assert done.returncode == (3 if words[0] == "diff" else 1), done.stderr
    assert b"--> /dev/stdin" in done.stderr


@pytest.mark.parametrize(
    ("words", "shown"),
    [(("explain", "-", "2.09/5"), b"# 2.09/5  "), (("diff", str(MINIMAL), "-"), b"byte for byte the same")],
)
def test_a_spec_of_standard_input_is_one_like_any(tmp_path: Path, words: tuple[str, ...], shown: bytes) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "osp_compile", *words],
        cwd=tmp_path,
        input=MINIMAL.read_bytes(),
        capture_output=True,
        env={"PYTHONPATH": str(PACKAGE), "PATH": "/usr/bin:/bin"},
        check=False,
        timeout=LIMIT,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert shown in done.stdout


FROM = ("--from", "f.txt")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        *(
            (("--commands", *words), f"`{words[0]}` has no effect beside `--commands`")
            for words in (
                FROM, ("--deploy", "d.sh"), ("--servers", "s"), ("--templates", "t"), ("--update", "s.yaml"),
                ("--name", "x"), ("--change", "CHG1"), ("--user", "stack"), ("--home", "/h"), ("-o", "out.yaml"),
                ("--force",), ("--format", "json"), ("--directory", "/h"), ("--command", "1"),
            )
        ),
        *(
            ((*words, "--servers", "s"), f"`{words[0]}` has no effect without `--deploy` or `--from`")
            for words in (("--command", "2"), ("--directory", "/h"), ("--script-path", "/h/d.sh"))
        ),
        *(
            ((*words, "--deploy", "d.sh"), f"`{words[0]}` has no effect without `--servers` or `--from`")
            for words in (("--baremetal", "b"), ("--instackenv", "i"), ("--roles", "r"), ("--services", "s"))
        ),
        ((*FROM, "--update", "s.yaml", "--name", "x"), "`--name` has no effect beside `--update`"),
        ((*FROM, "--update", "s.yaml", "--change", "C1"), "`--change` has no effect beside `--update`"),
        (("--deploy", "-", "--servers", "-"), "standard input is one file: `--deploy` and `--servers`"),
        (("--from", "f", "--templates", "-", "--templates", "-"),
         "standard input is one file: `--templates` and `--templates`"),
    ],
)  # fmt: skip
def test_an_option_of_import_that_would_be_ignored_is_refused(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    status, out, told = call(capsys, "import", *words)
    assert (status, out, f"Error: {said}\n" in told) == (2, "", True), told


def test_standard_input_is_not_compared_with_itself(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, told = call(capsys, "diff", "-", "-")
    assert (status, "Error: standard input is one file: `OLD` and `NEW`\n" in told) == (2, True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--seed", "2"), "`--seed` has no effect without `--sample`"),
        (("--sample", "2"), "`--sample` has no effect without `--matrix` or `--kill`"),
        (("--kinds",), "`--kinds` has no effect without `--matrix` or `--kill`"),
        (("--part", "1/2", "--matrix", "kill"), "`--part` has no effect without `--kinds`"),
        (("--kinds-part", "kill=1/2", "--matrix", "kill"), "`--kinds-part` has no effect without `--kinds`"),
        (("--beyond", "b.yaml", "--matrix", "kill"), "`--beyond` has no effect without `--kinds`"),
        (("--matrix", "kill", "--kinds", "--sample", "2"), "`--sample` has no effect beside `--kinds`"),
    ],
)
def test_an_option_that_would_be_ignored_is_refused(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str
) -> None:
    status, _, told = call(capsys, "rehearse", "site.yaml", *options)
    assert (status, f"Error: {said}\n" in told) == (2, True)


@pytest.mark.parametrize(("verb", "rows"), [("rehearse", NEEDED), ("import", NEEDED_BY_IMPORT)])
def test_the_options_that_need_others_are_there(verb: str, rows: dict[str, tuple[str, ...]]) -> None:
    known = {one.name for one in cli.program.commands[verb].params}
    assert {*rows, *(name for needed in rows.values() for name in needed)} <= known


def test_a_world_wants_a_spec_that_can_be_read_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    status, _, told = call(capsys, "rehearse", "-", "--world", "w.yaml")
    assert (status, "`--world` needs the spec as a file" in told) == (2, True)


COMMON = {"diagnostics", "counts", "sections", "digest"}
SPEC, BUNDLE, WRONG = str(MINIMAL), "out/lab-1", "wrong.yaml"
SERVERS = "Name,Networks\novercloud-controller-0,ctlplane=192.0.2.10\novercloud-compute-0,ctlplane=192.0.2.20\n"
IMPORT = ("import", "--deploy", "d.sh", "--force", "-o", "imported.yaml")
# {command: (what goes well, what does not, the status of that)}
AS_JSON = {
    "compile": ((SPEC,), (WRONG,), 1),
    "check": (("check", SPEC), ("check", WRONG), 1),
    "import": ((*IMPORT, "--servers", "s.csv"), IMPORT, 1),
    "verify": (("verify", BUNDLE), ("verify", "out"), 1),
    "pack": (("pack", BUNDLE, "-o", "packed.tar.gz"), ("pack", "out"), 1),
    "explain": (("explain", SPEC, "2.09/5"), ("explain", BUNDLE, "2.09/55"), 1),
    "diff": (("diff", SPEC, BUNDLE), ("diff", SPEC, WRONG), 3),
    "rehearse": (("rehearse", BUNDLE, "--section", "2.00", "--plan"), ("rehearse", WRONG), 1),
}
WITHOUT_BUNDLE = {"check", "import"}


def test_every_command_with_a_json_report_is_known() -> None:
    forms = {name: [one for one in command.params if one.name == "form"] for (name, *_), command in VERBS}
    assert {name for name, found in forms.items() if found} == AS_JSON.keys()


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bundle of the smallest example, and files to import."""
    folder = tmp_path_factory.mktemp("tried")
    (folder / "d.sh").write_text("openstack overcloud deploy --templates -e /t/a.yaml\n", "utf-8")
    (folder / "s.csv").write_text(SERVERS, "utf-8")
    (folder / WRONG).write_text("version: 1\n", "utf-8")
    assert compile_site(MINIMAL, folder / "out").path == folder / BUNDLE
    return folder


def as_json(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> tuple[int, dict[str, Any]]:
    status, out, _ = call(capsys, *words, "--format", "json")
    document = json.loads(out)
    assert document.keys() >= COMMON
    severities = [one["severity"] for one in document["diagnostics"]]
    assert document["counts"] == {"errors": severities.count("error"), "warnings": severities.count("warning")}
    return status, document


@pytest.mark.parametrize("verb", sorted(AS_JSON.keys() - {"rehearse"}))
def test_json_has_counts_sections_and_digest(
    verb: str, tried: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tried)
    status, document = as_json(capsys, AS_JSON[verb][0])
    assert (status, document["counts"]["errors"]) == (0, 0), document["diagnostics"]
    assert document["sections"][:3] == ["2.00", "2.01", "2.02"]
    wanted = None if verb in WITHOUT_BUNDLE else digest(tried / BUNDLE)
    assert document["digest"] == wanted


@pytest.mark.parametrize("verb", AS_JSON)
def test_json_of_what_went_wrong_has_the_same_keys(
    verb: str, tried: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tried)
    _, words, wanted = AS_JSON[verb]
    status, document = as_json(capsys, words)
    assert status == wanted
    assert document["counts"]["errors"] > 0


@pytest.mark.long
@pytest.mark.usefixtures("sandbox")
def test_json_of_a_rehearsal(tried: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tried)
    status, document = as_json(capsys, AS_JSON["rehearse"][0])
    assert (status, document["sections"], document["digest"]) == (0, ["2.00"], digest(tried / BUNDLE))


@pytest.mark.parametrize(("given", "meant"), [("2.8", "2.08"), ("2.08", "2.08"), ("2.10", "2.10"), ("2.1", "2.01")])
def test_a_section_is_named_as_in_the_guide(given: str, meant: str) -> None:
    context = cli.program.commands["rehearse"].make_context("rehearse", ["s.yaml", "--section", given])
    assert context.params["sections"] == (meant,)


def test_of_many_lines_on_a_trial_the_first_and_the_last_are_shown() -> None:
    few, many = [str(one) for one in range(12)], [str(one) for one in range(40)]
    assert both_ends(few) == few
    assert both_ends(many) == [*"012345", "... 29 more, which the report has", *map(str, range(35, 40))]
