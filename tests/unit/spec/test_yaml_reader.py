"""From bytes to a tree: whatever the bytes are, within bounds of time and memory."""

from __future__ import annotations

import os
import socket
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from osp_compile.spec import loading, yaml_composer, yaml_reader
from osp_compile.spec.yaml_tree import Mapping, Scalar, Sequence


def read(folder: Path, text: str | bytes) -> yaml_reader.Read:
    path = folder / "site.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return yaml_reader.read(path)


def codes(folder: Path, text: str | bytes) -> list[str]:
    return [diagnostic.code for diagnostic in read(folder, text)[1]]


def test_the_tree_knows_where_things_stand(tmp_path: Path) -> None:
    tree, diagnostics = read(tmp_path, "a: [x, {b: 'y z'}]\nc: d\n")
    assert diagnostics == ()
    span = tree.value(("a", 1, "b"))
    assert (span.line, span.column, span.length, span.text) == (1, 12, 5, "a: [x, {b: 'y z'}]")
    assert tree.key(("a", 1, "b")).column == 9
    assert tree.key(("c",)).line == 2


def test_a_place_that_is_not_there_is_the_nearest_that_is(tmp_path: Path) -> None:
    tree, _ = read(tmp_path, "a: {b: c}\n")
    assert tree.value(("a", "x", 3)).column == 1
    assert tree.value(("x",)).line == 1
    assert tree.key(("a", "b", "c")).column == 5


def test_plain_and_quoted_words_stay_apart(tmp_path: Path) -> None:
    tree, _ = read(tmp_path, "[1, '1', \"1\"]\n")
    assert isinstance(tree.root, Sequence)
    assert [item.plain for item in tree.root.items if isinstance(item, Scalar)] == [True, False, False]


def test_line_endings_do_not_matter(tmp_path: Path) -> None:
    tree, diagnostics = read(tmp_path, b"a: b\r\nc: d\r\n")
    assert diagnostics == ()
    assert isinstance(tree.root, Mapping)
    assert tree.value(("c",)).text == "c: d"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "site.yaml").touch()
    monkeypatch.setattr(Path, "open", refuse)
    assert [one.code for one in yaml_reader.read(tmp_path / "site.yaml")[1]] == ["file-unreadable"]


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "no/such/folder.yaml"])
def test_names_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    tree, diagnostics = yaml_reader.read(tmp_path / name)
    assert tree.root is None
    assert [one.code for one in diagnostics] in (["file-unreadable"], ["file-not-found"])


@pytest.mark.parametrize("from_shell", [True, False])
@pytest.mark.parametrize("kind", ["a pipe", "a socket", "a device"])
def test_what_is_no_regular_file_is_not_waited_for(tmp_path: Path, kind: str, from_shell: bool) -> None:
    path = Path("/dev/zero") if kind == "a device" else tmp_path / "site.yaml"
    if kind == "a pipe":
        os.mkfifo(path)
    with socket.socket(socket.AF_UNIX) as listener:
        if kind == "a socket":
            listener.bind(str(path))
        (told,) = yaml_reader.read(path, from_shell=from_shell)[1]
    assert (told.code, told.message) == ("not-a-file", f"this is {kind}, not a file")
    assert told.span is not None
    assert (told.span.file, told.help) == (str(path), "name a regular file that holds the YAML")


@pytest.mark.parametrize("name", ["/dev/fd/{}", "/proc/self/fd/{}", "/proc/{pid}/fd/{}"])
def test_a_pipe_of_the_shell_is_read(name: str) -> None:
    reader, writer = os.pipe()
    try:
        os.write(writer, b"a: b\n")
        os.close(writer)
        path = Path(name.format(reader, pid=os.getpid()))
        assert [one.code for one in yaml_reader.read(path, from_shell=False)[1]] == ["not-a-file"]
        tree, diagnostics = yaml_reader.read(path)
    finally:
        os.close(reader)
    assert diagnostics == ()
    assert tree.value(("a",)).text == "a: b"


def test_a_file_beyond_the_bound(tmp_path: Path) -> None:
    assert codes(tmp_path, b"#" * (yaml_reader.LARGEST + 1)) == ["too-large"]


def test_too_many_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_composer, "MOST_VALUES", 10)
    assert codes(tmp_path, "[" + "a," * 20 + "]") == ["too-large"]


@pytest.mark.parametrize(
    "bomb",
    [
        "[" * 1_000_000,
        "{a: " * 300_000,
        "- " * 100_000 + "x",
        "? " * 100_000 + "x",
        "\n".join(" " * level + "a:" for level in range(2000)),
    ],
    ids=["lists", "mappings", "compact-lists", "keys", "indented"],
)
def test_depth_is_bounded(tmp_path: Path, bomb: str) -> None:
    assert codes(tmp_path, bomb) == ["too-deep"]


def test_an_alias_bomb_takes_neither_time_nor_memory(tmp_path: Path) -> None:
    levels = 200
    bomb = "l0: &l0 [x]\n" + "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 50)}]\n" for n in range(1, levels))
    tracemalloc.start()
    found = codes(tmp_path, bomb)
    assert found == ["alias"] * (levels - 1)
    assert tracemalloc.get_traced_memory()[1] < 50 * 1024 * 1024
    tracemalloc.stop()


def test_an_alias_of_what_it_stands_in(tmp_path: Path) -> None:
    assert codes(tmp_path, "&a [*a, *a]") == ["alias"]


def test_everything_odd_is_told_at_once(tmp_path: Path) -> None:
    text = "a: !!str b\na: c\nd: *e\n'f': \"\\x07\"\n"
    assert codes(tmp_path, text) == ["tag", "duplicate-key", "alias", "control-character"]


def test_a_tab_is_named_wherever_it_indents(tmp_path: Path) -> None:
    assert codes(tmp_path, "a:\n\t- b\n") == ["tab"]
    assert codes(tmp_path, "a: |\n  b\n\tc\n") == ["tab"]


def test_keys_are_one_key_however_they_are_quoted(tmp_path: Path) -> None:
    assert codes(tmp_path, "a: 1\n'a': 2\n\"\\x61\": 3\n") == ["duplicate-key", "duplicate-key"]


def test_a_text_file_of_the_site_may_have_lines(tmp_path: Path) -> None:
    path = tmp_path / "post-install.yaml"
    path.write_text("config: |\n  #!/bin/bash\n  \techo\n", encoding="utf-8")
    assert yaml_reader.read(path, one_line=False)[1] == ()
    path.write_text('config: "\\x1b"\n', encoding="utf-8")
    assert [one.code for one in yaml_reader.read(path, one_line=False)[1]] == ["control-character"]


quiet = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
yaml_like = st.text(alphabet="abc01 \n\t-?:,[]{}#&*!|>'\"%@`~<=.\\/\u3042\u2028\x85\x07", max_size=80)


@quiet
@given(text=yaml_like | st.text(max_size=60))
def test_no_text_gives_a_traceback(tmp_path: Path, text: str) -> None:
    path = tmp_path / "site.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    site, diagnostics = loading.load(path, frozenset())
    assert site is None
    assert diagnostics


@quiet
@given(data=st.binary(max_size=100))
def test_no_bytes_give_a_traceback(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "site.yaml"
    path.write_bytes(data)
    assert loading.load(path, frozenset())[1]
