"""docs/errata.md and docs/errata.ja.md: the faults of the guide, and where a script does something else, from templates/."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from osp_compile.assets import TEMPLATES
from osp_compile.guide.model import Departure, Section
from osp_compile.guide.reader import read_sections

DOCS = Path(__file__).parents[2] / "docs"
Language = Literal["en", "ja"]
PAGES: dict[Language, Path] = {"en": DOCS / "errata.md", "ja": DOCS / "errata.ja.md"}
INTRODUCTION: dict[Language, str] = {
    "en": """\
# Errata of the guide

[日本語](errata.ja.md)

Chapter 2 (preparing for the upgrade) of Red Hat's Fast Forward Upgrades guide from OpenStack Platform 10 to 13: what is wrong
in it, and what it leaves out. You need not use osp-compile to use this page.

Each section has two lists. **Faults of the guide** are commands that fail or mislead as they are printed. **What the scripts do instead** are the
guide's commands that osp-compile does not run to the letter, each with its step and the reason; where you type the commands yourself, the same
reasons hold.

Made from the files `section.yaml` under `templates/`: `pytest --update` writes it.
""",
    "ja": """\
# ガイドの正誤表

[English](errata.md)

Red Hat の Fast Forward Upgrade ガイド (OpenStack Platform 10 から 13) 第 2 章の誤りと、書かれていない注意点の一覧です。
osp-compile を使わずに手作業で進める場合にも参考になります。

節ごとに 2 つの一覧があります。**ガイドの誤り**は、記載どおりに実行すると失敗するか、誤解を招くコマンドです。**スクリプトでの変更点**は、
osp-compile がガイドの記載どおりには実行しないコマンドで、該当する手順と理由を示します。コマンドを手で入力する場合も、理由は同じです。

`templates/` の各 `section.yaml` から生成しています。更新は `pytest --update` で行います。
""",
}
FAULTS: dict[Language, str] = {"en": "Faults of the guide", "ja": "ガイドの誤り"}
INSTEAD: dict[Language, str] = {"en": "What the scripts do instead", "ja": "スクリプトでの変更点"}


def markdown(language: Language) -> str:
    """The whole page in this language."""
    sections, faults = read_sections(TEMPLATES)
    assert not faults, faults
    return INTRODUCTION[language] + "".join(text for section in sections for text in _section(section, language))


def _section(section: Section, language: Language) -> Iterator[str]:
    """Nothing for a section that runs the guide as it stands."""
    departures = [(step.id, departure) for step in section.steps for departure in step.departures]
    if not section.errata and not departures:
        return
    yield f"\n## {section.guide} {section.title.get(language)}\n"
    if section.errata:
        yield f"\n**{FAULTS[language]}**\n\n"
        yield from (_entry(fault, language) for fault in section.errata)
    if departures:
        yield f"\n**{INSTEAD[language]}**\n\n"
        yield from (_entry(departure, language, step) for step, departure in departures)


def _entry(of: Departure, language: Language, step: str = "") -> str:
    guide = " ".join(of.guide.split())
    code = f"`` {guide} ``" if "`" in guide else f"`{guide}`"
    where = f"{step}, " if step else ""
    # the reasons are words beside a command in a comment: a placeholder in them is text
    reason = of.reason.get(language).replace("<", "\\<").replace("*", "\\*")
    return f"- {where}{code}<br>{reason}\n"
