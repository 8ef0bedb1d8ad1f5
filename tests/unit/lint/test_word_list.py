"""The word list holds: in whatever people read, and a part of it in comments and docstrings too."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from itertools import count, takewhile
from pathlib import Path
from shutil import copytree

import pytest

from osp_compile.assets import SPECS, TEMPLATES
from osp_compile.guide.reader import read_sections
from osp_compile.guide.texts import texts_of
from osp_compile.lint.checking import lint
from osp_compile.lint.memory import Memory
from osp_compile.lint.word_list import SEEN, UNSEEN, entries, in_remedies, in_shell, refused, strings
from osp_compile.pipeline import compile_site

ROOT = Path(__file__).parents[3]
PAGES = [
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
# of a page in Markdown: fenced, or indented
CODE = re.compile(r"^```.*?^```$|^(?: {4}|\t).*?$", re.MULTILINE | re.DOTALL)
# of a template; `${#LIST[@]}` is bash
COMMENT = re.compile(r"(?<!\$)\{#.*?#\}", re.DOTALL)
# a line of a shell file that is a comment, or that ends with one
COMMENT_LINE = re.compile(r"(?:(?:[^'\"#]|(?<=\S)#)*\s)?#(?!!)(?P<text>.*)")
COMMENTED = sorted({*TEMPLATES.rglob("*.sh"), *TEMPLATES.rglob("*.j2")})


def found(text: str, where: frozenset[str] = SEEN) -> list[str]:
    return [*refused(text, where)]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("half an answer is none", "is none"),
        ("That is no Bundle", "is no Bundle"),
        ("the name\n  stands   in the log", "stands"),
        ("it is made Anew", "Anew"),
        ("the remedy behind the reason", "behind"),
        ("the check tells whether it runs", "tells"),
        ("仮想マシンを停止します", "仮想マシン"),
        ("サーバの再起動", "サーバ"),
        ("ライブ移行できない", "ライブ移行"),
        ("他のノード", "他の"),
        ("セキュリティグループ", "セキュリティ"),
        ("１ 台", "１"),
    ],
)
def test_a_phrase_is_found_in_any_case_over_line_breaks_and_in_japanese(text: str, phrase: str) -> None:
    (said,) = found(text)
    assert said.startswith(f"`{phrase}`: write ")


@pytest.mark.parametrize(
    "text",
    [
        "`path` is None where there is none",
        "there is no quorum; it is no longer running",
        "a stand-in, by notwithstanding and `stands_for`",
        "WAIT stands for the limit; its owner wants it off",
        "an API behind haproxy leaves nothing of what a run has left behind",
        "it tells you the reason, and tells a cut connection from a wrong password",
        "サーバーとユーザー、メモリーとディレクトリー",
        "その他のユニット、ほかのノード、セキュリティーグループ 1 個",
    ],
)
def test_plain_english_and_parts_of_words_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_comments_and_docstrings_have_the_shorter_list() -> None:
    assert found("heat gives it up, anew", UNSEEN) == ["`anew`: write again, or from the start (literary)"]
    assert len(found("heat gives it up, anew")) == 2


def test_every_entry_says_what_to_write_and_why() -> None:
    assert {entry.where for entry in entries()} == SEEN
    assert [entry for entry in entries() if not (entry.phrase and entry.instead and entry.reason)] == []
    phrases = [entry.phrase for entry in entries()]
    assert len(phrases) == len(set(phrases)) > 40


SHELL = """\
# a comment may say that it stands there, and isn't closed
why "the node stands
 at its breakpoint" 'a remedy'   # anew
text=anew stands="$told"
say "it's $(quoted "wants") anew"
cat <<'END'
it isn't begun anew
END
note 'of ours' \\'
"""


def test_the_strings_of_a_shell_file_are_read_and_nothing_else() -> None:
    assert [line for line, _ in strings(SHELL)] == [2, 3, 5, 6, 9]
    assert [(line, said.split("`")[1]) for line, said in in_shell(SHELL)] == [
        (2, "stands"),
        (5, "anew"),
        (5, "wants"),
        (6, "anew"),
        (9, "of ours"),
    ]


def test_causes_and_remedies_are_read_and_not_a_tools_own_words() -> None:
    row = "id\texact\tregex\tdisk wants room anew\ta disk is full\tmake room anew\tsource anew\n"
    assert [line for line, _ in in_remedies(f"# stands\n{row}")] == [2]
    assert list(in_remedies(row.replace("make room anew", "make room"))) == []


@pytest.mark.parametrize(("old", "new"), [("Record the instances on", "Record anew"), ("ノード上の", "仮想マシンの")])
def test_a_section_with_such_a_text_is_not_compiled(tmp_path: Path, old: str, new: str) -> None:
    templates = Path(copytree(TEMPLATES, tmp_path / "templates"))
    file = templates / "2.09-reboot-computes/section.yaml"
    text = file.read_text("utf-8")
    line = next(number for number, line in enumerate(text.splitlines(), 1) if old in line)
    file.write_text(text.replace(old, new, 1), "utf-8")
    result = compile_site(SPECS / "examples/minimal.yaml", tmp_path / "out", "en", templates)
    assert result.path is None
    (finding,) = result.diagnostics
    assert finding.message.startswith("word-list: `")
    assert finding.span is not None
    assert f"{finding.span.file}:{finding.span.line}" == f"templates/2.09-reboot-computes/section.yaml:{line}"


RUNBOOK = """\
#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=lib/runtime.sh
. lib/runtime.sh
say 'begin again'
"""
REMEDIES = "# id\n\nid\texact\tregex\tx\ta disk is full\ty\tz\n"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "lib/engine").mkdir(parents=True)
    (folder / "lib/runtime.sh").write_text("say() { printf '%s\\n' \"$1\"; }\n", "utf-8")
    (folder / "lib/engine/remedies.tsv").write_text(REMEDIES, "utf-8")
    (folder / "runbook").write_text(RUNBOOK, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [("runbook", "again", "anew", 5), ("lib/engine/remedies.tsv", "a disk is full", "a disk wants room", 3)],
)
def test_a_bundles_shell_and_its_remedies_are_read(bundle: Path, file: str, old: str, new: str, line: int) -> None:
    memory = Memory(bundle.with_name("memory"), shipped=None)
    assert lint(bundle, memory) == ()
    text = (bundle / file).read_text("utf-8")
    (bundle / file).write_text(text.replace(old, new), "utf-8")
    (finding,) = lint(bundle, memory)
    assert finding.message.startswith(f"word-list: `{'wants' if 'wants' in new else new}`: write ")
    assert finding.span is not None
    assert (finding.span.file, finding.span.line) == (f"site/{file}", line)


def test_the_texts_of_every_section_are_plain() -> None:
    sections, _ = read_sections(TEMPLATES)
    assert [(section.id, said) for section in sections for text in texts_of(section) for said in found(text)] == []


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.sh*")), ids=lambda file: file.name)
def test_the_strings_of_every_template_are_plain(file: Path) -> None:
    assert list(in_shell(file.read_text("utf-8"))) == []


def comments(text: str) -> Iterator[tuple[int, str]]:
    """(line, text) of the comments of a shell file or of a template: the lines of a block are one text."""
    lines = {
        number: line["text"]
        for number, line in enumerate(map(COMMENT_LINE.match, text.splitlines()), 1)
        if line is not None
    }
    yield from blocks(lines)
    yield from ((text.count("\n", 0, one.start()) + 1, one[0].strip("{#-}")) for one in COMMENT.finditer(text))


def blocks(lines: dict[int, str]) -> Iterator[tuple[int, str]]:
    """(first line, text) of the lines that follow each other, of {line: text}."""
    for first in (line for line in lines if line - 1 not in lines):
        yield first, " ".join(lines[line] for line in takewhile(lines.__contains__, count(first)))


TEMPLATE = """\
#!/usr/bin/env bash
# The answer of the node
# stands in its file.
ask() { [[ ${#ANSWERS[@]} == 0 ]]; } # asked anew
{# what becomes
   of it #}
{% if site.nfv %}
  # departs: wanted
say 'is begun # is told' "anew"
{% endif %}
"""


def test_the_comments_of_a_template_are_read_over_line_breaks_and_nothing_else() -> None:
    assert [(line, said.split("`")[1]) for line, text in comments(TEMPLATE) for said in found(text)] == [
        (2, "anew"),
        (2, "stands"),
        (5, "becomes of"),
    ]


def unplain_comments(file: Path) -> list[str]:
    text = file.read_text("utf-8")
    return [f"{file.relative_to(TEMPLATES)}:{line}: {said}" for line, one in comments(text) for said in found(one)]


def test_the_comments_that_readers_of_a_bundle_see_are_plain() -> None:
    assert len(COMMENTED) > 100
    assert [said for file in COMMENTED for said in unplain_comments(file)] == []


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_the_pages_are_plain(file: Path) -> None:
    assert found(CODE.sub("", file.read_text("utf-8"))) == []


@pytest.mark.parametrize("name", ["reasons.ja.tsv", "words.tsv"])
def test_the_japanese_of_the_page_has_one_word_for_one_thing(name: str) -> None:
    rows = (TEMPLATES / "_layouts/page" / name).read_text("utf-8").splitlines()
    texts = [row.split("\t")[-1] for row in rows if not row.startswith("#")]
    assert len(texts) > 200
    assert [said for text in texts for said in refused(text)] == []
    # all of them are sentences of one style, without です and ます
    assert [text for text in texts if re.search(r"(?:です|ます|ません|ください)(?:。|$)", text)] == []


@pytest.mark.parametrize(
    "file",
    [*sorted(SPECS.glob("*.schema.json")), *sorted((TEMPLATES / "_layouts").rglob("*.j2"))],
    ids=lambda file: file.name,
)
def test_the_layouts_and_what_an_editor_shows_are_plain(file: Path) -> None:
    assert found(COMMENT.sub("", file.read_text("utf-8"))) == []


def python_files(*folders: Path) -> list[Path]:
    linked = (TEMPLATES.parent / "templates", SPECS)
    files = [file for folder in folders for file in sorted(folder.rglob("*.py"))]
    return [file for file in files if not any(file.is_relative_to(link) for link in linked)]


def docstrings(tree: ast.Module) -> dict[int, ast.Constant]:
    """{id of the node: the docstring}."""
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, DOCUMENTED) and ast.get_docstring(node)]
    return {id(body[0].value): body[0].value for body in bodies}


def unseen(file: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of the docstrings and of the comments of a Python file."""
    text = file.read_text("utf-8")
    yield from ((node.lineno, str(node.value)) for node in docstrings(ast.parse(text)).values())
    # a comment goes on in the lines below, of which each is a token
    lines = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT
    }
    yield from blocks(lines)


def messages(file: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of the strings of several words that are not docstrings."""
    tree = ast.parse(file.read_text("utf-8"))
    unseen = docstrings(tree)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and " " in node.value
            and id(node) not in unseen
        ):
            yield node.lineno, node.value


def wrong(files: Iterable[Path], where: frozenset[str], *, shown: bool) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}:{line}: {said}"
        for file in files
        for line, text in (messages(file) if shown else unseen(file))
        for said in found(text, where)
    ]


def test_what_the_command_prints_is_plain() -> None:
    lint_itself = ROOT / "compiler/osp_compile/lint/catalogue.py"
    files = [file for file in python_files(ROOT / "compiler/osp_compile") if file != lint_itself]
    assert wrong(files, SEEN, shown=True) == []
    assert wrong(sorted((ROOT / "templates").rglob("*.py")), SEEN, shown=True) == []
    # a rehearsal's report has what the safety rules say
    assert wrong(python_files(ROOT / "compiler/osp_simulator/safety"), SEEN, shown=True) == []


def test_the_help_is_plain() -> None:
    verbs = ROOT / "compiler/osp_compile/verbs"
    assert wrong([*python_files(verbs), verbs.parent / "cli.py"], SEEN, shown=False) == []


@pytest.mark.parametrize("folder", ["compiler", "tests"])
def test_comments_and_docstrings_are_plain(folder: str) -> None:
    files = python_files(ROOT / folder)
    assert len(files) > 100
    assert wrong(files, UNSEEN, shown=False) == []
