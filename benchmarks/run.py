"""Measures the compiler against its neighbours in one run: ratios first, since machines differ and are noisy.

    .venv/bin/python benchmarks/run.py [--rounds 5]

Each pair is timed in turns (A B A B ...) and the median of the pairwise ratios is printed;
memory is the peak of the largest process.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "specs/examples/tokyo-1.yaml"
COMPILE = (sys.executable, "-m", "osp_compile")


@dataclass(frozen=True)
class Run:
    """One finished process: wall seconds, peak memory of the largest process in MiB."""

    seconds: float
    mebibytes: float


def run(words: Sequence[str], folder: Path, **changes: str) -> Run:
    """Runs a command, its output thrown away; raises RuntimeError when it fails."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "compiler"), **changes}
    started = time.perf_counter()
    process = subprocess.Popen(words, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = process.stderr.read().decode()[-500:] if process.stderr else ""
        raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}: {said}")
    return Run(seconds, usage.ru_maxrss / 1024)


def pair(rounds: int, ours: Callable[[], Run], theirs: Callable[[], Run]) -> tuple[float, float, float]:
    """Medians of ours and theirs in seconds, and of the ratios ours/theirs taken pair by pair."""
    results = [(ours().seconds, theirs().seconds) for _ in range(rounds)]
    return (
        statistics.median(a for a, _ in results),
        statistics.median(b for _, b in results),
        statistics.median(a / b for a, b in results),
    )


def compile_fresh(folder: Path, spec: Path = EXAMPLE) -> Run:
    """A whole compile that finds nothing in the cache."""
    cache = folder / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    return run([*COMPILE, str(spec), "-o", str(folder / "out")], folder, XDG_CACHE_HOME=str(cache))


def shellcheck_alone(folder: Path) -> Run:
    """ShellCheck with the compiler's own options on the same files, in one process."""
    bundle = folder / "out/tokyo-1"
    scripts = [path.name for path in sorted(bundle.glob("*.sh"))]
    words = [
        str(Path(sys.executable).with_name("shellcheck")),
        "--shell=bash",
        "--severity=style",
        "--external-sources",
    ]
    return run([*words, "runbook", *scripts], bundle)


JINJA = """
import sys, pathlib, jinja2
environment = jinja2.Environment(loader=jinja2.FileSystemLoader(sys.argv[1]), keep_trailing_newline=True)
for number in range(int(sys.argv[2])):
    text = environment.get_template("plain.j2").render(name=number, words=range(200))
    pathlib.Path(sys.argv[3], str(number)).write_text(text)
"""
TEMPLATE = "#!/usr/bin/env bash\n{% for word in words %}\necho {{ name }} {{ word }}\n{% endfor %}\n"


def templates_of(folder: Path) -> int:
    """How many files the compiler renders for the example; writes one plain template of a script's length."""
    (folder / "plain.j2").write_text(TEMPLATE)
    (folder / "rendered").mkdir(exist_ok=True)
    return sum(path.is_file() for path in (folder / "out/tokyo-1").rglob("*"))


def plain_jinja(folder: Path, count: int) -> Run:
    return run([sys.executable, "-c", JINJA, str(folder), str(count), str(folder / "rendered")], folder)


def ansible(folder: Path) -> Path:
    """ansible-core in an environment of its own; returns ansible-playbook."""
    place = folder / "ansible"
    venv.create(place, with_pip=True)
    subprocess.run([place / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "ansible-core"], check=True)
    return place / "bin/ansible-playbook"


def ansible_template(folder: Path, playbook: Path, count: int) -> Run:
    tasks = (
        "- hosts: localhost\n  connection: local\n  gather_facts: false\n"
        "  vars: {words: '{{ range(200) | list }}', name: x}\n  tasks:\n"
        f"  - template: {{src: {folder}/plain.j2, dest: '{folder}/rendered/a{{{{ item }}}}'}}\n"
        f"    loop: '{{{{ range({count}) | list }}}}'\n"
    )
    (folder / "play.yaml").write_text(tasks)
    return run([str(playbook), str(folder / "play.yaml")], folder, ANSIBLE_LOCALHOST_WARNING="false", LC_ALL="C.UTF-8")


def site_of(folder: Path, nodes: int) -> Path:
    """A spec with the roles of the minimal example and `nodes` nodes."""
    controllers = [
        f"- {{name: overcloud-controller-{n}, role: Controller, address: 10.255.0.{n + 1}}}" for n in range(3)
    ]
    computes = [
        f"- {{name: overcloud-compute-{n}, role: Compute, address: 10.{n >> 16}.{n >> 8 & 255}.{n & 255}}}"
        for n in range(1, nodes - 2)
    ]
    spec = folder / f"site-{nodes}.yaml"
    head = (
        f"version: 1\nsite: {{name: site-{nodes}, change: CHG1}}\n"
        "env_files: [/home/stack/templates/network-environment.yaml]\nnodes:\n"
    )
    spec.write_text(head + "\n".join([*controllers, *computes]) + "\n")
    return spec


def script_bytes(folder: Path, nodes: int) -> int:
    """The size of the section scripts alone, the site's own name left out."""
    files = (folder / f"out/site-{nodes}").glob("2.*.sh")
    return sum(len(path.read_text().replace(f"site-{nodes}", "site")) for path in files)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how many pairs are timed (default 5)")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        compile_fresh(folder)
        ours, theirs, ratio = pair(rounds, lambda: compile_fresh(folder), lambda: shellcheck_alone(folder))
        print(f"whole compile / ShellCheck alone on the same files   {ratio:6.2f}   ({ours:.2f} s, {theirs:.2f} s)")
        cached = statistics.median(
            run(
                [*COMPILE, str(EXAMPLE), "-o", str(folder / "out")], folder, XDG_CACHE_HOME=str(folder / "cache")
            ).seconds
            for _ in range(rounds)
        )
        print(f"whole compile, lint cached / not cached              {cached / ours:6.2f}   ({cached:.2f} s)")
        count = templates_of(folder)
        ours, theirs, ratio = pair(rounds, lambda: compile_fresh(folder), lambda: plain_jinja(folder, count))
        print(f"whole compile / plain Jinja2, {count} files              {ratio:6.2f}   ({ours:.2f} s, {theirs:.2f} s)")
        playbook = ansible(folder)
        ours, theirs, ratio = pair(
            max(1, rounds // 2), lambda: compile_fresh(folder), lambda: ansible_template(folder, playbook, count)
        )
        print(f"whole compile / ansible-core template, {count} files     {ratio:6.2f}   ({ours:.2f} s, {theirs:.2f} s)")
        for nodes in (10, 1_000, 10_000):
            result = compile_fresh(folder, site_of(folder, nodes))
            size = script_bytes(folder, nodes)
            print(f"{nodes:6} nodes   {result.seconds:6.2f} s   {result.mebibytes:6.0f} MiB   section scripts {size} B")


if __name__ == "__main__":
    main()
