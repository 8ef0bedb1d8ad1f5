"""Rules: passwords stay out of argument lists, screens, logs and journals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypedDict

from osp_simulator.engine.watching import rule
from osp_simulator.hosts import users

if TYPE_CHECKING:
    from osp_simulator.engine.call import Call
    from osp_simulator.engine.run import Run
    from osp_simulator.engine.world import World
    from osp_simulator.state import State

# What people read or attach to tickets of a change's records; the saved rc files next to it do contain passwords.
RECORDS = (
    "*/*/journal.tsv",
    "*/*/logs/*",
    "*/*/evidence/*",
    "*/*/software/*",
)


class Locked(TypedDict):
    """A part of the state that has a password."""

    password: str


def secrets_of(state: State) -> list[str]:
    """Every password of the site."""
    locked: list[Locked | None] = [state.get("galera"), state.get("mysql"), state.get("redis"), state.get("haproxy")]
    for cloud in state["keystone"].values():
        locked += [cloud, *cloud.get("tenants", [])]
    return sorted({word for part in locked if part and len(word := part.get("password") or "") > 5})


@rule("secret-in-arguments", "call", "no secret is in any argument list")
def secret_in_arguments(world: World, call: Call) -> Iterator[str]:
    words = "\0".join(call.argv)
    for secret in secrets_of(world.state):
        if secret in words:
            yield f"{call.tool} on {call.host} was given a password as an argument"


@rule("secret-written-down", "run", "no secret is printed, logged or journalled")
def secret_written_down(world: World, run: Run) -> Iterator[str]:
    secrets = secrets_of(world.state)
    if any(secret in run.output for secret in secrets):
        yield f"{run.section} printed a password"
    root = world.files.root("undercloud")
    records = root / users.records_of(world.state["site"])
    for path in sorted(path for pattern in RECORDS for path in records.glob(pattern) if path.is_file()):
        text = path.read_text("utf-8", errors="replace")
        if any(secret in text for secret in secrets):
            yield f"a password is in /{path.relative_to(root)}"
