"""Puts imported facts into an existing spec; its comments, order and choices stay."""

from __future__ import annotations

import io
from collections.abc import MutableMapping
from posixpath import join
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import Comment, CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from osp_compile.diagnostics import Diagnostic, error, quoted
from osp_compile.importing import merging, writing
from osp_compile.importing.deploy_words import STOCK
from osp_compile.importing.draft import Draft
from osp_compile.importing.text import Text, said

DEEPEST = 60
FACTS = ("name", "role", "address")
TYPES_OF_KEYS = {"nodes": list, "roles": dict, "env_files": list, "deploy": dict, "site": dict}
# Codes for a value that differs from the site's, and for one that the spec left out, which is not a mistake.
UPDATED, ADDED = "updated", "added"


def update(old: Text, draft: Draft) -> tuple[str | None, list[Diagnostic]]:
    """The text of the spec with the draft's facts in it, and the changes; None if it is not a usable spec."""
    form = writing.yaml_of()
    step, item, dash = merging.indents(old.lines)
    form.indent(mapping=step, sequence=item, offset=dash)
    spec = _loaded(form, old)
    if spec is None:
        help = "`osp-compile check` says what is wrong with it"
        return None, [error("update", "this spec cannot be refreshed: it is not one", old.whole(), help)]
    changes: list[Diagnostic] = []
    _apply(spec, draft, old, changes)
    bare = _loaded(form, old)
    if bare is None:
        return None, []
    _strip(bare)
    before = _text(form, bare)
    _apply(bare, draft, old, [])
    merged = merging.into(old, before, _text(form, bare))
    return merged if merged is not None else _text(form, spec), changes


def _loaded(form: YAML, old: Text) -> CommentedMap | None:
    """The spec with its comments; None if its keys have other types."""
    try:
        with merging.reused_anchors():
            spec = form.load(old.all)
    except (YAMLError, RecursionError, ValueError):
        return None
    if not isinstance(spec, CommentedMap):
        return None
    return spec if all(isinstance(spec.get(key, kind()), kind) for key, kind in TYPES_OF_KEYS.items()) else None


def _apply(spec: CommentedMap, draft: Draft, old: Text, changes: list[Diagnostic]) -> None:
    """Puts the draft's facts into the spec, and adds a diagnostic for each change."""
    if draft.nodes:
        _nodes(spec, draft, old, changes)
        _roles(spec, draft)
    if draft.has_deploy:
        _deploy(spec, draft, old, changes)
    for key, value in writing.policies(draft).items():
        if key not in spec:
            spec[key] = value
            changes.append(said(f"`{key}` is added", old.whole(), None, ADDED))


def _text(form: YAML, spec: CommentedMap) -> str:
    stream = io.StringIO()
    form.dump(spec, stream)
    return stream.getvalue()


def _strip(node: Any, depth: int = 0) -> None:
    """Takes the comments out, which the text itself has, and keeps anchors that no alias refers to."""
    if isinstance(node, CommentedMap | CommentedSeq) and depth < DEEPEST:
        setattr(node, Comment.attrib, Comment())
        if node.anchor.value:
            node.yaml_set_anchor(node.anchor.value, always_dump=True)
        for one in node.values() if isinstance(node, CommentedMap) else node:
            _strip(one, depth + 1)


def _place(sequence: Any, number: int, old: Text) -> Any:
    line = sequence.lc.item(number)[0] + 1 if sequence.lc.data else 1
    return old.at(line, 1, len(old.at(line).text))


def _nodes(spec: CommentedMap, draft: Draft, old: Text, changes: list[Diagnostic]) -> None:
    """Updates the nodes: order and other keys stay, new ones come at the end, those that are gone are removed."""
    nodes = spec.setdefault("nodes", CommentedSeq())
    found = {node.name: node for node in draft.nodes}
    for number in reversed(range(len(nodes))):
        entry = nodes[number]
        name = str(entry.get("name")) if isinstance(entry, MutableMapping) else ""
        if name in found:
            _node(entry, writing.node_entry(found.pop(name)), _place(nodes, number, old), changes)
        elif not (isinstance(entry, MutableMapping) and entry.get("deployed_server")):
            changes.append(said(_is_gone(name, entry, draft), _place(nodes, number, old), None, UPDATED))
            del nodes[number]
    for node in draft.nodes:
        if node.name in found:
            nodes.append(writing.node_entry(node))
            if node.doubt:
                nodes.yaml_set_comment_before_after_key(
                    len(nodes) - 1, before=f"{writing.MARK} {node.name}: {node.doubt}"
                )
            changes.append(said(f"the node {quoted(node.name)} is new", old.whole(), None, UPDATED))


def _is_gone(name: str, entry: Any, draft: Draft) -> str:
    """What is said of a node that no list has, with the one that has its address: it may have been renamed."""
    address = entry.get("address") if isinstance(entry, MutableMapping) else None
    other = next((node.name for node in draft.nodes if node.address == str(address)), None)
    message = f"the node {quoted(name)} is not among the servers of the site"
    return f"{message}; {quoted(other)} has its address" if other else message


def _node(entry: Any, fresh: CommentedMap, span: Any, changes: list[Diagnostic]) -> None:
    for key in FACTS:
        # the role could not be worked out: what the spec says is kept
        if str(entry.get(key)) != str(fresh[key]) and fresh[key] != "UNKNOWN":
            message = (
                f"{quoted(str(fresh['name']))}: `{key}` was {quoted(str(entry.get(key)))}, is {quoted(str(fresh[key]))}"
            )
            changes.append(said(message, span, None, UPDATED))
            entry[key] = fresh[key]


def _roles(spec: CommentedMap, draft: Draft) -> None:
    """Updates the roles; those that the spec has are somebody's choice and stay."""
    fresh = writing.roles(draft)
    missing = [name for name in fresh if name not in (spec.get("roles") or {})]
    if missing and not spec.get("roles"):
        spec.insert(list(spec).index("nodes"), "roles", CommentedMap())
    for name in missing:
        spec["roles"][name] = fresh[name]


def _deploy(spec: CommentedMap, draft: Draft, old: Text, changes: list[Diagnostic]) -> None:
    _files(spec, draft, old, changes)
    _options(spec, draft, old, changes)
    if isinstance(spec.get("site"), CommentedMap) and str(spec["site"].get("stack", "overcloud")) != draft.stack:
        spec["site"]["stack"] = writing.word(draft.stack)
        changes.append(said(f"`site.stack` is {quoted(draft.stack)} now", old.whole(), None, UPDATED))


def _files(spec: CommentedMap, draft: Draft, old: Text, changes: list[Diagnostic]) -> None:
    fresh = writing.entries(draft.deploy.env_files)
    folder = str((spec.get("deploy") or {}).get("directory", ""))
    before = [join(folder, str(file)) for file in spec.get("env_files") or ()]
    now = [join(folder, str(file)) for file in fresh]
    if before != now:
        changes += _files_differ(before, now, old)
        spec["env_files"] = fresh


def _options(spec: CommentedMap, draft: Draft, old: Text, changes: list[Diagnostic]) -> None:
    """Updates the keys under `deploy`; a mapping that is then empty is left out."""
    found = writing.deploy(draft)
    for key in ("templates", "roles_file", "answers_file", "environment_directories", "extra_args"):
        before = (spec.get("deploy") or {}).get(key)
        if key in found and _shown(before) != _shown(found[key]):
            spec.setdefault("deploy", CommentedMap())[key] = found[key]
            told = f"`deploy.{key}` was {_shown(before)}, and the deploy command has {_shown(found[key])}"
            changes.append(said(told, old.whole(), None, UPDATED))
        elif key not in found and before is not None and (key, str(before).rstrip("/")) != ("templates", STOCK):
            del spec["deploy"][key]
            changes.append(said(f"`deploy.{key}` is not in the deploy command", old.whole(), None, UPDATED))
    if "deploy" in spec and not spec["deploy"]:
        del spec["deploy"]


def _files_differ(before: list[str], now: list[str], old: Text) -> list[Diagnostic]:
    """A diagnostic for each environment file that only one side has; if both have the same files, for their order."""
    told = [f"the deploy command has the environment file {quoted(file)}" for file in now if file not in before]
    told += [f"the deploy command has no environment file {quoted(file)}" for file in before if file not in now]
    told = told or ["the deploy command has the environment files in another order, and the last one wins"]
    return [said(one, old.whole(), None, UPDATED) for one in told]


def _shown(value: Any) -> str:
    if value is None:
        return "not set"
    return quoted(" ".join(map(str, value)) if isinstance(value, list) else str(value))
