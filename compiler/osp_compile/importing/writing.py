"""Writes a draft as YAML: ordered, with comments on the origin of its values and marks at open questions."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from osp_compile.diagnostics import visible
from osp_compile.importing import choices
from osp_compile.importing.deploy_words import STOCK, Deploy
from osp_compile.importing.draft import NO_CHANGE, SOCKET_DIR, Draft, DraftNode
from osp_compile.importing.text import Entry, Note

MARK = "UNRESOLVED"
WIDEST = 1 << 20  # no value is folded over lines
HEAD = (
    "yaml-language-server: $schema=site.schema.json",  # for editors, beside `osp-compile schema > site.schema.json`
    "Imported by osp-compile from what the site has. `osp-compile schema` describes every key.",
    "`osp-compile check` says whether it can be compiled; at the end is what no file says and a person decides.",
)


def yaml_of() -> YAML:
    """The writer and reader of specs: comments and order stay, nothing is folded."""
    made = YAML(typ="rt")
    made.width = WIDEST
    made.preserve_quotes = True
    made.allow_unicode = True
    made.indent(mapping=2, sequence=2, offset=0)
    return made


def write(draft: Draft) -> str:
    """The whole spec as text."""
    spec = CommentedMap()
    spec["version"] = 1
    spec["site"] = _flow(_site(draft))
    if _undercloud(draft):
        spec["undercloud"] = _flow(_undercloud(draft))
    if draft.roles:
        spec["roles"] = roles(draft)
    spec["nodes"] = nodes(draft.nodes)
    spec["env_files"] = entries(draft.deploy.env_files)
    deployed = deploy(draft)
    if deployed:
        spec["deploy"] = deployed
    for key, value in policies(draft).items():
        spec[key] = value
    _explain(spec, draft)
    stream = io.StringIO()
    yaml_of().dump(spec, stream)
    open_ones = "".join(f"# {line}\n" if line else "#\n" for line in choices.lines(spec))
    return "".join(f"# {line}\n" for line in HEAD) + stream.getvalue() + "\n" + open_ones


def _site(draft: Draft) -> dict[str, Any]:
    found = {"name": word(draft.name), "change": word(draft.change)}
    if draft.stack != "overcloud":
        found["stack"] = word(draft.stack)
    return found


def _undercloud(draft: Draft) -> dict[str, Any]:
    whose, found = draft.undercloud, {}
    if whose.user != "stack":
        found["user"] = word(whose.user)
    if whose.home != f"/home/{whose.user}":
        found["home"] = word(whose.home)
    return found


def roles(draft: Draft) -> CommentedMap:
    found = CommentedMap()
    for name, role in draft.roles.items():
        found[name] = _flow(role.words)
        if role.how:
            found.yaml_add_eol_comment(_comment(role.how), name)
    return found


def nodes(drafts: Sequence[DraftNode]) -> CommentedSeq:
    """The nodes; a comment above each run of nodes of one origin says how their role is known."""
    found = CommentedSeq()
    for (role, how), group in groupby(drafts, key=lambda node: (node.role, node.how)):
        first = len(found)
        for node in group:
            found.append(node_entry(node))
            if node.doubt:
                found.yaml_set_comment_before_after_key(len(found) - 1, before=_mark(f"{node.name}: {node.doubt}"))
        if how and not drafts[first].doubt:
            found.yaml_set_comment_before_after_key(first, before=_comment(f"{role}: {how}"))
    return found


def node_entry(node: DraftNode) -> CommentedMap:
    return _flow({"name": word(node.name), "role": word(node.role), "address": word(node.address)})


def entries(given: Sequence[Entry]) -> CommentedSeq:
    """The files in their order; an unknown path is written as it was, under a mark, and `check` refuses it."""
    found = CommentedSeq(word(entry.text) for entry in given)
    for number, entry in enumerate(given):
        if entry.problem:
            found.yaml_set_comment_before_after_key(number, before=_mark(Note(entry.problem, entry.span).line))
    return found


def deploy(draft: Draft) -> CommentedMap:
    found, given = CommentedMap(), draft.deploy
    for key, entry in _single(given, draft.undercloud.home).items():
        found[key] = word(entry.text)
        if entry.problem:
            found.yaml_set_comment_before_after_key(key, before=_mark(Note(entry.problem, entry.span).line), indent=2)
    if given.directories:
        found["environment_directories"] = entries(given.directories)
    if given.extra:
        plain = all(not entry.problem for entry in given.extra)
        found["extra_args"] = _flow_of([word(entry.text) for entry in given.extra]) if plain else entries(given.extra)
    return found


def _single(given: Deploy, home: str) -> dict[str, Entry]:
    """What the deploy command names one of; the stock templates go without saying, but beside an answers file."""
    elsewhere = given.folder if given.folder and given.folder.text != home else None
    said_templates = given.templates and (given.answers_file or given.templates.text.rstrip("/") != STOCK)
    named = {
        "directory": elsewhere,
        "templates": given.templates if said_templates else None,
        "roles_file": given.roles_file,
        "answers_file": given.answers_file,
    }
    return {key: entry for key, entry in named.items() if entry is not None}


def policies(draft: Draft) -> CommentedMap:
    """The policies of telemetry, fencing and DPDK that the environment files set."""
    found = CommentedMap()
    if draft.mongodb:
        found["mongodb"] = draft.mongodb.value
        found.yaml_add_eol_comment(_comment(Entry("", draft.mongodb.span).origin), "mongodb")
    if draft.absent:
        found["services"] = _flow(dict.fromkeys(draft.absent, False))
        where = ", ".join(Entry("", one.span).origin for one in draft.absent.values())
        found.yaml_add_eol_comment(_comment(where), "services")
    if draft.fencing:
        found["fencing"] = True
    if draft.nfv:
        found["nfv"] = True if draft.nfv == SOCKET_DIR else _flow({"vhost_socket_dir": word(draft.nfv)})
    return found


def _explain(spec: CommentedMap, draft: Draft) -> None:
    """Adds a comment above each part that says where it came from."""
    lines = {
        "site": [] if draft.change != NO_CHANGE else ["The change's number is in no file: write that of the ticket."],
        "roles": ["What the nodes of a role are; the stock roles are built in."],
        "nodes": ["Names as the undercloud's `openstack server list` shows them, with their ctlplane addresses."],
        "env_files": ["The deploy command's environment files in its order: the last one that sets a parameter wins."],
        "nfv": [*choices.INSTANCES],
        "fencing": [f"By EnableFencing of {Entry('', draft.fencing.span).origin}."] if draft.fencing else [],
    }
    marks = [_mark(note.line) for note in (*draft.notes, *draft.deploy.notes)]
    if not draft.nodes:
        marks.append(_mark("no list of servers was given: every node of the overcloud belongs here"))
        lines["nodes"] += [marks.pop()]
    if not draft.has_deploy:
        lines["env_files"].append(_mark("no deploy command was given: its environment files belong here"))
    lines["env_files"] += marks
    for key, above in lines.items():
        if key in spec and above:
            spec.yaml_set_comment_before_after_key(key, before="\n".join(_comment(line) for line in above))


def word(text: str) -> Any:
    """A text that YAML reads back unchanged, in quotes if a reader could take it for something else."""
    if text.isascii() and text.isprintable() and text == text.strip() and not set(text) & set("#:{}[],&*!|>'\"%@`$\\"):
        return text if (text and text[0] not in "-?=<~") or text.startswith("--") else DoubleQuotedScalarString(text)
    return DoubleQuotedScalarString(text)


def _flow(values: Mapping[str, Any]) -> CommentedMap:
    found = CommentedMap(values)
    found.fa.set_flow_style()
    return found


def _flow_of(values: Sequence[Any]) -> CommentedSeq:
    found = CommentedSeq(values)
    found.fa.set_flow_style()
    return found


def _comment(text: str) -> str:
    """The text of a comment: one line, without characters that a reviewer would not see."""
    return visible(" ".join(text.split()))[:300]


def _mark(text: str) -> str:
    return f"{MARK} {_comment(text)}"
