"""openstack server stop, start, resume."""

from __future__ import annotations

from osp_simulator.engine import events
from osp_simulator.state.nova import Server
from osp_simulator.tools.nova.world import find_server, refuse_unless, seconds
from osp_simulator.tools.openstack.session import Answer, Session, command


@command("server stop")
def server_stop(session: Session) -> Answer:
    for wanted in session.arguments.every("<server>"):
        stop(session, find_server(session, wanted))
    return None


def stop(session: Session, server: Server) -> None:
    world, cloud = session.world, session.cloud
    refuse_unless(world, server, "stop", ("active", "rescued", "error"))
    server["task_state"] = "powering-off"
    world.clock.after(
        seconds(world, cloud, "stop"), events.server_power_settled, cloud=cloud, server=server["id"], status="SHUTOFF"
    )


@command("server start")
def server_start(session: Session) -> Answer:
    for wanted in session.arguments.every("<server>"):
        start(session, find_server(session, wanted))
    return None


def start(
    session: Session, server: Server, action: str = "start", state: str = "stopped", task: str = "powering-on"
) -> None:
    world, cloud = session.world, session.cloud
    refuse_unless(world, server, action, (state,))
    server["task_state"] = task
    world.clock.after(
        seconds(world, cloud, "start"), events.server_power_settled, cloud=cloud, server=server["id"], status="ACTIVE"
    )


@command("server resume")
def server_resume(session: Session) -> Answer:
    for wanted in session.arguments.every("<server>"):
        start(session, find_server(session, wanted), "resume", "suspended", "resuming")
    return None
