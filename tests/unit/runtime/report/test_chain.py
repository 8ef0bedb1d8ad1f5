"""The journal's seals: whatever was changed in it is found, and what the scripts do themselves is not reported."""

from __future__ import annotations

import hashlib
import random
import subprocess
from pathlib import Path

from unit.runtime.parse.parsers import RUNTIME
from unit.waiting import LIMIT


def sealed(count: int) -> list[bytes]:
    """The lines of a journal, as the scripts write it."""
    lines: list[bytes] = []
    for at in range(count):
        seal = hashlib.sha256(b"".join(lines)).hexdigest() if lines else "-"
        lines.append(f"2018-11-22T20:00:{at:02}Z\tito\tC\tb\t2.04\t2.04/{at}\t-\tdone\t再 {at}\t{seal}\n".encode())
    return lines


def check(python: str, folder: Path, lines: list[bytes], last: bytes | None) -> tuple[int, list[str]]:
    journal, place = folder / "journal.tsv", folder / "journal.last"
    journal.write_bytes(b"".join(lines))
    if last is not None:
        place.write_bytes(last)
    command = [python, "-S", str(RUNTIME / "report/chain.py"), str(journal), str(place)]
    env = {"PYTHONIOENCODING": "UTF-8"}
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=env, check=False, timeout=LIMIT)
    assert not ran.stderr
    return ran.returncode, ran.stdout.splitlines()


def test_as_it_was_written(python: str, tmp_path: Path) -> None:
    lines = sealed(30)
    status, said = check(python, tmp_path, lines, lines[-1])
    assert (status, said[0]) == (0, "30 lines, each as it was written")
    assert said[1] == f"sha256 {hashlib.sha256(b''.join(lines)).hexdigest()}"


def test_any_change_is_found(python: str, tmp_path: Path) -> None:
    dice = random.Random(4711)
    for at in range(20):
        lines = sealed(12)
        last, line = lines[-1], dice.randrange(12)
        match at % 4:
            case 0:
                lines[line] = lines[line].replace(b"done", b"gone")
            case 1:
                del lines[line]
            case 2:
                lines.insert(line, b"2018-11-22T20:00:00Z\tito\tC\tb\t2.04\t-\t-\tdone\t-\n")
            case 3:
                lines[line], lines[line - 1] = lines[line - 1], lines[line]
        status, said = check(python, tmp_path, lines, last)
        assert status == 1, (at, line)
        assert said[0].startswith(("line ", "lines ")), said


def test_the_first_line_that_does_not_fit_is_named(python: str, tmp_path: Path) -> None:
    lines = sealed(9)
    last = lines[-1]
    lines[3] = lines[3].replace(b"ito", b"\x1b[31mevil")
    status, said = check(python, tmp_path, lines, last)
    assert status == 1
    assert said[0].startswith("line 5 does not fit: line 4 was changed")
    assert len([line for line in said if "does not fit" in line]) == 1


def test_what_is_said_of_a_hostile_line_is_text(python: str, tmp_path: Path) -> None:
    lines = [*sealed(2), b"\x1b[31m\xff\xfe\x00\t\xe2\x80\xae" + b"x" * 9000 + b"\n"]
    status, said = check(python, tmp_path, lines, lines[1])
    assert status == 1
    assert said[0].startswith("line 3 has no seal, so the scripts did not write it: [31m")
    assert len(said[0]) < 250


def test_no_journal_is_no_good_one(python: str, tmp_path: Path) -> None:
    assert check(python, tmp_path, [], None)[0] == 1
