"""What does not depend on the site: templates and specs, the sections' numbers, the user's cache, standard input.

Templates and specs lie beside this file, as links in a checkout and as folders in a wheel.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from pathlib import Path

PACKAGE = Path(__file__).parent
TEMPLATES = PACKAGE / "templates"
SPECS = PACKAGE / "specs"
STANDARD_INPUT = Path("/dev/stdin")


def section_number(name: str) -> str:
    """The number of the shipped section `name`, for a text, as reboot-computes is 2.09; KeyError if none has it."""
    return _section_numbers()[name]


@functools.cache
def _section_numbers() -> Mapping[str, str]:
    found = (folder.name.partition("-") for folder in TEMPLATES.glob("[0-9]*-*"))
    return {name: number for number, _, name in found}


def cache(name: str) -> Path:
    """The user's cache folder for `name`, by the XDG rule; it may not exist yet."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache") / "osp-compile" / name
