"""The schema itself, and data against it."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from osp_compile.diagnostics import Diagnostic
from osp_compile.spec import coerce, loading, schema, schema_mistakes, yaml_reader
from osp_compile.spec.coerce import UNUSABLE
from unit.work import work

CASES = Path(__file__).parents[2] / "cases"
SPEC = """version: 1
site: {name: lab-1, change: CHG0042}
nodes: [{name: overcloud-controller-0, role: Controller, address: 192.0.2.10}]
env_files: [/home/stack/templates/network-environment.yaml]
"""


def parts(part: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema within a schema, with the name of its property."""
    yield name, part
    for key, value in part.get("properties", {}).items():
        yield from parts(value, key)
    for word in ("items", "additionalProperties"):
        if isinstance(part.get(word), dict):
            yield from parts(part[word], f"{name}[]")


def data_of(path: Path, text: str) -> Any:
    path.write_text(text, encoding="utf-8")
    return coerce.coerce(yaml_reader.read(path)[0], schema.load())[0]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(json.loads(schema.text()))


@pytest.mark.parametrize(
    ("name", "part"), list(parts(schema.load())), ids=[name or "site.yaml" for name, _ in parts(schema.load())]
)
def test_every_part_is_described_and_closed(name: str, part: dict[str, Any]) -> None:
    if "[]" not in name or part.get("type") == "object":
        assert part["description"].endswith(".") or "[]" in name
    if "pattern" in part:
        assert part["x-words"]
    if "properties" in part:
        assert part["additionalProperties"] is False
    if "default" in part:
        Draft202012Validator(part).validate(part["default"])


@pytest.mark.parametrize(("length", "codes"), [(4095, []), (4096, ["too-long"])])
def test_a_path_may_be_as_long_as_linux_takes_it(tmp_path: Path, length: int, codes: list[str]) -> None:
    folder = "/home/stack/" + f"{'a' * 200}/" * 30
    long = f"{folder[: length - 7]}/x.yaml"
    assert len(long) == length
    (tmp_path / "site.yaml").write_text(SPEC.replace("/home/stack/templates/network-environment.yaml", long), "utf-8")
    _, diagnostics = loading.load(tmp_path / "site.yaml", frozenset())
    assert [one.code for one in diagnostics if one.severity == "error"] == codes


def missing_keys(part: dict[str, Any], values: list[Any], path: str = "") -> Iterator[str]:
    """The keys that the schema knows and none of these values has."""
    mappings = [value for value in values if isinstance(value, dict)]
    for key, inner in part.get("properties", {}).items():
        found = [value[key] for value in mappings if key in value]
        yield from missing_keys(inner, found, f"{path}{key}.") if found else [f"{path}{key}"]
    for inner, entries in entries_of(part, values):
        yield from missing_keys(inner, entries, path)


def entries_of(part: dict[str, Any], values: list[Any]) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    """(their schema, all that these values have) of the entries of a list and of a mapping whose keys are free."""
    if isinstance(part.get("items"), dict):
        yield part["items"], [entry for value in values if isinstance(value, list) for entry in value]
    if isinstance(part.get("additionalProperties"), dict):
        mappings = [value for value in values if isinstance(value, dict)]
        yield part["additionalProperties"], [entry for one in mappings for entry in one.values()]


def test_the_example_with_every_key_has_every_key() -> None:
    spec = yaml_reader.read(CASES / "valid/every-key/site.yaml")[0]
    assert [*missing_keys(schema.load(), [coerce.coerce(spec, schema.load())[0]])] == []


def test_a_key_that_an_example_lacks_is_named() -> None:
    assert "services.haproxy" in missing_keys(schema.load(), [{"services": {"volumes": "auto"}}])
    assert "nodes" in missing_keys(schema.load(), [{}])


def test_defaults_fill_what_is_left_out(tmp_path: Path) -> None:
    data = schema.validate(data_of(tmp_path / "s.yaml", SPEC), yaml_reader.read(tmp_path / "s.yaml")[0]).data
    assert data["site"]["stack"] == "overcloud"
    assert (data["ssh"]["user"], data["ssh"]["options"]) == ("heat-admin", [])
    assert data["nfv"] is False
    Draft202012Validator(schema.load()).validate(data)


def test_filling_twice_changes_nothing(tmp_path: Path) -> None:
    once = schema.fill(data_of(tmp_path / "s.yaml", SPEC + "nfv: true\n"), schema.load())
    assert schema.fill(copy.deepcopy(once), schema.load()) == once


def test_defaults_are_not_shared(tmp_path: Path) -> None:
    one, other = (schema.fill(data_of(tmp_path / "s.yaml", SPEC), schema.load()) for _ in range(2))
    one["ssh"]["options"].append("x")
    assert other["ssh"]["options"] == []


def test_home_and_images_follow_the_user(tmp_path: Path) -> None:
    def undercloud(text: str) -> dict[str, Any]:
        return dict(schema.fill(data_of(tmp_path / "s.yaml", text), schema.load())["undercloud"])

    assert undercloud(SPEC)["images_dir"] == "/home/stack/images"
    assert undercloud(SPEC + "undercloud: {user: director}\n")["images_dir"] == "/home/director/images"
    assert undercloud(SPEC + "undercloud: {home: /srv/stack}\n")["images_dir"] == "/srv/stack/images"


@pytest.mark.parametrize(
    ("kind", "word", "value"),
    [
        ("boolean", "true", True),
        ("boolean", "True", "True"),
        ("boolean", "on", "on"),
        ("integer", "42", 42),
        ("integer", "-1", -1),
        ("integer", "042", "042"),
        ("integer", "0x2a", "0x2a"),
        ("integer", "1_000", "1_000"),
        ("integer", "12:30", "12:30"),
        ("integer", "1e3", "1e3"),
        ("integer", "9" * 5000, "9" * 5000),
        ("number", "3.5", 3.5),
        ("number", ".inf", ".inf"),
        ("number", "4", 4),
        ("string", "2.10", "2.10"),
        ("string", "0042137", "0042137"),
        ("string", "true", "true"),
        ("string", "2026-11-22", "2026-11-22"),
    ],
)
def test_a_word_becomes_what_its_place_wants(tmp_path: Path, kind: str, word: str, value: object) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(f"a: {word}\nb: '{word}'\n", encoding="utf-8")
    wanted = {"properties": {"a": {"type": kind}, "b": {"type": kind}}}
    data, diagnostics = coerce.coerce(yaml_reader.read(path)[0], wanted)
    assert diagnostics == ()
    assert data == {"a": value, "b": word}
    assert type(data["a"]) is type(value)


def test_a_refused_value_is_not_looked_at_again(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    data = data_of(path, SPEC + "fencing: ~\nssh: {parallel: x, user: 7}\n")
    checked = schema.validate(data, yaml_reader.read(path)[0])
    assert sorted(one.code for one in checked.diagnostics) == ["invalid-value", "wrong-type"]
    assert checked.data["fencing"] is UNUSABLE
    assert (checked.data["ssh"]["parallel"], checked.data["ssh"]["user"]) == (UNUSABLE, UNUSABLE)
    assert checked.data["ssh"]["options"] == []
    assert checked.broken == {"fencing", "ssh"}


@pytest.mark.parametrize("folder", sorted((CASES / "valid").iterdir()), ids=lambda folder: str(folder.name))
def test_the_published_schema_agrees(folder: Path) -> None:
    """An editor that knows the schema as it is printed takes what the compiler takes."""
    data = coerce.coerce(yaml_reader.read(folder / "site.yaml")[0], schema.load())[0]
    Draft202012Validator(json.loads(schema.text())).validate(data)


@pytest.mark.parametrize(
    ("deploy", "wrong"),
    [({}, 1), ({"directory": "/home/stack"}, 0), ({"roles_file": "r.yaml"}, 2)],
    ids=["nowhere", "somewhere", "no folder"],
)
def test_an_editor_takes_relative_files_where_the_folder_is_said(deploy: dict[str, str], wrong: int) -> None:
    published = Draft202012Validator(json.loads(schema.text()))
    spec = {"version": "1", "site": "s", "nodes": {}, "env_files": ["net.yaml"], "deploy": deploy}
    found = [one for one in published.iter_errors(spec) if one.path and one.path[0] in {"env_files", "deploy"}]
    assert len(found) == wrong


leaves = st.text(max_size=8) | st.sampled_from(
    ["~", "yes", "1", "-1", "/a", "2.12/8", "[]", "{}", "192.0.2.1", "Compute"]
)
words = st.sampled_from(sorted({name.removesuffix("[]") for name, _ in parts(schema.load()) if name} | {"x", "2.12/8"}))
trees = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4), max_leaves=12
)


@pytest.mark.long
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=words, value=trees)
def test_no_shape_gives_a_traceback(tmp_path: Path, key: str, value: object) -> None:
    path = tmp_path / "s.yaml"
    document = {"version": "1", key: value}
    path.write_text(json.dumps(document, ensure_ascii=True).replace('"', ""), encoding="utf-8")
    assert loading.load(path, frozenset({"2.12/8"}))[1]
    path.write_text(SPEC + json.dumps({key: value})[1:-1] + "\n", encoding="utf-8")
    loading.load(path, frozenset({"2.12/8"}))


@pytest.mark.parametrize("key", ["roles", "waive"])
def test_four_times_the_mistakes_take_four_times_the_work(tmp_path: Path, key: str) -> None:
    entry = {"roles": "  'role {}': {{compte: true}}\n", "waive": "  2.12/{}: reason\n"}[key]

    def mistakes(many: int) -> None:
        spec = tmp_path / "site.yaml"
        spec.write_text(f"{SPEC}{key}:\n{''.join(entry.format(number) for number in range(10, 10 + many))}")
        found = loading.load(spec, frozenset(f"2.12/{number}" for number in range(1, 10)))[1]
        assert sum(one.severity == "error" for one in found) == many

    assert work(mistakes, 2000) < 5 * work(mistakes, 500)


def loading_of(folder: Path, text: str) -> Callable[[], tuple[object, tuple[Diagnostic, ...]]]:
    path = folder / "site.yaml"
    path.write_text(text, encoding="utf-8")
    return lambda: loading.load(path, frozenset())


@pytest.mark.parametrize("node", ["{{nme: over-{}, rolle: Compute, adress: 192.0.2.1}}", "wrong {}"])
def test_wrong_nodes_take_hardly_more_work_than_right_ones(tmp_path: Path, node: str) -> None:
    """A misspelling that every node has is compared with the known keys once."""

    def nodes(entry: str) -> Callable[[], object]:
        begun = "".join(line for line in SPEC.splitlines(True) if not line.startswith("nodes:"))
        return loading_of(tmp_path, f"{begun}nodes:\n{''.join(entry.format(number) for number in range(1, 201))}")

    right = work(nodes("- {{name: over-{0}, role: Controller, address: 192.0.2.{0}}}\n"))
    assert work(nodes(f"- {node}\n")) < 2 * right


def test_unknown_keys_are_compared_with_the_known_ones_up_to_a_number(tmp_path: Path) -> None:
    _, diagnostics = loading_of(tmp_path, SPEC + "".join(f"nodes_{number}: x\n" for number in range(200)))()
    assert [one.code for one in diagnostics] == ["unknown-key"] * 200
    assert [one.help for one in diagnostics] == ["did you mean `nodes`?"] * 100 + [
        "`osp-compile schema` lists all"
    ] * 100


def test_a_known_key_is_in_doubt_among_more_unknown_ones_than_are_compared(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    text = SPEC.replace("nodes: ", "nodess: ") + "".join(f"{at}: x\n" for at in range(200))
    checked = schema.validate(data_of(path, text), yaml_reader.read(path)[0])
    assert checked.broken == set(schema.load()["properties"])


def test_the_walk_goes_wherever_the_schema_goes() -> None:
    """A word that reaches further down, such as `anyOf`, would be judged without what is under it."""
    down = {"properties", "items", "propertyNames", "additionalProperties"}
    flat = {
        "type",
        "enum",
        "pattern",
        "required",
        *(f"{end}{what}" for end in ("min", "max") for what in ("imum", "Length", "Items")),
    }
    notes = {"$schema", "$id", "title", "description", "default", "examples", "x-default", "x-words"}
    notes |= {"patternErrorMessage", "markdownEnumDescriptions"}
    words = {word for _, part in parts(schema.load()) if isinstance(part, dict) for word in part}
    assert words <= down | flat | notes


@settings(max_examples=200, deadline=None)
@given(data=st.dictionaries(words, trees, max_size=4) | trees)
def test_the_walk_finds_what_jsonschema_finds(data: Any) -> None:
    whole = Draft202012Validator(schema.load()).iter_errors(data)
    expected = Counter((str(error.validator), tuple(error.absolute_path)) for error in whole)
    assert Counter((one.keyword, one.path) for one in schema_mistakes.find(data, schema.load())) == expected
