"""What a bundle holds follows from the site alone: hostile values stay text, a bigger site has the same scripts."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osp_compile import __version__
from osp_compile.assets import TEMPLATES
from osp_compile.bundle.render import File, render
from osp_compile.bundle.shell_variables import site_values
from osp_compile.guide.plan import make_plan
from osp_compile.guide.reader import read_sections
from osp_compile.spec.model import Hooks, Language, Site, Waiver
from osp_compile.text_width import display_width
from unit.sites import NFV, nodes, site
from unit.waiting import LIMIT

HOSTILE = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\n\t"), min_size=1, max_size=40
) | st.sampled_from(
    [
        "$(touch /tmp/owned)",
        "`id`",
        "'; exit 0; '",
        '"; exit 0; "',
        "STEPS",
        "a\\",
        "{{ site }}",
        "{% raw %}",
        "${HOME}",
        "*",
        "!!",
        "日本語",
    ]
)


def files_of(one: Site) -> dict[str, File]:
    sections, faults = read_sections(TEMPLATES)
    plan = make_plan(one, sections)
    assert faults == ()
    return {file.path: file for file in render(plan, TEMPLATES)}


well_formed: set[str] = set()


@pytest.mark.long
@settings(max_examples=15, deadline=None)
@given(words=st.lists(HOSTILE, min_size=8, max_size=8))
def test_no_value_breaks_a_scripts_syntax_or_is_evaluated(words: list[str]) -> None:
    hostile = site(
        stack=words[0],
        change=words[1],
        env_files=(words[2], words[3]),
        hooks=Hooks(words[4], None, words[4]),
        waivers=(Waiver("2.12/8", words[5]),),
        not_after=None,
        nfv=replace(NFV, vhost_socket_dir=words[6]),
        deploy=replace(site().deploy, extra_args=(words[7],)),
    )
    files = files_of(hostile)
    for path, file in files.items():
        # most of the library is the same for every site
        if path.endswith(".sh") and file.text not in well_formed:
            checked = subprocess.run(
                ["bash", "-n"], input=file.text.encode(), capture_output=True, check=False, timeout=LIMIT
            )
            assert (checked.returncode, checked.stderr) == (0, b""), path
            well_formed.add(file.text)
    script = (
        files["lib/site.sh"].text
        + 'printf "%s\\0" "$STACK" "$CHANGE" "${ENV_FILES[@]}" "$HOOK_BEFORE_NODE" "${DEPLOY_EXTRA_ARGS[@]}"\n'
    )
    printed = subprocess.run(
        ["bash", "-eu"], input=script.encode(), capture_output=True, check=True, timeout=LIMIT
    ).stdout.decode()
    assert printed.split("\0")[:-1] == [*words[:5], words[7]]


def test_the_scripts_have_each_option_of_the_deploy_command_by_its_full_name() -> None:
    words = ("--control-sc", "3", "--ntp-s=192.0.2.1", "-t", "90", "--validation-w", "--verbose-of-our-own", "x")
    text = files_of(site(deploy=replace(site().deploy, extra_args=words)))["lib/site.sh"].text
    values = site_values(text)
    assert values["DEPLOY_EXTRA_ARGS"] == words
    assert values["DEPLOY_OPTIONS"] == (
        "--control-scale=3", "--ntp-server=192.0.2.1", "--timeout=90", "--validation-warnings-fatal"
    )  # fmt: skip


def test_no_script_reads_options_as_the_operator_has_written_them() -> None:
    """The words themselves are for the command and for the record of what the plan was made from."""
    found = [
        (file.name, line.strip())
        for file in sorted(TEMPLATES.rglob("*.sh"))
        for line in file.read_text("utf-8").splitlines()
        if "DEPLOY_EXTRA_ARGS" in line
    ]
    assert found == [("plan.sh", """with_words_of DEPLOY_EXTRA_ARGS printf '%s\\n' "$STACK\"""")]


def test_scripts_do_not_grow_with_the_site() -> None:
    small, large = (files_of(site(nodes=nodes(computes))) for computes in (4, 400))
    assert small.keys() == large.keys()
    for path in small:
        if path.endswith(".sh") and path != "lib/site.sh":
            assert small[path].text == large[path].text, path


def test_the_manifest_lists_every_file_and_announces_every_change() -> None:
    files = files_of(site(nfv=NFV))
    manifest = json.loads(files["manifest.json"].text)
    assert sorted([*manifest["files"], "manifest.json"]) == sorted(files)
    assert manifest["compiler"] == {"name": "osp-compile", "version": __version__}
    steps = [step for section in manifest["sections"] for step in section["steps"]]
    assert [step["id"] for step in steps if step["shape"] != "check" and not step["changes"]] == []
    assert [step["id"] for step in steps if step["shape"] == "check" and step["changes"]] == []


def test_the_table_of_sections_tells_how_long_each_takes_and_whether_every_step_says_so() -> None:
    rows = [row.split("\t") for row in files_of(site())["lib/sections.tsv"].text.splitlines()]
    told = {row[0]: tuple(row[4:]) for row in rows}
    assert told["2.05"] == ("15 min", "long")
    assert told["2.07"] == ("30 min to 1 h 15 min (10 to 25 min each; 3 nodes)", "-")
    assert told["2.10"] == ("1 to 3 min", "-")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_is_told_before_a_step_fits_a_terminal_of_eighty_columns(language: Language) -> None:
    files = files_of(replace(site(nfv=NFV), language=language))
    told = {path: file.text for path, file in files.items() if path.startswith("lib/before/")}
    assert told
    assert [path for path, text in told.items() if any(display_width(line) > 72 for line in text.splitlines())] == []


def test_policy_is_rendered_and_only_this_sites() -> None:
    assert "2.13-finish-nfv.sh" not in files_of(site())
    assert "2.13-finish-nfv.sh" in files_of(site(nfv=NFV))
    assert "2.05-update-images.sh" not in files_of(site(images="skip"))


@pytest.mark.long
def test_same_bytes_whatever_the_surroundings(tmp_path: Path, minimal: Path) -> None:
    digests = set()
    surroundings = (
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C", "umask": "077"},
        {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "C.UTF-8", "umask": "000"},
    )
    for number, changes in enumerate(surroundings):
        here = tmp_path / f"from {number}"
        here.mkdir()
        (here / "site.yaml").write_bytes(minimal.read_bytes())
        command = 'umask "$1"; exec "$2" -m osp_compile site.yaml -o out'
        environment = {**os.environ, **changes, "PYTHONPATH": str(TEMPLATES.parent.parent)}
        subprocess.run(
            ["bash", "-c", command, "-", changes["umask"], sys.executable],
            cwd=here,
            env=environment,
            check=True,
            capture_output=True,
            timeout=LIMIT,
        )
        listing = subprocess.run(
            ["find", "out", "-printf", "%P %m\n"], cwd=here, capture_output=True, text=True, check=True, timeout=LIMIT
        ).stdout
        digests.add(((here / "out/lab-1/SHA256SUMS").read_text(), "\n".join(sorted(listing.splitlines()[1:]))))
    assert len(digests) == 1


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_first_page_has_the_files_compared_before_the_digest(language: str) -> None:
    """The digest alone says nothing of the files: what approves it is one of them."""
    page = files_of(site(language=language))["README.md"].text
    whole = page.index("`sha256sum --check --quiet --strict SHA256SUMS`")
    assert whole < page.index("`./runbook approve DIGEST`") < page.index("`sha256sum SHA256SUMS`")
