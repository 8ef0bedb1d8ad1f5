"""What goes in comes out of bash as one word, whatever it holds."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from osp_compile.shell import quoting
from unit.waiting import LIMIT

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80)


@settings(max_examples=60, deadline=None)
@given(values=st.lists(TEXT, max_size=20))
def test_bash_reads_the_very_same_words(values: list[str]) -> None:
    script = f"printf '%s\\0' start {quoting.sh_words(values)}"
    result = subprocess.run(["bash", "-c", script], capture_output=True, check=True, timeout=LIMIT)
    assert result.stdout.decode().split("\0")[1:-1] == values


@settings(max_examples=60, deadline=None)
@given(value=TEXT)
def test_an_assignment_holds_the_very_same_text(value: str) -> None:
    script = f'x={quoting.sh_quoted(value)}; printf %s "$x"'
    assert (
        subprocess.run(["bash", "-c", script], capture_output=True, check=True, timeout=LIMIT).stdout.decode() == value
    )


@given(value=TEXT)
def test_a_comment_stays_on_its_line(value: str) -> None:
    assert len(f"# {quoting.comment(value)}".splitlines()) == 1


@pytest.mark.parametrize(
    ("address", "ssh", "url"),
    [
        ("192.0.2.1", "192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1", "[2001:db8::1]"),
        ("[2001:db8::1]", "2001:db8::1", "[2001:db8::1]"),
    ],
)
def test_an_ipv6_address_has_brackets_where_a_port_could_follow(address: str, ssh: str, url: str) -> None:
    assert (quoting.ssh_host(address), quoting.url_host(address)) == (ssh, url)
