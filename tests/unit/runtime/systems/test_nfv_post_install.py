"""The script of our post-install template, over files as older workarounds and the vendor's own update leave them."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import yaml

from osp_compile import assets
from unit.machine import needs_programs

UNIT = "etc/systemd/system/ovs-vswitchd.service"
PACKAGED = "usr/lib/systemd/system/ovs-vswitchd.service"
DROP_IN = "etc/systemd/system/ovs-vswitchd.service.d/qemu.conf"
CTL = "usr/share/openvswitch/scripts/ovs-ctl"
MARK = "etc/systemd/system/apply-ovs-runtime-mode-workaround"
PATCHED = "[Service]\nGroup=qemu\nUMask=0002\n"

pytestmark = needs_programs("bash", "sed")


def after(node: Path, files: dict[str, str], version: str = "2.9.0") -> dict[str, str]:
    """{path: text} of these files of a node after the script has run there."""
    for name, text in {CTL: "umask 0002 && start_daemon\n", **files}.items():
        (node / name).parent.mkdir(parents=True, exist_ok=True)
        (node / name).write_text(text)
    tools = node / "tools"
    tools.mkdir()
    for name, body in (("rpm", f"echo {version}"), ("systemctl", ":")):
        (tools / name).write_text(f"#!/bin/sh\n{body}\n")
        (tools / name).chmod(0o755)
    script = re.sub(r"(?<![\w}])/(etc|usr)/", rf"{node}/\1/", script_of_template())
    path = f"{tools}:{os.environ['PATH']}"
    subprocess.run(["bash", "-c", script], check=True, timeout=30, env={"PATH": path}, stdin=subprocess.DEVNULL)
    return {name: (node / name).read_text() for name in (CTL, *files)}


def script_of_template() -> str:
    text = (assets.TEMPLATES / "2.03-prepare-nfv/files/nfv-post-install.yaml.j2").read_text("utf-8")
    template = yaml.safe_load(re.sub(r"\{%.*?%\}\n?", "", text))
    return str(template["resources"]["ClearOldWorkarounds"]["properties"]["config"])


def test_what_an_older_workaround_wrote_is_taken_out_wherever_it_stands(tmp_path: Path) -> None:
    found = after(tmp_path, dict.fromkeys((UNIT, PACKAGED, DROP_IN), PATCHED))
    assert found == {CTL: "start_daemon\n", **dict.fromkeys((UNIT, PACKAGED, DROP_IN), "[Service]\n")}


def test_what_the_vendors_own_update_has_set_stays(tmp_path: Path) -> None:
    found = after(tmp_path, {MARK: "", **dict.fromkeys((UNIT, PACKAGED), PATCHED)})
    assert found[UNIT] == "[Service]\nUMask=0002\n"
    assert found[PACKAGED] == "[Service]\n"


def test_an_older_open_vswitch_keeps_its_workaround(tmp_path: Path) -> None:
    assert after(tmp_path, {UNIT: PATCHED}, "2.6.1")[UNIT] == PATCHED
