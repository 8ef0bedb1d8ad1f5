"""Paths that do not depend on the site: templates and specs, the user's cache, standard input.

Templates and specs lie beside this file, as links in a checkout and as folders in a wheel.
"""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).parent
TEMPLATES = PACKAGE / "templates"
SPECS = PACKAGE / "specs"
STANDARD_INPUT = Path("/dev/stdin")


def cache(name: str) -> Path:
    """The user's cache folder for `name`, by the XDG rule; it may not exist yet."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache") / "osp-compile" / name
