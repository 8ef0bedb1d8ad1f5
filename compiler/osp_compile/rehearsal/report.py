"""What a rehearsal leaves for the ticket: TAP, JUnit and a page of results, outside the bundle's digest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from osp_compile.diagnostics import RefusedError
from osp_compile.rehearsal import injection_points
from osp_compile.rehearsal.suite import Result


@dataclass(frozen=True)
class ReportHeader:
    """ReportHeader of the rehearsal as a whole; `outcomes` are those of the trials, by id.

    `steps` are {id: title} of those that change something, in the sections that were rehearsed; `durations` {section:
    how long it takes on real hosts, in the runbook's words}, of those that say so, and `window` those of the chapter.
    """

    site: str
    change: str
    digest: str
    bash: str
    titles: Mapping[str, str]
    durations: Mapping[str, str]
    window: str
    steps: Mapping[str, str]
    outcomes: Mapping[str, Mapping[str, Any]]


def read_outcomes(folder: Path) -> dict[str, dict[str, Any]]:
    found = [json.loads(path.read_text("utf-8")) for path in sorted((folder / "outcomes").glob("*.json"))]
    return {outcome["trial"]: outcome for outcome in found}


def tap(results: Sequence[Result]) -> str:
    """TAP 13, as bats prints it, of all the trials together."""
    lines = [f"1..{len(results)}"]
    for number, result in enumerate(results, 1):
        lines.append(f"{'ok' if result.ok else 'not ok'} {number} {result.trial.title}")
        lines += [f"# {line}" for line in _why(result)]
    return "\n".join(lines) + "\n"


def junit(results: Sequence[Result], facts: ReportHeader) -> str:
    failed = sum(not result.ok for result in results)
    suite = ElementTree.Element(
        "testsuite", name=f"osp-compile rehearse {facts.site}", tests=str(len(results)), failures=str(failed),
        time=f"{sum(result.seconds for result in results):.3f}",
    )  # fmt: skip
    for result in results:
        case = ElementTree.SubElement(
            suite, "testcase", classname=result.trial.kind, name=result.trial.title, time=f"{result.seconds:.3f}"
        )
        if not result.ok:
            why = _why(result)
            failure = ElementTree.SubElement(case, "failure", message=_printable(why[0] if why else "failed"))
            failure.text = _printable("\n".join(why))
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _printable(text: str) -> str:
    """The text without control characters, which XML does not allow."""
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "?" for letter in text)


def _why(result: Result) -> list[str]:
    return [f"not run: it starts where {result.skipped} should have ended"] if result.skipped else list(result.lines)


def duration(seconds: float) -> str:
    """45 s, 3 min, 2 h 05 min"""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def windows(facts: ReportHeader) -> list[tuple[str, str, float]]:
    """(section, title, seconds the first run would have taken on the site) in the sections' order."""
    return [
        (section, title, facts.outcomes[f"first-{section}"]["window"])
        for section, title in facts.titles.items()
        if f"first-{section}" in facts.outcomes
    ]


def not_applied(facts: ReportHeader) -> dict[str, str]:
    """{id: title} of the steps that no first run applied, so that the rehearsal proves nothing about them."""
    applied = {
        step for name, outcome in facts.outcomes.items() if name.startswith("first-") for step in outcome["applied"]
    }
    return {step: title for step, title in facts.steps.items() if step not in applied}


def coverage(facts: ReportHeader) -> str:
    """A sentence on how many steps were applied."""
    if not facts.steps:
        return "no step of these sections changes anything"
    left = not_applied(facts)
    return f"first runs applied {len(facts.steps) - len(left)} of {len(facts.steps)} steps that change something" + (
        "; these had nothing to do:" if left else ""
    )


def counts(results: Sequence[Result]) -> dict[str, tuple[int, int]]:
    """{kind: (how many went well, of how many)}"""
    kinds = dict.fromkeys(result.trial.kind for result in results)
    return {
        kind: (
            sum(result.ok for result in results if result.trial.kind == kind),
            sum(result.trial.kind == kind for result in results),
        )
        for kind in kinds
    }


def as_data(results: Sequence[Result], facts: ReportHeader, folder: Path) -> dict[str, object]:
    """The results for a JSON document; `folder` has the report."""
    failed = [result for result in results if not result.ok]
    return {
        "ok": not failed,
        "site": facts.site,
        "change": facts.change,
        "digest": facts.digest,
        "sections": sorted({result.trial.subject for result in results if result.trial.kind == "first"}),
        "trials": {kind: {"good": good, "all": count} for kind, (good, count) in counts(results).items()},
        "failed": [
            {"trial": result.trial.title, "not_run_after": result.skipped or None, "lines": list(result.lines)}
            for result in failed
        ],
        "report": str(folder / "report.md"),
    }


NAMES = {
    "first": "first runs, from the assumed initial state",
    "second": "second runs, which change nothing",
    "moments": "runs that record the state at every kill point",
    "kill": "runs killed and started again",
    "fail": "runs in which a command fails",
    "answer": "runs in which a question has a hostile answer",
    "change": "runs in the middle of which the site changes",
    "world": "worlds with another initial state",
}

LEFT = "distinct states that these runs left, each continued to the end"


def situations(results: Sequence[Result], facts: ReportHeader) -> int:
    """The number of distinct states that cut or broken runs have left the site in."""
    cut = [result.trial.id for result in results if result.trial.kind in injection_points.MATRICES]
    return sum(not facts.outcomes.get(trial, {}).get("as_after") for trial in cut)


def markdown(results: Sequence[Result], facts: ReportHeader) -> str:
    left = not_applied(facts)
    lines = [
        f"# Rehearsal of {facts.site}, change {facts.change}",
        "",
        f"Bundle {facts.digest}",
        f"rehearsed byte for byte against a simulated site, on {facts.bash}.",
        "",
        "| what | passed |",
        "|---|---|",
        *(f"| {NAMES.get(kind, kind)} | {good} of {count} |" for kind, (good, count) in counts(results).items()),
        *([f"| {LEFT} | {situations(results, facts)} |"] if situations(results, facts) else []),
        "",
        f"{coverage(facts)[0].upper()}{coverage(facts)[1:]}{'' if left else '.'}",
        *(["", *(f"* {step} {title}" for step, title in left.items())] if left else []),
        "",
        "## The change window",
        "",
        "How long each section kept the operator by the simulated site's clock, answers given at once, and what",
        "RUNBOOK.md says of real hosts. The simulated site has few instances, small disks and quick mirrors: plan with",
        "the runbook's figures, and take these for how the sections compare.",
        "",
        "| section | | rehearsed | RUNBOOK.md |",
        "|---|---|---|---|",
        *(
            f"| {section} | {title} | {duration(seconds)} | {facts.durations.get(section, '')} |"
            for section, title, seconds in windows(facts)
        ),
        f"| | in all | {duration(sum(seconds for _, _, seconds in windows(facts)))} | the chapter: {facts.window} |",
    ]
    lines += _failures([result for result in results if not result.ok])
    return "\n".join(lines) + "\n"


def _failures(failed: Sequence[Result]) -> list[str]:
    lines = ["", "## Failures", ""] if failed else []
    for result in failed:
        lines += [f"* **{result.trial.title}**", *(f"  * {line.strip()}" for line in _why(result))]
    return lines


def make_folder(folder: Path) -> None:
    """Makes the report's folder before the rehearsal, which would be useless if its report could not be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise RefusedError(f"cannot create the folder for the report: {folder}: {problem.strerror}") from problem


def write(folder: Path, results: Sequence[Result], facts: ReportHeader, junit_file: Path | None = None) -> None:
    (folder / "report.tap").write_text(tap(results), "utf-8")
    (folder / "report.md").write_text(markdown(results, facts), "utf-8")
    (folder / "junit.xml").write_text(junit(results, facts), "utf-8")
    if junit_file is not None:
        junit_file.write_text(junit(results, facts), "utf-8")
