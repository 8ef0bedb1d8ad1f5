"""Further arguments of the deploy command: what the client would make of each, and what it refuses when it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from osp_compile.diagnostics import Diagnostic, nearest, quoted
from osp_compile.spec.rules import client
from osp_compile.spec.rules.client import Given, Option, is_value
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
    "--rhel-reg": "the client refuses it without `--reg-activation-key`, and a bundle holds no secrets; list "
    "extraconfig/pre_deploy/rhel-registration/rhel-registration-resource-registry.yaml of the templates first under "
    "`env_files`, and behind it a file with the site's `rhel_reg_...` parameters",
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
# what names a file or folder on the undercloud, wherever the script is called from
PLACES = frozenset(("--environment-directory", "--answers-file"))
SCALES = {
    "--control-scale": "Controller",
    "--compute-scale": "Compute",
    "--ceph-storage-scale": "CephStorage",
    "--block-storage-scale": "BlockStorage",
    "--swift-storage-scale": "ObjectStorage",
}
NUMBER = re.compile(r"\s*[-+]?\d+\s*")
WORDED = re.compile(r"--.*|-.|-v+")  # an option without a value, as it may stand
# how far a misspelt option may be from the one that is proposed
NEAR = 0.85


def _given(view: View) -> list[Given[Path]]:
    return client.given(view.words("deploy", "extra_args"))


def extra_arguments(view: View) -> Iterator[Diagnostic]:
    value_due: Path | None = None
    for path, word in view.words("deploy", "extra_args"):
        if is_value(word):
            if value_due is None:
                message = f"{quoted(word)} belongs to no option"
                help = "give an option and its value as two entries, or as one `--option=value`"
                yield view.error("stray-argument", message, path, help)
            value_due = None
            continue
        if value_due:
            yield _no_value(view, value_due)
        meant = client.meanings(word)
        has_value = "=" in word if word.startswith("--") else len(word) > 2
        value_due = path if len(meant) == 1 and meant[0].value and not has_value else None
        yield from _judge(view, path, word, meant)
        if len(meant) != 1 or meant[0].name in REFUSED:
            # what follows may be its value: it is not a second mistake
            value_due = None if has_value else ()
    if value_due:
        yield _no_value(view, value_due)


def _judge(view: View, path: Path, word: str, meant: tuple[Option, ...]) -> Iterator[Diagnostic]:
    name = word.partition("=")[0]
    refused = next((option.name for option in meant if option.name in REFUSED), None)
    if refused:
        verb = "may mean" if len(meant) > 1 else "means"
        meaning = "" if name == refused else f", which {verb} `{refused}`,"
        message = f"{quoted(word)}{meaning} does not belong into `extra_args`"
        yield view.error("forbidden-argument", message, path, REFUSED[refused])
    elif len(meant) > 1:
        message = f"{quoted(word)} may mean {' or '.join(f'`{option.name}`' for option in meant[:4])}"
        yield view.error("ambiguous-argument", message, path, "write the option out")
    elif meant and not meant[0].value and ("=" in word or not WORDED.fullmatch(word)):
        yield view.error("argument-with-value", f"`{meant[0].name}` takes no value", path, f"write `{meant[0].name}`")
    elif word == "--":
        yield view.error("stray-argument", "nothing after `--` is taken for an option", path, "remove it")
    elif not meant and " " in name:
        message = f"{quoted(word)} would be one word of the command"
        yield view.error("stray-argument", message, path, "give an option and its value as two entries")
    elif not meant:
        near = nearest(name, client.names() - set(REFUSED), NEAR)
        message = f"`openstack overcloud deploy` of this release has no option {quoted(name)}"
        help = f"did you mean `{near}`?" if near else "remove it, unless the client on the undercloud was extended"
        yield view.warning("unknown-argument", message, path, help)


def _no_value(view: View, path: Path) -> Diagnostic:
    return view.error("argument-without-value", "this option needs a value", path, "add its value as the next entry")


def values(view: View) -> Iterator[Diagnostic]:
    """What the client's parser refuses: no number, none of the choices, two options that exclude each other."""
    options = _given(view)
    for one in options:
        if one.value is None or one.option.name in REFUSED:
            continue
        if one.option.number and not NUMBER.fullmatch(one.value):
            message = f"`{one.option.name}` takes a whole number, not {quoted(one.value)}"
            yield view.error("argument-value", message, one.value_path, "write the number of your deploy command")
        elif one.option.choices and one.value not in one.option.choices:
            choices = " or ".join(f"`{choice}`" for choice in one.option.choices)
            message = f"`{one.option.name}` takes {choices}, not {quoted(one.value)}"
            yield view.error("argument-value", message, one.value_path, "the client refuses any other")
        elif one.option.name in PLACES and not one.value.startswith("/"):
            message = f"`{one.option.name}` needs an absolute path here, not {quoted(one.value)}"
            help = "nothing is expanded here; write the path out, from the folder that the command was called in"
            yield view.error("argument-value", message, one.value_path, help)
    for pair in client.exclusive():
        both = {one.option.name: one for one in options if one.option.name in pair}
        if len(both) > 1:
            first, last = sorted(both.values(), key=lambda one: one.path)[:2]
            message = f"the client takes `{first.option.name}` or `{last.option.name}`, not both"
            yield view.error("argument-conflict", message, last.path, "remove one of them")


def networks(view: View) -> Iterator[Diagnostic]:
    """What `_validate_args` of the client (python-tripleoclient 5.4.6) refuses once it runs."""
    options = {one.option.name: one for one in _given(view)}
    kind, types = options.get("--neutron-network-type"), options.get("--neutron-tunnel-types")
    disabled = options.get("--neutron-disable-tunneling")
    code = "argument-conflict"
    if disabled and types and types.value:
        message = "the client refuses tunnel types beside `--neutron-disable-tunneling`"
        yield view.error(code, message, types.path, "remove one of them")
        return
    told = types.value if types else None
    if kind and kind.value == "vlan" and "--neutron-network-vlan-ranges" not in options:
        message = "the client refuses the network type `vlan` without `--neutron-network-vlan-ranges`"
        yield view.error(code, message, kind.path, "add the option of your deploy command")
    elif kind and kind.value and told and kind.value not in told:
        message = f"the client wants the network type {quoted(kind.value)} among the tunnel types {quoted(told)}"
        yield view.error(code, message, kind.value_path, "say it in `--neutron-tunnel-types` too")
    elif kind and not told and not disabled and kind.value != "vlan":
        message = "the client refuses `--neutron-network-type` without `--neutron-tunnel-types`"
        yield view.error(code, message, kind.path, "add the option of your deploy command")
    elif told and types and not kind and not disabled:
        message = "the client refuses `--neutron-tunnel-types` without `--neutron-network-type`"
        yield view.error(code, message, types.path, "add the option of your deploy command")


def scale(view: View) -> Iterator[Diagnostic]:
    """A number of nodes on the command line would remove the nodes beyond it, or deploy what nobody described."""
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
            help = "say what the site has; an update is no time to add or remove nodes"
            yield view.error("scale", message, one.path, help)


def ntp(view: View) -> Iterator[Diagnostic]:
    """With several controllers the client wants to know a time server, and looks once the plan is emptied."""
    options = {one.option.name: one for one in _given(view)}
    controllers = options.get("--control-scale")
    count = (controllers.value or "") if controllers else ""
    if controllers is None or not count.isdecimal() or int(count) < 2 or "--ntp-server" in options:
        return
    message = "with `--control-scale` above 1 the client wants an NTP server, or refuses when it has emptied the plan"
    if view.get("env_files") == [] and not PLACES & set(options):
        yield view.error("no-ntp-server", message, controllers.path, "add `--ntp-server` and its address")
    else:
        help = "add `--ntp-server`, or see that an environment file sets `NtpServer`"
        yield view.warning("no-ntp-server", message, controllers.path, help)


RULES = (extra_arguments, values, networks, scale, ntp)
