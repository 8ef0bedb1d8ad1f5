"""The command: what it prints, where, and its exit status."""

from __future__ import annotations

import errno
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from osp_compile import cli, exit_status, pipeline
from osp_compile.assets import SPECS
from osp_compile.diagnostics import error, warning
from osp_compile.exit_status import guarded
from osp_compile.interruption import done
from osp_compile.pipeline import CompileResult
from unit.waiting import LIMIT, begun, read, until

pytestmark = pytest.mark.long  # a Python of its own for each test
PACKAGE = Path(cli.__file__).parents[1]
WRONG = "version: 1\nfencing: yes\n"


class Outcome:
    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


Run = Callable[..., Outcome]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> Outcome:
        with pytest.raises(SystemExit) as leaving:
            cli.main(arguments)
        shown = capsys.readouterr()
        assert "Traceback" not in shown.err + shown.out
        return Outcome(int(leaving.value.code or 0), shown.out, shown.err)

    return call


@pytest.fixture(autouse=True)
def no_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong with a section is not this file's matter."""
    monkeypatch.setattr(pipeline, "read_sections", lambda _: ((), ()))


@pytest.fixture
def wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wrong.yaml").write_text(WRONG, encoding="utf-8")
    return "wrong.yaml"


def pretend(monkeypatch: pytest.MonkeyPatch, result: CompileResult) -> list[tuple[object, ...]]:
    """Compiles nothing and returns `result`; the list gathers what it was asked."""
    asked: list[tuple[object, ...]] = []

    def compile_site(*arguments: object, added: object) -> CompileResult:
        assert added is None
        asked.append(arguments)
        return result

    monkeypatch.setattr(pipeline, "compile_site", compile_site)
    return asked


def test_a_right_spec(run: Run) -> None:
    outcome = run("check", str(SPECS / "examples" / "minimal.yaml"))
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.endswith("minimal.yaml is valid\n")


def test_a_wrong_spec_writes_nothing(run: Run, wrong: str, tmp_path: Path) -> None:
    for arguments in (("check", wrong), (wrong,), ("compile", wrong), ("-o", "elsewhere", wrong)):
        outcome = run(*arguments)
        assert (outcome.status, outcome.out) == (1, "")
        assert "error[wrong-type]: `fencing` must be true or false, not `yes`\n --> wrong.yaml:2:10\n" in outcome.err
        assert outcome.err.endswith("2 errors\n")
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.yaml"]


def test_json_goes_to_standard_output(run: Run, wrong: str) -> None:
    outcome = run("check", wrong, "--format", "json")
    document = json.loads(outcome.out)
    assert (outcome.status, outcome.err, document["ok"]) == (1, "", False)
    assert [one["code"] for one in document["diagnostics"]] == ["missing-key", "wrong-type"]
    assert document["diagnostics"][1]["line"] == 2


def test_a_compile_says_where_to_look(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = pretend(
        monkeypatch, CompileResult((warning("odd", "something is odd", None),), Path("out/lab-1"), "ab" * 32)
    )
    outcome = run("site.yaml", "--language", "ja")
    assert asked == [(Path("site.yaml"), Path("out"), "ja")]
    assert (outcome.status, outcome.err) == (0, "warning[odd]: something is odd\n\n1 warning\n")
    assert outcome.out == f"wrote out/lab-1\ndigest {'ab' * 32}\nnext: read out/lab-1/README.md\n"


def test_a_compile_as_json(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, CompileResult((), Path("out/lab-1"), "ab" * 32, ("2.00", "2.01")))
    assert json.loads(run("site.yaml", "--format=json").out) == {
        "diagnostics": [],
        "bundle": "out/lab-1",
        "digest": "ab" * 32,
        "counts": {"errors": 0, "warnings": 0},
        "sections": ["2.00", "2.01"],
    }


def test_a_lint_finding_is_a_wrong_compile(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, CompileResult((error("lint", "a finding", None),)))
    assert run("site.yaml").status == 1


def test_the_same_finding_twice_is_shown_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, CompileResult((error("lint", "a finding", None),) * 3))
    assert run("site.yaml").err == "error[lint]: a finding\n\n1 error\n"


def test_files_named_like_commands(run: Run, wrong: str, tmp_path: Path) -> None:
    (tmp_path / "check").write_text(WRONG, encoding="utf-8")
    assert run("./check").status == 1
    assert run("check").status == 2
    assert run("--", "check").status == 1


def test_the_schema_is_printed_with_every_key_in_its_order(run: Run) -> None:
    printed = json.loads(run("schema").out)
    written = json.loads((SPECS / "site.schema.json").read_text(encoding="utf-8"))
    assert list(printed["properties"]) == list(written["properties"])


def test_verify_of_what_is_no_bundle(run: Run, tmp_path: Path) -> None:
    outcome = run("verify", str(tmp_path))
    assert outcome.status == 1
    assert outcome.err.startswith("error[")


@pytest.mark.parametrize(
    "arguments",
    [("--no-such-option",), ("check",), ("a.yaml", "--format", "xml"), ("a", "--language", "fr")],
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...]) -> None:
    outcome = run(*arguments)
    assert outcome.status == 2
    assert "Error: " in outcome.err


def test_help_and_version(run: Run) -> None:
    assert run("--help").status == 0
    assert run("-h").out.startswith("Usage: osp-compile")
    assert run("check", "--help").status == 0
    assert run("--version").out.startswith("osp-compile, version ")
    assert run().status == 2


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "out/x"), "no space left for out/x"),
        (OSError(errno.EROFS, "Read-only file system", "out/x"), "out/x is on a read-only file system"),
        (PermissionError(errno.EACCES, "Permission denied", "out/x"), "not allowed to write or read out/x"),
        (FileNotFoundError(errno.ENOENT, "No such file", "shellcheck"), "shellcheck is missing"),
        (ModuleNotFoundError("No module named 'jinja2'", name="jinja2"), "the Python package jinja2 is missing"),
        (MemoryError(), "out of memory"),
        (RecursionError("deep"), "internal error: RecursionError: deep; please report it with "),
        (ValueError("two\nlines"), "internal error: ValueError: two lines; please report it with "),
    ],
)
def test_what_cannot_be_helped_is_one_line(capsys: pytest.CaptureFixture[str], problem: Exception, words: str) -> None:
    def fail() -> int:
        raise problem

    assert guarded(fail) == exit_status.INTERNAL
    shown = capsys.readouterr().err
    assert shown.startswith(f"osp-compile: {words}")
    assert shown.count("\n") == 1


def test_an_internal_error_leaves_what_a_report_needs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail() -> int:
        raise KeyError("x")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert guarded(fail) == exit_status.INTERNAL
    log = tmp_path / "osp-compile/error.log"
    assert capsys.readouterr().err == f"osp-compile: internal error: KeyError: 'x'; please report it with {log}\n"
    first, _, *traceback = log.read_text("utf-8").splitlines()
    assert first.startswith("osp-compile ")
    assert (traceback[0], traceback[-1]) == ("Traceback (most recent call last):", "KeyError: 'x'")
    assert log.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("OSP_COMPILE_TRACEBACK", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(log))
    assert guarded(fail) == exit_status.INTERNAL
    shown = capsys.readouterr().err
    assert shown.endswith("osp-compile: internal error: KeyError: 'x'; please report it\n")
    assert "Traceback (most recent call last):" in shown


def test_what_cannot_be_helped_is_json_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RecursionError("deep")

    monkeypatch.setattr(pipeline, "compile_site", fail)
    for words in (("--format", "json"), ("--format=json",)):
        outcome = run("site.yaml", *words)
        assert outcome.status == 3
        assert outcome.err.startswith("osp-compile: internal error: RecursionError: deep; please report it with ")
        (told,) = json.loads(outcome.out)["diagnostics"]
        assert (told["code"], told["severity"]) == ("refused", "error")
        assert f"osp-compile: {told['message']}\n" == outcome.err
    assert run("site.yaml").out == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_nothing_half_done(tmp_path: Path, number: signal.Signals) -> None:
    out = tmp_path / "out"
    spec = SPECS / "examples" / "minimal.yaml"
    extra = environment(XDG_CACHE_HOME=str(tmp_path / "cache"))
    arguments = [sys.executable, "-m", "osp_compile", str(spec), "-o", str(out)]
    with begun(
        # a runner in the background ignores SIGINT, and its children with it
        ["env", "--default-signal=INT,HUP", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=extra,
    ) as program:

        def nearly_done() -> bool:
            assert program.poll() is None, "it was over before it could be stopped"
            return any(out.glob(".osp-compile-*/*/SHA256SUMS"))

        until(nearly_done, "the sums of the bundle that is compiled")
        program.send_signal(number)
        program.send_signal(number)
        shown, told = program.communicate(timeout=LIMIT)
    assert (program.returncode, shown) == (128 + number, "")
    assert told == "osp-compile: interrupted; nothing that was written before has changed\n"
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("arguments", [("s.yaml", "-o", ""), ("",), ("check", ""), ("verify", "")])
def test_an_empty_path_is_wrong_usage(run: Run, arguments: tuple[str, ...]) -> None:
    outcome = run(*arguments)
    assert outcome.status == 2
    assert "it is empty; was a shell variable meant?" in outcome.err


def test_an_interrupt_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt() -> int:
        raise KeyboardInterrupt

    assert guarded(interrupt) == 130
    assert capsys.readouterr().err.startswith("osp-compile: interrupted")


def test_an_interrupt_after_the_bundle_was_written_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt() -> int:
        done.append("out/lab-1 is the new bundle")
        raise KeyboardInterrupt

    assert guarded(interrupt) == 130
    assert capsys.readouterr().err == "osp-compile: interrupted; out/lab-1 is the new bundle\n"


@pytest.mark.parametrize("way", ["{} check /dev/stdin < {}", "cat {1} | {0} check /dev/stdin", "{} check <(cat {})"])
def test_a_spec_that_the_shell_hands_over(way: str) -> None:
    words = shlex.join([sys.executable, "-m", "osp_compile"])
    asked = subprocess.run(
        ["bash", "-c", way.format(words, shlex.quote(str(SPECS / "examples/minimal.yaml")))],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
        timeout=LIMIT,
    )
    assert (asked.returncode, asked.stderr) == (0, "")
    assert asked.stdout.endswith(" is valid\n")


def by_bash(command: str) -> subprocess.CompletedProcess[str]:
    """Runs the command in a bash whose pipes fail with any of their commands."""
    words = ["bash", "-c", f"set -o pipefail; {command}"]
    return subprocess.run(words, capture_output=True, text=True, env=environment(), check=False, timeout=LIMIT)


def test_a_reader_who_leaves_is_no_error() -> None:
    command = f"{shlex.quote(sys.executable)} -m osp_compile schema | head --lines 1"
    done = by_bash(command)
    assert (done.returncode, done.stdout, done.stderr) == (0, "{\n", "")


@pytest.mark.parametrize(
    ("redirection", "status", "told"),
    [
        (">&-", 0, ""),
        ("2>&-", 0, ""),
        (">/dev/full", 3, "osp-compile: the result cannot be printed: No space left on device\n"),
        ("| true", 0, ""),
    ],
)
def test_a_standard_output_that_takes_nothing(tmp_path: Path, redirection: str, status: int, told: str) -> None:
    words = [sys.executable, "-m", "osp_compile", "check", str(SPECS / "examples/minimal.yaml")]
    command = f"{shlex.join(words)} {redirection}"
    done = by_bash(command)
    assert (done.returncode, done.stderr) == (status, told)


@pytest.mark.parametrize("redirection", [">&-", "2>&-", "<&-", ">&- 2>&- <&-", "2>/dev/full"])
def test_what_is_said_to_nobody_has_its_exit_code(tmp_path: Path, redirection: str) -> None:
    """What was given is wrong, also where nobody hears it; and what is written has nothing of that in it."""
    (tmp_path / "d.sh").write_text("openstack overcloud deploy --templates -e a.yaml\n")
    words = [sys.executable, "-m", "osp_compile", "import", "--deploy", "d.sh", "-o", "site.yaml"]
    done = subprocess.run(
        ["bash", "-c", f"{shlex.join(words)} {redirection}"],
        cwd=tmp_path, capture_output=True, text=True, env=environment(), check=False, timeout=LIMIT,
    )  # fmt: skip
    assert done.returncode == 1
    assert "error[" not in (tmp_path / "site.yaml").read_text()
    assert "internal error" not in done.stderr


@pytest.mark.parametrize("surroundings", [{"LC_ALL": "C", "PYTHONUTF8": "0"}, {"COLUMNS": "40"}, {"NO_COLOR": "1"}])
def test_other_surroundings_of_every_command(surroundings: dict[str, str], tmp_path: Path) -> None:
    """A name that is not UTF-8, a narrow window, a locale without letters: a message, and no colours in a pipe."""
    name = os.fsdecode(b"caf\xe9.yaml")
    (tmp_path / name).write_text(WRONG)
    for words in (
        ["check", name],
        ["check", name, "--format", "json"],
        ["--help"],
        ["import", "--update", name, "--help"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "osp_compile", *words],
            cwd=tmp_path, capture_output=True, env={**environment(), **surroundings}, check=False, timeout=LIMIT,
        )  # fmt: skip
        told = done.stdout + done.stderr
        assert done.returncode == (1 if words[0] == "check" else 0), told
        assert b"Traceback" not in told
        assert b"\x1b[" not in told


def test_json_is_json_in_any_encoding(tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "osp_compile", "check", "caf\u00e9-\U0001f600-\u6771.yaml", "--format", "json"]
    for encoding in ("ascii", "latin-1", "utf-8"):
        extra = environment(PYTHONIOENCODING=encoding)
        done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, env=extra, check=False, timeout=LIMIT)
        assert json.loads(done.stdout)["diagnostics"][0]["file"] == "caf\u00e9-\U0001f600-\u6771.yaml"


def test_a_terminal_that_knows_no_japanese(tmp_path: Path) -> None:
    bundle = tmp_path / "東京"
    bundle.mkdir()
    arguments = [sys.executable, "-m", "osp_compile", "verify", "東京", "--format", "json"]
    extra = environment(PYTHONIOENCODING="latin-1")
    done = subprocess.run(
        arguments,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="latin-1",
        env=extra,
        check=False,
        timeout=LIMIT,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "\\u6771\\u4eac" in done.stdout


def test_colours_on_a_terminal_only(tmp_path: Path) -> None:
    """The same words with and without colours; NO_COLOR is obeyed."""
    shown = {}
    for name, extra in (
        ("coloured", {"TERM": "xterm-256color"}),
        ("plain", {"TERM": "xterm-256color", "NO_COLOR": "1"}),
    ):
        shown[name] = on_a_terminal([sys.executable, "-m", "osp_compile", "verify", str(tmp_path)], extra)
    assert "\x1b[" in shown["coloured"]
    assert "\x1b[" not in shown["plain"]
    assert "error[" in shown["plain"]


def test_an_older_python_is_told() -> None:
    code = "import sys; sys.version_info = (3, 6, 8); sys.path.insert(0, sys.argv[1]); import osp_compile"
    done = subprocess.run(
        [sys.executable, "-c", code, str(PACKAGE)], capture_output=True, text=True, check=False, timeout=LIMIT
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "osp-compile: Python 3.11 or later is needed, this is 3.6\n"


def environment(**more: str) -> dict[str, str]:
    # (unbuffered, Python does not find at its end that something could not be written)
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "TERM", "PYTHONUNBUFFERED"}}
    return {**kept, "PYTHONPATH": str(PACKAGE), **more}


def on_a_terminal(arguments: list[str], extra: dict[str, str]) -> str:
    """What a program shows whose standard error is a terminal."""
    master, slave = os.openpty()
    try:
        with begun(arguments, stderr=slave, stdout=subprocess.DEVNULL, env=environment(**extra)):
            os.close(slave)
            return read(master, "the program to leave its terminal")
    finally:
        os.close(master)
