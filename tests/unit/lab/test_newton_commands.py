"""Newton's client has the commands that scripts run, that their remedies name, and that the simulator answers.

tests/data/newton-commands.txt lists what python-openstackclient 3.2.1 has with the plug-ins of an OSP 10 undercloud.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from osp_simulator.tools.openstack.contracts import contracts

ROOT = Path(__file__).parents[3]
NEWTON = frozenset((ROOT / "tests/data/newton-commands.txt").read_text("utf-8").splitlines())
WORDS = re.compile(r"\bopenstack ((?:[a-z]+ ?)+)")
FILES = sorted(file for file in (ROOT / "templates").rglob("*") if file.suffix in (".sh", ".j2", ".yaml", ".tsv"))


def is_newtons(words: list[str]) -> bool:
    """Whether the first of them, some or all, are a command."""
    return any(" ".join(words[:count]) in NEWTON for count in range(len(words), 0, -1))


def named(file: Path) -> Iterator[tuple[int, str]]:
    """(line, words) of each command of the client in a template; comments are prose."""
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.lstrip().startswith("#"):
            yield from ((number, found[1]) for found in WORDS.finditer(line))


def test_a_command_of_a_later_client_is_none() -> None:
    assert not is_newtons("volume service set".split())
    assert is_newtons("volume service list".split())


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_templates_name_only_newtons_commands(file: Path) -> None:
    assert [(number, words) for number, words in named(file) if not is_newtons(words.split())] == []


def test_the_simulated_client_has_only_newtons_commands() -> None:
    assert [command for command in contracts("openstack") if not is_newtons(command.split())] == []
