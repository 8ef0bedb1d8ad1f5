"""The clients' argument parser: what Python 2.7's argparse accepts, refuses and says."""

from __future__ import annotations

import pytest

from osp_simulator.tools.openstack.arguments import UsageError
from osp_simulator.tools.openstack.contracts import contracts
from osp_simulator.tools.openstack.format import Record, Table, dict_order, emit, hash_python2
from osp_simulator.tools.openstack.parser import Parser


def parser(command: str, client: str = "openstack") -> Parser:
    return Parser(contracts(client)[command])


@pytest.mark.parametrize(
    ("command", "line", "words"),
    [
        ("server stop", "", "too few arguments"),
        ("server list", "--nosuch", "unrecognized arguments: --nosuch"),
        ("server list", "stray", "unrecognized arguments: stray"),
        ("server list", "--limit many", "argument --limit: invalid int value: u'many'"),
        ("server migrate", "vm --live", "argument --live: expected one argument"),
        (
            "server migrate",
            "--block-migration --shared-migration vm",
            "argument --shared-migration: not allowed with argument --block-migration",
        ),
        ("server create", "--flavor m --image i", "too few arguments"),
        ("server create", "--image i name", "argument --flavor is required"),
        ("server list", "--p x", "ambiguous option: --p could match --project, --project-domain"),
        (
            "overcloud node configure",
            "--all-manageable=yes",
            "argument --all-manageable: ignored explicit argument u'yes'",
        ),
        ("server resize", "--confirm --revert vm", "argument --revert: not allowed with argument --confirm"),
    ],
)
def test_refusals(command: str, line: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        parser(command).parse(line.split())
    assert str(refused.value) == words


def test_an_option_may_be_shortened_and_its_value_attached() -> None:
    given = parser("server list").parse(["--all", "--lim=-1", "-fvalue", "-c", "ID", "--column=Name"])
    assert given.flag("--all-projects")
    assert given.value("--limit") == "-1"
    assert given.value("--format") == "value"
    assert given.every("--column") == ["ID", "Name"]


def test_a_negative_number_is_a_value() -> None:
    assert parser("server list").parse(["--limit", "-1"]).value("--limit") == "-1"


def test_an_optional_positional_is_spent_with_its_neighbours() -> None:
    """argparse gives live-migration's host an empty match before a later word is seen."""
    assert parser("live-migration", "nova").parse(["vm", "host"]).value("<host>") == "host"
    with pytest.raises(UsageError, match="unrecognized arguments: host"):
        parser("live-migration", "nova").parse(["vm", "--block-migrate", "host"])


def test_templates_may_stand_without_a_folder() -> None:
    given = parser("overcloud deploy").parse(["--templates", "-e", "a.yaml", "-e", "b.yaml", "--update-plan-only"])
    assert given.flag("--templates")
    assert given.value("--templates") is None
    assert given.every("--environment-file") == ["a.yaml", "b.yaml"]


def test_short_flags_may_stand_together() -> None:
    given = parser("overcloud update stack").parse(["-ia", "overcloud"])
    assert given.flag("--interactive")
    assert given.flag("--abort")
    assert given.value("stack") == "overcloud"


def test_words_after_two_dashes_are_arguments() -> None:
    assert parser("server show").parse(["--", "-odd-name"]).value("<server>") == "-odd-name"


def test_columns_come_in_the_lists_own_order() -> None:
    given = parser("server list").parse(["-f", "value", "-c", "Status", "-c", "ID", "-c", "Nosuch"])
    assert emit(Table(("ID", "Name", "Status"), (("1", "vm", None),)), given) == "1 None\n"


def test_a_shell_answer_quotes_quotes() -> None:
    given = parser("server show").parse(["-f", "shell", "--prefix", "x_", "vm"])
    assert emit(Record((("Name", 'say "hi"'),)), given) == 'x_name="say \\"hi\\""\n'


def test_hashes_and_dict_order_are_python_2s() -> None:
    # known values of a 64-bit Python 2.7: hash("a") and hash("abc")
    assert hash_python2("a") == 12416037344
    assert hash_python2("abc") == 1453079729188098211
    assert dict_order(["ID", "Name", "Status", "Networks", "Image Name"]) == [
        "Status", "Networks", "ID", "Image Name", "Name",
    ]  # fmt: skip
