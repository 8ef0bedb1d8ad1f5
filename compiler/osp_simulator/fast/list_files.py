"""Lists the files of a host fast: each run of a rehearsal looks at all of them many times.

Trials of a small site take 1.01 times as long where all lists are sorted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress


def files(root: str, passed_over: Callable[[str], object], above: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """(path below root, entry) of everything but folders, sorted by name; folders are entered, links are not followed.

    A folder is skipped if `passed_over("its/path/")` is true. Files that vanish meanwhile are left out.
    """
    with suppress(FileNotFoundError), os.scandir(root) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            name = above + entry.name
            if not entry.is_dir(follow_symlinks=False):
                yield name, entry
            elif not passed_over(f"{name}/"):
                yield from files(entry.path, passed_over, f"{name}/")


def unordered(
    root: str, passed_over: Callable[[str], object], *, folders: bool = False
) -> list[tuple[str, os.DirEntry[str]]]:
    """The same as `files` without an order, which takes half the time; with `folders` those too, as `path/`."""
    found = []
    left = [(root, "")]
    while left:
        place, above = left.pop()
        with suppress(FileNotFoundError), os.scandir(place) as entries:
            for entry in entries:
                name = above + entry.name
                if not entry.is_dir(follow_symlinks=False):
                    found.append((name, entry))
                elif not passed_over(f"{name}/"):
                    left.append((entry.path, f"{name}/"))
                    if folders:
                        found.append((f"{name}/", entry))
    return found
