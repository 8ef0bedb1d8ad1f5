"""crm_mon, crm_resource, crm_attribute and cibadmin (pacemaker 1.1)."""

# ruff: noqa: E501  a line that a tool prints stays one line here

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from osp_simulator.engine.call import Call, Refused
from osp_simulator.engine.clocktext import ctime
from osp_simulator.engine.registry import Facts, tool
from osp_simulator.engine.world import World
from osp_simulator.state.control_plane import Pacemaker, Resource
from osp_simulator.tools import pacemaker

# crm_attribute's
LONG = {
    "-n": "--name",
    "-v": "--update",
    "-t": "--type",
    "-G": "--query",
    "-D": "--delete",
    "-q": "--quiet",
    "--attr-value": "--update",
}


@tool("crm_mon", facts=Facts(reaches="nothing", inline=True))
def crm_mon(call: Call, world: World) -> int:
    cluster = pacemaker.cluster_of(call, world, "crm_mon")
    as_xml, known = {"--as-xml", "-X"}, {"--as-xml", "-X", "-1", "--one-shot", "-r", "--inactive"}
    if not set(call.argv) <= known or not as_xml & set(call.argv):
        raise Refused(64, "crm_mon: only --as-xml is answered here")
    if call.user != "root" or not pacemaker.running(world.state, call.host):
        raise Refused(107, "\nConnection to cluster failed: Transport endpoint is not connected")
    dc = next(iter(pacemaker.online(world.state)), "")
    version = cluster["properties"]["dc-version"].partition("-")[0]
    lines = ['<?xml version="1.0"?>', f'<crm_mon version="{version}">', *_xml_summary(world, cluster, dc)]
    lines += ["    <nodes>", *_xml_nodes(cluster, dc), "    </nodes>"]
    lines += ["    <resources>", *_xml_resources(cluster), "    </resources>"]
    if cluster["failed"]:
        lines += ["    <failures>", *_xml_failures(world, cluster), "    </failures>"]
    text = "\n".join([*lines, "</crm_mon>"]) + "\n"
    if version == "1.1.15":
        text = re.sub(r' (?:target_role|disabled|blocked)="\w+"', "", text)
    call.stdout.write(pacemaker.spelled(cluster, text))
    return 0


def _xml_summary(world: World, cluster: Pacemaker, dc: str) -> list[str]:
    properties = cluster["properties"]
    quorum = "true" if pacemaker.quorate(world.state) else "false"
    disabled = sum(resource["disabled"] for resource in cluster["resources"])
    return [
        "    <summary>",
        '        <stack type="corosync" />',
        f'        <current_dc present="true" version="{properties["dc-version"]}" name="{dc}" id="1" with_quorum="{quorum}" />',
        f'        <last_update time="{ctime(world.clock.now())}" />',
        f'        <nodes_configured number="{len(cluster["nodes"])}" expected_votes="unknown" />',
        f'        <resources_configured number="{len(cluster["resources"])}" disabled="{disabled}" blocked="0" />',
        f'        <cluster_options stonith-enabled="{properties.get("stonith-enabled", "true")}" symmetric-cluster="true" '
        f'no-quorum-policy="stop" maintenance-mode="{properties.get("maintenance-mode", "false")}" />',
        "    </summary>",
    ]


def _xml_nodes(cluster: Pacemaker, dc: str) -> list[str]:
    flag = {True: "true", False: "false"}
    lines = []
    for index, (name, node) in enumerate(cluster["nodes"].items(), 1):
        held = sum(name in resource["state"] for resource in cluster["resources"])
        lines.append(
            f'        <node name="{name}" id="{index}" online="{flag[node["online"]]}" standby="{flag[node["standby"]]}" standby_onfail="false" '
            f'maintenance="{flag[node["maintenance"]]}" pending="false" unclean="false" '
            f'shutdown="false" expected_up="true" is_dc="{flag[name == dc]}" resources_running="{held}" type="member" />'
        )
    return lines


def _xml_failures(world: World, cluster: Pacemaker) -> list[str]:
    return [
        f'        <failure op_key="{one["resource"]}_{one.get("operation", "monitor")}_10000" node="{one["node"]}" exitstatus={quoteattr(one.get("text", "not running"))} '
        f'exitreason="none" exitcode="7" call="42" status="complete" last-rc-change="{ctime(world.clock.now() - 600)}" queued="0" exec="0" interval="10000" task="{one.get("operation", "monitor")}" />'
        for one in cluster["failed"]
    ]


def _xml_resources(cluster: Pacemaker) -> list[str]:
    managed = "false" if pacemaker.in_maintenance(cluster) else "true"
    lines = []
    for resource in cluster["resources"]:
        inner = resource["id"].removesuffix("-clone").removesuffix("-master")
        if resource["kind"] in ("clone", "master"):
            multi = "true" if resource["kind"] == "master" else "false"
            lines.append(
                f'        <clone id="{resource["id"]}" multi_state="{multi}" unique="false" managed="{managed}" failed="false" failure_ignored="false" >'
            )
            for node in resource["nodes"]:
                role = resource["state"].get(node, "Stopped")
                lines += _xml_resource(resource, inner, (role, node, managed), "            ")
            lines.append("        </clone>")
        else:
            node, role = next(iter(resource["state"].items()), ("", "Stopped"))
            lines += _xml_resource(resource, resource["id"], (role, node, managed), "        ")
    return lines


def _xml_resource(resource: Resource, name: str, now: tuple[str, str, str], indent: str) -> list[str]:
    role, node, managed = now
    active = role not in ("Stopped", "FAILED")
    failed = "true" if role == "FAILED" else "false"
    target = ' target_role="Stopped"' if resource["disabled"] else ""
    head = (
        f'{indent}<resource id="{name}" resource_agent="{resource["agent"]}" role="{"Started" if role == "FAILED" else role}"{target} active="{"true" if active else "false"}" '
        f'orphaned="false" blocked="false" managed="{managed}" failed="{failed}" failure_ignored="false" nodes_running_on="{1 if active else 0}"'
    )
    if not active:
        return [f"{head} />"]
    return [f"{head} >", f'{indent}    <node name="{node}" id="1" cached="false"/>', f"{indent}</resource>"]


@tool("crm_resource", facts=Facts(reaches="site", inline=False))
def crm_resource(call: Call, world: World) -> int:
    """What is meant for a resource: `--resource ID --meta --get-parameter target-role`."""
    cluster = pacemaker.cluster_of(call, world, "crm_resource")
    if call.user != "root" or not pacemaker.running(world.state, call.host):
        raise Refused(107, "Error connecting to the CIB manager: Transport endpoint is not connected")
    if call.argv[:1] != ("--resource",) or call.argv[2:] != ("--meta", "--get-parameter", "target-role"):
        raise Refused(64, "crm_resource: only --resource ID --meta --get-parameter target-role is answered here")
    name = call.argv[1]
    ids = (name, f"{name}-clone", f"{name}-master")
    if not any(resource["disabled"] for resource in cluster["resources"] if resource["id"] in ids):
        raise Refused(
            6,
            f"Attribute 'target-role' not found for '{name}'\nError performing operation: No such device or address",
        )
    call.stdout.write("Stopped\n")
    return 0


@tool("crm_attribute", facts=Facts(reaches="site", inline=False))
def crm_attribute(call: Call, world: World) -> int:
    """Cluster properties: `--name N --query`, `--name N --update V`, `--name N --delete` (type crm_config)."""
    cluster = pacemaker.cluster_of(call, world, "crm_attribute")
    if call.user != "root" or not pacemaker.running(world.state, call.host):
        raise Refused(107, "Error connecting to the CIB manager: Transport endpoint is not connected")
    values, flags = _attribute_options(call.argv)
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


def _attribute_options(argv: Sequence[str]) -> tuple[dict[str, str], set[str]]:
    """({option: value}, flags) by the long names of crm_attribute's options; Refused for any other."""
    words, values, flags = list(argv), {}, set()
    while words:
        name, separator, value = words.pop(0).partition("=")
        key = LONG.get(name, name)
        if key in ("--name", "--update", "--type", "--default", "--set-name"):
            values[key] = value if separator else words.pop(0)
        elif key in ("--query", "--delete", "--quiet"):
            flags.add(key)
        else:
            raise Refused(64, f"crm_attribute: unrecognized option '{name}'")
    return values, flags


@tool("cibadmin", facts=Facts(reaches="site", inline=False))
def cibadmin(call: Call, world: World) -> int:
    cluster = pacemaker.cluster_of(call, world, "cibadmin")
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
