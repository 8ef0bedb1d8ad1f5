"""What a file with a deploy command is, if bash does not read it, so that its first error says what to give."""

from __future__ import annotations

import re
from posixpath import basename

from osp_compile.diagnostics import Diagnostic, error
from osp_compile.importing.text import Text

MENTION = re.compile(r"overcloud\W+deploy\b")
SHEBANG = re.compile(r"#!\s*/\S*?(?:env\s+(?:-\S+\s+)*)?(?P<name>[\w.+-]+)(?:\s|$)")
SHELLS = frozenset("bash sh ksh dash zsh env".split())  # what they share is read as bash reads it
ALONE = "give the command that it runs, as a file of its own"
MADE = "give the script that was made of it"
# (the names that such a file has, what begins its first line with something in it, what it is, what to do)
KINDS = (
    (r"Makefile|makefile|GNUmakefile|.*\.mk", "", "a Makefile", ALONE),
    (r"Jenkinsfile.*|.*\.(?:groovy|jenkinsfile)", r"pipeline\s*\{|node\s*[({]", "a pipeline of Jenkins", ALONE),
    (r".*\.(?:service|timer)", r"\[(?:Unit|Service)\]", "a unit of systemd", ALONE),
    (r".*\.py", "", "Python, not a shell script", "give the command that it runs, as a file of its own"),
    (r".*\.(?:csh|tcsh|fish|pl|rb|expect|exp|ps1|bat|cmd)", "", "a script in another language than bash", ALONE),
)


def of(text: Text) -> Diagnostic | None:
    """The diagnostic of a file whose name or first line says that bash does not read it; None for any other."""
    first = next((line for line in text.lines if line.strip()), "")
    begun = SHEBANG.match(first)
    if begun is not None and begun["name"] not in SHELLS:
        name = re.sub(r"[0-9.]+$", "", begun["name"])
        return _at(text, f"a script for `{begun['name']}`" if name != "python" else "Python, not a shell script", ALONE)
    for names, begins, kind, help in KINDS:
        if re.fullmatch(names, basename(text.file)) or (begins and re.match(begins, first.strip())):
            return _at(text, kind, help)
    return None


def unparsed(text: Text) -> Diagnostic | None:
    """The diagnostic of a file that bash's parser refuses, if what it holds says why; None if nothing does."""
    if MENTION.search(text.all) is None:
        return None
    if "{{" in text.all or "{%" in text.all:
        return _at(text, "a template, which Ansible or another tool fills in", MADE)
    if text.file.endswith((".md", ".rst", ".adoc", ".html", ".yml", ".yaml")):
        return _at(text, "a document with a command in it", "give the command alone, as a file of its own")
    return None


def _at(text: Text, kind: str, help: str) -> Diagnostic:
    """The diagnostic, at the deploy command if the file has one that is seen."""
    found = MENTION.search(text.all)
    place = text.at(text.all.count("\n", 0, found.start()) + 1) if found else text.at(1)
    return error("shell-syntax", f"this is {kind}", place, help)
