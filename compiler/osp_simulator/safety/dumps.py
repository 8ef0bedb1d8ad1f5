"""Rules: making a dump does not disturb the cloud, and the dump has what a restore needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from osp_simulator.engine.watching import rule

if TYPE_CHECKING:
    from osp_simulator.engine.call import Call
    from osp_simulator.engine.run import Run
    from osp_simulator.engine.world import World


@rule("dump-of-use", "call", "a dump locks no table of a cloud that runs, and holds all that a restore needs")
def dump_of_use(_: World, call: Call) -> Iterator[str]:
    wanted: tuple[str, ...]
    if call.tool == "mysqldump":
        # a dump of all schemas has the routines in the schema mysql
        schemas = ("--single-transaction", "--databases", "--routines", "--events")
        wanted = ("--all-databases", "--events") if call.host == "undercloud" else schemas
    elif call.tool == "mongodump" and call.host != "undercloud":
        wanted = ("--oplog",)
    else:
        return
    for option in wanted:
        if option not in call.argv:
            yield f"{call.tool} on {call.host} was run without {option}"


@rule("piece-left-on-node", "run", "a run that ends well leaves nothing of a backup on the nodes")
def piece_left_on_node(_: World, run: Run) -> Iterator[str]:
    if run.status != 0:
        return
    for host, name in sorted(set(run.files_after) - set(run.files)):
        if name.startswith("var/tmp/") and host != "undercloud":
            yield f"{run.section} left /{name} on {host}"
