"""The site's own post-install.yaml: a Heat template is taken, of anything else nothing is shown or copied."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from osp_compile.diagnostics import as_data, render_text
from osp_compile.spec import loading
from unit.spec.test_schema import SPEC

SECRET = "hunter2"


def load(folder: Path, name: str) -> tuple[str | None, str]:
    """The text that goes into the bundle, if the spec is right, and all that is said of the file."""
    spec = folder / "site.yaml"
    nodes = SPEC.replace("address: 192.0.2.10}", "address: 192.0.2.10}, {name: c-0, role: Dpdk, address: 192.0.2.20}")
    spec.write_text(f"{nodes}roles: {{Dpdk: {{compute: true, dpdk: true}}}}\nnfv: {{post_install: {name}}}\n")
    site, diagnostics = loading.load(spec, frozenset())
    text = site.nfv.post_install_text if site and site.nfv else None
    return text, render_text(diagnostics) + repr([*map(as_data, diagnostics)])


@pytest.mark.parametrize("version", ["heat_template_version: 2016-10-14", "'heat_template_version': newton"])
def test_a_template_is_taken_from_wherever_the_operator_names_it(tmp_path: Path, version: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    template = tmp_path / "elsewhere" / "post-install.yaml"
    template.write_text(f"{version}\nparameters: {{servers: {{type: json}}}}\n")
    for name in ("elsewhere/post-install.yaml", str(template)):
        text, told = load(tmp_path, name)
        assert text is not None
        assert text.startswith(version)
        assert "error[" not in told


@pytest.mark.parametrize(
    "content",
    [
        f"password: {SECRET}\n",
        f"# {SECRET}\n/bin/sh\n/bin/bash\n",
        f"- {SECRET}\n",
        f"{SECRET}: &a [*{SECRET}]\n{SECRET}: !!{SECRET} 1\n",
        f"a: [{SECRET}\n",
        f"\t{SECRET}: @\n",
        f"{SECRET}\x1b\n",
        f"{SECRET}\xe9\n".encode("latin-1"),
        f"text: 'heat_template_version: {SECRET}'\n",
    ],
)
def test_nothing_is_shown_of_a_file_that_is_no_template(tmp_path: Path, content: str | bytes) -> None:
    (tmp_path / "file").write_bytes(content.encode() if isinstance(content, str) else content)
    text, told = load(tmp_path, "file")
    assert text is None
    assert "error[post-install]: `file` cannot be used: " in told
    assert SECRET not in told


def test_a_template_that_is_no_yaml_is_shown_where_it_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("heat_template_version: 2016-10-14\nresources: [\n")
    text, told = load(tmp_path, "file")
    assert text is None
    assert "error[yaml-syntax]: a value is expected here\n" in told
    assert "2 | resources: [\n" in told


@pytest.mark.parametrize("kind", ["a pipe", "a device"])
def test_what_is_no_regular_file_is_not_waited_for(tmp_path: Path, kind: str) -> None:
    os.mkfifo(tmp_path / "fifo")
    name = {"a pipe": "fifo", "a device": "/dev/zero"}[kind]
    text, told = load(tmp_path, name)
    assert text is None
    assert f"error[post-install]: `{name}` cannot be used: this is {kind}, not a file\n" in told
