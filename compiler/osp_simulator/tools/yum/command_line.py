"""One command of yum: its words, the host it is given on, and what it may say."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.world import World
from osp_simulator.hosts import packages
from osp_simulator.state.hosts import Host

PLUGINS = "Loaded plugins: product-id, search-disabled-repos, subscription-manager\n"
UNREACHABLE = (
    "\n\n One of the configured repositories failed (Unknown),\n"
    " and yum doesn't have enough cached data to continue.\n\n"
    "Cannot retrieve metalink for repository: rhel-7-server-rpms. Please verify its path and try again"
)
FLAGS = frozenset("-y -q -v -C -t --assumeyes --quiet --version --assumeno --nogpgcheck --showduplicates".split())
SHORT = {"--assumeyes": "-y", "--quiet": "-q"}
# how much it says; what chooses packages or repositories is refused, since nothing here would obey it
LEVELS = re.compile(r"-[de]\d+")


@dataclass(frozen=True)
class Command:
    """`flags` by their short names; `names` is what follows the command's own word."""

    call: Call
    world: World
    entry: Host
    flags: frozenset[str]
    names: tuple[str, ...]

    @property
    def quiet(self) -> bool:
        return "-q" in self.flags

    def say(self, text: str) -> None:
        """Prints a line, unless `-q` was given."""
        if not self.quiet:
            self.call.stdout.write(text)

    def need_root(self, words: str) -> None:
        if self.call.user != "root":
            raise Refused(1, words)

    def need_repositories(self) -> None:
        if not self.entry["repositories"]:
            raise Refused(1, UNREACHABLE)


def parse(call: Call) -> tuple[frozenset[str], list[str]]:
    """(flags, the command and its arguments); Refused for an option that is not obeyed here."""
    flags: set[str] = set()
    rest: list[str] = []
    for word in call.argv:
        if word in FLAGS:
            flags.add(SHORT.get(word, word))
        elif LEVELS.fullmatch(word):
            continue
        elif word.startswith("-"):
            raise Refused(1, "Usage: yum [options] COMMAND\n\nCommand line error: no such option: " + word)
        else:
            rest.append(word)
    return frozenset(flags), rest


def wanted(name: str, patterns: tuple[str, ...] | list[str]) -> bool:
    """Whether a package is meant by one of these patterns (`NAME` or `NAME.ARCH`), or there are none."""
    return not patterns or any(
        fnmatch.fnmatchcase(name, pattern) or pattern == f"{name}.{packages.arch(name)}" for pattern in patterns
    )
