"""Which of the clients' lists a file holds: another than the one that is wanted is refused, with the command for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from osp_compile.diagnostics import Diagnostic, error
from osp_compile.importing.tables import Row, rows
from osp_compile.importing.text import Text

Kind = Literal["servers", "baremetal", "services"]
COMMANDS: Mapping[Kind, str] = {
    "servers": "save what `source ~/stackrc; openstack server list -f json` prints",
    "baremetal": "save what `source ~/stackrc; openstack baremetal node list"
    " --fields name instance_uuid properties -f json` prints",
    "services": "save what `source ~/overcloudrc; openstack compute service list -f json` prints,"
    " or `openstack network agent list -f json`",
}
NOT_ROWS = "this line is not of a list as the client prints it"
# (the columns that only this list has, what it is, the option that it is for)
MARKS: Sequence[tuple[frozenset[str], str, Kind | None]] = (
    (frozenset(("binary",)), "a list of services or agents", "services"),
    (frozenset(("networks", "addresses")), "a list of servers", "servers"),
    (frozenset(("instance uuid", "provisioning state", "properties")), "a list of ironic's machines", "baremetal"),
    (frozenset(("current profile", "possible profiles")), "a list of profiles, which names no instances", None),
    (frozenset(("stack name",)), "a list of stacks", None),
    (frozenset(("hypervisor hostname",)), "a list of hypervisors", None),
    (frozenset(("field", "property")), "the details of one thing, and not a list", None),
)


def rows_of(text: Text, wanted: Kind, is_row: Callable[[Row], bool]) -> list[Row] | Diagnostic:
    """The rows of the list that is wanted; a diagnostic if the file holds something else.

    `is_row` says of words without headings whether they are a row: what a client warns of, a shell says and a prompt
    shows is around a list as it is copied.
    """
    found = rows(text)
    if isinstance(found, Diagnostic) or not found:
        return found
    kept = [row for row in found if not row.words or is_row(row)]
    return _of_another_kind(found, wanted) or kept or refused(NOT_ROWS, found[0], wanted)


def _of_another_kind(rows: Sequence[Row], wanted: Kind) -> Diagnostic | None:
    """The diagnostic of rows with the columns of another list; None if nothing says so."""
    columns = frozenset(rows[0].cells)
    for marks, what, kind in MARKS:
        if marks & columns:
            return None if kind == wanted else refused(f"this is {what}", rows[0], wanted, kind)
    return None


def refused(message: str, row: Row, wanted: Kind, kind: Kind | None = None) -> Diagnostic:
    """The diagnostic with the command of the wanted list; `kind` is what the file holds, where there is an option."""
    other = f"; this one is for --{kind}" if kind else ""
    return error("list-form", message, row.span, f"{COMMANDS[wanted]}{other}")
