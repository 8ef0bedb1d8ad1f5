"""Where the templates and specs lie: beside this file, as links in a checkout and as folders in a wheel."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent
TEMPLATES = PACKAGE / "templates"
SPECS = PACKAGE / "specs"
