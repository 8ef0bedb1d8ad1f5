"""What the journal says of the runs: when each section was worked at and by whom, and how each step went.

Python 2.7 and 3, standard library only.
"""

from __future__ import print_function

import collections

from rows import seconds

# `end` is None where the run was killed; `how` is the detail of its last row.
Run = collections.namedtuple("Run", "section begin end who options how last")
# One time that a step was done, or tried: `outcome` is the event that ended it, None where the run was killed meanwhile.
Attempt = collections.namedtuple("Attempt", "section step node begin end who outcome detail")

# The events that end what `start` began.
OUTCOMES = ("done", "failed", "unverified", "waiting", "interrupted")
VERDICTS = ("pass", "warn", "waived", "fail")


class Story(object):
    """The journal's rows, read in their order."""

    def __init__(self, rows):
        self.runs, self.attempts, self.verdicts, self.others = [], [], {}, []
        self.first = self.last = None
        self._people, self._bundles = collections.OrderedDict(), collections.OrderedDict()
        self._open = {}
        self._begun = {}
        for row in rows:
            self.first = self.first or row.when
            self.last = row.when
            self._people[row.who] = self._bundles[row.bundle] = True
            self._read(row)
        for section in sorted(self._open):
            self._close(section, None, "")

    def _read(self, row):
        if row.event == "begin":
            # (the run before it was killed, or the machine went down)
            self._close(row.section, None, "")
            self._open[row.section] = [row, row]
            return
        if row.section in self._open:
            self._open[row.section][1] = row
        if row.event == "end":
            self._close(row.section, row.when, row.detail)
        elif row.event == "start":
            self._give_up(row)
            self._begun[row.section, row.step, row.node] = row
        elif row.event in OUTCOMES and (row.section, row.step, row.node) in self._begun:
            self._finish(self._begun.pop((row.section, row.step, row.node)), row)
        elif row.event in VERDICTS and row.step != "-":
            self.verdicts[row.step, row.node] = row
        else:
            self.others.append(row)

    def _close(self, section, end, how):
        begin, last = self._open.pop(section, (None, None))
        if begin is None:
            return
        for key in [key for key in self._begun if key[0] == section]:
            self._finish(self._begun.pop(key), None)
        self.runs.append(Run(section, begin.when, end, begin.who, begin.detail, how, last.when))

    def _give_up(self, row):
        before = self._begun.pop((row.section, row.step, row.node), None)
        if before is not None:
            self._finish(before, None)

    def _finish(self, begun, row):
        self.attempts.append(
            Attempt(
                begun.section, begun.step, begun.node, begun.when, row and row.when, begun.who,
                row and row.event, row.detail if row else u"-",
            )
        )  # fmt: skip

    @property
    def people(self):
        """Whoever has a row, in the order of appearance."""
        return list(self._people)

    @property
    def bundles(self):
        """The bundles that were at work, by the beginning of their digests."""
        return list(self._bundles)

    def runs_of(self, section):
        """The runs of a section, in their order."""
        return [run for run in self.runs if run.section == section]

    def attempts_at(self, step):
        """Every time a step was tried, on whatever node."""
        return [attempt for attempt in self.attempts if attempt.step == step]

    def rows_with(self, *events):
        """The other rows of these events."""
        return [row for row in self.others if row.event in events]

    def killed(self):
        """The runs that have no end."""
        return [run for run in self.runs if run.end is None]

    def redone(self):
        """What failed, was cut off or was refused: each attempt that did not end well."""
        return [attempt for attempt in self.attempts if attempt.outcome != "done"]

    def not_done(self):
        """The last attempt at each step and node where it did not end well, and nothing was done later."""
        last = collections.OrderedDict()
        for attempt in self.attempts:
            last[attempt.step, attempt.node] = attempt
        satisfied = {(row.step, row.node) for row in self.rows_with("satisfied")}
        return [one for key, one in last.items() if one.outcome != "done" and key not in satisfied]

    def not_put_back(self):
        """The last rescue that failed for each step and node, where the step was neither done nor satisfied later."""
        last = collections.OrderedDict(((row.step, row.node), row) for row in self.rows_with("rescue-failed"))
        later = [(one.step, one.node, one.end) for one in self.attempts if one.outcome == "done"]
        later += [(row.step, row.node, row.when) for row in self.rows_with("satisfied", "rescued")]
        return [
            row for row in last.values()
            if not any((step, node) == (row.step, row.node) and when >= row.when for step, node, when in later)
        ]  # fmt: skip


def took(begin, end):
    """Seconds between two times of the journal; None if one of them is not a time, or the clock was set back."""
    first, last = seconds(begin), seconds(end)
    return None if first is None or last is None or last < first else last - first


def worked(runs):
    """Seconds that runs took together; one that was killed counts up to its last row."""
    parts = [took(run.begin, run.end or run.last) for run in runs]
    return sum(part for part in parts if part is not None) if any(part is not None for part in parts) else None


def people(items):
    """Whoever is named as `who`, each once, in the order of appearance."""
    return list(collections.OrderedDict.fromkeys(item.who for item in items))
