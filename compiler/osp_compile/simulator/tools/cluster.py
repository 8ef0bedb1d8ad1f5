"""pcs 0.9, crm_mon and crm_attribute (pacemaker 1.1), clustercheck, rabbitmqctl 3.6."""

# ruff: noqa: E501  what a tool prints stands in one line here as it does there

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

from osp_compile.simulator.call import Call, Refused
from osp_compile.simulator.clocktext import ctime
from osp_compile.simulator.registry import tool
from osp_compile.simulator.world import World

from . import pacemaker

NOT_RUNNING = "Error: cluster is not currently running on this node"


def cluster_of(call: Call, world: World, name: str) -> dict[str, Any]:
    cluster = world.state["pacemaker"]
    if cluster is None or call.host not in cluster["nodes"]:
        raise Refused(127, f"bash: {name}: command not found")
    found: dict[str, Any] = cluster
    return found


@tool("pcs")
def pcs(call: Call, world: World) -> int:
    cluster = cluster_of(call, world, "pcs")
    if call.user != "root":
        raise Refused(1, "Error: Unable to read the known tokens file\nError: must be run as root")
    world.advance(1)
    words = [word for word in call.argv if word not in ("--full", "--force", "--debug")]
    if words[:1] == ["--version"]:
        call.stdout.write("0.9.158\n")
        return 0
    for prefix, handler in PCS.items():
        if tuple(words[: len(prefix)]) == prefix:
            return int(handler(call, world, cluster, words[len(prefix) :]) or 0)
    raise Refused(1, f"\nUsage: pcs [-f file] [-h] [commands]...\nError: unknown command {' '.join(words)}")


def need_running(call: Call, world: World) -> None:
    if not pacemaker.running(world.state, call.host):
        raise Refused(1, NOT_RUNNING)


def status(call: Call, world: World, cluster: dict[str, Any], words: list[str]) -> int:
    need_running(call, world)
    if words and words[0] in ("resources", "nodes", "cluster"):
        call.stdout.write("\n".join(_resources(cluster)) + "\n" if words[0] == "resources" else _nodes(cluster))
        return 0
    quorum = "partition with quorum" if pacemaker.quorate(world.state) else "partition WITHOUT quorum"
    dc = next(iter(pacemaker.online(world.state)), "NONE")
    call.stdout.write(
        f"Cluster name: tripleo_cluster\nStack: corosync\nCurrent DC: {dc} (version {cluster['properties']['dc-version']}) - {quorum}\n"
        f"Last updated: {ctime(world.now())}\nLast change: {ctime(world.now() - 3600)} by root via cibadmin on {dc}\n\n"
        f"{len(cluster['nodes'])} nodes configured\n{sum(len(r['nodes']) if r['kind'] in ('clone', 'master') else 1 for r in cluster['resources'])} resources configured\n\n"
    )
    if cluster["properties"].get("maintenance-mode") == "true":
        call.stdout.write(
            "              *** Resource management is DISABLED ***\n  The cluster will not attempt to start, stop or recover services\n\n"
        )
    call.stdout.write(_nodes(cluster) + "\nFull list of resources:\n\n" + "\n".join(_resources(cluster)) + "\n")
    if cluster["failed"]:
        heading = "Failed Actions:" if cluster["properties"]["dc-version"] < "1.1.20" else "Failed Resource Actions:"
        call.stdout.write(f"\n{heading}\n")
        for one in cluster["failed"]:
            call.stdout.write(
                f"* {one['resource']}_{one.get('operation', 'monitor')}_10000 on {one['node']} '{one.get('text', 'not running')}' (7): call=42, status=complete, exitreason='none',\n"
                f"    last-rc-change='{ctime(world.now() - 600)}', queued=0ms, exec=0ms\n"
            )
    call.stdout.write(
        "\nDaemon Status:\n  corosync: active/enabled\n  pacemaker: active/enabled\n  pcsd: active/enabled\n"
    )
    return 0


def _nodes(cluster: dict[str, Any]) -> str:
    standby = [name for name, node in cluster["nodes"].items() if node["online"] and node["standby"]]
    up = [name for name, node in cluster["nodes"].items() if node["online"] and not node["standby"]]
    down = [name for name, node in cluster["nodes"].items() if not node["online"]]
    text = "".join(f"Node {name}: standby\n" for name in standby)
    text += f"Online: [ {' '.join(sorted(up))} ]\n" if up else ""
    return text + (f"OFFLINE: [ {' '.join(sorted(down))} ]\n" if down else "")


def _resources(cluster: dict[str, Any]) -> list[str]:
    lines = []
    for resource in cluster["resources"]:
        name, state = resource["id"], resource["state"]
        if resource["kind"] in ("clone", "master"):
            inner = name.removesuffix("-clone").removesuffix("-master")
            lines.append(f" {'Clone' if resource['kind'] == 'clone' else 'Master/Slave'} Set: {name} [{inner}]")
            for role, heading in (("Master", "Masters"), ("Slave", "Slaves"), ("Started", "Started")):
                nodes = sorted(node for node, what in state.items() if what == role)
                if nodes:
                    lines.append(f"     {heading}: [ {' '.join(nodes)} ]")
            for node, what in state.items():
                if what == "FAILED":
                    lines.append(f"     {inner}\t({resource['agent']}):\tFAILED {node}")
            stopped = sorted(node for node in resource["nodes"] if state.get(node, "Stopped") == "Stopped")
            if stopped:
                lines.append(f"     Stopped: [ {' '.join(stopped)} ]")
        elif state:
            node, what = next(iter(state.items()))
            lines.append(
                f" {name}\t({resource['agent']}):\t{what} {node}"
                if what != "Stopped"
                else f" {name}\t({resource['agent']}):\tStopped"
            )
        else:
            lines.append(f" {name}\t({resource['agent']}):\tStopped{' (disabled)' if resource['disabled'] else ''}")
    return lines


def property_show(call: Call, world: World, cluster: dict[str, Any], words: list[str]) -> int:
    need_running(call, world)
    names = [word for word in words if not word.startswith("--")]
    call.stdout.write("Cluster Properties:\n")
    for name, value in sorted(cluster["properties"].items()):
        if not names or name in names:
            call.stdout.write(f" {name}: {value}\n")
    return 0


def property_set(call: Call, world: World, cluster: dict[str, Any], words: list[str]) -> int:
    need_running(call, world)
    for word in words:
        name, separator, value = word.partition("=")
        if not separator:
            raise Refused(1, f"Error: invalid property format: '{word}'")
        known = name in cluster["properties"] or name in ("maintenance-mode", "stonith-enabled", "no-quorum-policy")
        if not known and "--force" not in call.argv:
            raise Refused(1, f"Error: unknown cluster property: '{name}', (use --force to override)")
        if value:
            cluster["properties"][name] = value
        else:
            cluster["properties"].pop(name, None)
    return 0


def property_unset(call: Call, world: World, cluster: dict[str, Any], words: list[str]) -> int:
    need_running(call, world)
    for name in words:
        if name not in cluster["properties"] and "--force" not in call.argv:
            raise Refused(1, f"Error: can't remove property: '{name}' that doesn't exist")
        cluster["properties"].pop(name, None)
    return 0


def cluster_start(call: Call, world: World, cluster: dict[str, Any], words: list[str]) -> int:
    names = (
        list(cluster["nodes"])
        if "--all" in words
        else [word for word in words if not word.startswith("--")] or [call.host]
    )
    for name in names:
        call.stdout.write("Starting Cluster...\n")
        if not pacemaker.running(world.state, name):
            pacemaker.start_node(world, name)
    return 0


def cluster_stop(call: Call, world: World, cluster: dict[str, Any], words: list[str]) -> int:
    names = (
        list(cluster["nodes"])
        if "--all" in words
        else [word for word in words if not word.startswith("--")] or [call.host]
    )
    left = len([name for name in pacemaker.online(world.state) if name not in names])
    if "--all" not in words and left * 2 <= len(cluster["nodes"]) and "--force" not in call.argv:
        raise Refused(1, "Error: Stopping the node(s) will cause a loss of the quorum, use --force to override")
    call.stdout.write("Stopping Cluster (pacemaker)...\nStopping Cluster (corosync)...\n")
    for name in names:
        pacemaker.stop_node(world, name)
    world.advance(20)
    return 0


def resource_cleanup(call: Call, world: World, cluster: dict[str, Any], words: list[str]) -> int:
    need_running(call, world)
    names = [word for word in words if not word.startswith("--")]
    cluster["failed"] = [one for one in cluster["failed"] if names and one["resource"] not in names]
    pacemaker.place(world)
    call.stdout.write(
        "Cleaned up all resources on all nodes\n" if not names else f"Cleaned up {names[0]} on {call.host}\n"
    )
    return 0


def resource_switch(disabled: bool) -> Any:
    def switch(call: Call, world: World, cluster: dict[str, Any], words: list[str]) -> int:
        need_running(call, world)
        names = [word for word in words if not word.startswith("--")]
        for name in names:
            found = [
                one
                for one in cluster["resources"]
                if name in (one["id"], one["id"].removesuffix("-clone").removesuffix("-master"))
            ]
            if not found:
                raise Refused(1, f"Error: bundle/clone/group/master/resource '{name}' does not exist")
            found[0]["disabled"] = disabled
        pacemaker.place(world)
        return 0

    return switch


PCS: dict[tuple[str, ...], Any] = {
    ("status",): status, ("property", "show"): property_show, ("property", "list"): property_show, ("property", "set"): property_set,
    ("property", "unset"): property_unset, ("cluster", "start"): cluster_start, ("cluster", "stop"): cluster_stop,
    ("cluster", "status"): status, ("resource", "cleanup"): resource_cleanup, ("resource", "disable"): resource_switch(True),
    ("resource", "enable"): resource_switch(False), ("resource", "show"): lambda c, w, k, _words: status(c, w, k, ["resources"]),
}  # fmt: skip


@tool("crm_mon")
def crm_mon(call: Call, world: World) -> int:
    cluster = cluster_of(call, world, "crm_mon")
    if not set(call.argv) <= {"--as-xml", "-X", "-1", "--one-shot", "-r", "--inactive"} or not {"--as-xml", "-X"} & set(
        call.argv
    ):
        raise Refused(64, "crm_mon: only --as-xml is answered here")
    if call.user != "root" or not pacemaker.running(world.state, call.host):
        raise Refused(107, "\nConnection to cluster failed: Transport endpoint is not connected")
    dc = next(iter(pacemaker.online(world.state)), "")
    quorum = "true" if pacemaker.quorate(world.state) else "false"
    properties = cluster["properties"]
    out = ['<?xml version="1.0"?>', '<crm_mon version="1.1.16">', "    <summary>", '        <stack type="corosync" />']
    out.append(
        f'        <current_dc present="true" version="{properties["dc-version"]}" name="{dc}" id="1" with_quorum="{quorum}" />'
    )
    out.append(f'        <last_update time="{ctime(world.now())}" />')
    out.append(f'        <nodes_configured number="{len(cluster["nodes"])}" expected_votes="unknown" />')
    disabled = sum(resource["disabled"] for resource in cluster["resources"])
    out.append(
        f'        <resources_configured number="{len(cluster["resources"])}" disabled="{disabled}" blocked="0" />'
    )
    maintenance = properties.get("maintenance-mode", "false")
    out.append(
        f'        <cluster_options stonith-enabled="{properties.get("stonith-enabled", "true")}" symmetric-cluster="true" '
        f'no-quorum-policy="stop" maintenance-mode="{maintenance}" />'
    )
    out += ["    </summary>", "    <nodes>"]
    for index, (name, node) in enumerate(cluster["nodes"].items(), 1):
        flag = {True: "true", False: "false"}
        held = sum(name in resource["state"] for resource in cluster["resources"])
        out.append(
            f'        <node name="{name}" id="{index}" online="{flag[node["online"]]}" standby="{flag[node["standby"]]}" standby_onfail="false" '
            f'maintenance="{flag[node["maintenance"]]}" pending="{flag[bool(node.get("pending"))]}" unclean="{flag[bool(node.get("unclean"))]}" '
            f'shutdown="false" expected_up="true" is_dc="{flag[name == dc]}" resources_running="{held}" type="member" />'
        )
    out += ["    </nodes>", "    <resources>", *_xml_resources(cluster), "    </resources>"]
    if cluster["failed"]:
        out.append("    <failures>")
        for one in cluster["failed"]:
            out.append(
                f'        <failure op_key="{one["resource"]}_{one.get("operation", "monitor")}_10000" node="{one["node"]}" exitstatus={quoteattr(one.get("text", "not running"))} '
                f'exitreason="none" exitcode="7" call="42" status="complete" last-rc-change="{ctime(world.now() - 600)}" queued="0" exec="0" interval="10000" task="{one.get("operation", "monitor")}" />'
            )
        out.append("    </failures>")
    call.stdout.write("\n".join([*out, "</crm_mon>"]) + "\n")
    return 0


def _xml_resources(cluster: dict[str, Any]) -> list[str]:
    lines = []
    for resource in cluster["resources"]:
        inner = resource["id"].removesuffix("-clone").removesuffix("-master")
        if resource["kind"] in ("clone", "master"):
            multi = "true" if resource["kind"] == "master" else "false"
            lines.append(
                f'        <clone id="{resource["id"]}" multi_state="{multi}" unique="false" managed="true" failed="false" failure_ignored="false" >'
            )
            for node in resource["nodes"]:
                lines += _xml_resource(resource, inner, resource["state"].get(node, "Stopped"), node, "            ")
            lines.append("        </clone>")
        else:
            node, role = next(iter(resource["state"].items()), ("", "Stopped"))
            lines += _xml_resource(resource, resource["id"], role, node, "        ")
    return lines


def _xml_resource(resource: dict[str, Any], name: str, role: str, node: str, indent: str) -> list[str]:
    active = role not in ("Stopped", "FAILED")
    failed = "true" if role == "FAILED" else "false"
    target = ' target_role="Stopped"' if resource["disabled"] else ""
    head = (
        f'{indent}<resource id="{name}" resource_agent="{resource["agent"]}" role="{"Started" if role == "FAILED" else role}"{target} active="{"true" if active else "false"}" '
        f'orphaned="false" blocked="false" managed="true" failed="{failed}" failure_ignored="false" nodes_running_on="{1 if active else 0}"'
    )
    if not active:
        return [f"{head} />"]
    return [f"{head} >", f'{indent}    <node name="{node}" id="1" cached="false"/>', f"{indent}</resource>"]


@tool("crm_attribute")
def crm_attribute(call: Call, world: World) -> int:
    """Cluster properties: `--name N --query`, `--name N --update V`, `--name N --delete` (type crm_config)."""
    cluster = cluster_of(call, world, "crm_attribute")
    if call.user != "root" or not pacemaker.running(world.state, call.host):
        raise Refused(107, "Error connecting to the CIB manager: Transport endpoint is not connected")
    words, values, flags = list(call.argv), {}, set()
    while words:
        name, separator, value = words.pop(0).partition("=")
        key = {
            "-n": "--name",
            "-v": "--update",
            "-t": "--type",
            "-G": "--query",
            "-D": "--delete",
            "-q": "--quiet",
            "--attr-value": "--update",
        }.get(name, name)
        if key in ("--name", "--update", "--type", "--default", "--set-name"):
            values[key] = value if separator else words.pop(0)
        elif key in ("--query", "--delete", "--quiet"):
            flags.add(key)
        else:
            raise Refused(64, f"crm_attribute: unrecognized option '{name}'")
    name = values.get("--name", "")
    if "--update" in values:
        cluster["properties"][name] = values["--update"]
        return 0
    if "--delete" in flags:
        removed = cluster["properties"].pop(name, None)
        call.stdout.write(
            f"Deleted crm_config option: id=cib-bootstrap-options-{name} name={name}\n" if removed else ""
        )
        return 0
    if name not in cluster["properties"]:
        if "--default" in values:
            call.stdout.write(f"scope=crm_config  name={name} value={values['--default']}\n")
            return 0
        raise Refused(
            6, f"scope=crm_config  name={name} value=(null)\nError performing operation: No such device or address"
        )
    value = cluster["properties"][name]
    call.stdout.write(f"{value}\n" if "--quiet" in flags else f"scope=crm_config  name={name} value={value}\n")
    return 0


@tool("cibadmin")
def cibadmin(call: Call, world: World) -> int:
    cluster = cluster_of(call, world, "cibadmin")
    if call.user != "root" or not pacemaker.running(world.state, call.host):
        raise Refused(107, "Signon to CIB failed: Transport endpoint is not connected")
    if not {"-Q", "--query"} & set(call.argv):
        raise Refused(22, "Call cib_modify failed (-22): Invalid argument")
    call.stdout.write(
        f'<cib have-quorum="{int(pacemaker.quorate(world.state))}">\n  <configuration>\n    <crm_config>\n      <cluster_property_set id="cib-bootstrap-options">\n'
    )
    for name, value in sorted(cluster["properties"].items()):
        call.stdout.write(
            f'        <nvpair id="cib-bootstrap-options-{name}" name="{name}" value={quoteattr(value)}/>\n'
        )
    call.stdout.write("      </cluster_property_set>\n    </crm_config>\n  </configuration>\n</cib>\n")
    return 0


@tool("clustercheck")
def clustercheck(call: Call, world: World) -> int:
    galera = world.state["galera"]
    if galera is None or call.host not in galera["nodes"]:
        raise Refused(127, "bash: clustercheck: command not found")
    synced = galera["nodes"][call.host]["synced"]
    text = f"Galera cluster node is {'' if synced else 'not '}synced."
    heading = "HTTP/1.1 200 OK" if synced else "HTTP/1.1 503 Service Unavailable"
    call.stdout.write(
        f"{heading}\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: {len(text) + 2}\r\n\r\n{text}\r\n"
    )
    return 0 if synced else 1


@tool("rabbitmqctl")
def rabbitmqctl(call: Call, world: World) -> int:
    rabbit = world.state["rabbit"]
    if rabbit is None or call.host not in rabbit["nodes"]:
        raise Refused(127, "bash: rabbitmqctl: command not found")
    if call.user != "root":
        raise Refused(1, "Only root or rabbitmq should run rabbitmqctl")
    node, name = rabbit["nodes"][call.host], f"rabbit@{call.host}"
    words = [word for word in call.argv if word not in ("-q", "--quiet")]
    if not node["running"]:
        raise Refused(
            69 if words[:1] == ["node_health_check"] else 2,
            f"Error: unable to connect to node '{name}': nodedown\n\nDIAGNOSTICS\n===========\n\nattempted to contact: ['{name}']",
        )
    if words[:1] == ["node_health_check"]:
        call.stdout.write(f"Checking health of node '{name}'\n")
        if not node["healthy"]:
            call.stderr.write("Error: healthcheck failed: [{resource_limit,memory}]\n")
            return 70
        call.stdout.write("Health check passed\n")
        return 0
    if words[:1] == ["cluster_status"]:
        every = ",".join(f"'rabbit@{one}'" for one in rabbit["nodes"])
        alive = ",".join(f"'rabbit@{one}'" for one, what in rabbit["nodes"].items() if what["running"])
        apart = ",\n               ".join(f"'rabbit@{one}'" for one in node.get("partitions", ()))
        split = f"{{'{name}',[{apart}]}}" if apart else ""
        call.stdout.write(
            f"Cluster status of node '{name}' ...\n[{{nodes,[{{disc,[{every}]}}]}},\n {{running_nodes,[{alive}]}},\n {{cluster_name,<<\"{name}\">>}},\n {{partitions,[{split}]}},\n {{alarms,[{{'{name}',[]}}]}}]\n"
        )
        return 0
    if words[:1] == ["status"]:
        call.stdout.write(f"Status of node '{name}'\n[{{pid,1234}},{{uptime,777}}]\n")
        return 0
    raise Refused(
        64,
        "Error: could not recognise command\nUsage:\nrabbitmqctl [-n <node>] [-t <timeout>] [-q] <command> [<command options>]",
    )
