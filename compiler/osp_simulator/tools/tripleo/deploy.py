"""openstack overcloud deploy, as far as a plan update goes: checks of files, the new plan, the rc files it writes."""

from __future__ import annotations

import os
import uuid
from typing import Any

from osp_simulator.engine.world import World
from osp_simulator.fast import late
from osp_simulator.seed import clouds
from osp_simulator.state.clouds import Environment
from osp_simulator.state.heat import Stack
from osp_simulator.tools.openstack.arguments import python2
from osp_simulator.tools.openstack.session import Answer, ClientError, Session, command
from osp_simulator.tools.tripleo import stack as tripleo_stack
from osp_simulator.tools.tripleo.update import need_mistral

FOLDER = "TRIPLEO_ENVIRONMENT_DIRECTORY"
TEMPLATES = "/usr/share/openstack-tripleo-heat-templates"


@command("overcloud deploy")
def overcloud_deploy(session: Session) -> Answer:
    given, world = session.arguments, session.world
    # the other options of a site's own command are for templates that are not rendered here
    given.asked.update(given.values)
    if not given.flag("--templates") and not given.flag("--answers-file"):
        raise ClientError("You must specify either --templates or --answers-file")
    answers = given.value("--answers-file")
    if answers is not None and not exists(session, answers):
        raise ClientError(f"[Errno 2] No such file or directory: {python2(answers)}")
    check_files(session)
    need_mistral(session)
    session.need("heat", "/stacks")
    name = given.text("--stack", "overcloud")
    with world.lock:
        upload_plan(session, name)
        stack = tripleo_stack.stack_named(world, name)
        if stack is None:
            raise ClientError("'NoneType' object has no attribute 'get'")
        if not given.flag("--update-plan-only"):
            deploy(session, stack)
        write_rc_files(session, name)
    session.call.stdout.write(
        f"Overcloud Endpoint: {world.state['keystone']['overcloud']['auth_url']}\nOvercloud Deployed\n"
    )
    return 0


def exists(session: Session, path: str) -> bool:
    return session.world.files.path(session.call.host, os.path.join(session.call.cwd, path)).exists()


def templates_of(session: Session) -> str:
    return session.arguments.value("--templates") or TEMPLATES


def check_files(session: Session) -> None:
    """Refuse files that are not there; the client looks for a template's Jinja twin too."""
    given = session.arguments
    root = templates_of(session)
    if not session.world.files.path(session.call.host, os.path.join(session.call.cwd, root)).is_dir():
        raise ClientError(f"[Errno 2] No such file or directory: '{root}'")
    missing = [
        path
        for path in (*answered(session), *given.every("--environment-file"))
        if not exists(session, path) and not exists(session, jinja_name_of(path))
    ]
    if missing:
        raise ClientError(f"Error: The following files were not found: {', '.join(missing)}")
    roles = given.value("--roles-file")
    if roles is not None and not exists(session, roles) and not exists(session, f"{root}/{roles}"):
        raise ClientError(f"[Errno 2] No such file or directory: {python2(f'{root}/{roles}')}")


def environment_files(session: Session) -> list[str]:
    """All that the client reads, in its order: folders first, each sorted, then the answers file's, then its own."""
    given, call = session.arguments, session.call
    home = call.env.get("HOME", f"/home/{call.user}")
    folders = [f"{home}/.tripleo/environments", *given.every("--environment-directory")]
    folders += [call.env[FOLDER]] if call.env.get(FOLDER) else []
    found = []
    for folder in folders:
        inside = session.world.files.path(call.host, os.path.join(call.cwd, folder)).glob("*.yaml")
        found += [f"{folder}/{name}" for name in sorted(file.name for file in inside if file.is_file())]
    return found + answered(session) + given.every("--environment-file")


def answered(session: Session) -> list[str]:
    """The environment files of the answers file; relative ones are looked for where the client was called."""
    answers = session.arguments.value("--answers-file")
    told = None if answers is None else late.load("yaml").safe_load(text_of(session, answers))
    return list(told.get("environments") or ()) if isinstance(told, dict) else []


def jinja_name_of(path: str) -> str:
    stem, dot, ending = path.rpartition(".")
    return f"{stem}.j2.{ending}" if dot else path


def upload_plan(session: Session, name: str) -> None:
    """Replace the plan's files and parameters; what the client says meanwhile.

    As tripleoclient's update_plan_from_templates: the old plan is gone before the environment files are read.
    """
    world = session.world
    world.clock.advance(60)
    environments = session.part("mistral")["environments"]
    objects = stored(world, name)
    templates = {path: text for path, text in objects.items() if not path.startswith("user-environments/")}
    known = [one for one in environments if one["name"] == name]
    told: dict[str, Any] = {}
    if not known:
        session.call.stdout.write(
            "Creating Swift container to store the plan\nCreating plan from template files in: /tmp/tripleoclient\n"
        )
        entry: Environment = {
            "name": name,
            "description": None,
            "variables": {},
            "created": world.clock.now(),
            "updated": None,
        }
        environments.append(entry)
    else:
        entry = known[0]
        session.call.stdout.write("Removing the current plan files\n")
        told = entry["variables"].get("parameter_defaults", {})
        empty_plan(session, objects, entry)
        session.call.stdout.write("Uploading new plan files\n")
    objects.update(templates)
    execution = uuid.uuid5(uuid.NAMESPACE_OID, f"plan {world.clock.now()}")
    session.call.stdout.write(f"Started Mistral Workflow. Execution ID: {execution}\nPlan updated\n")
    session.call.stdout.write("Deploying templates in the directory /tmp/tripleoclient/tripleo-heat-templates\n")
    files = environment_files(session)
    # parameters of an earlier plan stay in the stack: heat updates it with its existing parameters
    defaults = {**told, **defaults_in(session, files)}
    entry["variables"] = {
        "template": "overcloud.yaml",
        "environments": [{"path": path} for path in ("overcloud-resource-registry-puppet.yaml", *files)],
        "parameter_defaults": defaults,
    }
    entry["updated"] = world.clock.now()
    for path in files:
        objects[f"user-environments/{path.lstrip('/')}"] = text_of(session, path)
    note(session, name, files)


def note(session: Session, name: str, files: list[str]) -> None:
    """Records what the plan was made of."""
    given, world = session.arguments, session.world
    world.state.setdefault("plan", {"stack": name, "updates": []})["updates"].append(
        {
            "at": world.clock.now(),
            "env_files": files,
            "roles_file": given.value("--roles-file"),
            "arguments": list(session.call.argv),
        }
    )


def stored(world: World, name: str) -> dict[str, str]:
    """The objects of a plan's container, which is made if it does not exist; without swift they are not kept."""
    swift = world.state.get("swift", {}).get("undercloud")
    return {} if swift is None else swift.setdefault("containers", {}).setdefault(name, {})


def empty_plan(session: Session, objects: dict[str, str], entry: Environment) -> None:
    """The plan without its files, its environments and its parameters. The fault `plan-emptied` has swift fail then."""
    objects.clear()
    entry["variables"] = {**entry["variables"], "environments": [], "parameter_defaults": {}}
    entry["updated"] = session.world.clock.now()
    session.world.changes.touch()
    if session.call.fault.startswith("plan-emptied"):
        raise ClientError("Object PUT failed: 503 Service Unavailable")


def text_of(session: Session, path: str) -> str:
    for name in (path, jinja_name_of(path)):
        found = session.world.files.path(session.call.host, os.path.join(session.call.cwd, name))
        if found.is_file():
            return found.read_text(encoding="utf-8", errors="replace")
    return ""


def defaults_in(session: Session, files: list[str]) -> dict[str, Any]:
    """The files' parameter_defaults, a later file's over an earlier one's. ClientError for a file that is not YAML."""
    yaml = late.load("yaml")  # not at the top: only this command pays for it

    found: dict[str, Any] = {}
    for path in files:
        try:
            content = yaml.safe_load(text_of(session, path))
        except yaml.YAMLError as error:
            raise ClientError(f"Error parsing {path}: {error}") from error
        if isinstance(content, dict):
            fetch_templates(session, path, content.get("resource_registry"))
        if isinstance(content, dict) and isinstance(content.get("parameter_defaults"), dict):
            found |= content["parameter_defaults"]
    return found


def fetch_templates(session: Session, file: str, registry: Any) -> None:
    """Refuse a template of the registry that is not there, as heatclient's resolve_environment_urls does.

    Those of the collection itself are not asked for: the client takes the rendered ones out of the plan.
    """
    if not isinstance(registry, dict):
        return
    base = os.path.dirname(os.path.join(session.call.cwd, file))
    for value in registry.values():
        if not isinstance(value, str) or "::" in value or "://" in value:
            continue
        path = os.path.normpath(os.path.join(base, value))
        if path.startswith(f"{templates_of(session)}/") or exists(session, path):
            continue
        raise ClientError(f"Could not fetch contents for file://{path}")


def deploy(session: Session, stack: Stack) -> None:
    """A real deployment of the plan: an hour in which the stack is in progress."""
    world = session.world
    tripleo_stack.set_status(world, stack, "UPDATE_IN_PROGRESS", "Stack UPDATE started")
    stack["busy_until"] = world.clock.now() + 3600
    world.clock.advance(3600)
    tripleo_stack.settle(world, stack)
    stack["updated"] = world.clock.now()


def write_rc_files(session: Session, name: str) -> None:
    """overcloudrc, overcloudrc.v3 and tempest-deployer-input.conf, into the current directory whatever it is."""
    world = session.world
    above = world.state["keystone"]["overcloud"]
    files = {
        f"{name}rc": clouds.rc_file(above, above, name),
        f"{name}rc.v3": clouds.rc_file(above, above, name, version=3),
        "tempest-deployer-input.conf": (
            f"[auth]\nadmin_password = {above['password']}\n[identity]\nuri = {above['auth_url']}\n"
        ),
    }
    folder = world.files.path(session.call.host, session.call.cwd)
    if not folder.is_dir():
        raise ClientError(f"[Errno 2] No such file or directory: '{name}rc'")
    for file, text in files.items():
        world.files.settled(session.call.host, folder / file).write_text(text, encoding="utf-8")
    world.changes.touch()
