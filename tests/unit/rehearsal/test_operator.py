"""What an operator who agrees types at each question of the scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from osp_compile.rehearsal import operator
from osp_compile.rehearsal.operator import Operator
from osp_simulator.engine import lifecycle
from unit.simulator.worlds import CONTROLLER, SITE, up

MENU = (
    "        at a breakpoint:\n           1) c0  Controller\n        cluster: {}, words\n"
    "        number of the node to update next, r to look again, q to leave the update waiting: "
)


class Told(Operator):
    """An operator whose world only takes note."""

    def __init__(self, answers: Sequence[str] = (), thinks: float = 0.0) -> None:
        super().__init__(Path("/nowhere"), answers, thinks)
        self.asked: list[str] = []

    def ask(self, verb: str, **_: Any) -> Any:
        self.asked.append(verb)


@pytest.mark.parametrize(
    ("shown", "typed"),
    [
        ("        type y to continue, anything else stops here: ", "y"),
        ("        type overcloud-compute-0 to continue, anything else stops here: ", "overcloud-compute-0"),
        ("        where did you copy it? Enter alone stops here: ", "tape 4711"),
        ("write these 13 keys to /home/stack/.ssh/known_hosts? type yes: ", "yes"),
        (MENU.format("healthy"), "1"),
        (MENU.format("not healthy"), "r"),
        ("a line that only mentions: type y to continue, anything else stops here: and goes on", None),
    ],
)
def test_answers(shown: str, typed: str | None) -> None:
    assert Told()._reply(shown) == typed


def test_given_answers_come_first() -> None:
    operator = Told(["no", "q"])
    assert operator._reply("type y to continue, anything else stops here: ") == "no"
    assert operator._reply(MENU.format("healthy")) == "q"
    assert operator._reply(MENU.format("healthy")) == "1"


def test_time_passes_before_a_look_again() -> None:
    operator = Told()
    operator._reply(MENU.format("not healthy"))
    assert operator.asked == ["advance"]


def test_who_thinks_answers_later() -> None:
    operator = Told(thinks=300)
    assert operator._answer("        type y to continue, anything else stops here: ") == "y"
    assert operator._answer("no question") is None
    assert operator.asked == ["advance"]


@pytest.mark.usefixtures("sandbox")
def test_a_world_that_the_first_command_wakes_outlives_the_reboot_which_that_asks_for(tmp_path: Path) -> None:
    world = up(tmp_path / "lab", SITE)
    world.simulator("down")
    operator = Operator(world.folder)
    try:
        status, output = operator.type(["ssh", CONTROLLER, "sudo", "reboot"])
        assert (status, output) == (255, "Connection to 192.0.2.10 closed by remote host.\n")
        assert operator.ask("get", path="hosts.overcloud-controller-0.boots") == 0
    finally:
        lifecycle.stop(world.folder)


@pytest.mark.usefixtures("sandbox")
def test_a_script_that_prints_for_ever_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operator, "MOST", 200_000)
    world = up(tmp_path / "w", SITE)
    try:
        status, output = Operator(world.folder).type(["yes"])
    finally:
        lifecycle.stop(world.folder)
    assert status != 0
    assert 100_000 < len(output) < 400_000


SPINS = "while :; do :; done"
READS = "mkfifo /tmp/p; read -r word </tmp/p"


@pytest.fixture
def hasty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sandbox: None) -> Iterator[Operator]:
    """An operator who waits for moments where it would be minutes."""
    monkeypatch.setattr(operator, "QUIET", 0.5)
    world = up(tmp_path / "w", SITE)
    yield Operator(world.folder)
    lifecycle.stop(world.folder)


@pytest.mark.parametrize(
    "command",
    [
        f"timeout 300 sudo bash -c '{SPINS}'",
        f"timeout 300 bash -c '{SPINS}'",
        f"timeout 300 ssh {CONTROLLER} sudo bash -s <<<'{SPINS}'",
        f"sudo timeout 300 bash -c '{READS}'",
        f"timeout -k 10 300 ssh {CONTROLLER} sudo timeout 900 bash -s <<<'{READS}'",
    ],
)
def test_a_limit_of_the_site_ends_what_calls_nothing(hasty: Operator, command: str) -> None:
    status, output = hasty.type(["bash", "-c", f"{command}; echo ended with $?; date +%T"])
    assert (status, output.splitlines()) == (0, ["ended with 124", "22:05:00"])


@pytest.mark.parametrize(
    ("command", "waited_for"),
    [
        (f"sudo bash -c '{SPINS}'", f"`sudo bash -c '{SPINS}'` of stack on `undercloud` has not ended"),
        (f"ssh {CONTROLLER} sudo bash -s <<<'{READS}'", "`sudo bash -s` of heat-admin on `overcloud-controller-0`"),
        (f"rpm -q $'\\eb'; echo $'\\e[2Jlast words'; {SPINS}", "the script itself, after `rpm -q '?b'` of stack on"),
        (READS, "the script itself, before its first command"),
    ],
)
def test_what_has_no_limit_is_given_up_with_what_was_waited_for(
    hasty: Operator, monkeypatch: pytest.MonkeyPatch, command: str, waited_for: str
) -> None:
    monkeypatch.setattr(operator, "STILL", 1.5)
    with pytest.raises(operator.GivenUpError) as given_up:
        hasty.type(["bash", "-c", command])
    assert waited_for in str(given_up.value)
    assert not operator.CONTROLS.search(str(given_up.value))


def test_who_asks_for_ever_and_says_nothing_is_given_up(hasty: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operator, "PATIENCE", 1.5)
    with pytest.raises(operator.GivenUpError, match="without a word"):
        hasty.type(["bash", "-c", "until rpm -q nothing-such >/dev/null; do :; done"])


def test_a_world_that_does_not_reply_is_given_up(hasty: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = lifecycle.ask

    def silent(folder: Path, verb: str, **data: Any) -> Any:
        if verb == "still":
            assert data["patience"] == operator.QUIET
            raise TimeoutError
        return ask(folder, verb, **data)

    monkeypatch.setattr(operator, "PATIENCE", 1.5)
    monkeypatch.setattr(lifecycle, "ask", silent)
    with pytest.raises(operator.GivenUpError, match="the simulator, which does not answer"):
        hasty.type(["bash", "-c", SPINS])


@pytest.mark.usefixtures("sandbox")
def test_a_run_in_which_the_simulated_site_itself_failed_does_not_pass(tmp_path: Path) -> None:
    world = up(tmp_path / "w", SITE)
    try:
        world.set("errors", ["Traceback\nKeyError: 'x'\n"])
        one, other = (Operator(world.folder).run("2.01", ["true"]).breaches for _ in range(2))
    finally:
        lifecycle.stop(world.folder)
    text = "the simulated site itself failed, and not the script: KeyError: 'x'\nTraceback\nKeyError: 'x'"
    assert [(breach["rule"], breach["text"]) for breach in one if breach not in other] == [("simulator", text)]
