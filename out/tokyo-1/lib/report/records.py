"""The folder that goes to the ticket, as data: what the summary is made of. Python 2.7 and 3, standard library only."""

from __future__ import print_function

import collections
import io
import json
import os

from rows import cells, plain, rows_of
from runs import Story
from software import read_hosts

Override = collections.namedtuple("Override", "kind what reason who when")
Result = collections.namedtuple("Result", "step node verdict when reasons")
Backup = collections.namedtuple("Backup", "kind place started pieces copied")


class Records(object):
    """The records in the folder."""

    def __init__(self, folder, language):
        self._folder, self._language = folder, language
        self.manifest = self._manifest()
        self.digest = self._line("digest")
        self.journal_check = [plain(line) for line in self._text("journal-check.txt").splitlines()]
        self.story = Story(rows_of(self._path("journal.tsv")))
        self.facts = [row for row in cells(self._path("facts.tsv"))]
        self.cleaned = [row for row in cells(self._path("cleaned.tsv")) if len(row) == 2]
        self.sections = [part for part in self.manifest.get("sections", ()) if isinstance(part, dict)]

    def _path(self, name):
        return os.path.join(self._folder, name)

    def _text(self, name):
        try:
            with io.open(self._path(name), "rb") as file:
                return file.read().decode("utf-8", "replace")
        except IOError:
            return u""

    def _line(self, name):
        return plain(self._text(name)) or u"-"

    def _manifest(self):
        try:
            manifest = json.loads(self._text("manifest.json"))
        except ValueError:
            manifest = {}
        return manifest if isinstance(manifest, dict) else {}

    def said(self, words):
        """A text of the manifest in the site's language."""
        if isinstance(words, dict):
            words = words.get(self._language) or words.get("en") or u""
        return plain(words or u"")

    def site(self, key):
        """A value of the site's."""
        site = self.manifest.get("site")
        return plain(site.get(key) or u"-") if isinstance(site, dict) else u"-"

    def compiler(self):
        """The compiler's version, where the manifest has it."""
        found = self.manifest.get("compiler")
        if isinstance(found, dict):
            found = found.get("version")
        return plain(found or u"-")

    def fact(self, word):
        """The values of each row of a fact."""
        return [row[1:] for row in self.facts if row and row[0] == word and len(row) > 1]

    def overrides(self):
        """What was let through because somebody confirmed it, as Override."""
        for row in cells(self._path("waivers.tsv")):
            yield Override("waived", row[0], (row + [u"-"])[1], u"-", u"-")
        for row in cells(self._path("accepted.tsv")):
            yield Override("accepted", u" ".join(row[:2]), (row + [u"-", u"-"])[2] or u"-", u"-", u"-")
        for row in cells(self._path("attested.tsv")):
            if len(row) >= 4:
                yield Override("attested", u" ".join([row[2]] + row[4:]), row[3], row[1], row[0])
        for row in self.story.rows_with("gate-forced"):
            yield Override("forced", row.step, row.detail, row.who, row.when)
        for row in self.story.rows_with("unattested"):
            yield Override("unattested", row.step, u"-", row.who, row.when)

    def section_with(self, name):
        """The id of the section that has the step of that name; None where the bundle lacks it."""
        found = [part.get("id") for part in self.sections if name in [step.get("name") for step in part.get("steps", ())]]
        return plain(found[0] or u"-") if found else None

    def validations(self):
        """The ids of the sections that have nothing but checks."""
        for section in self.sections:
            if {step.get("shape") for step in section.get("steps", ())} == {"check"}:
                yield section["id"]

    def results(self):
        """The result of every check as evidence/ has it, by step and node."""
        try:
            names = sorted(os.listdir(self._path("evidence")))
        except OSError:
            names = []
        for section in self.sections:
            for step in section.get("steps", ()):
                if step.get("shape") != "check":
                    continue
                stem = step["id"].replace("/", "-")
                for name in names:
                    if name == stem + ".tsv" or (name.startswith(stem + "-") and name.endswith(".tsv")):
                        yield self._result(step["id"], plain(name[len(stem) + 1 : -4]), name)

    def _result(self, step, node, name):
        rows = list(cells(self._path(os.path.join("evidence", name))))
        head = rows[0] if rows and rows[0][0] == "verdict" and len(rows[0]) > 2 else [u"", u"-", u"-"]
        reasons = [row[1] for row in rows[1:] if len(row) > 1 and row[0] in ("fail", "warn")]
        return Result(step, node, head[1], head[2], reasons)

    def versions(self):
        """For each package the versions before and after, each with the number of hosts that have it: (NAME, {VERSION: HOSTS}, {..})."""
        found = collections.OrderedDict()
        for at, name in enumerate(("versions-before.tsv", "versions-after.tsv")):
            for row in cells(self._path(os.path.join("evidence", name))):
                if len(row) == 3:
                    counts = found.setdefault(row[1], (collections.OrderedDict(), collections.OrderedDict()))[at]
                    counts[row[2]] = counts.get(row[2], 0) + 1
        return [(name, before, after) for name, (before, after) in sorted(found.items())]

    def software(self):
        """The packages and the kernel of every host, as software.Host."""
        return list(read_hosts(self._folder))

    def backups(self):
        """Every backup of this change, as Backup."""
        found = []
        for row in self.facts:
            if row[0] == "backup" and len(row) > 3:
                found.append(Backup(row[1], row[2], row[3], [], []))
            elif row[0] == "piece" and len(row) > 3 and found:
                found[-1].pieces.append((row[2], row[3]))
            elif row[0] == "copied" and len(row) > 2 and found:
                found[-1].copied.append(row[2])
        return found
