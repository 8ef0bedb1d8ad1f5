"""Heat as its clients see it: stacks, and the update of one that goes from node to node."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict


class StackNode(TypedDict):
    deployment: str
    server: str
    nested: NotRequired[str]  # the stack that its server is in: STACK-ROLE-ID-NUMBER-ID
    config: NotRequired[str]
    update: NotRequired[str]  # works, fails, skipped


class UpdatedNode(StackNode):
    """A node in the stack's update."""

    state: str  # not_started, on_breakpoint, in_progress, completed, failed
    since: float


class Update(TypedDict):
    """A package update of a stack."""

    identifier: str
    started: float
    nodes: dict[str, UpdatedNode]
    ours: NotRequired[bool]
    ended: NotRequired[bool]
    rollback_at: NotRequired[float]


class StackEvent(TypedDict):
    time: float
    resource: str | None
    status: str
    reason: str


class StackResource(TypedDict):
    name: str
    physical_id: str
    type: str
    status: str
    updated: NotRequired[float]
    stack: NotRequired[str]  # the nested one that it is in


class Failure(TypedDict):
    """A resource that an update failed at."""

    resource: str
    type: str
    physical_id: str
    reason: str


class Stack(TypedDict):
    name: str
    id: str
    description: str
    status: str
    status_reason: str
    created: float
    updated: float | None
    parameters: dict[str, str]
    parameter_defaults: NotRequired[dict[str, Any]]
    outputs: dict[str, Any]
    events: list[StackEvent]
    resources: list[StackResource]
    nodes: dict[str, StackNode]
    update: Update | None  # the running or last package update
    failures: NotRequired[list[Failure]]
    timeout_mins: NotRequired[int]
    stack_user_project_id: NotRequired[str]
    busy_until: NotRequired[float | None]  # it is in somebody else's operation until then
    meanwhile: NotRequired[str]  # the status in which somebody else began a deployment


class HeatCloud(TypedDict):
    stacks: list[Stack]
    deleted: list[Stack]
    timing: dict[str, float]
    prompt: NotRequired[str]  # later, earlier: the release of the client, whose later one says which node goes on
    waits_for_progress: NotRequired[bool]  # false: it asks although a node is being updated
