"""The summary of a change, for whoever closes its ticket: what was done, when, by whom, and what was let through.

    summary.py FOLDER LANGUAGE    reads the records in FOLDER, and writes summary.md and summary.html there

Python 2.7 and 3, standard library only.
"""

from __future__ import print_function

import collections
import io
import os
import re
import sys

# nothing is left beside the files of the bundle, by whomever this is run
sys.dont_write_bytecode = True

import page
import timeline
from records import Records
from timeline import clock
from words import WORDS

# of hosts that share a row, so many are named
NAMED = 6
# The checks that note what is installed, by their names: their sections are said in the heads of the tables.
NOTED_BY = {"before": "package_offers", "kernel_before": "package_offers", "after": "package_versions"}


def blocks(records, words):
    """The page, block by block."""
    story = records.story
    yield "title", words["title"] % {"site": records.site("name"), "change": records.site("change")}
    if not _journal_is_good(records):
        yield "bad", words["journal_bad"] % (records.journal_check[0] if records.journal_check else u"-")
    yield "table", [words["head"], u""], list(_head(records, words))
    yield "heading", words["open"]
    ends = list(_open_ends(records, words))
    yield ("list", ends) if ends else ("text", words["no_open"])
    yield "heading", words["timeline"]
    if story.runs:
        heads = [words[key] for key in ("section_step", "begun", "ended", "took", "planned", "who", "remarks")]
        yield "table", heads, list(timeline.rows(records, words))
    else:
        yield "text", words["no_runs"]
    for block in _tables(records, words):
        yield block


def _journal_is_good(records):
    return any(line.endswith("each as it was written") for line in records.journal_check)


def _head(records, words):
    story = records.story
    yield [words["site"], records.site("name")]
    yield [words["change"], records.site("change")]
    yield [words["digest"], records.digest]
    if len(story.bundles) > 1:
        yield [words["bundles"], u", ".join(story.bundles)]
    if records.compiler() != u"-":
        yield [words["compiler"], records.compiler()]
    yield [words["period"], u"%s - %s" % (clock(story.first), clock(story.last))]
    yield [words["who"], u", ".join(story.people) or u"-"]
    for packed in records.fact("packed"):
        yield [words["packed"], u", ".join([clock(packed[0])] + packed[1:])]
    if _journal_is_good(records):
        yield [words["journal"], words["journal_good"] % u"; ".join(records.journal_check)]
    taken = [u"%s: %s" % (name, count) for name, count in records.cleaned]
    if any(name == "journal.tsv" for name, _ in records.cleaned):
        taken.append(words["cleaned_journal"])
    if taken:
        yield [words["cleaned"], u"; ".join(taken)]


def _open_ends(records, words):
    story = records.story
    never = [section["id"] for section in records.sections if not story.runs_of(section["id"])]
    if never:
        yield words["open_none"] % u", ".join(never)
    for section in records.sections:
        runs = story.runs_of(section["id"])
        if not runs:
            continue
        if runs[-1].end is None:
            yield words["open_section"] % (section["id"], words["open_cut"])
        elif runs[-1].how != "exit 0":
            yield words["open_section"] % (section["id"], words["open_how"] % runs[-1].how)
    for attempt in story.not_done():
        yield words["open_step"] % (attempt.step, attempt.node)
    for row in story.not_put_back():
        yield words["open_rescue"] % (row.step, row.node)
    for warned in collections.OrderedDict.fromkeys((row.step, row.node, row.detail) for row in story.rows_with("warned")):
        yield words["open_check"] % warned
    for fact in records.fact("rebooting"):
        yield words["open_node"] % fact[0]
    for result in records.results():
        if result.verdict == "fail":
            yield words["open_check"] % (result.step, result.node, (result.reasons or [u"-"])[0])


def _tables(records, words):
    parts = (
        ("overrides", "no_overrides", ("kind", "what", "reason", "who", "when"), _overrides),
        ("redone", "no_redone", ("section_step", "when", "outcome", "reason", "who", "then"), _redone),
        ("results", "no_results", ("section", "last", "passed", "others"), _results),
        ("versions", "no_versions", ("package", "before", "after"), _versions),
        ("software", "no_software", ("hosts_head", "kernel_before", "kernel_after", "packages_before", "packages_after", "changed"), _software),
        ("backups", "no_backups", ("backup", "place", "begun", "pieces", "copy"), _backups),
    )
    for heading, nothing, heads, function in parts:
        rows = list(function(records, words))
        yield "heading", words[heading]
        yield ("table", [_table_head(records, words, key) for key in heads], rows) if rows else ("text", words[nothing])
        if heading == "software":
            for told in _unlisted(records, words):
                yield "bad", told
    for unknown in records.fact("backup_unknown"):
        yield "bad", words["backup_unknown"] % (words.get(unknown[0], unknown[0]), unknown[-1])


def _table_head(records, words, key):
    section = records.section_with(NOTED_BY[key]) if key in NOTED_BY else None
    return u"%s (%s)" % (words[key], section) if section else words[key]


def _overrides(records, words):
    for one in records.overrides():
        yield [words[one.kind], one.what, one.reason, one.who, clock(one.when)]


def _redone(records, words):
    story = records.story
    for one in story.redone():
        done = [
            later.end for later in story.attempts_at(one.step)
            if later.node == one.node and later.outcome == "done" and later.begin >= one.begin
        ]  # fmt: skip
        then = words["done_later"] % clock(done[0]) if done else words["never"]
        yield [_name(one), clock(one.begin), words[str(one.outcome)], one.detail, one.who, then]
    for row in story.rows_with("refused", "rescued", "rescue-failed", "hook-failed"):
        yield [_name(row), clock(row.when), words[row.event], row.detail, row.who, u"-"]


def _name(item):
    return u"%s %s" % (item.step if item.step != u"-" else item.section, item.node if item.node != u"-" else u"")


def _results(records, words):
    found = {}
    for result in records.results():
        found.setdefault(result.step.split("/")[0], []).append(result)
    for section in records.validations():
        results = found.get(section, ())
        if not results:
            continue
        others = [one for one in results if one.verdict != "pass"]
        told = [u"%s %s %s: %s" % (one.step, one.node, one.verdict, (one.reasons or [u"-"])[0]) for one in others]
        yield [section, clock(max(one.when for one in results)), u"%d / %d" % (len(results) - len(others), len(results)), u"; ".join(told) or u"-"]


def _versions(records, words):
    for name, before, after in records.versions():
        yield [name] + [u"; ".join(words["hosts"] % pair for pair in counts.items()) or u"-" for counts in (before, after)]


def _software(records, words):
    """A row for the hosts that had one kernel and have one now: a site of a thousand nodes is a page too."""
    alike = collections.OrderedDict()
    for host in records.software():
        alike.setdefault((host.kernel_before, host.kernel_after), []).append(host)
    for kernels, hosts in alike.items():
        counts = [_range(values) for values in list(zip(*hosts))[3:]]
        yield [_named([host.name for host in hosts], words)] + [kernel or u"-" for kernel in kernels] + counts


def _named(names, words):
    """The first of the names, and how many more there are."""
    text = u", ".join(names[:NAMED])
    return text if len(names) <= NAMED else words["and_more"] % (text, len(names) - NAMED)


def _range(values):
    numbers = sorted({int(value) for value in values if re.match(u"[0-9]{1,9}\\Z", value or u"")})
    return u"-".join(u"%d" % number for number in sorted({numbers[0], numbers[-1]})) if numbers else u"-"


def _unlisted(records, words):
    """Which hosts have no list of before, and which none of after, with the reason where it is known."""
    reasons = {fact[0]: fact[1] for fact in records.fact("unlisted") if len(fact) > 1}
    hosts = records.software()
    for which, key in (("packages_before", "unlisted_before"), ("packages_after", "unlisted_after")):
        names = [host.name for host in hosts if getattr(host, which) is None]
        if key == "unlisted_after":
            names = [u"%s (%s)" % (name, reasons[name]) if name in reasons else name for name in names]
        if names:
            yield words[key] % _named(names, words)


def _backups(records, words):
    safe = [fact[0] for fact in records.fact("copy_to") if fact[0]]
    for one in records.backups():
        pieces = u"; ".join(u"%s %s" % piece for piece in one.pieces)
        yield [words.get(one.kind, one.kind), one.place, timeline.of_epoch(one.started), pieces or u"-", u"; ".join(one.copied or safe) or u"-"]


def write(path, text):
    with io.open(path, "w", encoding="utf-8") as file:
        file.write(text)


def main(folder, language):
    """Write both files."""
    words = WORDS.get(language, WORDS["en"])
    made = list(blocks(Records(folder, language), words))
    write(os.path.join(folder, "summary.md"), page.markdown(made))
    write(os.path.join(folder, "summary.html"), page.html(made, language))


if __name__ == "__main__":
    main(*sys.argv[1:])
