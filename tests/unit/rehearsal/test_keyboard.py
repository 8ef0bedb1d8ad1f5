"""What an operator who agrees types at each question of the scripts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from osp_compile.rehearsal import keyboard
from osp_compile.rehearsal.keyboard import Operator
from osp_simulator.engine import launch
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
        launch.stop(world.folder)


@pytest.mark.usefixtures("sandbox")
def test_a_script_that_prints_for_ever_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyboard, "MOST", 200_000)
    world = up(tmp_path / "w", SITE)
    try:
        status, output = Operator(world.folder).type(["yes"])
    finally:
        launch.stop(world.folder)
    assert status != 0
    assert 100_000 < len(output) < 400_000
