"""openstack stack list, show, output show, event, resource, failures list, hook poll; software deployment list."""

from __future__ import annotations

import json
from typing import Any

from osp_simulator.fast import late
from osp_simulator.state.heat import Stack, StackResource
from osp_simulator.tools.openstack.format import Record, Table, as_python2
from osp_simulator.tools.openstack.session import Answer, ClientError, Session, command, stamp
from osp_simulator.tools.tripleo.stack import settle

COLUMNS = ("ID", "Stack Name", "Stack Status", "Creation Time", "Updated Time")


def find_stack(session: Session, wanted: str, otherwise: str = "Stack not found: {}") -> Stack:
    session.need("heat", f"/{session.login.project_id}/stacks/{wanted}")
    stacks = session.part("heat")["stacks"]
    for stack in stacks:
        if wanted in (stack["name"], stack["id"]):
            settle(session.world, stack)
            return stack
    raise ClientError(otherwise.format(wanted))


def list_rows(session: Session, *, deleted: bool = False) -> list[tuple[Any, ...]]:
    session.need("heat", f"/{session.login.project_id}/stacks")
    heat = session.part("heat")
    stacks = [*heat["stacks"], *(heat.get("deleted", ()) if deleted else ())]
    rows = []
    for stack in sorted(stacks, key=lambda stack: -float(stack["created"])):
        settle(session.world, stack)
        times = (stamp(stack["created"]), stamp(stack.get("updated")))
        rows.append((stack["id"], stack["name"], stack["status"], *times))
    return rows


@command("stack list")
def stack_list(session: Session) -> Answer:
    given = session.arguments
    rows = list_rows(session, deleted=given.flag("--deleted"))
    if given.flag("--short"):
        return Table(COLUMNS[:3], tuple(row[:3] for row in rows))
    owner = given.flag("--long")
    if given.flag("--all-projects") or owner:
        project = session.login.project_id
        columns = [*COLUMNS[:2], "Project", *(["Stack Owner"] if owner else []), *COLUMNS[2:]]
        wide = [(*row[:2], project, *(["admin"] if owner else []), *row[2:]) for row in rows]
        return Table(tuple(columns), tuple(wide))
    return Table(COLUMNS, tuple(rows))


@command("stack show")
def stack_show(session: Session) -> Answer:
    stack = find_stack(session, session.arguments.text("<stack>"))
    fields: list[tuple[str, Any]] = [
        ("id", stack["id"]),
        ("stack_name", stack["name"]),
        ("description", stack.get("description", "No description")),
        ("creation_time", stamp(stack["created"])),
        ("updated_time", stamp(stack.get("updated"))),
        ("stack_status", stack["status"]),
        ("stack_status_reason", stack.get("status_reason", "")),
        ("parameters", _parameters(session, stack)),
        ("outputs", [_output(key, value) for key, value in stack.get("outputs", {}).items()]),
        ("links", [{"href": f"{_link(session, stack)}", "rel": "self"}]),
        ("parent", None),
        ("disable_rollback", True),
        ("notification_topics", []),
        ("deletion_time", None),
        ("stack_user_project_id", stack.get("stack_user_project_id", session.login.project_id)),
        ("capabilities", []),
        ("tags", []),
        ("stack_owner", "admin"),
        ("timeout_mins", stack.get("timeout_mins")),
    ]
    kind = session.arguments.text("--format", "table")
    nested = ("parameters", "outputs", "links", "tags")
    return Record(tuple((name, formatted(value, kind) if name in nested else value) for name, value in fields))


def formatted(value: Any, kind: str) -> Any:
    """A nested value as the heat plugin shows it in this format."""
    if kind == "table":
        yaml = late.load("yaml")

        return yaml.safe_dump(value, default_flow_style=False)
    if kind in ("shell", "value"):
        return json.dumps(as_python2(value), indent=2, separators=(", ", ": "))
    return value


def _parameters(session: Session, stack: Stack) -> dict[str, str]:
    own = {"OS::project_id": session.login.project_id, "OS::stack_id": stack["id"], "OS::stack_name": stack["name"]}
    return {**own, **stack.get("parameters", {})}


def _output(key: str, value: Any) -> dict[str, Any]:
    return {"description": "No description given", "output_key": key, "output_value": value}


def _link(session: Session, stack: Stack) -> str:
    host = session.world.state["keystone"][session.cloud]["auth_url"].split("://")[1].rsplit(":", 1)[0]
    return f"http://{host}:8004/v1/{session.login.project_id}/stacks/{stack['name']}/{stack['id']}"


@command("stack output show")
def stack_output_show(session: Session) -> Answer:
    given = session.arguments
    stack = find_stack(session, given.text("<stack>"))
    outputs = stack.get("outputs", {})
    key = given.text("<output>")
    if key not in outputs:
        raise ClientError(f"Output {key} not found.")
    value = outputs[key]
    if not isinstance(value, str):
        value = json.dumps(as_python2(value), indent=2, separators=(", ", ": "))
    return Record((("description", "No description given"), ("output_key", key), ("output_value", value)))


@command("stack event list")
def stack_event_list(session: Session) -> Answer:
    """The log of events, one per line: the client's default form."""
    stack = find_stack(session, session.arguments.text("<stack>"))
    for event in stack.get("events", ()):
        where = f"{stack['name']}.{event['resource']}" if event.get("resource") else stack["name"]
        when = stamp(event["time"], "%Y-%m-%d %H:%M:%SZ")
        session.call.stdout.write(f"{when} [{where}]: {event['status']}  {event['reason']}\n")
    return None


@command("stack resource list")
def stack_resource_list(session: Session) -> Answer:
    given = session.arguments
    stack = find_stack(session, given.text("<stack>"))
    depth, long = given.text("--nested-depth"), given.flag("--long")
    wide = bool(depth) or long
    rows = []
    for resource in resources(stack, nested=int(depth or "0") > 0):
        when = stamp(resource.get("updated", stack.get("updated") or stack["created"]))
        row = (resource["name"], resource["physical_id"], resource["type"], resource["status"], when)
        rows.append((*row, resource.get("stack", stack["name"])) if wide else row)
    columns = ("resource_name", "physical_resource_id", "resource_type", "resource_status", "updated_time")
    return Table((*columns, "stack_name") if wide else columns, tuple(rows))


def resources(stack: Stack, *, nested: bool) -> list[StackResource]:
    """The stack's resources; with `nested` each server too, and its UpdateDeployment, in its breakpoint's state."""
    found = [resource.copy() for resource in stack.get("resources", ())]
    if not nested:
        return found
    for name, node in stack.get("nodes", {}).items():
        found.append(
            {
                "name": "Server",
                "physical_id": node["server"],
                "type": "OS::TripleO::Server",
                "status": "CREATE_COMPLETE",
                "stack": node.get("nested", f"{stack['name']}-{name}"),
            }
        )
    update = stack.get("update")
    updated = update["nodes"] if update else {}
    for name, deployed in (updated or stack.get("nodes", {})).items():
        waiting = name in updated and updated[name]["state"] != "completed"
        found.append(
            {
                "name": "UpdateDeployment",
                "physical_id": deployed["deployment"],
                "type": "OS::Heat::SoftwareDeployment",
                "status": "UPDATE_IN_PROGRESS" if waiting else "CREATE_COMPLETE",
                "stack": f"{stack['name']}-{name}",
            }
        )
    return found


@command("stack hook poll")
def stack_hook_poll(session: Session) -> Answer:
    """Breakpoints that wait; they are in nested stacks, so without --nested-depth there is none."""
    given = session.arguments
    stack = find_stack(session, given.text("<stack>"))
    columns: tuple[str, ...] = ("ID", "Resource Status Reason", "Resource Status", "Event Time")
    nested = given.value("--nested-depth")
    if nested is not None and not nested.lstrip("-").isdigit():
        raise ClientError(f"--nested-depth invalid value {nested}")
    if not stack["status"].endswith("IN_PROGRESS"):
        raise ClientError(f"Stack status {stack['status']} not IN_PROGRESS")
    rows = []
    if nested is not None:
        columns = (*columns, "Stack Name")
        rows = hooks(stack) if int(nested) > 1 else []
    if rows:
        columns = ("Resource Name", *columns)
    return Table(columns, tuple(rows))


def hooks(stack: Stack) -> list[tuple[Any, ...]]:
    update = stack.get("update")
    rows = []
    for name, node in update["nodes"].items() if update else ():
        if node["state"] == "on_breakpoint":
            reason = "UPDATE paused until Hook pre-update is cleared"
            when = stamp(node["since"])
            row = (
                "UpdateDeployment",
                node["deployment"],
                reason,
                "UPDATE_IN_PROGRESS",
                when,
                f"{stack['name']}-{name}",
            )
            rows.append(row)
    return rows


@command("stack failures list")
def stack_failures_list(session: Session) -> Answer:
    # heat's own words, which this command alone does not replace
    stack = find_stack(session, session.arguments.text("<stack>"), "ERROR: The Stack ({}) could not be found.")
    for failure in stack.get("failures", ()):
        session.call.stdout.write(
            f"{failure['resource']}:\n  resource_type: {failure['type']}\n"
            f"  physical_resource_id: {failure['physical_id']}\n"
            f"  status: {stack['status']}\n  status_reason: |\n    {failure['reason']}\n"
        )
    return None


@command("stack environment show")
def stack_environment_show(session: Session) -> Answer:
    stack = find_stack(session, session.arguments.text("<stack>"))
    environment = {"parameter_defaults": stack.get("parameter_defaults", {}), "parameters": {}, "resource_registry": {}}
    if session.arguments.text("--format", "yaml") == "json":
        session.call.stdout.write(json.dumps(as_python2(environment), indent=2, separators=(", ", ": ")) + "\n")
        return None
    session.call.stdout.write(str(formatted(environment, "table")))
    return None


@command("software deployment list")
def software_deployment_list(session: Session) -> Answer:
    session.need("heat", "/software_deployments")
    rows = []
    for stack in session.part("heat")["stacks"]:
        for node in stack.get("nodes", {}).values():
            rows.append(
                (node["deployment"], node.get("config", node["deployment"]), node["server"], "CREATE", "COMPLETE")
            )
    wanted = session.arguments.value("--server")
    kept = tuple(row for row in rows if wanted in (None, row[2]))
    return Table(("id", "config_id", "server_id", "action", "status"), kept)
