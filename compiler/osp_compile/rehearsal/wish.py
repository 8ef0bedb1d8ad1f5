"""What `osp-compile rehearse` can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from osp_compile.diagnostics import RefusedError


class WishError(RefusedError):
    """What is asked for is not there: a section, a point, a world, a folder."""


@dataclass(frozen=True)
class Wish:
    """What the command line asks for; `sections` empty is all of them; `points` are single ones of the matrices.

    `kinds` takes one point of each kind of the matrix, of these each M-th from the K-th on where `kinds_part` is
    (K, M), and `part` (K, M) likewise a share of the others;
    `shares` are likewise (matrix, (K, M)), beside what else is taken.
    `beyond` is another spec: a kind of a step that its bundle has too is none of these.
    `plan` plays each section's first run alone, for the flight plan; nothing else can be asked for then.
    `sample` takes so many points, chosen by `seed`. Without them all are taken.
    """

    source: Path
    sections: tuple[str, ...] = ()
    worlds: tuple[Path, ...] = ()
    matrix: Literal["kill", "fail", "answer", "change", "all"] | None = None
    shares: tuple[tuple[str, tuple[int, int]], ...] = ()
    sample: int | None = None
    seed: int = 1
    kinds: bool = False
    kinds_part: tuple[int, int] | None = None
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
        if self.plan and (self.worlds or self.matrix or self.points or self.shares):
            raise WishError(
                "--plan plays the undisturbed first runs alone: leave out --world, --matrix, --share, --kill and --fail"
            )
