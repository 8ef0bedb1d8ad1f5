"""Whether the journal is as it was written: each line's seal is the SHA-256 of all that comes before it.

    chain.py JOURNAL LAST    says what does not fit, a line each; ends with 0 where everything fits, with 1 where something does not

LAST is the file with the line that was written last. Python 2.7 and 3, standard library only.
"""

from __future__ import print_function

import collections
import hashlib
import io
import re
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

from rows import plain

SEAL = re.compile(br"(?:[0-9a-f]{64}|-)\Z")
CUT = b" (cut short)"
# Two that write at the same time seal the same lines: how many lines may have come between sealing and writing.
TOGETHER = 8

# `faults` has a sentence about the first line that does not fit: no later seal can. `notes` are about what is allowed and worth knowing.
Verdict = collections.namedtuple("Verdict", "lines sealed_from digest faults notes")


def check(data, last):
    """The Verdict on the bytes of a journal; `last` is what LAST holds, None where there is no such file."""
    lines = data.split(b"\n")
    rest = lines.pop()
    faults, notes = [], []
    before = collections.deque(["-"], TOGETHER)
    so_far = hashlib.sha256()
    sealed_from = None
    for number, line in enumerate(lines, 1):
        seal = _seal_of(line)
        if seal is not None and sealed_from is None:
            sealed_from = number
        if sealed_from is not None and not faults:
            _judge(number, line, seal, before, faults, notes)
        so_far.update(line + b"\n")
        before.append(so_far.hexdigest())
    _judge_beginning(len(lines), sealed_from, faults, notes)
    if rest:
        notes.append("the last line has no end yet: the next run ends it, and says so in it")
    if sealed_from is not None and not faults:
        _judge_end(lines, last, faults, notes)
    so_far.update(rest)
    return Verdict(len(lines), sealed_from, so_far.hexdigest(), faults, notes)


def _seal_of(line):
    """The seal in a line; None where it has none."""
    columns = line.split(b"\t")
    if len(columns) != 10:
        return None
    seal = columns[9]
    if seal.endswith(CUT):
        seal = seal[: -len(CUT)]
    return seal.decode("ascii") if SEAL.match(seal) else None


def _judge(number, line, seal, before, faults, notes):
    if seal is None and line.endswith(CUT):
        notes.append("line %d was cut short, by a full disk or a machine that went down; the next one seals it" % number)
    elif seal is None:
        faults.append("line %d has no seal, so the scripts did not write it: %s" % (number, shown(line)))
    elif seal == "-" and number > 1:
        # sha256sum could not be run, or the line was made up
        faults.append("line %d has no seal: %s" % (number, shown(line)))
    elif seal not in before:
        faults.append(
            "line %d does not fit: line %d was changed, or lines between the two were taken out or put in: %s"
            % (number, number - 1, shown(line))
        )


def _judge_beginning(count, sealed_from, faults, notes):
    if count == 0:
        faults.append("the journal has no line")
    elif sealed_from is None:
        faults.append("no line has a seal: an older bundle wrote them, or somebody else")
    elif sealed_from > 1:
        notes.append("lines 1 to %d have no seal of their own: an older bundle wrote them" % (sealed_from - 1))


def _judge_end(lines, last, faults, notes):
    if last is None:
        faults.append("journal.last is gone: it is unknown whether lines are missing at the end")
    elif not last.endswith(b"\n"):
        notes.append("journal.last is not whole, as a run that was killed leaves it: it is unknown whether lines are missing at the end")
    elif last[:-1] not in lines:
        faults.append("lines are missing at the end: the last one that was written is not there: %s" % shown(last))


def shown(line):
    """A line as people read it, without its seal."""
    return plain(b" ".join(line.split(b"\t")[:9]))[:160]


def sentences(verdict):
    """The verdict in words, the fault first."""
    for fault in verdict.faults:
        yield fault
    for note in verdict.notes:
        yield "note: %s" % note
    if not verdict.faults:
        yield "%d lines, each as it was written" % verdict.lines
    yield "sha256 %s" % verdict.digest


def read(path):
    """The bytes of a file; None where there is no such file."""
    try:
        with io.open(path, "rb") as file:
            return file.read()
    except IOError:
        return None


def main(journal, last):
    """Print the verdict; 0 where everything fits."""
    verdict = check(read(journal) or b"", read(last))
    for sentence in sentences(verdict):
        print(sentence)
    return 1 if verdict.faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
