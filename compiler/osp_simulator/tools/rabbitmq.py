"""rabbitmqctl 3.6."""

# ruff: noqa: E501  a line that a tool prints stays one line here
from __future__ import annotations

from collections.abc import Callable, Mapping

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.options import parse
from osp_simulator.engine.registry import Facts, beginning, tool
from osp_simulator.engine.world import World
from osp_simulator.state.control_plane import Rabbit, RabbitNode


@tool(
    "rabbitmqctl",
    facts=Facts(reaches="site", inline=True, asks=beginning(r"(?:node_health_check|cluster_status|status|list_\w+)\b")),
)
def rabbitmqctl(call: Call, world: World) -> int:
    rabbit = world.state["rabbit"]
    if rabbit is None or call.host not in rabbit["nodes"]:
        raise Refused(127, "bash: rabbitmqctl: command not found")
    if call.user != "root":
        raise Refused(1, "Only root or rabbitmq should run rabbitmqctl")
    asked = parse(
        call.argv, {"-q": "quiet", "--quiet": "quiet"}, {"-n": "node", "-t": "timeout"},
        "Error: could not recognise command: %s", 64
    )  # fmt: skip
    word = asked.rest[0] if asked.rest else ""
    # it calls itself as its host does, in small letters
    name = asked.values.get("node", f"rabbit@{call.host.lower()}")
    node = _node_called(rabbit, name)
    if node is None or not node["running"]:
        raise Refused(
            69 if word == "node_health_check" else 2,
            f"Error: unable to connect to node '{name}': nodedown\n\n"
            f"DIAGNOSTICS\n===========\n\nattempted to contact: ['{name}']",
        )
    if word not in COMMANDS:
        raise Refused(
            64,
            "Error: could not recognise command\nUsage:\n"
            "rabbitmqctl [-n <node>] [-t <timeout>] [-q] <command> [<command options>]",
        )
    return COMMANDS[word](call, rabbit, name, node)


def _node_called(rabbit: Rabbit, name: str) -> RabbitNode | None:
    if not name.startswith("rabbit@"):
        return None
    return {host.lower(): node for host, node in rabbit["nodes"].items()}.get(name.partition("@")[2])


def node_health_check(call: Call, _rabbit: Rabbit, name: str, node: RabbitNode) -> int:
    call.stdout.write(f"Checking health of node '{name}'\n")
    if not node["healthy"]:
        call.stderr.write("Error: healthcheck failed: [{resource_limit,memory}]\n")
        return 70
    call.stdout.write("Health check passed\n")
    return 0


def cluster_status(call: Call, rabbit: Rabbit, name: str, node: RabbitNode) -> int:
    members = {one: what for one, what in rabbit["nodes"].items() if what.get("alone") == node.get("alone")}
    up = [one for one, what in members.items() if what["running"]]
    every = ",\n                ".join(f"'rabbit@{one.lower()}'" for one in members)
    alive = ",\n                 ".join(f"'rabbit@{one.lower()}'" for one in up)
    alarms = ",\n          ".join(f"{{'rabbit@{one.lower()}',[]}}" for one in up)
    apart = ",\n               ".join(f"'rabbit@{one.lower()}'" for one in node.get("partitions", ()))
    split = f"{{'{name}',[{apart}]}}" if apart else ""
    call.stdout.write(
        f"Cluster status of node '{name}' ...\n[{{nodes,[{{disc,[{every}]}}]}},\n"
        f' {{running_nodes,[{alive}]}},\n {{cluster_name,<<"{name}">>}},\n {{partitions,[{split}]}},\n {{alarms,[{alarms}]}}]\n'
    )
    return 0


def status(call: Call, _rabbit: Rabbit, name: str, _node: RabbitNode) -> int:
    call.stdout.write(f"Status of node '{name}'\n[{{pid,1234}},{{uptime,777}}]\n")
    return 0


# what a command comes to, asked of the node of that name: its exit status
COMMANDS: Mapping[str, Callable[[Call, Rabbit, str, RabbitNode], int]] = {
    "node_health_check": node_health_check,
    "cluster_status": cluster_status,
    "status": status,
}
