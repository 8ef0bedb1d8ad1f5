"""The values of a site that its scripts know by name, as lib/site.sh holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from osp_compile import __version__
from osp_compile.shell.quoting import read_back
from osp_compile.spec.model import Site, fields_of, is_group
from osp_compile.spec.rules import client

Value = str | tuple[str, ...]
SETTING = re.compile(r"^  ([A-Z][A-Z0-9_]*)=(\(?)(.*?)\)?$", re.MULTILINE)


def shell_variables(site: Site) -> dict[str, Value]:
    """Shell variable names and values; a tuple becomes an array."""
    return {**dict(_values(Site, site, "")), **_made_from(site)}


def _values(kind: type, group: Any, prefix: str) -> Iterator[tuple[str, Value]]:
    """The variables of a group of fields and of the groups within it; all are empty if the site lacks the group."""
    for key, hint, said in fields_of(kind):
        name = said.name if said else "_".join(filter(None, (prefix, key.upper())))
        value = None if group is None else getattr(group, key)
        if name is None:
            continue
        if is_group(hint):
            yield from _values(hint, value, name)
        elif get_origin(hint) is tuple and get_args(hint)[0] is str:
            yield name, value or ()
        elif get_origin(hint) not in (tuple, Mapping):
            yield name, _text(value)


def _text(value: str | float | bool | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


def _made_from(site: Site) -> dict[str, Value]:
    """The variables whose value is not simply that of a key of the spec."""
    return {
        "SSH_SITE_OPTIONS": _ssh_words(site.ssh.options),
        "COPY_OPTIONS": _ssh_words(site.backup.copy_options),
        "ENVIRONMENT_DIRECTORIES": (*site.deploy.environment_directories, *_told(site, "--environment-directory")),
        "DEPLOY_DIRECTORY": site.deploy.directory or site.undercloud.home,
        "ANSWERS_FILE": site.deploy.answers_file or next(iter(_told(site, "--answers-file")[-1:]), ""),
        "DEPLOY_OPTIONS": _options(site),
        "UNKNOWN_OPTIONS": tuple(client.unknown(site.deploy.extra_args)),
        "NFV": _text(site.nfv is not None),
        "COMPILER_VERSION": __version__,
        "CEPH_MONITORS": str(len(site.nodes_with("ceph_mon"))),
    }


def _ssh_words(options: tuple[str, ...]) -> tuple[str, ...]:
    """The options as words for ssh."""
    return tuple(word for option in options for word in ("-o", option))


def _options(site: Site) -> tuple[str, ...]:
    """The options among the further arguments as the client understands them: each by its full name, with its value."""
    found = client.given(enumerate(site.deploy.extra_args))
    return tuple(one.option.name if one.value is None else f"{one.option.name}={one.value}" for one in found)


def _told(site: Site, option: str) -> tuple[str, ...]:
    """The values of `option` among the further arguments."""
    found = client.given(enumerate(site.deploy.extra_args))
    return tuple(one.value for one in found if one.option.name == option and one.value)


def site_values(text: str) -> dict[str, Value]:
    """{name: value or values} that lib/site.sh sets."""
    found: dict[str, Value] = {}
    for name, opened, value in SETTING.findall(text):
        words = read_back(value)
        found[name] = tuple(words) if opened else "".join(words)
    return found
