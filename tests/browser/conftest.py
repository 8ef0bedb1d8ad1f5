"""A browser for all the tests, and the pages that they look at."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from browser import run
from osp_compile.pipeline import compile_site
from osp_compile.spec.model import Language
from osp_compile.ticket.command import diff

ROOT = Path(__file__).parents[2]
LIMIT = 30_000  # milliseconds for one step of a test
# A browser as root must have no sandbox of its own, and nothing of it may ask the network.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# edits of two scripts, as somebody would make them by hand
EDITED = (
    (
        "2.08-reboot-ceph-storage.sh",
        'on "$node" sudo reboot',
        f'on "$node" sudo systemctl reboot --message "{"planned, see the ticket " * 9}"',
    ),
    ("lib/systems/nova.sh", "look_at_compute() {", f"look_at_compute() {{\n  : {'/a/long/word' * 30}"),
)

if run.ASKED not in os.environ:
    # only run.py plays these; a whole pytest goes by them
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """The page of a spec's text, each compiled once."""
    made: dict[tuple[str, Language], Path] = {}

    def page(text: str, language: Language = "en") -> Path:
        if (text, language) not in made:
            folder = tmp_path_factory.mktemp("site")
            (folder / "site.yaml").write_text(text, "utf-8")
            result = compile_site(folder / "site.yaml", folder / "out", language)
            assert result.path is not None, result.diagnostics
            made[text, language] = result.path / "index.html"
        return made[text, language]

    return page


@pytest.fixture(scope="session")
def diffs(pages: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """What `osp-compile diff` writes as HTML of two bundles that differ in every kind of thing, in a language."""
    folder = tmp_path_factory.mktemp("diff")
    (folder / "site.yaml").write_text(changed(example("tokyo-1")), "utf-8")
    result = compile_site(folder / "site.yaml", folder / "out", linted=False)
    assert result.path is not None, result.diagnostics
    for script, before, after in EDITED:
        text = (result.path / script).read_text("utf-8")
        assert before in text
        (result.path / script).write_text(text.replace(before, after), "utf-8")

    def page(language: Language) -> Path:
        place = folder / f"{language}.html"
        if not place.exists():
            old = pages(example("tokyo-1")).parent
            place.write_text(diff(old, result.path, "html", language).text, "utf-8")
        return place

    return page


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=run.browser(), args=list(QUIET))
        yield found
        found.close()


@pytest.fixture
def look(chromium: Any) -> Iterator[Callable[..., Any]]:
    """`look(page, width)`: the page in a window; whatever it complains of on its console fails the test."""
    opened = []
    wrong: list[str] = []

    def shown(page: Path, width: int = 1280, **context: Any) -> Any:
        tab = chromium.new_context(viewport={"width": width, "height": 900}, **context).new_page()
        tab.set_default_timeout(LIMIT)
        tab.on("pageerror", lambda problem: wrong.append(str(problem)))
        tab.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        tab.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith("file:") else None)
        tab.goto(page.as_uri())
        opened.append(tab)
        return tab

    yield shown
    for tab in opened:
        tab.context.close()
    assert not wrong


def example(name: str) -> str:
    return (ROOT / "specs/examples" / f"{name}.yaml").read_text("utf-8")


def changed(text: str) -> str:
    """tokyo-1 with another policy, number of the change, node and environment file, and one of each fewer."""
    for before, after in (
        ("CHG0042137", "CHG0042190"),
        ("address: 192.0.2.42", "address: 192.0.2.49"),
        ("- {name: overcloud-networker-1, role: Networker, address: 192.0.2.21}\n", ""),
        ("- /home/stack/templates/storage-environment.yaml\n", ""),
        ("- /home/stack/templates/tokyo-1.yaml\n", "- /home/stack/templates/tokyo-1.yaml\n- /home/stack/extra.yaml\n"),
    ):
        assert before in text
        text = text.replace(before, after)
    return text + "compute_reboot: {stuck: stop, batch: 2}\nwaive: {2.12/8: known since the last window}\n"


def large(count: int) -> str:
    """An example's site with so many computes."""
    nodes = "".join(
        f"- {{name: overcloud-compute-{at}, role: Compute, address: 10.0.{at // 250}.{at % 250 + 1}}}\n"
        for at in range(count)
    )
    return re.sub(
        r"(?m)^(- \{name: overcloud-compute-0,.*\n)(- \{name: overcloud-compute-.*\n)*", nodes, example("minimal")
    )
