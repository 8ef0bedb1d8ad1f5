"""What a login's environment can say to a run: what may be unset is ours from the beginning, or on a list."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[4]
# what the user, the terminal and the scripts themselves say; the OS_ variables are of an rc file that was just read
GIVEN = {
    "OSP_STATE_DIR", "OSP_SSH_SOCKETS", "OSP_READINESS", "TERM", "NO_COLOR", "TMUX", "STY", "SUDO_USER", "OS_PASSWORD",
    "OS_TOKEN", "OS_SERVICE_TOKEN", "BASH_REMATCH", "TMPDIR", "TRIPLEO_ENVIRONMENT_DIRECTORY",
    # set by a script's head before anything reads them: no environment sets an array, and the other is set beside it
    "PARTS", "PATH_OF_LOGIN",
}  # fmt: skip
WITH_DEFAULT = re.compile(r"\$\{([A-Z][A-Z0-9_]*)(?:\[[^]]*\])?:?[-+]")
LINE = re.compile(r"^(?:declare -[aAi]+ )?[A-Z][A-Z0-9_]*=.*$", re.MULTILINE)  # outside of a function
NAMES = re.compile(r"(?:^|\s)([A-Z][A-Z0-9_]*)=")


def scripts() -> list[str]:
    return [file.read_text("utf-8") for file in sorted((ROOT / "templates").rglob("*.sh"))]


def of_the_site() -> set[str]:
    return set(
        re.findall(r"^ *([A-Z][A-Z0-9_]*)=", (ROOT / "out/tokyo-1/lib/site.sh").read_text("utf-8"), re.MULTILINE)
    )


def test_no_variable_of_the_environment_stands_in_for_one_of_ours() -> None:
    read = {name for text in scripts() for name in WITH_DEFAULT.findall(text)}
    ours = {name for text in scripts() for line in LINE.findall(text) for name in NAMES.findall(line)}
    assert "WHY_FILE" in read
    assert read - ours - of_the_site() == GIVEN
