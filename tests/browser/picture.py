"""docs/pictures/page.png: the page of the reference site as a browser shows it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from browser import run
from browser.conftest import QUIET, ROOT
from osp_compile.pipeline import compile_site

PICTURE = ROOT / "docs/pictures/page.png"


def main() -> int:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        found = compile_site(ROOT / "specs/examples/tokyo-1.yaml", Path(folder), "en")
        if found.path is None:
            return 1
        chromium = playwright.chromium.launch(executable_path=run.browser(), args=list(QUIET))
        tab = chromium.new_page(viewport={"width": 1200, "height": 1500}, color_scheme="light")
        tab.goto((found.path / "index.html").as_uri())
        tab.evaluate("document.getElementById('window').scrollIntoView()")
        tab.screenshot(path=PICTURE, clip={"x": 0, "y": 0, "width": 1200, "height": 1150})
        chromium.close()
    return 0


if __name__ == "__main__":
    if lacks := run.missing():
        print(f"no picture of the page: {'; '.join(lacks)}")
        sys.exit(run.UNFIT)
    sys.exit(main())
