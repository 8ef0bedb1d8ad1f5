"""When each section and step was worked at, against the plan, as rows of a table. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import re
import time

from rows import seconds
from runs import people, took, worked


def duration(count):
    """Seconds as people read them: 4 s, 3 min 12 s, 1 h 02 min; - where they are not known."""
    if count is None:
        return u"-"
    if count < 60:
        return u"%d s" % count
    if count < 3600:
        return u"%d min %02d s" % divmod(count, 60)
    return u"%d h %02d min" % (count // 3600, count % 3600 // 60)


def clock(when):
    """A time of the journal without the signs that are for programs."""
    return re.sub(u"T|Z$", u" ", when).strip() if seconds(when or u"") is not None else (when or u"-")


def of_epoch(text):
    """The time of seconds since 1970, as clock has it."""
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(int(text)))
    except (ValueError, OverflowError, OSError):
        return text


def planned(records, section, words):
    """The planned time as text, and its upper end in seconds, None where the plan gives it in words alone."""
    numbers = _numbers(section.get("minutes"))
    if numbers:
        low, high = min(numbers), max(numbers)
        text = u"%g" % low if low == high else u"%g-%g" % (low, high)
        return words["minutes"] % text, high * 60
    return records.said(section.get("duration")) or u"-", None


def _numbers(value):
    """The numbers of `minutes`: one, a list of them, or a mapping to them."""
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, (list, tuple)):
        value = [value]
    return [one for one in value if isinstance(one, (int, float)) and not isinstance(one, bool)]


def rows(records, words):
    """For each section its own row, and one for each step that was applied."""
    for section in records.sections:
        runs = records.story.runs_of(section["id"])
        yield _section_row(records, section, runs, words)
        for step in section.get("steps", ()):
            attempts = records.story.attempts_at(step["id"])
            if attempts:
                yield _step_row(records, step, attempts, words)


def _section_row(records, section, runs, words):
    name = u"%s %s" % (section["id"], records.said(section.get("title")))
    plan, limit = planned(records, section, words)
    if not runs:
        return [name, u"-", u"-", u"-", plan, u"-", words["not_run"]]
    spent = worked(runs)
    remarks = []
    if limit is not None and spent is not None and spent > limit:
        remarks.append(words["longer"])
    if len(runs) > 1:
        remarks.append(words["times"] % len(runs))
    remarks += _counted(words["cut"], sum(run.end is None for run in runs))
    remarks += _counted(words["stopped"], sum(run.end is not None and run.how != "exit 0" for run in runs))
    remarks += [words["options"] % run.options for run in runs if run.options not in (u"-", u"")]
    ended = runs[-1].end or runs[-1].last
    return [
        name, clock(runs[0].begin), clock(ended), duration(spent), plan, u", ".join(people(runs)), u"; ".join(remarks) or u"-",
    ]  # fmt: skip


def _step_row(records, step, attempts, words):
    nodes = {attempt.node for attempt in attempts} - {u"-"}
    parts = [took(attempt.begin, attempt.end) for attempt in attempts if attempt.end]
    spent = sum(part for part in parts if part is not None) if parts else None
    remarks = sorted(nodes) if len(nodes) == 1 else _counted(words["nodes"], len(nodes))
    remarks += _counted(words["tried"], sum(attempt.outcome != "done" for attempt in attempts))
    return [
        u"%s %s" % (step["id"], records.said(step.get("title"))), clock(attempts[0].begin), clock(attempts[-1].end), duration(spent),
        u"", u", ".join(people(attempts)), u"; ".join(remarks) or u"-",
    ]  # fmt: skip


def _counted(words, count):
    return [words % count] if count else []
