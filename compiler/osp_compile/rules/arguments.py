"""Further arguments of the deploy command: what argparse would make of each, abbreviations included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from osp_compile.errors import Diagnostic, nearest, quoted
from osp_compile.rules.view import View
from osp_compile.tree import Path

ENV_FILES = "list environment files under `env_files`, which keeps their order"
REFUSED = {
    "--environment-file": ENV_FILES,
    "--environment-directory": ENV_FILES,
    "--answers-file": f"{ENV_FILES}; templates stand under `deploy.templates`",
    "--templates": "say `deploy: {templates: ...}`",
    "--stack": "say `site: {stack: ...}`",
    "--roles-file": "say `deploy: {roles_file: ...}`",
    "--update-plan-only": "the scripts add it where the guide does",
    "--dry-run": "nothing would be updated; every script has a `--dry-run` of its own",
    "--help": "nothing would be updated",
    "--reg-activation-key": "a bundle holds no secrets; put it into the registration environment file",
    "--os-password": "a bundle holds no secrets; stackrc has it",
}
# the other options of `openstack overcloud deploy`, python-tripleoclient 5.4.6
WITH_VALUE = frozenset(
    "--timeout --control-scale --compute-scale --ceph-storage-scale --block-storage-scale --swift-storage-scale "
    "--control-flavor --compute-flavor --ceph-storage-flavor --block-storage-flavor --swift-storage-flavor "
    "--neutron-flat-networks --neutron-physical-bridge --neutron-bridge-mappings --neutron-public-interface "
    "--neutron-network-type --neutron-tunnel-types --neutron-tunnel-id-ranges --neutron-vni-ranges "
    "--neutron-network-vlan-ranges --neutron-mechanism-drivers --libvirt-type --ntp-server --no-proxy "
    "--overcloud-ssh-user --reg-method --reg-org --reg-sat-url".split()
)
WITHOUT_VALUE = frozenset(
    "--neutron-disable-tunneling --no-cleanup --validation-errors-fatal --validation-errors-nonfatal "
    "--validation-warnings-fatal --skip-postconfig --force-postconfig --skip-deploy-identifier --rhel-reg "
    "--reg-force --debug --verbose".split()
)
SCALES = {
    "--control-scale": "Controller",
    "--compute-scale": "Compute",
    "--ceph-storage-scale": "CephStorage",
    "--block-storage-scale": "BlockStorage",
    "--swift-storage-scale": "ObjectStorage",
}
SHORT = {"-e": "--environment-file", "-r": "--roles-file", "-t": "--timeout", "-h": "--help"}
# what argparse takes for a value although it begins with a dash
NEGATIVE = re.compile(r"-\d+|-\d*\.\d+")
KNOWN = frozenset(REFUSED) | WITH_VALUE | WITHOUT_VALUE


def extra_arguments(view: View) -> Iterator[Diagnostic]:
    words = list(view.words("deploy", "extra_args"))
    value_due: Path | None = None
    for path, word in words:
        if not word.startswith("-") or word == "-" or NEGATIVE.fullmatch(word):
            if value_due is None:
                message = f"{quoted(word)} belongs to no option"
                help = "give an option and its value as two entries, or as one `--option=value`"
                yield view.error("stray-argument", message, path, help)
            value_due = None
            continue
        if value_due:
            yield _no_value(view, value_due)
        option, has_value = resolve(word)
        value_due = path if option in WITH_VALUE and not has_value else None
        yield from _judge(view, path, word, option)
        if option is None or option in REFUSED:
            # what follows may be its value: it is not a second mistake
            value_due = None if has_value else ()
    if value_due:
        yield _no_value(view, value_due)


def resolve(word: str) -> tuple[str | None, bool]:
    """The option that argparse takes `word` for, and whether its value is part of the word; None for an unknown one.

    Of an abbreviation that fits several options the refused one counts, since argparse would stop at it anyway.
    """
    if not word.startswith("--"):
        return SHORT.get(word[:2]), len(word) > 2
    meant = meanings(word)
    refused = [option for option in meant if option in REFUSED]
    return next(iter(refused or meant), None), "=" in word


def meanings(word: str) -> list[str]:
    """The options that a long one fits, whole or abbreviated."""
    name = word.partition("=")[0]
    return [name] if name in KNOWN else sorted(option for option in KNOWN if len(name) > 2 and option.startswith(name))


def _judge(view: View, path: Path, word: str, option: str | None) -> Iterator[Diagnostic]:
    if option in REFUSED:
        name = word.partition("=")[0]
        verb = "may mean" if len(meanings(word)) > 1 else "means"
        meaning = "" if name == option else f", which {verb} `{option}`,"
        message = f"{quoted(word)}{meaning} does not belong into `extra_args`"
        yield view.error("forbidden-argument", message, path, REFUSED[option])
    elif len(meanings(word)) > 1:
        message = f"{quoted(word)} may mean {' or '.join(f'`{meaning}`' for meaning in meanings(word)[:4])}"
        yield view.error("ambiguous-argument", message, path, "write the option out")
    elif option in WITHOUT_VALUE and "=" in word:
        yield view.error("argument-with-value", f"`{option}` takes no value", path, f"write `{option}`")
    elif word == "--":
        yield view.error("stray-argument", "nothing after `--` is taken for an option", path, "remove it")
    elif option is None and " " in word.split("=")[0]:
        message = f"{quoted(word)} would be one word of the command"
        yield view.error("stray-argument", message, path, "give an option and its value as two entries")
    elif option is None:
        near = nearest(word.split("=")[0], KNOWN - set(REFUSED))
        message = f"`openstack overcloud deploy` of this release has no option {quoted(word.split('=')[0])}"
        help = f"did you mean `{near}`?" if near else "remove it, unless the client on the undercloud was extended"
        yield view.warning("unknown-argument", message, path, help)


def _no_value(view: View, path: Path) -> Diagnostic:
    return view.error("argument-without-value", "this option needs a value", path, "add its value as the next entry")


def scale(view: View) -> Iterator[Diagnostic]:
    """A number of nodes on the command line would remove the nodes beyond it, or deploy what nobody described."""
    words = [*view.words("deploy", "extra_args"), ((), "")]
    for (path, word), (_, following) in pairwise(words):
        option = resolve(word)[0] if word.startswith("--") else None
        number = word.partition("=")[2] or following
        if option not in SCALES or not number.isdecimal() or not view.is_whole("nodes"):
            continue
        role = SCALES[option]
        if int(number) != view.counts[role]:
            message = f"`{option}` says {int(number)}, but the spec counts {view.counts[role]} of the role `{role}`"
            yield view.error(
                "scale", message, path, "say what the site has; an update is no time to add or remove nodes"
            )


RULES = (extra_arguments, scale)
