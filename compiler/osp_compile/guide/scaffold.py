"""`python -m osp_compile.guide.scaffold 2.NN-some-name`: makes the folder of a new section under templates/.

The result compiles and can be rehearsed: a change that leaves a file on the undercloud, and a check.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from osp_compile.assets import TEMPLATES

NAME = re.compile(r"(?P<id>2\.[0-9]{2})-(?P<words>[a-z0-9]+(-[a-z0-9]+)*)")
SECTION = """\
id: "{id}"
guide: "{id}"  # the section's number in the guide
title: {{en: {title}, ja: {title}}}
when: always
needs: []  # the sections that must be done before the first change of this one
about:
  en: A paragraph for the runbook, what happens and in which order.
  ja: 手順書の段落。何をどの順序で行うか。
duration: {{once: [1, 2]}}
go_back: {{en: Remove the file., ja: ファイルを削除します。}}
# what a rehearsal must find in the simulated site once the section has ended well
goal:
- {{then: {{hosts.undercloud.up: true}}}}
steps:
- id: "{id}/1"
  name: leave_note
  title: {{en: Leave a note, ja: ファイルの作成}}
  runs_on: undercloud
  shape: change
  risk: low
  checked: {{en: The file is there., ja: ファイルがあること。}}
  changes: [{{kind: file, name: /etc/{file}}}]
- id: "{id}/2"
  name: note_is_there
  title: {{en: The note is there, ja: ファイルの確認}}
  runs_on: undercloud
  shape: check
"""
CHANGE = """\
leave_note_requires() {{ etc_is_there; }}
leave_note_satisfied() {{ note_is_left; }}
leave_note_apply() {{ in_time sudo touch /etc/{file}; }}
leave_note_verify() {{ note_is_left; }}

etc_is_there() {{
  why '/etc is not a folder'
  [[ -d /etc ]] || return 1
  why '/etc is there'
}}

note_is_left() {{
  why 'there is no /etc/{file}'
  [[ -e /etc/{file} ]] || return 1
  why '/etc/{file} is there'
}}
"""
CHECK = """\
note_is_there_check() {{ pass_or_fail '/etc/{file} is there' './{name}.sh' note_is_left; }}
"""
# What its questions say, for the page in Japanese.
REASONS = """\
/etc is not a folder\t/etc がディレクトリーではない
there is no /etc/{file}\t/etc/{file} がない
"""
FILES = {"section.yaml": SECTION, "leave_note.sh": CHANGE, "note_is_there.sh": CHECK}


def make(name: str, templates: Path) -> Path:
    """Makes and returns the new folder; ValueError if the name is invalid or the number is taken."""
    found = NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"{name}: a section of chapter 2 is called as its folder, such as 2.15-water-the-plants")
    for other in templates.glob(f"{found['id']}-*"):
        raise ValueError(f"{other} has that number already")
    words = {"id": found["id"], "name": name, "file": name.replace(".", "-")}
    folder = templates / name
    folder.mkdir()
    for file, text in FILES.items():
        title = found["words"].replace("-", " ").capitalize()
        (folder / file).write_text(text.format(**words, title=title), "utf-8")
    _say_in_japanese(templates / "_layouts/page/reasons.ja.tsv", REASONS.format(**words))
    return folder


def _say_in_japanese(table: Path, rows: str) -> None:
    """Adds those of the rows to the table, if there is one, that it does not have."""
    if table.is_file():
        known = table.read_text("utf-8")
        table.write_text(known + "".join(row for row in rows.splitlines(keepends=True) if row not in known), "utf-8")


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    try:
        folder = make(sys.argv[1], TEMPLATES.resolve())
    except (OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 2
    print(f"wrote {folder}; docs/how-to/section.md says what each file and key is")
    print(f"next: osp-compile rehearse specs/examples/minimal.yaml --section {folder.name[:4]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
