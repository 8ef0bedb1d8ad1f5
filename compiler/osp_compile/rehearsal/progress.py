"""Shows a rehearsal: a progress bar on a terminal, else a line per trial, and a page of results at the end."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from osp_compile.rehearsal import report
from osp_compile.rehearsal.flight_model import Flight
from osp_compile.rehearsal.flight_plan import NAME
from osp_compile.rehearsal.flight_text import visible
from osp_compile.rehearsal.report import ReportHeader
from osp_compile.rehearsal.suite import Result


class Screen:
    """A context: the bar is drawn while it is open."""

    def __init__(self, form: str = "text", console: Console | None = None) -> None:
        # a JSON document has standard output for itself
        self._console = console or Console(
            file=sys.stderr if form == "json" else sys.stdout, highlight=False, soft_wrap=True
        )
        self._bar = Progress(
            TextColumn("rehearsing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TextColumn("{task.fields[last]}"), console=self._console, disable=not self._console.is_terminal,
        )  # fmt: skip
        self._task = self._bar.add_task("", total=None, last="")

    def __enter__(self) -> Screen:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def on_start(self, count: int) -> None:
        self._bar.update(self._task, total=count)

    def on_result(self, result: Result) -> None:
        self._bar.update(self._task, advance=1, last=escape(result.trial.title))
        if not result.ok:
            self._console.print(f"[red]not ok[/] {escape(result.trial.title)}")
            for line in [f"not run: {result.skipped} has failed"] if result.skipped else both_ends(result.lines):
                self._console.print(f"       {line}", markup=False)
        elif not self._console.is_terminal:
            self._console.print(f"ok     {result.trial.title}", markup=False)

    def page(self, results: Sequence[Result], facts: ReportHeader, folder: Path) -> None:
        """Prints the results on one page, and the paths of the details."""
        table = Table(box=None, pad_edge=False, show_header=False)
        for kind, (good, count) in report.counts(results).items():
            colour = "green" if good == count else "red"
            table.add_row(report.NAMES.get(kind, kind), f"[{colour}]{good} of {count}[/]")
        left = report.situations(results, facts)
        if left:
            table.add_row(report.LEFT, str(left))
        unseen = report.not_applied(facts)
        rows = report.windows(facts)
        longest = max(rows, key=lambda row: row[2], default=None)
        self._console.print()
        self._console.print(f"[bold]{escape(facts.site)}[/], change {escape(facts.change)}, bundle {facts.digest[:12]}")
        self._console.print(table)
        self._console.print(report.coverage(facts))
        for step, title in unseen.items():
            self._console.print(f"  {step} {title}", markup=False)
        if longest is not None:
            total = report.duration(sum(seconds for _, _, seconds in rows))
            self._console.print(
                f"change window, by the site's own clock: {total}; longest {longest[0]} {longest[1]}: "
                f"{report.duration(longest[2])} (RUNBOOK.md has what real hosts take)"
            )
        self._console.print(f"report: {folder}/report.md (TAP, JUnit and transcripts beside it)", markup=False)

    def flight(self, flight: Flight, folder: Path) -> None:
        """Prints the path of the flight plan, its length, and what it has found."""
        self._console.print(
            f"flight plan: {folder}/{NAME}.html ({flight.count} of {flight.calls} commands change something; "
            f"the same as {NAME}.md)",
            markup=False,
        )
        # (the number of applied steps is printed above)
        for note in flight.notes[1:]:
            for number, sentence in enumerate(note):
                inside = 0 < number < len(note) - 1
                self._console.print(f"{'  ' if inside else ''}{visible(sentence)}", markup=False)


def both_ends(lines: Sequence[str], most: int = 12) -> Sequence[str]:
    """The lines, or of more than `most` the first and the last: a traceback says at its end what is wrong."""
    if len(lines) <= most:
        return lines
    first, last = lines[: most // 2], lines[most // 2 + 1 - most :]
    return [*first, f"... {len(lines) - most + 1} more, which the report has", *last]
