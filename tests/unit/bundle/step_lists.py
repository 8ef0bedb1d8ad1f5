"""The steps that each list of a bundle has, by their ids: whatever is listed, it is the same steps in one order."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping


def step_lists(files: Mapping[str, str], *, changing: bool = False) -> dict[str, list[str]]:
    """{list: ids} of the manifest, the scripts, RUNBOOK.md and the page; if `changing`, without the checks."""
    shapes = "change|attended" if changing else "change|check|attended"
    steps = [step for section in json.loads(files["manifest.json"])["sections"] for step in section["steps"]]
    scripts = "\n".join(text for path, text in sorted(files.items()) if re.fullmatch(r"2\.\d\d-.*\.sh", path))
    # in RUNBOOK.md each change has a heading, and a check has one only if it departs from the guide
    checks = {step["id"] for step in steps if step["shape"] == "check"}
    runbook = re.findall(r"^\| (2\.\d\d/\w+) \|", files["RUNBOOK.md"], re.MULTILINE)
    if changing:
        headings = re.findall(r"^### (2\.\d\d/\w+) ", files["RUNBOOK.md"], re.MULTILINE)
        runbook = [heading for heading in headings if heading not in checks]
    page = re.findall(rf'<details class="step (?:{shapes}) [^"]*" id="(\d)(\d\d)-(\w+)"', files["index.html"])
    return {
        "manifest": [step["id"] for step in steps if re.fullmatch(shapes, step["shape"])],
        "scripts": re.findall(rf"^ *(2\.\d\d/\w+) +\w+ +(?:{shapes}) ", scripts, re.MULTILINE),
        "runbook": runbook,
        "page": [f"{chapter}.{section}/{step}" for chapter, section, step in page],
    }
