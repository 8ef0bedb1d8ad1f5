"""Rules that need more than one example: what argparse and ssh would make of a word, what a path lies in."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osp_compile.spec import loading
from osp_compile.spec.rules import RULES, View
from osp_compile.spec.rules import client as client_options
from osp_compile.spec.rules.arguments import REFUSED, extra_arguments
from osp_compile.spec.rules.nodes import parse_address
from osp_compile.spec.rules.places import is_within
from osp_compile.spec.rules.ssh import BY_FOLDED, OURS, RUNS_COMMANDS
from osp_compile.spec.yaml_tree import Source
from unit.work import work

SPEC = """version: 1
site: {name: lab-1, change: CHG0042}
nodes:
- {name: overcloud-controller-0, role: Controller, address: 192.0.2.10}
- {name: overcloud-controller-1, role: Controller, address: 192.0.2.11}
- {name: overcloud-controller-2, role: Controller, address: 192.0.2.12}
- {name: overcloud-compute-0, role: Compute, address: 192.0.2.20}
- {name: overcloud-compute-1, role: Compute, address: 192.0.2.21}
env_files: [/home/stack/templates/network-environment.yaml]
"""


def codes(folder: Path, more: str) -> list[str]:
    path = folder / "site.yaml"
    path.write_text(SPEC + more, encoding="utf-8")
    return [diagnostic.code for diagnostic in loading.load(path, frozenset({"2.12/8"}))[1]]


class RefusalError(Exception):
    """The real parser does not take these arguments."""


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise RefusalError(message)


def parser(options: client_options.Parser) -> Parser:
    """One of the client's two parsers."""
    made = Parser(add_help=False)
    for option in {one.name: one for one in options.options.values()}.values():
        if option.name == "--templates":
            made.add_argument(*option.names, nargs="?", const="/usr/share")
        elif option.value:
            made.add_argument(*option.names, action="append")
        else:
            made.add_argument(*option.names, action="store_true")
    return made


def read_by_the_client(words: list[str]) -> dict[str, object]:
    """What its parsers make of `words`: the application's reads the line first, the command's what that leaves."""
    application, command = (parser(options) for options in client_options.parsers())
    taken, left = application.parse_known_args(words)
    return {**vars(taken), **vars(command.parse_args(left))}


pieces = st.sampled_from(
    sorted(client_options.names())
    + [f"{option}=x" for option in sorted(REFUSED)]
    + ["-e", "-e/x", "-ex", "-e=x", "-r", "-rx", "-t", "-t5", "-h", "--env", "--env=x", "--ans", "--te", "--s", "--st"]
    + [
        "--stack=x",
        "--update",
        "--u",
        "--ro",
        "--reg",
        "--reg-a=x",
        "--ntp",
        "--ntp=x",
        "--",
        "-",
        "-1",
        "-.5",
        "x",
        "a b",
    ]
    + ["--no", "--neutron", "--force", "--timeout=1", "--e f", "-e f", "--environment-file x", "--no-cleanup=x"]
)


@pytest.mark.long
@settings(max_examples=1500, deadline=None)
@given(words=st.lists(pieces, max_size=4))
def test_what_we_let_pass_never_sets_what_is_refused(words: list[str]) -> None:
    """The real argparse is the judge: arguments without a diagnostic parse, and set none of the refused options."""
    view = View({"deploy": {"extra_args": words}}, Source("s"), frozenset(), frozenset())
    if list(extra_arguments(view)):
        return
    values = read_by_the_client(words)
    assert not [option for option in REFUSED if values[option[2:].replace("-", "_")]]


def test_no_option_of_the_command_is_the_beginning_of_the_applications() -> None:
    """Or the application, which reads first, would take it for its own."""
    application, command = client_options.parsers()
    assert not [name for name in command.options if name.startswith("--") and application.meanings(name)]


@pytest.mark.parametrize(
    ("word", "option"),
    [
        ("-e", "--environment-file"),
        ("-e/home/stack/x.yaml", "--environment-file"),
        ("-environment-file", "--environment-file"),
        ("--env", "--environment-directory"),
        ("--environment-f=x", "--environment-file"),
        ("--te", "--templates"),
        ("--t", "--timing"),
        ("--log-f", "--log-file"),
        ("-v", "--verbose"),
        ("--insec", "--insecure"),
        ("--neutron-tunnel-type", "--neutron-tunnel-types"),
        ("--stac=x", "--stack"),
        ("--update", "--update-plan-only"),
        ("-rx", "--roles-file"),
        ("--ntp", "--ntp-server"),
        ("--unheard-of", None),
        ("--", None),
    ],
)
def test_abbreviations_mean_what_argparse_takes_them_for(word: str, option: str | None) -> None:
    meant = [found.name for found in client_options.meanings(word)]
    assert option in meant if option else not meant


@pytest.mark.parametrize("keyword", sorted(RUNS_COMMANDS | set(OURS)))
def test_options_that_are_refused_are_real_ones(tmp_path: Path, keyword: str) -> None:
    assert keyword in BY_FOLDED
    assert codes(tmp_path, f"ssh: {{options: ['{keyword.upper()}=x']}}\n") == ["ssh-option-refused"]


@pytest.mark.parametrize(
    ("word", "is_refused"),
    [
        ("StrictHostKeyChecking=yes", False),
        ("StrictHostKeyChecking=no", True),
        ("stricthostkeychecking=NO", True),
        ("StrictHostKeyChecking=off", True),
        ("StrictHostKeyChecking=ask", True),
        ("StrictHostKeyChecking=accept-new", True),
        ('StrictHostKeyChecking="no"', True),
        ("StrictHostKeyChecking= no", True),
        ("UserKnownHostsFile=/dev/null", True),
        ("UserKnownHostsFile=/home/stack/.ssh/known /dev/null", True),
        ('UserKnownHostsFile="/dev/null"', True),
        ("UserKnownHostsFile=/dev/../dev/null", True),
        ("UserKnownHostsFile=//dev//null", True),
        ("UserKnownHostsFile=none", True),
        ("UserKnownHostsFile=/home/stack/.ssh/known_hosts_site", False),
        ("GlobalKnownHostsFile=/dev/null", True),
        ("NoHostAuthenticationForLocalhost=yes", True),
        ("HostKeyAlias=one-for-all", True),
        ("VerifyHostKeyDNS=ask", True),
        ("CheckHostIP=no", False),
    ],
)
def test_host_keys_stay_checked(tmp_path: Path, word: str, is_refused: bool) -> None:
    found = codes(tmp_path, f"ssh: {{options: ['{word}']}}\n")
    assert bool(found) is is_refused


@pytest.mark.parametrize(
    ("path", "folder", "answer"),
    [
        ("/a/b", "/a", True),
        ("/a", "/a", True),
        ("/a/", "/a", True),
        ("//a/b", "/a", True),
        ("/ab", "/a", False),
        ("/a", "/a/b", False),
        ("/a", "/", True),
    ],
)
def test_is_within(path: str, folder: str, answer: bool) -> None:
    assert is_within(path, folder) is answer


@pytest.mark.parametrize("text", ["192.0.2.1", "2001:db8::1", "10.0.0.1", "fd00::1", "203.0.113.255"])
def test_addresses_a_node_can_have(text: str) -> None:
    assert str(parse_address(text)[0]) == text


@pytest.mark.parametrize(
    "text",
    ["", "1", "1.2.3", "0x7f.1", "127.1", "::", "::1", "ff02::1", "fe80::1", "255.255.255.255", "::ffff:127.0.0.1"],
)
def test_addresses_no_node_can_have(text: str) -> None:
    assert parse_address(text)[0] is None


def test_an_address_in_ipv6_clothes_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(SPEC.replace("192.0.2.21", '"::ffff:192.0.2.20"'), encoding="utf-8")
    assert [one.code for one in loading.load(path, frozenset())[1]] == ["duplicate-address"]


def test_a_rule_that_has_nothing_to_say_says_nothing(tmp_path: Path) -> None:
    assert codes(tmp_path, "") == []


def test_each_rule_is_there_once() -> None:
    assert len({rule.__name__ for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("key", ["disk", "ssh", "backup", "deploy", "hooks", "compute_reboot", "undercloud", "nfv"])
@pytest.mark.parametrize("value", ["7", "[]", "x", "{unheard_of: 1}", "[[{}]]"])
def test_a_refused_part_does_not_upset_the_rules(tmp_path: Path, key: str, value: str) -> None:
    found = codes(tmp_path, f"{key}: {value}\n")
    # a site that asks for NFV and has no node for it is a mistake of its own
    assert len([code for code in found if code != "nfv-without-dpdk"]) == 1


def test_one_diagnostic_for_ten_thousand_nodes_of_one_unknown_role(tmp_path: Path) -> None:
    nodes = [{"name": f"n{n}", "role": "Cmpute", "address": f"10.0.{n >> 8}.{n & 255}"} for n in range(1, 10_000)]
    path = tmp_path / "site.yaml"
    path.write_text(SPEC.replace("env_files", "".join(f"- {json.dumps(n)}\n" for n in nodes) + "env_files"), "utf-8")
    assert [one.code for one in loading.load(path, frozenset())[1]] == ["unknown-role"]


FEW = 250
MANY_MISTAKES = {
    "roles": ["- {{name: n{n}, role: Q{n}, address: 10.0.{a}.{b}}}", "roles:", "  R{n}: {{compute: true}}"],
    "targets": [
        "- {{name: n{n}, role: Compute, address: 10.0.{a}.{b}}}",
        "compute_reboot:\n  migrate: target\n  targets:",
        "    n{n}: m{n}",
    ],
    "keys": ["- {{name: n{n}, role: Compute, adress: 10.0.{a}.{b}}}", "", "unheard{n}: 1"],
    "waivers": ["- {{name: n{n}, role: Compute, address: 10.0.{a}.{b}}}", "waive:", "  2.12/{n}: x"],
}


def mistaken(path: Path, kind: str, many: int) -> Path:
    node, between, line = MANY_MISTAKES[kind]
    numbers = [{"n": n, "a": n >> 8, "b": n & 255} for n in range(1, many)]
    nodes, lines = ("\n".join(part.format(**number) for number in numbers) for part in (node, line))
    path.write_text(SPEC.replace("env_files", f"{nodes}\nenv_files") + f"{between}\n{lines}\n", encoding="utf-8")
    return path


def mistakes(path: Path, many: int) -> None:
    site, diagnostics = loading.load(path, frozenset(f"2.12/{step}" for step in range(1, 16)))
    assert site is None
    assert len(diagnostics) >= many - 20


@pytest.mark.parametrize("kind", MANY_MISTAKES)
def test_four_times_the_mistakes_take_four_times_the_work(tmp_path: Path, kind: str) -> None:
    """Nothing compares each with each: the nearest word is looked for among few, or a few times only."""
    few, many = (mistaken(tmp_path / f"{many}.yaml", kind, many) for many in (FEW, 4 * FEW))
    assert work(mistakes, many, 4 * FEW) < 5 * work(mistakes, few, FEW)
