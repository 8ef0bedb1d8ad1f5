"""openstack token issue, catalog list, endpoint list; the object store and mistral as far as the plan needs them."""

from __future__ import annotations

import hashlib
import json
import os
import uuid

from osp_simulator.state.clouds import Environment
from osp_simulator.tools.openstack.arguments import python2
from osp_simulator.tools.openstack.format import Record, Table
from osp_simulator.tools.openstack.session import (
    SERVICES,
    Answer,
    ClientError,
    ServiceName,
    Session,
    api_error,
    command,
    region_of,
    stamp,
)

# As mistral writes the times of an environment; for what it has not, its client says <none>.
ENVIRONMENT_TIME = "%Y-%m-%d %H:%M:%S"

TYPES: dict[ServiceName, str] = {
    "keystone": "identity",
    "nova": "compute",
    "neutron": "network",
    "glance": "image",
    "heat": "orchestration",
    "cinder": "volumev2",
    "ironic": "baremetal",
    "mistral": "workflowv2",
    "swift": "object-store",
}


@command("token issue")
def token_issue(session: Session) -> Answer:
    expires = stamp(session.world.clock.now() + 3600, "%Y-%m-%d %H:%M:%S+00:00")
    token = uuid.uuid5(uuid.NAMESPACE_OID, f"token {session.world.clock.now()}").hex
    login = session.login
    return Record((("expires", expires), ("id", token), ("project_id", login.project_id), ("user_id", login.user_id)))


def _urls(session: Session) -> list[tuple[str, str, str]]:
    """(service, its type, its URL) of the catalog; `unlisted` services of the cloud's keystone are not in it."""
    keystone = session.world.state["keystone"][session.cloud]
    host = keystone["auth_url"].split("://")[1].rsplit(":", 1)[0]
    there = [name for name in TYPES if name == "keystone" or session.cloud in session.world.state.get(name, {})]
    there = [name for name in there if name not in keystone.get("unlisted", ())]
    return [(name, TYPES[name], f"http://{host}:{SERVICES[name][0]}{SERVICES[name][2]}") for name in there]


@command("catalog list")
def catalog_list(session: Session) -> Answer:
    region = region_of(session.world.state, session.cloud)
    rows = []
    for name, kind, url in _urls(session):
        lines = "".join(f"  {interface}: {url}\n" for interface in ("publicURL", "internalURL", "adminURL"))
        rows.append((name, kind, f"{region}\n{lines}"))
    left = session.world.state["keystone"][session.cloud].get("without_endpoints", [])
    rows += [(name, kind, "") for name, kind in TYPES.items() if name in left]
    return Table(("Name", "Type", "Endpoints"), tuple(rows))


@command("endpoint list")
def endpoint_list(session: Session) -> Answer:
    if not session.login.admin:
        raise api_error(
            session.world, "You are not authorized to perform the requested action: identity:list_endpoints", 403
        )
    region = region_of(session.world.state, session.cloud)
    rows = []
    for name, kind, url in _urls(session):
        for interface in ("public", "internal", "admin"):
            number = uuid.uuid5(uuid.NAMESPACE_URL, f"{url} {interface}").hex
            rows.append((number, region, name, kind, True, interface, url))
    columns = ("ID", "Region", "Service Name", "Service Type", "Enabled", "Interface", "URL")
    return Table(columns, tuple(sorted(rows)))


def container(session: Session, wanted: str) -> dict[str, str]:
    session.need("swift", f"/AUTH_{session.login.project_id}/{wanted}")
    containers = session.part("swift")["containers"]
    if wanted not in containers:
        raise ClientError("Not Found (HTTP 404)", "NotFound")
    return containers[wanted]


@command("container list")
def container_list(session: Session) -> Answer:
    session.need("swift", f"/AUTH_{session.login.project_id}")
    return Table(("Name",), tuple((name,) for name in sorted(session.part("swift")["containers"])))


@command("object list")
def object_list(session: Session) -> Answer:
    return Table(
        ("Name",), tuple((name,) for name in sorted(container(session, session.arguments.text("<container>"))))
    )


@command("container save")
def container_save(session: Session) -> Answer:
    for name, content in sorted(container(session, session.arguments.text("<container>")).items()):
        _save(session, name, content)
    return None


@command("object save")
def object_save(session: Session) -> Answer:
    given = session.arguments
    objects = container(session, given.text("<container>"))
    name = given.text("<object>")
    if name not in objects:
        raise ClientError("Not Found (HTTP 404)", "NotFound")
    _save(session, given.text("--file", name), objects[name])
    return None


@command("object create")
def object_create(session: Session) -> Answer:
    """Each file becomes an object under the name that was typed for it."""
    given = session.arguments
    wanted = given.text("<container>")
    objects = container(session, wanted)
    rows = []
    for name in given.every("<filename>"):
        path = session.world.files.path(session.call.host, os.path.join(session.call.cwd, name))
        if not path.is_file():
            raise ClientError(f"[Errno 2] No such file or directory: {python2(name)}")
        objects[name] = path.read_text(encoding="utf-8")
        rows.append((name, wanted, hashlib.md5(objects[name].encode()).hexdigest()))
    session.world.changes.touch()
    return Table(("object", "container", "etag"), tuple(rows))


def _save(session: Session, name: str, content: str) -> None:
    path = session.world.files.path(session.call.host, os.path.join(session.call.cwd, name))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    session.world.changes.touch()


def _environment(session: Session, name: str) -> Environment:
    session.need("mistral", f"/environments/{name}")
    for entry in session.part("mistral")["environments"]:
        if entry["name"] == name:
            return entry
    raise ClientError(f"Environment not found [name={name}]")


@command("workflow env list")
def workflow_env_list(session: Session) -> Answer:
    session.need("mistral", "/environments")
    rows = []
    for entry in session.part("mistral")["environments"]:
        times = (stamp(entry["created"], ENVIRONMENT_TIME), stamp(entry.get("updated"), ENVIRONMENT_TIME) or "<none>")
        rows.append((entry["name"], entry.get("description") or "<none>", "private", *times))
    return Table(("Name", "Description", "Scope", "Created at", "Updated at"), tuple(rows))


@command("workflow env show")
def workflow_env_show(session: Session) -> Answer:
    return _shown(_environment(session, session.arguments.text("environment")))


def _shown(entry: Environment) -> Record:
    return Record(
        (
            ("Name", entry["name"]),
            ("Description", entry.get("description") or "<none>"),
            ("Variables", json.dumps(entry["variables"], indent=4, sort_keys=True)),
            ("Scope", "private"),
            ("Created at", stamp(entry["created"], ENVIRONMENT_TIME)),
            ("Updated at", stamp(entry.get("updated"), ENVIRONMENT_TIME) or "<none>"),
        )
    )


@command("workflow env update")
def workflow_env_update(session: Session) -> Answer:
    """The variables in the file take the place of the environment's own."""
    file = session.arguments.text("file")
    path = session.world.files.path(session.call.host, os.path.join(session.call.cwd, file))
    if not path.is_file():
        raise ClientError(f"[Errno 2] No such file or directory: {python2(file)}")
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as problem:
        raise ClientError(str(problem)) from problem
    name = given.get("name")
    session.need("mistral", f"/environments/{name}")
    for entry in session.part("mistral")["environments"]:
        if entry["name"] == name:
            entry["variables"], entry["updated"] = given.get("variables", {}), session.world.clock.now()
            session.world.changes.touch()
            return _shown(entry)
    raise ClientError(f"Environment not found [name={name}]")


@command("workflow list")
def workflow_list(session: Session) -> Answer:
    session.need("mistral", "/workflows")
    session.part("mistral")
    columns = ("ID", "Name", "Project ID", "Tags", "Input", "Created at", "Updated at")
    rows = [
        (
            str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
            name,
            "<default>",
            "tripleo-common-managed",
            "container",
            None,
            None,
        )
        for name in ("tripleo.plan_management.v1.update_deployment_plan", "tripleo.deployment.v1.deploy_plan")
    ]
    return Table(columns, tuple(rows))


@command("overcloud plan list")
def overcloud_plan_list(session: Session) -> Answer:
    session.need("mistral", "/action_executions")
    names = [entry["name"] for entry in session.part("mistral")["environments"]]
    return Table(("Plan Name",), tuple((name,) for name in sorted(names)))
