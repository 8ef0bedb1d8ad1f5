"""ceph (Jewel 10.2): who may ask, whether the cluster answers, and which command is meant."""

from __future__ import annotations

from collections.abc import Callable

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.registry import Facts, beginning, tool
from osp_simulator.engine.world import World
from osp_simulator.state.control_plane import Ceph
from osp_simulator.tools.ceph.format import form_and_words, option
from osp_simulator.tools.ceph.keys import key_delete, key_exists, key_get, key_list, key_put
from osp_simulator.tools.ceph.osds import osd_df, osd_dump, osd_out, osd_set, osd_stat, osd_tree, osd_unset
from osp_simulator.tools.ceph.state import quorum
from osp_simulator.tools.ceph.status import df, health_command, mon_stat, pg_stat, quorum_status, status


@tool(
    "ceph",
    facts=Facts(
        reaches="site",
        inline=True,
        asks=beginning(r"(?:--connect-timeout \d+ )?(?:-s|health|osd dump|config-key (?:list|get))\b"),
    ),
)
def ceph(call: Call, world: World) -> int:
    state = world.state["ceph"]
    entry = world.state["hosts"][call.host]
    if state is None or not {"ceph_mon", "ceph_osd", "controller"} & set(entry["capabilities"]):
        raise Refused(127, "bash: ceph: command not found")
    if call.user != "root":
        raise Refused(1, "2018-11-22 22:00:00.000000 7f0000000000 -1 auth: unable to find a keyring on "
                      "/etc/ceph/ceph.client.admin.keyring: (13) Permission denied\n"
                         "Error connecting to cluster: PermissionDeniedError")  # fmt: skip
    form, words = form_and_words(call)
    _connect(call, world)
    world.clock.advance(1)
    for prefix, handler in COMMANDS.items():
        if tuple(words[: len(prefix)]) == prefix:
            return handler(call, world, state, words[len(prefix) :], form)
    raise Refused(
        22, "no valid command found; 10 closest matches:\nosd stat\nosd tree\nosd dump\nError EINVAL: invalid command"
    )


def _connect(call: Call, world: World) -> None:
    """Refused without a configuration, and, once the time to connect is over, without a quorum."""
    config = option(call, "-c") or option(call, "--conf")
    if config and not world.files.path(call.host, config).exists():
        raise Refused(1, "Error initializing cluster client: ObjectNotFound('error calling conf_read_file',)")
    if not quorum(world):
        world.clock.advance(float(option(call, "--connect-timeout") or 300))
        raise Refused(1, "Error connecting to cluster: TimedOut")


# what a command's words after its name come to in a form: its exit status
Handler = Callable[[Call, World, Ceph, list[str], str], int]
COMMANDS: dict[tuple[str, ...], Handler] = {
    ("status",): status, ("health",): health_command, ("osd", "set"): osd_set, ("osd", "unset"): osd_unset,
    ("osd", "dump"): osd_dump,
    ("osd", "stat"): osd_stat, ("osd", "tree"): osd_tree, ("osd", "df"): osd_df, ("osd", "out"): osd_out,
    ("pg", "stat"): pg_stat, ("mon", "stat"): mon_stat, ("quorum_status",): quorum_status,
    ("df",): df, ("config-key", "put"): key_put, ("config-key", "get"): key_get, ("config-key", "del"): key_delete,
    ("config-key", "exists"): key_exists, ("config-key", "list"): key_list,
}  # fmt: skip
