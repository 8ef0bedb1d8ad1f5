"""The digests of a host's files; a file is read again only if it may have changed."""

from __future__ import annotations

import hashlib
import os
import time

# Nanoseconds. A file's time of change may lag by a clock's tick, so a file that has just changed can change once
# more with the same time.
SETTLED = 100_000_000


class Digests:
    """A cache of the digests, by path."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[tuple[int, int, int, int], str]] = {}

    def of(self, entry: os.DirEntry[str]) -> str:
        """The digest of a file, the target of a link, or the reason why neither can be read."""
        try:
            if entry.is_symlink():
                return f"-> {os.readlink(entry.path)}"
            facts = entry.stat()
            now = (facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)
            before, digest = self._known.get(entry.path, (None, ""))
            if before != now:
                with open(entry.path, "rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
                if time.time_ns() - facts.st_ctime_ns > SETTLED:
                    self._known[entry.path] = (now, digest)
                else:
                    self._known.pop(entry.path, None)
            return digest
        except OSError as error:
            return f"unreadable: {error.strerror}"
