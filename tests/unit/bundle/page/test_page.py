"""index.html says what the scripts, the runbook and the manifest say, and nothing of a site can draw on it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from osp_compile.assets import TEMPLATES
from osp_compile.bundle.closure import Shell, functions_of, library_texts
from osp_compile.bundle.page.environment import FOLDER, own
from osp_compile.bundle.page.view import meanings
from osp_compile.bundle.render import render
from osp_compile.bundle.shell_variables import site_values
from osp_compile.bundle.values_shown import OF_LIBRARY, put_in
from osp_compile.guide.plan import Plan, make_plan
from osp_compile.guide.reader import read_sections
from osp_compile.shell.functions import begun, body
from osp_compile.shell.words import words as used
from osp_compile.spec import loading
from osp_compile.spec.model import Contact, Language, Site, Waiver
from unit.bundle.step_lists import step_lists

ROOT = Path(__file__).parents[4]
EXAMPLES = ROOT / "specs/examples"
EVERY_KEY = ROOT / "tests/cases/valid/every-key/site.yaml"


def site(name: str, language: Language = "en") -> Site:
    found, _ = loading.load(Path(name) if "/" in name else EXAMPLES / f"{name}.yaml", frozenset())
    assert found is not None
    return replace(found, language=language)


def plan(of: Site) -> Plan:
    return make_plan(of, read_sections(TEMPLATES)[0])


@cache
def bundle(name: str, language: Language = "en") -> Mapping[str, str]:
    return {file.path: file.text for file in render(plan(site(name, language)), TEMPLATES)}


class Page(HTMLParser):
    """The ids, the links, the ids of steps, and the text of each <pre class=commands>."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.steps: dict[str, str] = {}
        self._in_commands = False
        self._step = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if given.get("href", "").startswith("#"):
            self.links.append(given["href"][1:])
        if "step" in given.get("class", "").split():
            self._step = given["id"]
            self.steps[self._step] = ""
        self._in_commands = self._in_commands or given.get("class") == "commands"

    def handle_endtag(self, tag: str) -> None:
        self._in_commands = self._in_commands and tag != "pre"

    def handle_data(self, data: str) -> None:
        if self._in_commands:
            self.steps[self._step] += data


NAMES = ("minimal", "tokyo-1", "hyperconverged")


# The flight plan, which is made in a rehearsal, is the fifth: tests/unit/rehearsal/test_flight_plan.py.
@pytest.mark.parametrize("changing", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_scripts_runbook_manifest_and_page_have_the_same_steps(name: str, changing: bool) -> None:
    lists = step_lists(bundle(name), changing=changing)
    assert lists["manifest"]
    assert all(listed == lists["manifest"] for listed in lists.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_commands_on_the_page_are_those_that_operators_are_shown(name: str) -> None:
    files = bundle(name)
    page = Page(files["index.html"]).steps
    shown = {
        step["id"].replace(".", "").replace("/", "-"): files[f"lib/commands/{section['id']}-{step['name']}.txt"]
        for section in json.loads(files["manifest.json"])["sections"]
        for step in section["steps"]
        if step["shape"] != "check"
    }
    assert {step: text for step, text in page.items() if text} == {
        step: text.rstrip("\n") for step, text in shown.items() if text.strip()
    }


def lines_of(text: str) -> set[str]:
    """The lines of shell without their indents, the node by one name, the signs of a function left out."""
    lines = (re.sub(r'"\$(?:node|1)"|\$(?:node|1)\b|<node>', "NODE", line).strip() for line in text.splitlines())
    return {line for line in lines if line and line != "}" and not line.endswith("() {")}


def run_by(text: str, step: str) -> set[str]:
    """The lines of the function by which a step changes something, without comments and plain locals."""
    lines = [line for name in ("apply", "attend") for line in body(text, f"{step}_{name}")]
    return lines_of("\n".join(line for line in lines if not re.match(r"\s*(#|local (?!.*\$\())", line)))


@pytest.mark.parametrize("name", NAMES)
def test_every_command_on_the_page_is_in_its_script_and_the_other_way_round(name: str) -> None:
    files = bundle(name)
    values = site_values(files["lib/site.sh"])
    pages = Page(files["index.html"]).steps
    compared = 0
    for section in json.loads(files["manifest.json"])["sections"]:
        script = files[section["script"]]
        filled = {one.text: put_in(one.text, OF_LIBRARY, values) for one in functions_of("script", script)}
        for text, with_values in filled.items():
            script = script.replace(text, with_values)
        for step in section["steps"]:
            page = lines_of(pages[step["id"].replace(".", "").replace("/", "-")])
            assert page <= lines_of(script) | {line for line in map(_inner, script.splitlines()) if line}, step["id"]
            assert run_by(script, step["name"]) <= page, step["id"]
            compared += len(page)
    assert compared > 100


def _inner(line: str) -> str:
    """What a function of one line runs, as the page shows it."""
    inner = "".join(body(line, begun(line)))
    return next(iter(lines_of(inner)), "") if inner else ""


@pytest.mark.parametrize("name", NAMES)
def test_no_setting_is_left_by_name_in_shell_on_the_page(name: str) -> None:
    files = bundle(name)
    names = "|".join(site_values(files["lib/site.sh"]))
    shown = [
        html.unescape(re.sub("<[^>]*>", "", found[0]))
        for found in re.finditer("<(pre|code).*?</\\1>", files["index.html"], re.DOTALL)
    ]
    assert len(shown) > 100
    left = [line for text in shown for line in text.splitlines() if re.search(rf"\$\{{?[#!]?(?:{names})(?!\w)", line)]
    left += [line for text in shown for line in re.findall(rf"\(\([^)\n]*\b(?:{names})\b.*", text)]
    assert left == []


CHANGE = re.compile(
    r'<details class="step (?:change|attended) (?P<risk>\w+)" id="(?P<id>[\w-]+)".*?'
    r'(?=<details class="step|</section>)',
    re.DOTALL,
)


@pytest.mark.parametrize("name", NAMES)
def test_each_change_says_when_it_refuses_what_can_go_wrong_and_how_to_go_back(name: str) -> None:
    files = bundle(name)
    found = [*CHANGE.finditer(files["index.html"])]
    assert len(found) > 20
    risky = 0
    said = {number: text for number, text, *_ in MESSAGE.findall(files["index.html"])}
    for step in found:
        for heading in ("Refuses with", "実行しない理由", "May run when", "実行できる条件"):
            assert heading in step[0], (step["id"], heading)
        assert re.search(r"Refuses with.*?<div class=says>\d", step[0]), step["id"]
        wrong = re.search(r"What can go wrong.*?<div class=says>(.*?)</div>", step[0])
        assert wrong is not None, step["id"]
        texts = [said[number] for number in wrong[1].split()]
        # whatever it runs, a command can fail, and its effect may not come
        assert any(" ended with … (" in text for text in texts), step["id"]
        assert any(text.startswith("timed out after ") for text in texts), step["id"]
        back = re.search(r"<p(?: class=as-section)?>(<[ab].*?How to go back.*?戻し方.*?)(?=<p|<h3|<details)", step[0])
        assert back is not None, step["id"]
        # what users notice has a way back of its own; for all else the section's is near
        assert ("href=#s" in back[1]) == (step["risk"] == "low"), step["id"]
        risky += step["risk"] != "low"
    steps = [step for section in json.loads(files["manifest.json"])["sections"] for step in section["steps"]]
    assert risky == sum(step["risk"] != "low" for step in steps)
    assert len(re.findall(r"^- \*\*(?:How to go back|戻し方)\*\*", files["RUNBOOK.md"], re.MULTILINE)) >= risky


@pytest.mark.parametrize("name", NAMES)
def test_what_a_condition_asks_of_its_own_script_is_shown_if_it_is_one_sentence(name: str) -> None:
    files = bundle(name)
    steps = {found["id"]: found[0] for found in CHANGE.finditer(files["index.html"])}
    shown = 0
    for section in json.loads(files["manifest.json"])["sections"]:
        own = {one.name: one.text for one in functions_of("script", files[section["script"]])}
        for step in section["steps"]:
            conditions = used(own.get(f"{step['name']}_requires", "") + own.get(f"{step['name']}_satisfied", ""))
            for word in conditions & own.keys() - {f"{step['name']}_requires", f"{step['name']}_satisfied"}:
                if step["shape"] != "check" and not re.search(r"; (?!\})|\n(?!\}|.*(?:&&|\\)\n|.*\n\}$)", own[word]):
                    assert f"{word}() {{" in steps[step["id"].replace(".", "").replace("/", "-")], (step["id"], word)
                    shown += 1
    assert shown > 10


@pytest.mark.parametrize(("name", "language"), [*((name, "en") for name in NAMES), ("tokyo-1", "ja")])
def test_the_runbook_says_of_each_change_when_it_may_run(name: str, language: Language) -> None:
    files = bundle(name, language)
    heading = "May run when" if language == "en" else "実行できる条件"
    said = dict(re.findall(rf"^### (\S+) [^#]*?^- \*\*{heading}\*\*: `([^\n]+)`$", files["RUNBOOK.md"], re.MULTILINE))
    asked = {
        step["id"]: "\n".join(body(files[section["script"]], f"{step['name']}_requires"))
        for section in json.loads(files["manifest.json"])["sections"]
        for step in section["steps"]
        if step["shape"] != "check"
    }
    assert said.keys() == asked.keys()
    for step, gate in said.items():
        assert used(gate) - {"node"} == used(asked[step]), step
    # a word that is wider than an A4 page is cut on it
    assert max(len(word) for gate in said.values() for word in gate.split()) < 80


# the columns of an A4 page; what is cut there is not seen
@pytest.mark.parametrize("name", NAMES)
def test_no_line_of_code_of_the_runbook_is_cut_on_paper(name: str) -> None:
    blocks = re.findall(r"^```bash\n(.*?)^```", bundle(name)["RUNBOOK.md"], re.MULTILINE | re.DOTALL)
    assert len(blocks) > 20
    assert [line for block in blocks for line in block.splitlines() if len(line) > 100] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere_and_every_id_is_one(name: str) -> None:
    page = Page(bundle(name)["index.html"])
    assert len(page.ids) == len(set(page.ids))
    assert not {link for link in page.links if link and not link.startswith("w-")} - set(page.ids)


def test_what_the_site_says_is_text() -> None:
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'"
    bad = replace(
        site("tokyo-1"), contacts=(Contact(hostile, hostile),), waivers=(Waiver("2.12/8", hostile),), stack="<b>"
    )
    files = {file.path: file.text for file in render(plan(bad), TEMPLATES)}
    text = files["index.html"]
    assert "<img" not in text
    assert text.count("<script") == 2
    assert html.escape("<b>") in text


MESSAGE = re.compile(r"<li id=m(\d+)><p>(.*?)(?:<p lang=ja>(.*?))?(?:<p>(.*?))?\n")


@pytest.mark.parametrize("name", NAMES)
def test_each_message_is_there_once_in_both_languages_and_a_step_has_its_number(name: str) -> None:
    page = bundle(name)["index.html"]
    found = MESSAGE.findall(page)
    assert [int(number) for number, *_ in found] == [*range(1, len(found) + 1)]
    assert len({(text, do) for _, text, _, do in found}) == len(found) > 200
    assert [text for _, text, japanese, _ in found if not re.search("[ぁ-んァ-ヶ一-龠]", japanese)] == []
    lists = re.findall(r"<div class=says>([\d ]+)</div>", page)
    assert {*" ".join(lists).split()} == {number for number, *_ in found}


def words_in_scripts() -> dict[str, set[str]]:
    """{word of the library: the scripts that use it} of the examples and of the site that has every key."""
    library = Shell(library_texts(TEMPLATES / "_runtime")).library.keys()
    found: dict[str, set[str]] = {}
    for files in (*map(bundle, NAMES), bundle(str(EVERY_KEY))):
        for path in filter(re.compile(r"2\.\d\d-.*\.sh").fullmatch, files):
            for word in used(files[path]) & library:
                found.setdefault(word, set()).add(path)
    return found


def test_each_word_that_needs_one_has_a_row_in_both_languages() -> None:
    """One that several sections use or a page has, one of the engine that a script uses or that has no comment."""
    rows = meanings(TEMPLATES)
    shell = Shell(library_texts(TEMPLATES / "_runtime"))
    needed = {
        word for word, scripts in words_in_scripts().items() if len(scripts) > 1 or shell.library[word].of_the_engine
    }
    for files in (*map(bundle, NAMES), bundle(str(EVERY_KEY))):
        needed |= entries(files["index.html"]).keys()
    assert sorted(needed - rows.keys()) == []
    bare = {word for word in reached_of_the_engine() if not shell.library[word].said}
    assert sorted(bare - rows.keys()) == []
    assert sorted(rows.keys() - needed - bare) == []
    assert [word for word, said in rows.items() if not said.en or not re.search("[ぁ-んァ-ヶ一-龠]", said.ja)] == []


def reached_of_the_engine() -> set[str]:
    """What `explain` shows of the engine, whichever step of the examples it is asked for."""
    found: set[str] = set()
    for files in (*map(bundle, NAMES), bundle(str(EVERY_KEY))):
        shell = Shell({path: text for path, text in files.items() if path.endswith(".sh")})
        for section in json.loads(files["manifest.json"])["sections"]:
            begin = [one for step in section["steps"] for one in shell.parts(step["name"], section["script"])]
            found.update(one.name for one in shell.closure(begin, section["script"]).engine)
    return found


def entries(page: str) -> dict[str, str]:
    """{word: what is beside it} of the page's list of words."""
    return dict(re.findall(r"<(?:details|p) id=w-(\w+)>(?:<summary>)?(.*?)</small>", page))


@pytest.mark.parametrize("name", NAMES)
def test_a_word_of_several_sections_is_explained_wherever_the_page_has_it(name: str) -> None:
    """In its list of words, with the sentence of its row, also where checks alone use it."""
    page, rows = bundle(name)["index.html"], meanings(TEMPLATES)
    texts = re.findall(
        r"<(pre class=\w+|p><b>.{,99}</b> <code)>(.*?)</(?:pre|code)>",
        page.partition('<section id="words">')[0],
        re.DOTALL,
    )
    shown = used("\n".join(html.unescape(re.sub("<[^>]*>", "", text)) for _, text in texts)) & rows.keys()
    assert len(shown) > 40
    for word in shown:
        assert f"<i lang=ja>{rows[word].ja}</i>" in entries(page)[word], word


@pytest.mark.parametrize("name", NAMES)
def test_each_word_of_the_library_is_explained(name: str) -> None:
    words = entries(bundle(name)["index.html"])
    assert len(words) > 40
    assert [word for word, said in words.items() if not re.search(r"lang=en>\w", said)] == []


@pytest.mark.parametrize("name", NAMES)
def test_code_in_a_sentence_is_code(name: str) -> None:
    page = bundle(name)["index.html"]
    shell = re.compile('<(style|script|pre).*?</\\1>|<section id="messages">.*?</section>|<p lang=en>.*', re.DOTALL)
    sentences = re.findall("<i lang=.*?</i>", shell.sub("", page))
    assert len(sentences) > 500
    assert [one for one in sentences if "`" in one] == []
    if name != "minimal":
        assert "<code>openstack server resize --revert</code>" in page or "nfv" not in page


@pytest.mark.parametrize("name", ["page.css", "diff.css", "page.js"])
def test_a_style_and_a_script_lose_nothing_but_what_is_not_run(name: str) -> None:
    text = (TEMPLATES / FOLDER / name).read_text("utf-8")
    code = re.sub(r"(?s)/\*.*?\*/" if name.endswith(".css") else r"(?m)^ *//.*", "", text)
    dense = own(TEMPLATES, name)
    bare = ["".join(one.split()).replace(";}", "}") for one in (dense, code)]
    assert bare[0] == bare[1]
    # what is quoted is seen, and so are its blanks
    strings = re.compile(r"\"[^\"\n]*\"")
    assert strings.findall(dense) == strings.findall(code)
    assert len(dense) < len(text)


def test_the_page_asks_nothing_of_the_network() -> None:
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//|@import|url\(""", bundle("tokyo-1")["index.html"])


def test_it_is_the_same_each_time() -> None:
    text = bundle("tokyo-1", "ja")["index.html"]
    again = {file.path: file.text for file in render(plan(site("tokyo-1", "ja")), TEMPLATES)}["index.html"]
    assert text == again


# The site that has every key is longer than any real one.
SPECS = (*sorted(EXAMPLES.glob("*.yaml")), EVERY_KEY)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.parent.name}-{spec.stem}")
def test_it_is_small(spec: Path) -> None:
    found, _ = loading.load(spec, frozenset())
    assert found is not None
    planned = plan(found)
    text = next(file.text for file in render(planned, TEMPLATES) if file.path == "index.html")
    # (500 kB for the chapter's 15 sections; one that is added has as much as another)
    most = 500_000 * max(len(planned.sections), 15) // 15
    assert len(text.encode()) < (most + 20_000 if spec == EVERY_KEY else most)


def test_the_total_is_the_runbook_s() -> None:
    files = bundle("tokyo-1")
    total = re.search(r"take about \*\*(.+?)\*\*", files["RUNBOOK.md"])
    assert total is not None
    assert f">{total[1]}<" in files["index.html"]
