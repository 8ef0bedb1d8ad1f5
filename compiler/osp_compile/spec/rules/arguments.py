"""Rules for further arguments of the deploy command: what the client makes of each, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from difflib import SequenceMatcher
from functools import partial
from posixpath import normpath

from osp_compile.diagnostics import Diagnostic, nearest, quoted
from osp_compile.spec.rules import client
from osp_compile.spec.rules.client import PLACES, Given, Option, is_value
from osp_compile.spec.rules.view import View
from osp_compile.spec.yaml_tree import Path

IN_STACKRC = "a bundle holds no secrets; stackrc has it"
NOTHING = "nothing would be updated"
REFUSED = {
    "--environment-file": "list environment files under `env_files`, which keeps their order",
    "--templates": "say `deploy: {templates: ...}`",
    "--stack": "say `site: {stack: ...}`",
    "--roles-file": "say `deploy: {roles_file: ...}`",
    "--update-plan-only": "the scripts add it where the guide does",
    "--dry-run": f"{NOTHING}; every script has a `--dry-run` of its own",
    "--help": NOTHING,
    "--version": NOTHING,
    "--reg-activation-key": "a bundle holds no secrets; put it into the registration environment file",
    "--rhel-reg": "the client refuses it without `--reg-activation-key`, and a bundle holds no secrets; remove all "
    "`--reg-...` options with it, list "
    "extraconfig/pre_deploy/rhel-registration/rhel-registration-resource-registry.yaml of the templates first under "
    "`env_files`, and after it a file with the site's `rhel_reg_...` parameters",
    **dict.fromkeys(
        (
            "--os-password",
            "--os-token",
            "--os-passcode",
            "--os-client-secret",
            "--os-access-token",
            "--os-authorization-code",
        ),
        IN_STACKRC,
    ),
}
SCALES = {
    "--control-scale": "Controller",
    "--compute-scale": "Compute",
    "--ceph-storage-scale": "CephStorage",
    "--block-storage-scale": "BlockStorage",
    "--swift-storage-scale": "ObjectStorage",
}
NUMBER = re.compile(r"\s*[-+]?\d+\s*")
WORDED = re.compile(r"--.*|-.|-v+")  # the forms of an option without a value
# how similar a misspelt option must be to the one that is suggested
NEAR = 0.85
NEAR_WORD = 0.6  # likewise a word of it


def _given(view: View) -> list[Given[Path]]:
    return client.given(view.words("deploy", "extra_args"))


def extra_arguments(view: View) -> Iterator[Diagnostic]:
    value_due: Path | None = None
    for path, word in view.words("deploy", "extra_args"):
        if is_value(word):
            if value_due is None:
                message = f"{quoted(word)} is not preceded by an option"
                help = "give an option and its value as two entries, or as one `--option=value`"
                yield view.error("stray-argument", message, path, help)
            value_due = None
            continue
        if value_due:
            yield _no_value(view, value_due)
        meant = client.meanings(word)
        yield from _judge(view, path, word, meant)
        value_due = _value_due(path, word, meant)
    if value_due:
        yield _no_value(view, value_due)


def _value_due(path: Path, word: str, meant: tuple[Option, ...]) -> Path | None:
    """The place of an option that needs a value next; () if a value may follow, None if none may."""
    if "=" in word if word.startswith("--") else len(word) > 2:
        return None
    if len(meant) != 1 or meant[0].name in REFUSED:
        return ()  # the next word may be its value: it is not reported as a second mistake
    return path if meant[0].value else None


def _judge(view: View, path: Path, word: str, meant: tuple[Option, ...]) -> Iterator[Diagnostic]:
    refused = next((option.name for option in meant if option.name in REFUSED), None)
    if refused:
        verb = "may mean" if len(meant) > 1 else "means"
        meaning = "" if word.partition("=")[0] == refused else f", which {verb} `{refused}`,"
        message = f"{quoted(word)}{meaning} does not belong in `extra_args`"
        help = REFUSED[refused]
        yield view.error(
            "forbidden-argument", message, path, f"remove it and its value: {help}" if help == IN_STACKRC else help
        )
    elif len(meant) > 1:
        message = f"{quoted(word)} may mean {' or '.join(f'`{option.name}`' for option in meant[:4])}"
        yield view.error("ambiguous-argument", message, path, "write the option out")
    elif not meant:
        yield _no_option(view, path, word)
    elif not meant[0].value and ("=" in word or not WORDED.fullmatch(word)):
        yield view.error("argument-with-value", f"`{meant[0].name}` takes no value", path, f"write `{meant[0].name}`")


def _no_option(view: View, path: Path, word: str) -> Diagnostic:
    if word == "--":
        return view.error("stray-argument", "nothing after `--` is taken for an option", path, "remove it")
    name = word.partition("=")[0]
    if " " in name:
        message = f"{quoted(word)} would be one word of the command"
        return view.error("stray-argument", message, path, "give an option and its value as two entries")
    near = nearest(name, filter(partial(_alike, name), client.names()), NEAR)
    message = f"`openstack overcloud deploy` of this release has no option {quoted(name)}"
    if near in REFUSED:
        help = "remove it and its value: " * (REFUSED[near] == IN_STACKRC) + REFUSED[near]
        return view.error("unknown-argument", f"{message}; `{near}` does not belong in `extra_args`", path, help)
    help = (
        f"did you mean `{near}`?"
        if near
        else "remove it, unless the client on the undercloud was extended; the preflight asks it"
    )
    return view.warning("unknown-argument", message, path, help)


def _alike(one: str, other: str) -> bool:
    """Whether each word of two options is like the one in its place: `vlan` is another word than `vni`."""
    pairs = [*zip(one.split("-"), other.split("-"), strict=False)]
    ratios = (SequenceMatcher(None, *pair).ratio() for pair in pairs)
    return one.count("-") != other.count("-") or all(ratio >= NEAR_WORD for ratio in ratios)


def _no_value(view: View, path: Path) -> Diagnostic:
    return view.error("argument-without-value", "this option needs a value", path, "add its value as the next entry")


def values(view: View) -> Iterator[Diagnostic]:
    """Values that the client's parser refuses: not a number, or not one of the choices."""
    for one in _given(view):
        if one.value is not None and one.option.name not in REFUSED:
            yield from _judge_value(view, one.option, one.value, one.value_path)


def _judge_value(view: View, option: Option, value: str, path: Path) -> Iterator[Diagnostic]:
    if option.number and not NUMBER.fullmatch(value):
        message = f"`{option.name}` takes a whole number, not {quoted(value)}"
        yield view.error("argument-value", message, path, "write the number of your deploy command")
    elif option.choices and value not in option.choices:
        choices = " or ".join(f"`{choice}`" for choice in option.choices)
        message = f"`{option.name}` takes {choices}, not {quoted(value)}"
        yield view.error("argument-value", message, path, "the client refuses any other")
    elif option.name in PLACES and not value.startswith("/"):
        message = f"`{option.name}` needs an absolute path here, not {quoted(value)}"
        yield view.error("argument-value", message, path, f"nothing is expanded here; {_written_out(view, value)}")


def _written_out(view: View, value: str) -> str:
    """What to write in place of a path that a shell would have expanded, or that starts from the folder of the call."""
    home, folder = view.get("undercloud", "home"), view.get("deploy", "directory")
    if value.startswith("~/") and home:
        return f"write {quoted(f'{home}{value[1:]}')}"
    if folder and not value.startswith(("~", "$")):
        return f"write {quoted(normpath(f'{folder}/{value}'))}"
    return "write the path out, from the folder where the command was run"


def exclusive(view: View) -> Iterator[Diagnostic]:
    """Options that exclude each other for the client's parser."""
    options = _given(view)
    for pair in client.exclusive():
        both = {one.option.name: one for one in options if one.option.name in pair}
        if len(both) > 1:
            first, last = sorted(both.values(), key=lambda one: one.path)[:2]
            message = f"the client takes `{first.option.name}` or `{last.option.name}`, not both"
            yield view.error("argument-conflict", message, last.path, "remove one of them")


def networks(view: View) -> Iterator[Diagnostic]:
    """Network options that `_validate_args` of the client (python-tripleoclient 5.4.6) refuses when it runs."""
    options = {one.option.name: one for one in _given(view)}
    kind, types = options.get("--neutron-network-type"), options.get("--neutron-tunnel-types")
    told = types.value if types else None
    if types and told and "--neutron-disable-tunneling" in options:
        message = "the client refuses tunnel types beside `--neutron-disable-tunneling`"
        yield view.error("argument-conflict", message, types.path, "remove one of them")
    elif kind:
        yield from _network_type(view, kind, told, options.keys())
    elif types and told:
        message = "the client refuses `--neutron-tunnel-types` without `--neutron-network-type`"
        yield view.error("argument-conflict", message, types.path, "add the option of your deploy command")


def _network_type(
    view: View, kind: Given[Path], tunnel_types: str | None, options: Container[str]
) -> Iterator[Diagnostic]:
    code = "argument-conflict"
    if kind.value == "vlan" and "--neutron-network-vlan-ranges" not in options:
        message = "the client refuses the network type `vlan` without `--neutron-network-vlan-ranges`"
        yield view.error(code, message, kind.path, "add the option of your deploy command")
    elif kind.value and tunnel_types and kind.value not in tunnel_types:
        message = (
            f"the client needs the network type {quoted(kind.value)} among the tunnel types {quoted(tunnel_types)}"
        )
        yield view.error(code, message, kind.value_path, "say it in `--neutron-tunnel-types` too")
    elif kind.value != "vlan" and not tunnel_types and "--neutron-disable-tunneling" not in options:
        message = "the client refuses `--neutron-network-type` without `--neutron-tunnel-types`"
        yield view.error(code, message, kind.path, "add the option of your deploy command")


def scale(view: View) -> Iterator[Diagnostic]:
    """Refuses node counts that differ from the spec: the update would remove nodes, or deploy undescribed ones."""
    options = _given(view)
    for one in options:
        if (
            one.option.name not in SCALES
            or one.value is None
            or not one.value.isdecimal()
            or not view.is_whole("nodes")
        ):
            continue
        role = SCALES[one.option.name]
        if int(one.value) != view.counts[role]:
            told = f"`{one.option.name}` says {int(one.value)}"
            message = f"{told}, but the spec counts {view.counts[role]} of the role `{role}`"
            help = "write the number of nodes that the site has; do not scale during an update"
            yield view.error("scale", message, one.path, help)


def ntp(view: View) -> Iterator[Diagnostic]:
    """Warns without a time server beside several controllers: the client asks only after it has emptied the plan.

    Any environment file may set one, those of ~/.tripleo/environments too, which are always read: 2.00 looks there.
    """
    options = {one.option.name: one for one in _given(view)}
    controllers, server = options.get("--control-scale"), options.get("--ntp-server")
    count = (controllers.value or "") if controllers else ""
    if controllers is None or not count.isdecimal() or int(count) < 2 or (server and server.value):
        return
    message = "with `--control-scale` above 1 the client needs an NTP server; without one it fails with an emptied plan"
    help = "add `--ntp-server`, or see that an environment file sets `NtpServer` under `parameter_defaults`"
    yield view.warning("no-ntp-server", message, controllers.path, help)


def registration(view: View) -> Iterator[Diagnostic]:
    """Warns of what the client reads only where it registers the nodes itself (tripleoclient, `if rhel_reg`)."""
    given = _given(view)
    if any(one.option.name == "--rhel-reg" for one in given):
        return
    for one in given:
        if one.option.name.startswith("--reg-") and one.option.name not in REFUSED:
            message = f"`{one.option.name}` has no effect without `--rhel-reg`"
            help = "remove it; a file under `env_files` has the `rhel_reg_...` parameters"
            yield view.warning("argument-without-effect", message, one.path, help)


RULES = (extra_arguments, values, exclusive, networks, scale, ntp, registration)
