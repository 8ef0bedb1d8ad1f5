"""What `osp-compile rehearse` can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from osp_compile.diagnostics import RefusedError
from osp_compile.rehearsal import injection_points


class RequestError(RefusedError):
    """The request names something that does not exist: a section, a point, a world, a folder."""


@dataclass(frozen=True)
class RehearsalRequest:
    """A request to rehearse. No `sections` means all of them; `points` are single points of the matrices.

    `kinds` takes one point of each kind of the matrix; where `kinds_parts` has (matrix, (K, M)), every M-th of that
    matrix's kinds from the K-th on. `part` (K, M) takes such a share of the other points. `shares` are (matrix,
    (K, M)): shares of whole matrices in addition. With `beyond`, another spec, kinds of steps that its bundle has too
    are left out. `plan` plays only each section's first run, for the flight plan; nothing else can be asked for then.
    `sample` takes that many points, chosen by `seed`; without it all are taken.
    """

    source: Path
    sections: tuple[str, ...] = ()
    worlds: tuple[Path, ...] = ()
    matrix: Literal["kill", "fail", "answer", "change", "all"] | None = None
    shares: tuple[tuple[str, tuple[int, int]], ...] = ()
    sample: int | None = None
    seed: int = 1
    kinds: bool = False
    kinds_parts: tuple[tuple[str, tuple[int, int]], ...] = ()
    part: tuple[int, int] | None = None
    beyond: Path | None = None
    points: tuple[str, ...] = ()
    jobs: int = 2
    junit: Path | None = None
    keep: Path | None = None
    output: Path | None = None
    bash: str | None = None
    plan: bool = False

    def __post_init__(self) -> None:
        unlike = [name for name in self.points if not injection_points.is_point(name)]
        if unlike:
            raise RequestError(
                f"no point is called {', '.join(unlike)}: a point is SECTION:NUMBER:HOW, as in 2.09:17:kill, "
                f"and HOW is {', '.join(injection_points.HOWS)}, answer-NAME or change-NAME; "
                "a report of --matrix names them all"
            )
        if self.plan and (self.worlds or self.matrix or self.points or self.shares):
            raise RequestError(
                "--plan plays the undisturbed first runs alone: leave out --world, --matrix, --share, --kill and --fail"
            )
