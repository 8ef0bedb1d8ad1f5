"""docs/pictures/terminal.svg: check, compile and rehearse on a terminal, drawn from what the operator's guide shows.

The guide's blocks are what the commands print (tests/unit/pages/test_guides.py), so the picture is too.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from osp_compile.output import STYLES
from pages.blocks import blocks

DOCS = Path(__file__).parents[2] / "docs"
PICTURE = DOCS / "pictures/terminal.svg"
SHOWN = ("$ osp-compile check ", "$ sed -i ", "$ osp-compile site.yaml", "$ osp-compile rehearse ")
COMMAND = re.compile(r"^\$ .*\n(?:(?!\$ ).*\n)*", re.MULTILINE)  # with its output
WIDTH = 112  # characters
# rich's own layout, without the fonts that it would fetch from the network
LAYOUT = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>osp-compile: check, compile, rehearse</title>
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, "DejaVu Sans Mono", "Liberation Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width;
}}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
TIMES
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
# dark letters' background 24292f: each colour has a contrast of 4.5 and more on it
THEME = TerminalTheme(
    (36, 41, 47),
    (230, 237, 243),
    [
        (110, 118, 129), (255, 123, 114), (126, 231, 135), (242, 204, 96), (121, 192, 255), (210, 168, 255),
        (118, 227, 234), (230, 237, 243),
    ],
)  # fmt: skip


def session() -> list[str]:
    """The lines of the recording: those commands of the guide, each with what it prints."""
    page = (DOCS / "operator.md").read_text("utf-8")
    typed = [one for block in blocks(page) if block.commands for one in COMMAND.findall(block.text)]
    found = [line for text in typed if text.startswith(SHOWN) for line in [*text.rstrip().splitlines(), ""]]
    return found[:-1]


def svg() -> str:
    """The picture, the same bytes for the same guide."""
    lines = session()
    console = Console(record=True, width=WIDTH, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    console.print(_styled("\n".join(lines)), soft_wrap=False)
    picture = console.export_svg(title="osp-compile", theme=THEME, code_format=LAYOUT, unique_id="terminal")
    return picture.replace("TIMES", "".join(_times(lines)))


def _styled(text: str) -> Text:
    styled = Text(text, overflow="fold")
    for pattern, style in (*STYLES, (re.compile(r"^\$ .*$", re.MULTILINE), "bold green")):
        for match in pattern.finditer(text):
            styled.stylize(style, *match.span())
    return styled


def _times(lines: list[str]) -> Iterator[str]:
    """When each line comes: a command after a pause, its output at once. A reader who prefers reduced motion sees all of it."""
    yield "@media (prefers-reduced-motion: no-preference) {\n"
    yield "@keyframes shown { from { opacity: 0 } to { opacity: 1 } }\n[clip-path*=line] { animation: shown 0.01s both }\n"
    waits = [1.5 if line.startswith("$ ") else 0.1 for line in lines]
    # a line of the text that is too wide is several of the picture
    rows = [wait for wait, line in zip(waits, lines, strict=True) for _ in range(max(1, -(-len(line) // WIDTH)))]
    for row, time in enumerate(accumulate(rows)):
        yield f"[clip-path='url(#terminal-line-{row})'] {{ animation-delay: {time:.1f}s }}\n"
    yield "}"


def main() -> None:
    """Writes the picture."""
    PICTURE.write_text(svg(), "utf-8")


if __name__ == "__main__":
    main()
