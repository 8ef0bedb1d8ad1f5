"""Rules for environment files: none without effect, none of another collection. Their order stays."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, normpath

from osp_compile.diagnostics import Diagnostic, error, quoted
from osp_compile.spec.roles import STOCK
from osp_compile.spec.rules import client
from osp_compile.spec.rules.view import View
from osp_compile.spec.yaml_tree import Mapping, Node, Path, Scalar

STOCK_TEMPLATES = "/usr/share/openstack-tripleo-heat-templates"
NAMESAKE = "neutron-ovs-dpdk-permissions.yaml"
PERMISSIONS = "ovs-dpdk-permissions.yaml"
SOCKET_DIR = "NeutronVhostuserSocketDir"


def no_environment_file(view: View) -> Iterator[Diagnostic]:
    more = view.get("deploy", "environment_directories"), view.get("deploy", "answers_file")
    told = {one.option.name for one in client.given(view.words("deploy", "extra_args"))}
    if view.get("env_files") == [] and not any(more) and not told & {"--environment-directory", "--answers-file"}:
        message = "without environment files the plan falls back to defaults"
        help = "list those of the site's deploy command, in its order"
        yield view.warning("no-env-files", message, ("env_files",), help)


def twice(view: View) -> Iterator[Diagnostic]:
    """A file that is listed twice stays so: the client takes it, and the site was deployed with it."""
    first: dict[str, Path] = {}
    for path, file in view.words("env_files"):
        name = normpath(file)
        if name in first:
            line = view.source.value(first[name]).line
            message = f"the environment file {quoted(file)} is listed twice"
            help = f"it is already on line {line}; if your deploy command has it once, keep only its place there"
            yield view.warning("duplicate-env-file", message, path, help)
        first.setdefault(name, path)


def namesake(view: View) -> Iterator[Diagnostic]:
    for path, file in view.words("env_files"):
        if basename(file) == NAMESAKE:
            right = quoted(f"{file.removesuffix(NAMESAKE)}{PERMISSIONS}")
            message = f"`{NAMESAKE}` sets a parameter that no template reads"
            yield view.error("namesake-env-file", message, path, f"the file that sets the permissions is {right}")


def permissions(view: View) -> Iterator[Diagnostic]:
    """What the last file sets wins. A live site keeps the order that it was deployed with, whatever the guide has."""
    places = {basename(file): path for path, file in view.words("env_files")}
    if PERMISSIONS in places and "neutron-ovs-dpdk.yaml" in places:
        path, dpdk = places[PERMISSIONS], places["neutron-ovs-dpdk.yaml"]
        if path < dpdk:
            line = view.source.value(dpdk).line
            message = f"`{PERMISSIONS}` comes before `neutron-ovs-dpdk.yaml`, and the guide has it after"
            help = (
                f"leave them as the site was deployed; if the file of line {line} sets another `VhostuserSocketGroup` "
                "than `hugetlbfs`, that value wins"
            )
            yield view.warning("permissions-order", message, path, help)


def answers(view: View) -> Iterator[Diagnostic]:
    """Requires `deploy.templates` beside an answers file: the scripts cannot read them from that file."""
    given = client.given(view.words("deploy", "extra_args"))
    told = next((one.path for one in given if one.option.name == "--answers-file"), None)
    path: Path | None = ("deploy", "answers_file") if view.get("deploy", "answers_file") is not None else told
    if path is not None and not view.source.has(("deploy", "templates")):
        message = "an answers file names the templates, and the scripts need to know them too"
        yield view.error("templates-unsaid", message, path, "say what it has: `deploy: {templates: ...}`")


def foreign_templates(view: View) -> Iterator[Diagnostic]:
    """A stock file used with another template collection refers to resources of the wrong collection."""
    templates = view.get("deploy", "templates")
    if templates is None or normpath(templates) == STOCK_TEMPLATES:
        return
    for path, file in view.words("env_files"):
        if normpath(file).startswith(f"{STOCK_TEMPLATES}/"):
            message = f"this file belongs to another template collection than `deploy.templates`, {quoted(templates)}"
            help = f"use {quoted(templates.rstrip('/') + normpath(file).removeprefix(STOCK_TEMPLATES))}"
            yield view.warning("foreign-env-file", message, path, help)


def roles_file(view: View) -> Iterator[Diagnostic]:
    """Requires a roles file for other than stock roles: without it a plan update would drop them."""
    templates = view.get("deploy", "templates")
    if view.get("deploy", "roles_file") is not None or not templates or normpath(templates) != STOCK_TEMPLATES:
        return
    stated = {str(path[-1]) for path, _ in view.members("roles")}
    for path, role in view.nodes("role"):
        if role in stated and role not in STOCK and view.is_whole("deploy"):
            message = f"the role {quoted(role)} is not in the stock roles file"
            help = "name the site's own with `deploy: {roles_file: /home/stack/templates/roles_data.yaml}`"
            yield view.warning("no-roles-file", message, path, help)
            return


def override_after_ours(view: View) -> Iterator[Diagnostic]:
    """Refuses a post-install.yaml that gives the vhost socket folder another value than the bundle's own file."""
    ours, source = view.get("nfv", "vhost_socket_dir"), view.post_install
    if source is None or ours is None:
        return
    value = _value(_value(source.root, "parameter_defaults"), SOCKET_DIR)
    if value is None:
        return
    if not isinstance(value, Scalar) or normpath(value.value) != normpath(ours):
        shown = quoted(value.value) if isinstance(value, Scalar) else "something else"
        message = f"`{SOCKET_DIR}` is set to {shown} here and to {quoted(ours)} by the spec"
        help = "remove the line, or say the same under `nfv.vhost_socket_dir`"
        span = source.at(value.place)
        yield error("override-after-ours", message, span, help)


def _value(node: Node | None, key: str) -> Node | None:
    found = node.entries.get(key) if isinstance(node, Mapping) else None
    return found[1] if found else None


RULES = (no_environment_file, twice, namesake, permissions, answers, foreign_templates, roles_file, override_after_ours)
