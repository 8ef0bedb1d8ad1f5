"""Where things lie: templates and specs beside this file, as links in a checkout and as folders in a wheel."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).parent
TEMPLATES = PACKAGE / "templates"
SPECS = PACKAGE / "specs"


def cache(name: str) -> Path:
    """The user's folder for what can be made again, by the XDG rule; it need not be there."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache") / "osp-compile" / name
