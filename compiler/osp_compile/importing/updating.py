"""An existing spec with what was imported put in: its comments, its order and its choices stay."""

from __future__ import annotations

import io
from collections.abc import MutableMapping
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from osp_compile.diagnostics import Diagnostic, error, quoted
from osp_compile.importing import writing
from osp_compile.importing.draft import Draft
from osp_compile.importing.text import Text, said

FACTS = ("name", "role", "address")


def update(old: Text, draft: Draft) -> tuple[str | None, list[Diagnostic]]:
    """The text of the spec with the facts of the draft in it, and what has changed; None where it is no spec."""
    try:
        spec = writing.yaml_of().load(old.all)
    except (YAMLError, RecursionError, ValueError):
        spec = None
    if not isinstance(spec, CommentedMap) or not isinstance(spec.get("nodes", []), list):
        help = "`osp-compile check` says what is wrong with it"
        return None, [error("update", "this spec cannot be refreshed: it is not one", old.whole(), help)]
    changes: list[Diagnostic] = []
    if draft.nodes:
        _nodes(spec, draft, old, changes)
        _roles(spec, draft)
    if draft.has_deploy:
        _deploy(spec, draft, old, changes)
    for key, value in writing.policies(draft).items():
        if key not in spec:
            spec[key] = value
            changes.append(said(f"`{key}` is added", old.whole(), None, "updated"))
    stream = io.StringIO()
    writing.yaml_of().dump(spec, stream)
    return stream.getvalue(), changes


def _place(sequence: Any, number: int, old: Text) -> Any:
    line = sequence.lc.item(number)[0] + 1 if sequence.lc.data else 1
    return old.at(line, 1, len(old.at(line).text))


def _nodes(spec: CommentedMap, draft: Draft, old: Text, changes: list[Diagnostic]) -> None:
    """Nodes keep their order and whatever else they say; new ones come at the end, those that are gone are removed."""
    nodes = spec.setdefault("nodes", CommentedSeq())
    found = {node.name: node for node in draft.nodes}
    for number in reversed(range(len(nodes))):
        entry = nodes[number]
        name = str(entry.get("name")) if isinstance(entry, MutableMapping) else ""
        if name in found:
            _node(entry, writing.node_entry(found.pop(name)), _place(nodes, number, old), changes)
        elif not (isinstance(entry, MutableMapping) and entry.get("deployed_server")):
            message = f"the node {quoted(name)} is not among the servers any more, and is removed"
            changes.append(said(message, _place(nodes, number, old), None, "updated"))
            del nodes[number]
    for node in draft.nodes:
        if node.name in found:
            nodes.append(writing.node_entry(node))
            if node.doubt:
                nodes.yaml_set_comment_before_after_key(
                    len(nodes) - 1, before=f"{writing.MARK} {node.name}: {node.doubt}"
                )
            changes.append(said(f"the node {quoted(node.name)} is new", old.whole(), None, "updated"))


def _node(entry: Any, fresh: CommentedMap, span: Any, changes: list[Diagnostic]) -> None:
    for key in FACTS:
        # a role that nobody could tell is what a person has said
        if str(entry.get(key)) != str(fresh[key]) and fresh[key] != "UNKNOWN":
            message = (
                f"{quoted(str(fresh['name']))}: `{key}` was {quoted(str(entry.get(key)))}, is {quoted(str(fresh[key]))}"
            )
            changes.append(said(message, span, None, "updated"))
            entry[key] = fresh[key]


def _roles(spec: CommentedMap, draft: Draft) -> None:
    """Roles that the spec has are choices of somebody, and stay as they are."""
    fresh = writing.roles(draft)
    missing = [name for name in fresh if name not in (spec.get("roles") or {})]
    if missing and not spec.get("roles"):
        spec.insert(list(spec).index("nodes"), "roles", CommentedMap())
    for name in missing:
        spec["roles"][name] = fresh[name]


def _deploy(spec: CommentedMap, draft: Draft, old: Text, changes: list[Diagnostic]) -> None:
    fresh = writing.entries(draft.deploy.env_files)
    if [str(file) for file in spec.get("env_files") or ()] != [str(file) for file in fresh]:
        changes.append(said("`env_files` are those of the deploy command now", old.whole(), None, "updated"))
        spec["env_files"] = fresh
    found = writing.deploy(draft)
    for key in ("templates", "roles_file", "answers_file", "environment_directories", "extra_args"):
        before = (spec.get("deploy") or {}).get(key)
        if key in found and before != found[key]:
            spec.setdefault("deploy", CommentedMap())[key] = found[key]
            changes.append(said(f"`deploy.{key}` is that of the deploy command now", old.whole(), None, "updated"))
        elif key not in found and before is not None:
            del spec["deploy"][key]
            changes.append(
                said(f"`deploy.{key}` is not in the deploy command, and is removed", old.whole(), None, "updated")
            )
    if "deploy" in spec and not spec["deploy"]:
        del spec["deploy"]
    if str((spec.get("site") or {}).get("stack", "overcloud")) != draft.stack and isinstance(
        spec.get("site"), CommentedMap
    ):
        spec["site"]["stack"] = writing.word(draft.stack)
        changes.append(said(f"`site.stack` is {quoted(draft.stack)} now", old.whole(), None, "updated"))
