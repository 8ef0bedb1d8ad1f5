"""The script that `import --commands` prints, and the file it makes: several sources, each line after a `|`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile
from pathlib import Path

from osp_compile.assets import TEMPLATES
from osp_compile.diagnostics import Diagnostic, error
from osp_compile.importing.bash.values import Undercloud
from osp_compile.importing.text import Text

SCRIPT = Path(__file__).with_name("collect.sh")
CLEANING = TEMPLATES / "_runtime/report"
MODULES = ("announced.py", "private_keys.py", "clean.py")
FIRST = "osp-compile collection 1"
HEAD = re.compile(r"== (?P<kind>deploy|servers|baremetal|services|roles|environment) (?P<path>\S.*)")
WHOSE = re.compile(r"(?P<key>user|home) (?P<value>\S.*)")
USER, HOME = re.compile(r"[a-z_][a-z0-9_-]{0,31}"), re.compile(r"/[\w./+-]*")
MANY = frozenset(("services", "environment", "roles"))
TRY_AGAIN = "carry the file over once more, whole and unchanged"


@dataclass(frozen=True)
class Part:
    """A source in the collection, under the path or name that it had on the undercloud."""

    kind: str
    text: Text


def commands() -> str:
    """The text of the script that makes a collection; it runs on the undercloud."""
    modules = "\n".join(
        f"cat >\"$work/{name}\" <<'PYTHON'\n{(CLEANING / name).read_text('utf-8')}PYTHON\n" for name in MODULES
    )
    return SCRIPT.read_text("utf-8").replace("# @MODULES@\n", modules)


def parts(text: Text) -> tuple[list[Part], list[Diagnostic]]:
    """The sources in a collection; a diagnostic for each that is unknown or incomplete."""
    if not text.lines or text.lines[0] != FIRST:
        help = "run the script that `osp-compile import --commands` prints; single lists have options of their own"
        return [], [error("collection", "this is not what the script of `import --commands` makes", text.at(1), help)]
    found: list[tuple[str, str, list[str]]] = []
    for number, line in dropwhile(_says_whose, enumerate(text.lines[1:], 2)):
        if line.startswith("|") and found:
            found[-1][2].append(line[1:])
        elif head := HEAD.fullmatch(line):
            found.append((head["kind"], head["path"], []))
        elif line == f"== end {len(found)}" and number == len(text.lines):
            return [Part(kind, Text(path, tuple(lines))) for kind, path, lines in found], []
        else:
            return [], [error("collection", "the collection is damaged here", text.at(number), TRY_AGAIN)]
    return [], [error("collection", "the collection has no end", text.at(len(text.lines)), TRY_AGAIN)]


def _says_whose(numbered: tuple[int, str]) -> bool:
    return bool(WHOSE.fullmatch(numbered[1]))


def undercloud(text: Text, told: Undercloud) -> Undercloud:
    """The undercloud that the collection was made on; the command line takes precedence."""
    found = dict(line.split(" ", 1) for line in text.lines[1:3] if WHOSE.fullmatch(line))
    user, home = found.get("user", ""), found.get("home", "")
    if told.user == "stack" and USER.fullmatch(user):
        told = replace(told, user=user, home=f"/home/{user}" if told.home == "/home/stack" else told.home)
    return replace(told, home=home) if HOME.fullmatch(home) and told.home == f"/home/{told.user}" else told


def of_paths(found: Sequence[Text], wanted: Sequence[str]) -> list[Text]:
    """Those of the carried texts that have these paths, in the order of the paths."""
    by_path = {text.file: text for text in found}
    return [by_path[path] for path in wanted if path in by_path]
