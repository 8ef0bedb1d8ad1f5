"""Recordings of the OpenStack clients that hold something which cannot be the same: the rest of each is compared."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from osp_simulator.engine.call import Gone
from unit.simulator.tools.openstack.test_recorded import C2, rc_of, server, service, vm_0_on_1
from unit.simulator.tools.openstack_lab import Answer, Lab, plain, recorded
from unit.simulator.tools.recorded_cases import Case, compare

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# What the lab's OpenStack Zed adds to an image or says otherwise, and a least disk that nothing here asks for.
ASIDE = {"properties", "visibility", "min_disk"}


def whole(out: str, err: str) -> tuple[str, str]:
    return plain(out), plain(err)


def made_up(out: str, err: str) -> tuple[str, str]:
    """The text without ids, addresses and passwords, which are made up each time."""
    out = re.sub(rf"{UUID}|10\.0\.0\.\d+", lambda match: re.sub("[0-9a-f]", "x", match[0])[:8], plain(out))
    return re.sub(r"(\| adminPass +\|) \w+", r"\1 x", out), plain(err)


def fields(out: str, err: str) -> dict[str, str]:
    rows = (line.split("|") for line in plain(out).splitlines() if line.startswith("|"))
    pairs = {name.strip(): value.strip() for _, name, value, *_ in rows}
    hidden = r"[0-9a-f]{8}-[0-9a-f-]{27}" if pairs["status"] == "queued" else "$^"
    return {name: re.sub(hidden, "ID", value) for name, value in pairs.items() if name not in ASIDE}


def columns(out: str, err: str) -> list[str]:
    return [name.strip() for name in out.splitlines()[1].split("|")]


def csv_shape(out: str, err: str) -> tuple[str, list[int]]:
    lines = out.splitlines()
    return lines[0], [line.count(",") for line in lines]


def last_two(out: str, err: str) -> list[str]:
    return out.splitlines()[-2:]


def last_four(out: str, err: str) -> list[str]:
    return out.splitlines()[-4:]


def fault(out: str, err: str) -> list[Any]:
    *lines, text, status = out.splitlines()
    found = ast.literal_eval(text)
    return [*lines, found["message"], found["code"], status]


def rolled_back(out: str, err: str) -> list[str]:
    """The lines, without widths, and without the migration's number and times."""
    lines = [re.sub(r" +", " ", line) for line in plain(out).splitlines() if not line.startswith("+")]
    return [re.sub(r"^\| \d+ |TIME(\.\d+)?|\| \d* \| \d* (?=\| )", "", line) for line in lines]


def without_nodes(out: str, err: str) -> list[str]:
    """The lines but those that tell how far which node has come, which is the timing of the lab."""
    out = re.sub(rf"\(will clear {UUID}\)", "", out)
    return [line for line in out.splitlines() if not line.startswith(("completed", "on_breakpoint", "WAITING"))]


def called(name: str) -> Callable[[dict[str, Any]], None]:
    """The server of an earlier recording: one of the lab's under its name."""
    return lambda state: server(state, "vm-4").update(name=name)


def down_host(state: dict[str, Any]) -> None:
    service(state, C2, up=False)


def snapshot_there(state: dict[str, Any]) -> None:
    image = {"name": "vm-0-snap", "id": "8832ec87-a89d-4632-af9b-c274b6878a9c", "status": "active", "size": 0}
    state["glance"]["overcloud"]["images"].append({**image, "created": 0})


def rolls_back(state: dict[str, Any]) -> None:
    vm_0_on_1(state, on_live_migration="rolls-back")


ZED = "Zed's glance has properties of its own, which make the table wider: the others but the least disk"
MADE_UP = "all but ids, addresses and passwords, which are made up"
PIPE = "all; head, which closes the pipe early there, does not here"
VALUES = {
    "abbreviated-option": Case(PIPE, whole),
    "endpoint-list-columns": Case("the lab's catalog has other endpoints: heading and columns", csv_shape),
    "image-create-eats-stdin": Case(
        "the loop is the shell's: what the client does with the rest of its stdin", last_two,
        asked="printf 'two\\nthree\\n' | openstack image create eaten-one -f value -c status -c size",
    ),
    "image-create-id": Case(ZED, fields),
    "network-agent-list-json": Case(PIPE, whole),
    "nova-host-evacuate-live-empty": Case("all", whole),
    "nova-live-migration-twice": Case("all", whole),
    "nova-migration-list": Case("its history is that of all recordings before: the columns", columns),
    "overcloud-update-no": Case("which nodes were done by then is the lab's timing: the rest", without_nodes),
    "server-create": Case(MADE_UP, made_up),
    "server-create-same-name": Case("all", whole, called("vm-new")),
    "server-create-then": Case("all", whole, called("vm-new")),
    "server-create-wait": Case(MADE_UP, made_up),
    "server-create-wait-error": Case("the fault's details are Zed's: message and code", fault),
    "server-delete": Case("all", whole, called("vm-new2")),
    "server-delete-wait": Case("all", whole, called("vm-disabled-host")),
    "server-image-create-busy": Case("all", whole),
    "server-image-create-nowait": Case(MADE_UP, made_up),
    "server-image-create-same-name": Case("all", whole, snapshot_there),
    "server-image-create-wait": Case(ZED, fields),
    "server-migrate-live-fails-later": Case("its number and times: the rest", rolled_back, rolls_back),
    "server-stop-on-down-host": Case(
        "the shell finds the server: what is done with it", last_four, down_host,
        asked='openstack server stop vm-5; echo "exit $?"; sleep 5; '
        "openstack server show -f value -c status -c OS-EXT-SRV-ATTR:host -c OS-EXT-STS:task_state vm-5",
    ),
}  # fmt: skip
ALONE = ["image-create-id-tty", "image-save", "server-migrate-cold-wait-hangs"]


@pytest.mark.parametrize("name", sorted(VALUES))
def test_what_can_be_the_same(name: str, tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    VALUES[name].prepare(lab.world.state)

    def ask(line: str) -> Answer:
        status, out, err = lab.run(line, "under" if name == "endpoint-list-columns" else rc_of(name))
        return status, out, err

    compare(name, VALUES[name], ask)


class Terminal(Lab):
    """A lab whose commands run on a terminal."""

    ours = -1

    def descriptor(self) -> int:
        self.ours, theirs = os.openpty()
        return theirs


def test_on_a_terminal_an_image_stays_queued(tmp_path: Path) -> None:
    """The recording had its terminal from script(1)."""
    command, status, out, err = recorded("image-create-id-tty")
    lab = Terminal(tmp_path)
    answer = lab.run(command.split("'")[1])
    os.close(lab.ours)  # not sooner: without a process at its other end it does not count as a terminal
    assert answer == (status, out, err)


def test_a_saved_image_lies_where_it_was_asked_for(tmp_path: Path) -> None:
    """The recording's second answer is the file's length; the simulator's file is a stand-in of another length."""
    lab = Lab(tmp_path)
    image = {"name": "vm-2-snap", "id": "6fe811b1-97df-4859-a423-082da319d3ff", "status": "active", "size": 53}
    lab.world.state["glance"]["overcloud"]["images"].append({**image, "created": 0})
    _, status, out, err = recorded("image-save")
    answer = lab.run('openstack image save --file /home/stack/vm-0.img vm-2-snap; echo "exit $?"')
    assert answer == (status, f"{out.splitlines()[0]}\n", err)
    assert lab.world.files.path("undercloud", "/home/stack/vm-0.img").stat().st_size > 0


def test_a_cold_migration_that_is_waited_for_never_ends(tmp_path: Path) -> None:
    """The recording was cut off by a timeout; here the call does not return."""
    lab = Lab(tmp_path)
    command, status, out, err = recorded("server-migrate-cold-wait-hangs")
    assert (status, out, err) == (124, "", "")
    with pytest.raises(Gone):
        lab.run(command)
    assert server(lab.world.state, "vm-5")["status"] == "VERIFY_RESIZE"
