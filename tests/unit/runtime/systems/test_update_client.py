"""The conversation with the update's client, against a stand-in that prompts as the recorded one does."""

from __future__ import annotations

import os
import select
import subprocess
import threading
from pathlib import Path

import pytest

from unit.runtime.parse.parsers import RUNTIME
from unit.waiting import LIMIT, begun, read_line

pytestmark = pytest.mark.long  # conversations on terminals
CLIENT = """
import re, sys
standing, done = ["overcloud-compute-1", "overcloud-compute-10"], []
assert sys.stdin.isatty() and sys.stdout.isatty()
while standing:
    print("WAITING")
    if done:
        print("completed: [%s]" % ", ".join("u'%s'" % name for name in done))
    print("on_breakpoint: [%s]" % ", ".join("u'%s'" % name for name in standing))
    sys.stdout.write("Breakpoint reached, continue? Regexp or Enter=proceed, no=cancel update, C-c=quit interactive mode: ")
    sys.stdout.flush()
    typed = sys.stdin.readline().strip()
    print("typed<%s>" % typed)
    if typed in ("", "no"):
        sys.exit(9)
    for name in list(standing):
        if re.match("^" + typed, name) and re.match(typed + "$", name):
            standing.remove(name)
            done.append(name)
print("update finished with status COMPLETE")
"""


# A line that ASCII does not hold, and bytes that are not a character.
FOREIGN = """
import os, sys
sys.stdout.flush()
os.write(1, b"\\xe8\\xad\\xa6\\xe5\\x91\\x8a: \\xe2\\x80\\x98x\\xe2\\x80\\x99\\n")
os.write(1, b"half a character: \\xe8\\xad\\n")
"""


def converse(
    python: str, folder: Path, replies: list[str], client: str = CLIENT, **environment: str
) -> tuple[int, list[str], str, str]:
    """Exit status, what was asked, what was shown, what was logged."""
    (folder / "client.py").write_text(client, "utf-8")
    os.mkfifo(folder / "asked")
    os.mkfifo(folder / "answers")
    asked: list[str] = []

    def answer() -> None:
        with (folder / "asked").open() as questions, (folder / "answers").open("w") as answers:
            for reply, question in zip([*replies, None], questions, strict=False):
                asked.append(question.strip())
                if reply is None:
                    return
                answers.write(f"{reply}\n")
                answers.flush()

    # where the client never asks, the run is over all the same
    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    words = [python, str(RUNTIME / "systems/update_client.py"), "asked", "answers", "log", python, "client.py"]
    result = subprocess.run(
        words, cwd=folder, capture_output=True, encoding="utf-8", errors="replace", timeout=LIMIT, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip
    thread.join(LIMIT)
    assert not thread.is_alive(), f"waited {LIMIT:g} s for the client to close what it asks on"
    assert "Traceback" not in result.stderr
    return result.returncode, asked, result.stdout, (folder / "log").read_text("utf-8", "replace")


def test_one_name_clears_one_node_and_the_prompt_is_not_shown(python: str, tmp_path: Path) -> None:
    status, asked, shown, log = converse(
        python, tmp_path, ["clear overcloud-compute-1", "again", "clear overcloud-compute-10"]
    )
    assert status == 0
    assert [question.split()[0] for question in asked] == [
        "on_breakpoint:overcloud-compute-1,overcloud-compute-10", "on_breakpoint:overcloud-compute-10", "on_breakpoint:overcloud-compute-10",
    ]  # fmt: skip
    assert "completed:overcloud-compute-1" in asked[1].split()
    assert "Breakpoint reached" not in shown
    assert "Breakpoint reached" in log
    assert "typed<(?!)>" in log
    assert "update finished with status COMPLETE" in shown


@pytest.mark.parametrize("reply", ["", "no", "clear ", ".*", "clear .*"])
def test_nothing_else_clears_a_node_or_rolls_back(python: str, tmp_path: Path, reply: str) -> None:
    status, asked, _, log = converse(python, tmp_path, [reply])
    assert status in (1, 128 + 2)  # Python 2 ends with 1
    assert len(asked) == 2
    assert asked[0] == asked[1]
    assert "typed<>" not in log
    assert "typed<no>" not in log


def test_without_an_answer_the_client_is_told_to_quit(python: str, tmp_path: Path) -> None:
    status, asked, _, _ = converse(python, tmp_path, [])
    assert status in (1, 128 + 2)  # Python 2 ends with 1
    assert len(asked) == 1


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_letter_that_ascii_does_not_hold_ends_no_conversation(python: str, tmp_path: Path, locale: str) -> None:
    # (as over ssh, where nobody has set how Python writes)
    client = f"{FOREIGN}{CLIENT}{FOREIGN}"
    replies = ["clear overcloud-compute-1", "clear overcloud-compute-10"]
    status, asked, shown, log = converse(python, tmp_path, replies, client, LC_ALL=locale, PYTHONUTF8="0")
    assert (status, len(asked)) == (0, 2)
    assert "update finished with status COMPLETE" in shown
    for text in (shown, log):
        assert text.count("警告: ‘x’") == 2
        assert text.count("half a character: ") == 2


# The first key comes at the moment at which Python only notes that it came, and then waits.
AT_REST = """
import signal, time
def unheard(number, frame):
    signal.signal(signal.SIGINT, signal.default_int_handler)
    time.sleep(600)
signal.signal(signal.SIGINT, unheard)
print('IN_PROGRESS')
while True:
    time.sleep(0.1)
"""
DEAF = """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
print('IN_PROGRESS')
time.sleep(600)
"""


@pytest.mark.parametrize(("source", "statuses"), [(AT_REST, (1, 128 + 2)), (DEAF, (128 + 9,))])
def test_it_quits_when_whoever_answers_is_gone_between_two_prompts(
    python: str, tmp_path: Path, source: str, statuses: tuple[int, ...]
) -> None:
    (tmp_path / "client.py").write_text(source, "utf-8")
    patient = (RUNTIME / "systems/update_client.py").read_text("utf-8")
    hasty = patient.replace("\nUNHEARD = 1\n", "\nUNHEARD = 0.05\n").replace("\nPRESSED = 60\n", "\nPRESSED = 20\n")
    assert hasty.count("0.05") == patient.count("0.05") + 1
    (tmp_path / "update_client.py").write_text(hasty, "utf-8")
    os.mkfifo(tmp_path / "asked")
    os.mkfifo(tmp_path / "answers")
    words = [python, "update_client.py", "asked", "answers", "log", python, "client.py"]
    # for both ways, so that it is not waited for at the opening
    ends = [os.open(tmp_path / name, os.O_RDWR) for name in ("asked", "answers")]
    with begun(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as client:
        try:
            read_line(client.stdout.fileno(), "the client's first line")
        finally:
            for end in ends:
                os.close(end)
        assert client.wait(LIMIT) in statuses


LIVES_ON = """
import signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
print("here")
sys.stdout.flush()
open("gate").read()
"""


def test_a_client_that_outlives_it_keeps_no_conversation_open(python: str, tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(LIVES_ON, "utf-8")
    for name in ("asked", "answers", "gate"):
        os.mkfifo(tmp_path / name)
    words = [python, str(RUNTIME / "systems/update_client.py"), "asked", "answers", "log", python, "client.py"]
    reader, writer, both = (os.open(tmp_path / name, os.O_RDWR) for name in ("answers", "asked", "gate"))
    asked = os.open(tmp_path / "asked", os.O_RDONLY)
    try:
        with begun(words, cwd=tmp_path, stdout=subprocess.PIPE, pass_fds=(reader, writer)) as client:
            read_line(client.stdout.fileno(), "the client's first line")
            os.close(writer)
            client.kill()
            client.wait(LIMIT)
            assert select.select([asked], [], [], LIMIT)[0], "somebody still has the conversation open"
            assert os.read(asked, 100) == b""
    finally:
        for end in (reader, both, asked):
            os.close(end)


AT_WORK = """
import sys, time
for _ in range(130):
    sys.stdout.write("IN_PROGRESS\\n")
    sys.stdout.flush()
    time.sleep(0.002)
"""


def test_whoever_answers_is_told_now_and_then_that_the_client_is_at_work(python: str, tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(AT_WORK, "utf-8")
    for name in ("asked", "answers"):
        os.mkfifo(tmp_path / name)
    told: list[str] = []

    def listen() -> None:
        with (tmp_path / "asked").open() as questions, (tmp_path / "answers").open("w"):
            told.extend(line.strip() for line in questions)

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    words = [python, str(RUNTIME / "systems/update_client.py"), "asked", "answers", "log", python, "client.py"]
    result = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=LIMIT, check=False)
    thread.join(LIMIT)
    assert (result.returncode, told) == (0, ["busy", "busy"])
    assert result.stdout.count("IN_PROGRESS") == 1
