"""What bash, zsh and fish complete of osp-compile, each asked in its own way, with the script that it is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from editors.conftest import THERE
from editors.shells import TAB, Fish, Line, Shell
from osp_compile import cli

VERBS = set(cli.program.commands)
NETWORKERS = {"overcloud-networker-0", "overcloud-networker-1"}
BUNDLE = Path(cli.__file__).parents[2] / "out/tokyo-1"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("osp-compile ver", {"verify"}),
        ("osp-compile comp", {"compile", "completion"}),
        ("osp-compile si", {"site.yaml"}),
        ("osp-compile check s", {"site.yaml"}),
        ("osp-compile check site.yaml my", {"my site.yaml"}),
        ("osp-compile check 'my s", {"my site.yaml"}),
        ("osp-compile import --deploy=si", {"--deploy=site.yaml"}),
        ("osp-compile pack o", {"out"}),
        ("osp-compile pack s", set()),
        ("osp-compile check --fo", {"--format"}),
        ("osp-compile check --format s", {"sarif"}),
        ("osp-compile check --format=s", {"--format=sarif"}),
        ("osp-compile completion ", {"bash", "fish", "zsh"}),
        ("osp-compile rehearse site.yaml --section 2.0", {f"2.0{last}" for last in "01245679"}),
        ("osp-compile rehearse 'my site.yaml' --section 2.0", {f"2.0{last}" for last in "0123456789"}),
        ("osp-compile explain site.yaml 2.07/", {"2.07/2", "2.07/4a", "2.07/4b"}),
        ("osp-compile explain ~/site.yaml 2.07/2 --node overcloud-com", {"overcloud-compute-0", "overcloud-compute-1"}),
        (f"osp-compile explain {BUNDLE} 2.08/2 --node overcloud-networker-", NETWORKERS),
        ("osp-compile explain /nowhere 2.07/2 --node ", set()),
    ],
)
def test_what_fits_is_offered(shell: Shell, line: str, wanted: set[str]) -> None:
    assert {word.removesuffix("/") for word in shell.offered(line)} == wanted


def test_before_any_letter_there_are_all_verbs_and_files(shell: Shell) -> None:
    found = shell.offered("osp-compile ")
    # bash has files only where no verb fits
    files = set() if shell.name == "bash" else {"site.yaml", "my site.yaml", "out", "bin"}
    assert {word.removesuffix("/") for word in found} == VERBS | files


def test_each_time_of_a_session_is_as_good_as_the_first(home: Path) -> None:
    """What zsh loads of a folder of $fpath is another function from the second time on."""
    for name in [name for name in ("bash", "zsh") if name in THERE]:
        with Line.begun(name, home) as line:
            assert [line.typed(f"osp-compile ver{TAB}") for _ in range(3)] == ["osp-compile verify "] * 3
            assert line.typed(f"osp-compile check my{TAB}--format=gi{TAB}") == (
                "osp-compile check my\\ site.yaml --format=github "
            )


if "fish" in THERE:

    def test_fish_shows_the_whole_of_what_is_said_of_a_word(home: Path) -> None:
        fish = Fish(home)
        assert fish.described("osp-compile check --aga")["--against"].endswith(
            "`osp-compile import --commands` has found it."
        )
        assert fish.described("osp-compile ver")["verify"].startswith("Check that a bundle is unmodified, and say")
