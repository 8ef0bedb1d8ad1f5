"""Whole specs at random: one that `check` calls right compiles, and bash reads every value of it back.

python tests/random_specs.py [--count 5000] [--seed 1]
"""

from __future__ import annotations

import argparse
import html
import json
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from osp_compile.bundle.shell_variables import shell_variables
from osp_compile.lint.memory import Memory
from osp_compile.pipeline import compile_site
from osp_compile.spec import loading
from osp_compile.spec.model import Site

Spec = dict[str, Any]
LIMIT = 60  # seconds, of a bash that reads back
# What a shell, ShellCheck or one of our own rules could take for more than a letter.
PIECES = (
    "a", "b/c", "eval", "+", " ", ",", "$", "$(id)", "`id`", "'", '"', "\\", "“", "”", "’", "~", "*", "?", "{a,b}",
    "[", "]]", ";", "&", "|", "<", ">", "(", ")", "#", "!", "%s", "-n", "--", "=", "wait -n", "read x", "local -n y",
    "日本", "é", "/bin/sh", "${SECONDS}", "coproc", ":", "@", "StrictHostKeyChecking=no", "shellcheck disable=all",
    "declare -A",
)  # fmt: skip
COMMAND = re.compile(r"with_stackrc openstack overcloud deploy (?:.*\\\n)+.*", re.MULTILINE)
OPTIONS = (
    "--ntp-server", "--neutron-bridge-mappings", "--neutron-flat-networks", "--no-proxy", "--control-flavor",
    "--compute-flavor", "--neutron-public-interface", "--overcloud-ssh-user", "--log-file", "--os-cloud",
)  # fmt: skip
ALONE = ("--verbose", "--no-cleanup", "--validation-errors-nonfatal", "--force-postconfig", "--skip-postconfig")
ROLES: Spec = {
    "Networker": {},
    "ComputeOvsDpdk": {"compute": True, "dpdk": True},
    "Compute": {"compute": True, "dpdk": False},
    "Control_Plane-1": {"controller": True, "pacemaker": True},
    "Database": {"pacemaker": True, "controller": False},
    "CephMon": {"ceph_mon": True},
    "OsdCompute": {"compute": True, "ceph_osd": True},
}
# {role: the fewest and the most of its nodes}
NODES = {
    "Controller": (1, 3), "Control_Plane-1": (0, 1), "Database": (0, 3), "Networker": (0, 2), "ComputeOvsDpdk": (2, 3),
    "Compute": (0, 2), "OsdCompute": (0, 2), "CephStorage": (0, 3), "CephMon": (0, 1), "ObjectStorage": (0, 1),
}  # fmt: skip
WAIVED = ("2.11/3", "2.12/8", "2.12/9")
STEPS = frozenset(WAIVED)
ACCEPTED = ("TOO_MANY_PGS", "POOL_APP_NOT_ENABLED", "OSDMAP_FLAGS", "OLD_CRUSH_TUNABLES")
FOLDER = "/home/stack/osp 10"


def text(chance: random.Random, most: int = 6) -> str:
    return "".join(chance.choice(PIECES) for _ in range(chance.randint(1, most)))


def words(chance: random.Random) -> str:
    """A text that begins and ends with a letter, so that no blank is lost at its ends."""
    return f"x{text(chance)}x"


def file(chance: random.Random) -> str:
    return f"/home/stack/{text(chance)}.yaml"


def spec(chance: random.Random) -> Spec:
    """One that is right, as a rule."""
    listed = [*nodes(chance)]
    used = {node["role"] for node in listed}
    made: Spec = {
        "version": 1,
        "site": site(chance),
        "roles": {role: {**stated} for role, stated in ROLES.items() if role in used},
        "nodes": listed,
        "env_files": [file(chance) for _ in range(chance.randint(0, 6))],
    }
    for key, value in parts(chance, [node["name"] for node in listed if "ompute" in node["role"]]):
        if chance.random() < 0.4:
            made[key] = value
    if "directory" in made.get("deploy", {}):
        made["env_files"] += [f"x{text(chance)}.yaml" for _ in range(chance.randint(1, 3))]
    return made


def site(chance: random.Random) -> Spec:
    named: Spec = {"name": chance.choice(["site", "Site_1.b-2", "eval"]), "change": chance.choice(["CHG1", "1.0_a-b"])}
    extra = {"language": chance.choice(["en", "ja"]), "stack": chance.choice(["overcloud", "OSP10", "my_stack.lab-1"])}
    return {**named, **some(chance, extra)}


def some(chance: random.Random, keys: Spec) -> Spec:
    """Each of the keys or not, at even odds; at least one."""
    kept = {key: value for key, value in keys.items() if chance.random() < 0.5}
    return kept or dict([chance.choice([*keys.items()])])


def nodes(chance: random.Random) -> Iterator[Spec]:
    network, at = chance.choice(["192.0.2.", "2001:db8::"]), 10
    capitals = chance.random() < 0.2
    for role, (least, most) in NODES.items():
        for number in range(chance.randint(least, most)):
            at += 1
            word = role.replace("_", "-") if capitals else role.replace("_", "-").lower()
            node = {"name": f"overcloud-{word}-{number}", "role": role, "address": f"{network}{at}"}
            yield {**node, "deployed_server": chance.random() < 0.5} if chance.random() < 0.2 else node


def parts(chance: random.Random, computes: list[str]) -> Iterator[tuple[str, Any]]:
    """(key of the spec, a value for it), for every key that a spec may leave out."""
    folder = f"/srv/{text(chance)}/"
    own = {"home": f"/home/{text(chance)}", "images_dir": f"{folder}images"}
    turns = {"user": chance.choice(["stack", "osp_admin"]), "reboot": chance.choice(["always", "needed"])}
    yield "undercloud", some(chance, {**own, **turns})
    ways = [f"ConnectTimeout={chance.randint(5, 60)}", f"IdentityFile={file(chance)}", "ProxyJump=jump.example.com"]
    yield "ssh", some(chance, {"user": "heat-admin", "parallel": chance.randint(1, 64), "options": ways})
    yield "backup", some(chance, backup(chance, folder))
    command = deploy(chance, folder)
    kept = some(chance, command)
    # an answers file is refused without the templates that it names
    yield "deploy", kept | ({"templates": command["templates"]} if "answers_file" in kept else {})
    yield "mongodb", flag(chance)
    yield "services", some(chance, {key: flag(chance) for key in ("neutron_agents", "volumes", "haproxy")})
    yield "fencing", chance.random() < 0.5
    yield "images", chance.choice(["update", "skip"])
    yield "old_images", chance.choice(["keep", "delete"])
    dpdk = nfv(chance, folder)
    told = some(chance, dpdk)
    # a strategy that makes copies is refused without the instances
    told |= {"instances": dpdk["instances"]} if told.get("strategy") == "snapshot" else {}
    yield "nfv", chance.choice([True, False, told])
    yield "update", {"breakpoints": chance.choice(["operator", "guarded"])}
    yield "compute_reboot", some(chance, reboot(chance, computes))
    yield "disk", some(chance, {"warn": chance.randint(1, 60), "fail": chance.randint(81, 100)})
    keys = ("reboot", "migrate_per_instance", "ceph_clean", "answer", "settle")
    yield "timeouts", some(chance, {key: chance.randint(60, 86400) for key in keys})
    yield "not_after", f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}"
    yield "hooks", some(chance, {key: file(chance) for key in ("before_node", "after_node", "before_update")})
    yield "accept", {"ceph": [accepted(chance, check) for check in chance.sample(ACCEPTED, 2)]}
    keys_of_signers = "".join(chance.choice("0123456789abcdefABCDEF") for _ in range(40))
    yield (
        "require_signature",
        [keys_of_signers, f"{keys_of_signers[:20]}  {keys_of_signers[20:]}"][: chance.randint(1, 2)],
    )
    yield "waive", {step: words(chance) for step in chance.sample(WAIVED, 2)}
    yield "contacts", {words(chance): words(chance) for _ in range(2)}


def flag(chance: random.Random) -> str | bool:
    """One of the three words, or the YAML value that people write for two of them."""
    words: list[str | bool] = ["auto", "true", "false", True, False]
    return chance.choice(words)


def backup(chance: random.Random, folder: str) -> Spec:
    hosts = ["backup@192.0.2.250:", "backup@[2001:db8::250]:", "vault.example.com:", "/mnt"]
    return {
        "directory": f"{folder}backup",
        "copy_to": f"{chance.choice(hosts)}/srv/{text(chance)}",
        "copy_options": [f"Port={chance.randint(1, 65535)}", f"IdentityFile={file(chance)}"],
        "minimum_free_gb": chance.choice([0, 3.5, 100, 0.25]),
        "maximum_age_hours": chance.randint(1, 720),
    }


def deploy(chance: random.Random, folder: str) -> Spec:
    arguments = [word for option in chance.sample(OPTIONS, 3) for word in (option, words(chance))]
    arguments[0:2] = [f"{arguments[0]}={arguments[1]}"]
    return {
        "directory": FOLDER,
        "templates": f"{folder}templates{chance.choice(['', '/'])}",
        "roles_file": file(chance),
        "environment_directories": [f"/srv/{words(chance)}" for _ in range(chance.randint(1, 2))],
        "answers_file": file(chance),
        "extra_args": [*arguments, chance.choice(ALONE)],
    }


def nfv(chance: random.Random, folder: str) -> Spec:
    return {
        "vhost_socket_dir": f"{folder}sockets",
        "post_install": f"x{text(chance).replace('/', '')}.yaml",
        "strategy": chance.choice(["cold-migrate", "snapshot"]),
        "instances": [{"server": words(chance), "rc_file": file(chance)} for _ in range(2)],
    }


def reboot(chance: random.Random, computes: list[str]) -> Spec:
    ring = dict(zip(computes, [*computes[1:], *computes[:1]], strict=True))
    return {
        "migrate": chance.choice(["scheduler", "evacuate", "target"]),
        "stuck": chance.choice(["cold", "stop", "leave", "fail"]),
        "batch": 1,
        "targets": dict(chance.sample([*ring.items()], 1)),
    }


def accepted(chance: random.Random, check: str) -> str | Spec:
    return check if chance.random() < 0.5 else {"check": check, "reason": words(chance)}


def post_install(made: Spec, folder: Path) -> None:
    """Writes the file that the spec names, whose words a shell could take for its own."""
    own = made.get("nfv")
    if isinstance(own, dict) and "post_install" in own:
        said = "".join(PIECES).replace("\n", "")
        (folder / own["post_install"]).write_text(f"heat_template_version: 2014-10-16\n# {said} {{{{ x }}}}\n", "utf-8")


def played(made: Spec, folder: Path, memory: Memory) -> str | None:
    """None where `check` refuses it, "" where it compiled and was read back, else what went wrong."""
    path = folder / "site.yaml"
    path.write_text(yaml.safe_dump(made, allow_unicode=True, sort_keys=False), "utf-8")
    post_install(made, folder)
    read, _ = loading.load(path, STEPS)
    if read is None:
        return None
    result = compile_site(path, folder / "out", memory=memory)
    if result.path is None:
        return "\n".join(found.message for found in result.diagnostics if found.severity == "error")
    return differing_in(read, result.path)


def differing_in(site: Site, bundle: Path) -> str:
    """What of a bundle is not as the spec says; "" if nothing."""
    return differing(site, bundle) or differing_tables(site, bundle) or differing_texts(site, bundle)


def differing(site: Site, bundle: Path) -> str:
    """The values that bash reads differently from the spec."""
    wanted = shell_variables(site)
    names = " ".join(f'"${{{name}[@]}}" end' for name in wanted)
    script = f". lib/site.sh; printf '%s\\0' {names}\nwith_stackrc() {{ printf '%s\\0' \"$@\"; }}\n"
    command = COMMAND.search((bundle / "2.06-update-overcloud.sh").read_text("utf-8"))
    found = in_bash(bundle, script + (command[0] if command else "false"))
    if isinstance(found, str):
        return found
    expected: list[str] = []
    for value in wanted.values():
        expected += [*([value] if isinstance(value, str) else value), "end"]
    if found[: len(expected)] != expected:
        return f"lib/site.sh: {[pair for pair in zip(expected, found, strict=False) if pair[0] != pair[1]][:3]}"
    return differing_command(site, found[len(expected) :])


def in_bash(bundle: Path, script: str) -> list[str] | str:
    """The words that `script` prints in a bundle, each ended by a zero byte; a text says why it failed."""
    ended = subprocess.run(
        ["bash", "-c", script], cwd=bundle, capture_output=True, check=False, timeout=LIMIT
    )  # fmt: skip
    if ended.returncode or ended.stderr:
        return f"bash: {ended.stderr.decode()}"
    return ended.stdout.decode().split("\0")[:-1]


def differing_command(site: Site, words: list[str]) -> str:
    """What of the deploy command is not the spec's: what comes before the files, they in their order, what follows."""
    begin = words.index("--update-plan-only") + 1
    options = words[len(words) - len(site.deploy.extra_args) :]
    files = [word for option, word in pairwise(words[begin : len(words) - len(options)]) if option == "-e"]
    own = [file for file in files if file in site.env_files]
    if own != [*site.env_files]:
        return f"environment files: {files}"
    first = words.index("-e") if files else len(words) - len(options)
    if words[begin:first] != [*of_keys(site)]:
        return f"templates, roles and folders: {words[begin:first]}"
    return "" if tuple(options) == site.deploy.extra_args else f"options: {options}"


def of_keys(site: Site) -> Iterator[str]:
    """The words of the command that keys of the spec have the values of."""
    if site.stack != "overcloud":
        yield from ("--stack", site.stack)
    yield from ("--templates", site.deploy.templates)
    if site.deploy.roles_file:
        yield from ("-r", site.deploy.roles_file)
    for folder in site.deploy.environment_directories:
        yield from ("--environment-directory", folder)
    if site.deploy.answers_file:
        yield from ("--answers-file", site.deploy.answers_file)


def differing_tables(site: Site, bundle: Path) -> str:
    """The rows of lib/*.tsv that bash reads differently from the spec."""
    for table, wanted in tables(site).items():
        read = "while IFS=$'\\t' read -r -a cells; do printf '%s\\0' \"${cells[@]}\" end; done"
        found = in_bash(bundle, f"{read} <lib/{table}.tsv")
        expected = [word for row in wanted for word in (*row, "end")]
        if found != expected:
            return f"lib/{table}.tsv: {found}"
    return ""


def tables(site: Site) -> dict[str, list[tuple[str, ...]]]:
    """{table: its rows}, where the spec alone says them."""
    ring = [node.name for node in site.nodes_with("compute")]
    to = {name: ring[(at + 1) % len(ring)] for at, name in enumerate(ring)} | dict(site.compute_reboot.targets)
    instances = site.nfv.instances if site.nfv else ()
    return {
        "nfv_instances": [(one.server, one.rc_file) for one in instances],
        "targets": [*to.items()] if site.compute_reboot.migrate == "target" else [],
        "waivers": [(one.step, " ".join(one.reason.split())) for one in site.waivers],
        "accepted": [("ceph", one.check, *filter(None, [" ".join(one.reason.split())])) for one in site.accepted_ceph],
    }


def differing_texts(site: Site, bundle: Path) -> str:
    """The values that only people and programs read: nodes, contacts, the site's own template."""
    page = html.unescape((bundle / "index.html").read_text("utf-8"))
    unread = [one for one in site.contacts if f"<li>{one.who}: <strong>{one.reach}</strong></li>" not in page]
    if unread:
        return f"index.html has not {unread}"
    said = json.loads((bundle / "manifest.json").read_text("utf-8"))["site"]
    listed = [(one["name"], one["role"], one["address"], one["deployed_server"]) for one in said["nodes"]]
    if listed != [(one.name, one.role.name, one.address, one.deployed_server) for one in site.nodes]:
        return f"manifest.json: {listed}"
    own = site.nfv.post_install_text if site.nfv else None
    installed = bundle / "files/nfv-site-post-install.yaml"
    if own is not None and installed.read_text("utf-8").rstrip("\n") != own.rstrip("\n"):
        return "files/nfv-site-post-install.yaml is not the site's own"
    return ""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=5000, help="so many that compile")
    arguments.add_argument("--seed", type=int, default=1)
    wish = arguments.parse_args()
    compiled = refused = 0
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory(Path(folder) / "memory")
        for seed in range(wish.seed, wish.seed + 4 * wish.count):
            made = spec(random.Random(seed))
            wrong = played(made, Path(folder), memory)
            if wrong:
                print(f"not ok: seed {seed}: {wrong}\n{yaml.safe_dump(made, allow_unicode=True)}")
                return 1
            refused += wrong is None
            compiled += wrong == ""
            if wrong == "" and compiled % 100 == 0:
                print(f"{compiled} so far, to seed {seed}", file=sys.stderr, flush=True)
            if compiled >= wish.count:
                break
    print(f"{compiled} compiled and read back, 0 differ; {refused} were refused by check")
    return 0 if compiled >= wish.count else 1


if __name__ == "__main__":
    sys.exit(main())
