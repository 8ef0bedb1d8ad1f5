"""docs/refusals.md: what is refused, or warned of, when a spec is checked, from the texts of the cases."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/refusals.md"
CASES = ROOT / "tests/cases"
# a file that cannot be read: the words depend on the machine, so that there is no case of it
OF_THE_MACHINE = ("file-unreadable", "not-a-file", "too-large")
INTRODUCTION = """\
# What is refused when a spec is compiled

`osp-compile check` and `osp-compile SITE.yaml` say each with its line. An error stops the compilation; a warning does not.
Each row is a text of that code in a case (`tests/cases/`); the others of that code differ in names and values. Of a spec that cannot be
read at all, the codes are `file-unreadable`, `not-a-file` and `too-large`. What tools say when the scripts run has its remedies in
`templates/_runtime/engine/remedies.tsv`. `pytest --update` writes this page.
"""
TABLES = {"error": "Errors", "warning": "Warnings"}
HEAD = "| code | for example | what to do | case |\n|---|---|---|---|\n"
SAID = re.compile(
    r"^(?P<kind>error|warning)\[(?P<code>[a-z0-9-]+)\]: (?P<message>.*)\n(?P<more>(?:[ \d].*\n?)*)", re.MULTILINE
)
HELP = re.compile(r"^ +(?:\d+ +)?= help: (.*)$", re.MULTILINE)


def rows() -> dict[tuple[str, str], tuple[str, str, str]]:
    """{(kind, code): (message, help, case)} of the first case that has it; the smallest that says what to do is the plainest."""
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for file in sorted(CASES.glob("*/*/expected.txt"), key=lambda file: (file.stat().st_size, file)):
        for said in SAID.finditer(file.read_text("utf-8")):
            help_ = HELP.search(said["more"])
            case = f"{file.parent.parent.name}/{file.parent.name}"
            key = said["kind"], said["code"]
            if key not in found or (help_ and not found[key][1]):
                found[key] = said["message"], help_[1] if help_ else "", case
    return found


def markdown() -> str:
    """The whole page."""
    page = INTRODUCTION
    for kind, title in TABLES.items():
        page += f"\n## {title}\n\n{HEAD}"
        for (its_kind, code), (message, help_, case) in sorted(rows().items()):
            if its_kind == kind:
                page += f"| `{code}` | {plain(message)} | {plain(help_)} | `{case}` |\n"
    return page


def plain(text: str) -> str:
    """Text that Markdown shows as it is within a table; what is between backticks stays code."""
    parts = text.replace("|", "\\|").split("`")
    shown = [part if at % 2 else re.sub(r"([<*_\[\]~])", r"\\\1", part) for at, part in enumerate(parts)]
    return "`".join(shown)
