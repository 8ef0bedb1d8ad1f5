"""What is kept beyond a run is written by the functions of record.sh: a power cut leaves the old file or the new one.

Every other place of the runtime that writes to a file is named here, with the reason why a power cut may take it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
WRITERS = "_runtime/engine/record.sh"
# A redirection, as shfmt writes it, into a path or a variable; awk has a blank after its `>`.
INTO = re.compile(r"""(?<![<>=&(\w-])\d?>>?(?P<place>"[^"]*"|[$/][^\s;)}]*)""")
MOVED = re.compile(r"""\bmv (?:--\S+ )*(?:-- )?(?P<place>"[^"]*"|\S+)""")
PASSING = re.compile(r'"?(?:\$SCRATCH/|\$\{SCREEN_LOG|\$\{WHY_FILE|/dev/)')
# (file, how the place begins, why a power cut may take it)
MAY_BE_LOST = (
    ("_runtime/engine/journal.sh", '"$STATE/reserve"', "it holds room, and nothing else"),
    ("_runtime/engine/journal.sh", '"$file"', "it ends a line that was cut short"),
    ("_runtime/engine/journal.sh", '"$JOURNAL"', "a line is added for each event, decides nothing, and is sealed"),
    ("_runtime/engine/journal.sh", '"$STATE/journal.last"', "the journal itself is not waited for either"),
    ("_runtime/engine/lock.sh", '"$file"', "the lock is the open file, and gone with the machine"),
    ("_runtime/engine/log.sh", '"$LOG"', "what was printed"),
    ("_runtime/engine/stop.sh", '"$LOG"', "what was printed"),
    ("_runtime/engine/screen.sh", '"$SCREEN_LOG"', "what was printed"),
    ("_runtime/engine/wait.sh", '"$log"', "what a long command has printed"),
    ("_runtime/engine/kept.sh", '"$place"', "an answer, for this run"),
    ("_runtime/engine/trust.sh", '"$KNOWN_HOSTS"', "the keys are gathered again"),
    ("_runtime/engine/evidence.sh", '"$1/', "a folder of scratch files that is packed"),
    ("_runtime/engine/evidence.sh", '"$to/', "a folder of scratch files that is packed"),
    ("_runtime/engine/evidence.sh", '"$STATE/$name.tar.gz.part"', "it is synced before it gets its name"),
    ("_runtime/systems/cloud.sh", '"$known', "an answer, for this run"),
    ("_runtime/systems/hiera.sh", '"$known', "an answer, for this run"),
    ("_runtime/systems/nova.sh", '"$known', "an answer, for this run"),
    ("_runtime/systems/databases.sh", "/root/.osp-runbook.cnf", "a login that is removed when the command ends"),
    ("_runtime/systems/leave_cluster.sh", '"$record.lo', "the lock, and what the command has printed"),
    ("_runtime/systems/backup.sh", '"$folder/.new/', "publish_folder gives the folder its name"),
    ("_runtime/systems/backup.sh", '"$set/$piece.part"', "it is synced before it gets its name"),
    ("_runtime/systems/plan.sh", '"$folder.new/', "publish_folder gives the folder its name"),
    ("_runtime/systems/installed.sh", '"$file.new"', "it is compared with the bundle, byte for byte"),
    ("2.05-update-images/extract_images.sh", '"$IMAGES_DIR/.extracting"', "the images are compared by their sums"),
    ("2.05-update-images/set_images_aside.sh", '"$IMAGES_DIR"', "a folder that is there gets another name"),
    ("2.02-back-up-control-plane/archive_node.sh", '"$1"', "it goes into the archive, whose sum is taken"),
)  # fmt: skip
SHELL = sorted(file for file in TEMPLATES.rglob("*") if file.name.endswith((".sh", ".sh.j2")))


def places() -> list[tuple[str, str]]:
    """(file, place) of all that the shell of the templates writes to or moves, scratch files left out."""
    found = []
    for file in SHELL:
        name = str(file.relative_to(TEMPLATES))
        for line in file.read_text("utf-8").splitlines():
            if line.lstrip().startswith("#") or name == WRITERS:
                continue
            for pattern in (INTO, MOVED):
                found += [(name, match["place"]) for match in pattern.finditer(line)]
    return [(name, place) for name, place in found if not PASSING.match(place)]


PLACES = places()


def test_what_must_survive_a_power_cut_is_written_by_one_file() -> None:
    known = [(file, begin) for file, begin, _ in MAY_BE_LOST]
    assert [
        f"{name}: {place}: use replace_file, write_record or append_record"
        for name, place in PLACES
        if not any(name == file and place.startswith(begin) for file, begin in known)
    ] == []


@pytest.mark.parametrize(("file", "begin", "reason"), MAY_BE_LOST)
def test_an_exception_is_still_there_and_says_why(file: str, begin: str, reason: str) -> None:
    assert reason
    assert [place for name, place in PLACES if name == file and place.startswith(begin)]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("""  printf '%s\\n' "$DIGEST" >"$STATE/approved.new\"""", '"$STATE/approved.new"'),
        ("""  printf 'x' 2>/dev/null >>"$STATE/attested.tsv" || :""", '"$STATE/attested.tsv"'),
        ("  cat boot >$record", "$record"),
    ],
)
def test_a_new_writer_is_seen(line: str, place: str) -> None:
    assert [match["place"] for match in INTO.finditer(line)][-1] == place


def test_a_move_is_seen_and_a_comparison_of_awk_is_not_taken_for_a_writer() -> None:
    moved = MOVED.search('  mv --no-target-directory -- "$file.new" "$file"')
    assert moved is not None
    assert moved["place"] == '"$file.new"'
    assert not INTO.search("awk '$1 > $last { print }' <<<\"$rows\"")
