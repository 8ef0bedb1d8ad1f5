"""Whole specs at random: one that `check` calls right compiles, and bash reads every value of it back.

python tests/random_specs.py [--count 5000] [--seed 1]
"""

from __future__ import annotations

import argparse
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
from osp_compile.diagnostics import has_errors
from osp_compile.lint.memory import Memory
from osp_compile.pipeline import check_site, compile_site
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
LEAST = {"Controller": 1, "ComputeOvsDpdk": 2}
OPTIONS = (
    "--ntp-server", "--neutron-bridge-mappings", "--neutron-flat-networks", "--no-proxy", "--control-flavor",
    "--compute-flavor", "--neutron-public-interface", "--overcloud-ssh-user",
)  # fmt: skip


def text(chance: random.Random, most: int = 6) -> str:
    return "".join(chance.choice(PIECES) for _ in range(chance.randint(1, most)))


def file(chance: random.Random) -> str:
    return f"/home/stack/{text(chance)}.yaml"


def spec(chance: random.Random) -> Spec:
    """One that is right as a rule; a few are not, and `check` says so."""
    made: Spec = {
        "version": 1,
        "roles": {"Networker": {}, "ComputeOvsDpdk": {"compute": True, "dpdk": True}},
        "site": {"name": "site", "change": "CHG1", "language": chance.choice(["en", "ja"])},
        "nodes": [*nodes(chance)],
        "env_files": [file(chance) for _ in range(chance.randint(0, 6))],
    }
    for key, value in parts(chance):
        if chance.random() < 0.4:
            made[key] = value
    return made


def nodes(chance: random.Random) -> Iterator[Spec]:
    at = 10
    for role, most in (("Controller", 3), ("ComputeOvsDpdk", 3), ("CephStorage", 3), ("Networker", 2)):
        for number in range(chance.randint(LEAST.get(role, 0), most)):
            at += 1
            yield {"name": f"overcloud-{role.lower()}-{number}", "role": role, "address": f"192.0.2.{at}"}


def parts(chance: random.Random) -> Iterator[tuple[str, Any]]:
    folder = f"/srv/{text(chance)}/"
    yield "undercloud", {"home": f"/home/{text(chance)}", "images_dir": f"{folder}images", "reboot": "needed"}
    yield "ssh", {"parallel": chance.randint(1, 64), "options": [f"ConnectTimeout={chance.randint(5, 60)}"]}
    yield "backup", {"directory": f"{folder}backup", "copy_to": f"backup@192.0.2.250:/srv/{text(chance)}"}
    arguments = [word for option in chance.sample(OPTIONS, 3) for word in (option, f"x{text(chance)}")]
    yield "deploy", {"templates": f"{folder}templates", "roles_file": file(chance), "extra_args": arguments}
    yield "mongodb", chance.choice(["auto", "true", "false"])
    yield "fencing", chance.random() < 0.5
    yield "images", chance.choice(["update", "skip"])
    yield "update", {"breakpoints": chance.choice(["operator", "guarded"])}
    stuck = chance.choice(["cold", "stop", "leave", "fail"])
    yield "compute_reboot", {"migrate": chance.choice(["scheduler", "evacuate", "target"]), "stuck": stuck}
    yield "disk", {"warn": chance.randint(1, 60), "fail": chance.randint(61, 100)}
    yield "hooks", {"before_node": file(chance), "after_node": file(chance)}
    yield "not_after", f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}"
    instances = [{"server": f"x{text(chance)}", "rc_file": file(chance)}]
    yield (
        "nfv",
        {
            "vhost_socket_dir": f"{folder}sockets",
            "instances": instances,
            "strategy": chance.choice(["cold-migrate", "snapshot"]),
        },
    )
    yield "waive", {"2.12/8": f"x{text(chance)}"}


def played(made: Spec, folder: Path, memory: Memory) -> str | None:
    """None where `check` refuses it, "" where it compiled and was read back, else what went wrong."""
    path = folder / "site.yaml"
    path.write_text(yaml.safe_dump(made, allow_unicode=True), "utf-8")
    if has_errors(check_site(path)):
        return None
    result = compile_site(path, folder / "out", memory=memory)
    if result.path is None:
        return "\n".join(found.message for found in result.diagnostics if found.severity == "error")
    site, _ = loading.load(path, frozenset({"2.12/8"}))
    return "" if site is None else differing(site, result.path)


def differing(site: Site, bundle: Path) -> str:
    """The values that bash reads differently from the spec."""
    wanted = shell_variables(site)
    names = " ".join(f'"${{{name}[@]}}" end' for name in wanted)
    script = f". lib/site.sh; printf '%s\\0' {names}\nwith_stackrc() {{ printf '%s\\0' \"$@\"; }}\n"
    command = COMMAND.search((bundle / "2.06-update-overcloud.sh").read_text("utf-8"))
    ended = subprocess.run(
        ["bash", "-c", script + (command[0] if command else "false")],
        cwd=bundle, capture_output=True, check=False, timeout=LIMIT,
    )  # fmt: skip
    if ended.returncode or ended.stderr:
        return f"bash: {ended.stderr.decode()}"
    expected: list[str] = []
    for value in wanted.values():
        expected += [*([value] if isinstance(value, str) else value), "end"]
    found = ended.stdout.decode().split("\0")[:-1]
    if found[: len(expected)] != expected:
        return f"lib/site.sh: {[pair for pair in zip(expected, found, strict=False) if pair[0] != pair[1]][:3]}"
    return differing_command(site, found[len(expected) :])


def differing_command(site: Site, words: list[str]) -> str:
    """What of the deploy command is not the spec's: the files in their order, and the further options."""
    files = [word for option, word in pairwise(words) if option == "-e"]
    own = [file for file in files if file in site.env_files]
    if own != [*site.env_files]:
        return f"environment files: {files}"
    options = words[len(words) - len(site.deploy.extra_args) :]
    return "" if tuple(options) == site.deploy.extra_args else f"options: {options}"


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
