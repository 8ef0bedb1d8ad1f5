"""Which part of the product knows of which: the folders are stages, and no stage knows of a later one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

COMPILER = Path(__file__).parents[2] / "compiler"
# Each folder, and the others that it may import from; what lies beside them (diagnostics, assets, ...) is everybody's.
STAGES = {
    "spec": (),
    "shell": (),
    "guide": ("shell", "spec"),
    "lint": ("guide", "shell"),
    "importing": ("lint", "spec"),
    "bundle": ("guide", "shell", "spec"),
    "ticket": ("bundle", "guide", "pipeline", "shell", "spec"),
    "verbs": ("bundle", "guide", "importing", "pipeline", "rehearsal", "spec", "ticket"),
    "rehearsal": ("bundle", "guide", "osp_simulator", "pipeline"),
}
# The same of the simulator; beside them lies its command line.
PARTS_OF_THE_SITE = {
    "state": (),
    "seed": ("hosts", "state"),
    "hosts": ("engine", "state"),
    "fast": ("engine", "hosts", "state"),
    "engine": ("fast", "hosts", "safety", "seed", "state"),
    "safety": ("engine", "fast", "hosts", "state"),
    "tools": ("engine", "fast", "hosts", "seed", "state"),
}
COMPOSING = (
    "cli",
    "pipeline",
    "__main__",
)  # these put the stages together, and no stage but rehearsal and ticket knows of them
OF_THE_COMPILER = ("osp_compile.assets", "osp_compile.spec.openssh")  # what the simulator uses of it


def modules(package: str) -> dict[str, Path]:
    """{dotted name: file} of the package's own modules."""
    files = [file for file in (COMPILER / package).rglob("*.py") if "templates" not in file.parts]
    return {
        ".".join(file.relative_to(COMPILER).with_suffix("").parts).removesuffix(".__init__"): file for file in files
    }


KNOWN = {**modules("osp_compile"), **modules("osp_simulator")}


def imported(file: Path) -> Iterator[str]:
    """What a file imports of the two packages, for type checking or in a function too."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in KNOWN)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import"
            for alias in node.names:
                # a module of the package, or a name of the module
                yield from [name for name in (f"{node.module}.{alias.name}", f"{node.module}") if name in KNOWN][:1]


def part_of(module: str) -> str:
    """The folder of a module, or its own name where it lies beside them; the simulator is one part."""
    words = module.split(".")
    return words[0] if words[0] == "osp_simulator" else words[1] if len(words) > 1 else ""


def test_no_stage_knows_of_a_later_one() -> None:
    wrong = []
    for module, file in modules("osp_compile").items():
        part = part_of(module)
        for other in imported(file):
            there = part_of(other)
            free = there == part or (there not in STAGES and there not in (*COMPOSING, "osp_simulator"))
            if part not in COMPOSING and not free and there not in STAGES.get(part, ()):
                wrong.append(f"{module} imports {other}")
    assert wrong == []


def test_the_simulator_knows_next_to_nothing_of_the_compiler() -> None:
    used = {other for file in modules("osp_simulator").values() for other in imported(file)}
    assert {other for other in used if other.startswith("osp_compile")} <= {*OF_THE_COMPILER}


def test_tools_and_safety_rules_know_nothing_of_each_other() -> None:
    wrong = []
    for module, file in modules("osp_simulator").items():
        part = module.split(".")[1] if "." in module else ""
        for other in imported(file):
            there = other.split(".")[1] if other.startswith("osp_simulator.") else part
            if part in PARTS_OF_THE_SITE and there not in (part, *PARTS_OF_THE_SITE[part]):
                wrong.append(f"{module} imports {other}")
    assert wrong == []


def test_the_world_s_server_alone_puts_the_safety_rules_in() -> None:
    using = {module for module, file in modules("osp_simulator").items() for other in imported(file)
             if other.startswith("osp_simulator.safety") and not module.startswith("osp_simulator.safety")}  # fmt: skip
    assert using == {"osp_simulator.engine.server"}


@pytest.mark.parametrize("package", ["osp_compile", "osp_simulator"])
def test_no_modules_import_each_other(package: str) -> None:
    graph = {module: {*imported(file)} - {module} for module, file in modules(package).items()}
    TopologicalSorter(graph).prepare()  # CycleError names the modules


def test_the_top_of_the_compiler_is_short() -> None:
    beside = {module for module in modules("osp_compile") if module.count(".") == 1 and "__" not in module}
    assert len(beside - {f"osp_compile.{stage}" for stage in STAGES}) < 10
