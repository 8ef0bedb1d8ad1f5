"""What the page of a bundle costs: compiles with it beside some without, its size, and when a browser can use it.

    benchmarks/page.py [--rounds 9]

Compiles are timed in turns, in processor time, and the median of the ratios is printed. The browser is
headless Chromium by Playwright, as tests/browser/run.py wants it; without one that part is left out, and says so.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "compiler"))

from browser import run as browser
from browser.conftest import QUIET, example, large
from osp_compile import pipeline

ROOT = Path(__file__).parents[1]
# At most: of the time of a compile without the page, of seconds until the page of tokyo-1 answers, of bytes (tokyo-1,
# 1,000 computes).
GROWTH, USABLE, SIZES = 1.20, 1.0, (500_000, 5_000_000)
COMPILE = "from osp_compile.cli import main; main(['site.yaml'])"
WITHOUT = "from osp_compile.bundle import render; render.page = lambda *_: ''"


def compiled(text: str, folder: Path) -> Path:
    """The bundle of a spec."""
    (folder / "site.yaml").write_text(text, "utf-8")
    result = pipeline.compile_site(folder / "site.yaml", folder / "out")
    if result.path is None:
        raise SystemExit(f"it does not compile: {result.diagnostics}")
    return result.path


def growth(folder: Path, rounds: int) -> float:
    """The median of a compile with the page over one without, each in a process of its own."""
    compiled(example("tokyo-1"), folder)
    ratios = []
    for _ in range(rounds):
        without = process_seconds(f"{WITHOUT}; {COMPILE}", folder)
        ratios.append(process_seconds(COMPILE, folder) / without)
    return statistics.median(ratios)


def process_seconds(program: str, folder: Path) -> float:
    """Processor seconds of a Python that runs `program`, and of all that it starts."""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "compiler")},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit("it does not compile")
    return usage.ru_utime + usage.ru_stime


def usable(page: Path) -> tuple[float, float]:
    """(seconds until the page answers, seconds for a filter by node), in headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.browser(), args=list(QUIET))
        tab = chromium.new_page()
        tab.goto(page.as_uri())
        ready = tab.evaluate("performance.timing.domComplete - performance.timing.navigationStart") / 1000
        filtered = tab.evaluate(
            "() => { const before = performance.now(), node = document.getElementById('node');"
            " node.value = node.options[node.options.length - 1].value; node.dispatchEvent(new Event('input'));"
            " document.body.offsetHeight; return (performance.now() - before) / 1000; }"
        )
        chromium.close()
    return ready, filtered


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        ratio = growth(folder, rounds)
        print(f"compile with the page / without, tokyo-1:  {ratio:.2f} of processor time (at most {GROWTH:.2f})")
        sites = (("tokyo-1", example("tokyo-1")), ("1,000 computes", large(1000)))
        for (name, text), most in zip(sites, SIZES, strict=True):
            page = compiled(text, folder) / "index.html"
            said = f"{name}: {page.stat().st_size / 1000:,.0f} kB (at most {most / 1000:,.0f})"
            if not browser.missing():
                limit = f" (at most {USABLE:.0f} s)" if name == "tokyo-1" else ""
                said += ", usable after {:.2f} s{limit}, a filter takes {:.3f} s".format(*usable(page), limit=limit)
            print(said)
    if browser.missing():
        print(f"no browser: {'; '.join(browser.missing())}")


if __name__ == "__main__":
    main()
