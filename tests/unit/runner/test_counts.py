"""What a part has played, as its runner's output says."""

from __future__ import annotations

from pathlib import Path

from runner.counts import Counts, of_closing_line, of_junit, of_status, of_tap

TAP = """1..4
ok 1 it works
not ok 2 it fails # of all things
# (in test file x.bats, line 3)
ok 3 it cannot be tried # skip no Python 2.7
ok 4 a number # 5
"""


def test_tap_with_a_skip_that_is_no_pass() -> None:
    found = of_tap(TAP)
    assert (found.passed, found.failed, found.skipped) == (2, 1, 1)
    assert found.names == ("it fails # of all things",)
    assert found.reasons == ("no Python 2.7",)


def test_junit_as_pytest_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "junit.xml"
    file.write_text(
        '<testsuites><testsuite><testcase classname="a" name="b"/>'
        '<testcase classname="a" name="c"><failure/></testcase>'
        '<testcase classname="a" name="d"><skipped message="why"/></testcase>'
        '<testcase classname="a" name="e"><error/></testcase></testsuite></testsuites>'
    )
    assert of_junit(file) == Counts(1, 2, 1, ("a::c", "a::e"), ("why",))


def test_the_last_closing_line_counts() -> None:
    assert of_closing_line("1 passed, 1 failed\nmore\n12 passed, 0 failed, 3 skipped\n") == Counts(12, 0, 3)
    assert of_closing_line("12 passed") is None


def test_the_closing_line_has_names() -> None:
    said = "  1.0  ok  it boots\n 437.7  not ok  a cut archive is refused\n   why\n1 passed, 1 failed\n"
    assert of_closing_line(said) == Counts(1, 1, names=("a cut archive is refused",))


def test_a_part_that_is_one_test() -> None:
    assert of_status("ruff", 0) == Counts(passed=1)
    assert of_status("ruff", 1) == Counts(failed=1, names=("ruff",))


def test_counts_add_up_and_say_skips_only_where_there_are_any() -> None:
    both = Counts(1, 0, 1, (), ("no sandbox",)) + Counts(2, 1, 1, ("x",), ("no sandbox",))
    assert str(both) == "3 passed, 1 failed, 2 skipped"
    assert both.reasons == ("no sandbox",)
    assert str(Counts(3)) == "3 passed, 0 failed"
