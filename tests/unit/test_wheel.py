"""A wheel holds the very files of the checkout."""

import subprocess
import sys
import zipfile
from pathlib import Path

from unit.waiting import LIMIT

ROOT = Path(__file__).parents[2]


def files(folder: str, top: str = "") -> dict[str, bytes]:
    """What a wheel should have of a folder; not asked of git, which a checkout of somebody else's refuses to answer."""
    found = [path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    if top:
        return {str(path.relative_to(ROOT / top)): path.read_bytes() for path in found}
    return {f"osp_compile/{path.relative_to(ROOT)}": path.read_bytes() for path in found}


def test_the_wheel_has_templates_and_specs(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=LIMIT,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {
            name: archive.read(name)
            for name in archive.namelist()
            if name.startswith(("osp_compile/templates", "osp_compile/specs"))
        }
        simulator = {name for name in archive.namelist() if name.startswith("osp_simulator/")}
    assert simulator == set(files("compiler/osp_simulator", "compiler"))
    assert packed == {**files("templates"), **files("specs")}
