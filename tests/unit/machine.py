"""What a test needs of the machine: where that is missing it is skipped, and says what it is."""

from __future__ import annotations

import shutil

import pytest

from osp_compile.rehearsal import requirements

# What a simulated site is started with.
SITE = ("bwrap", "perl")


def missing(*programs: str) -> str:
    """The names of these that are not on PATH; nothing where all are."""
    return ", ".join(name for name in programs if shutil.which(name) is None)


def needs_programs(*programs: str) -> pytest.MarkDecorator:
    """A mark for a test, or a parameter, that needs these programs of the machine."""
    lacking = missing(*programs)
    return pytest.mark.skipif(bool(lacking), reason=f"not installed here: {lacking}")


def no_sandbox() -> str:
    """Why no simulated site can be started here; nothing where it can."""
    lacking = missing(*SITE)
    if lacking:
        return f"no site can be simulated here, not installed: {lacking}"
    return "" if requirements.namespaces_work() else "no site can be simulated here: bwrap may make no user namespaces"
