"""A wheel holds the very files of the checkout."""

import subprocess
import sys
import zipfile
from pathlib import Path

from unit.machine import needs_programs
from unit.waiting import LIMIT

ROOT = Path(__file__).parents[2]


def tracked(folder: str) -> dict[str, bytes]:
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=LIMIT,
    ).stdout.splitlines()
    return {f"osp_compile/{name}": (ROOT / name).read_bytes() for name in names if (ROOT / name).is_file()}


@needs_programs("git")
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
    assert packed == {**tracked("templates"), **tracked("specs")}
