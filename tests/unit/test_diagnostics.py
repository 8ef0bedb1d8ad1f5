"""Diagnostics as text and as JSON, to the character."""

from __future__ import annotations

from osp_compile.diagnostics import (
    Diagnostic,
    Span,
    as_data,
    error,
    has_errors,
    in_order,
    nearest,
    quoted,
    render,
    render_text,
    summary,
    warning,
)


def shown(line: str, column: int, length: int, number: int = 7) -> list[str]:
    """The lines of a diagnostic that show where it is."""
    return render(error("code", "message", Span("site.yaml", number, column, length, line))).splitlines()[1:]


def test_a_whole_diagnostic() -> None:
    span = Span("site.yaml", 12, 8, 5, "images: never")
    text = render(Diagnostic("invalid-value", "error", "no such choice", span, "write `skip`"))
    assert text == (
        "error[invalid-value]: no such choice\n"
        "  --> site.yaml:12:8\n"
        "   |\n"
        "12 | images: never\n"
        "   |        ^^^^^\n"
        "   = help: write `skip`"
    )


def test_a_file_as_a_whole_has_no_line() -> None:
    assert render(error("empty-file", "the file is empty", Span("a.yaml", 0, 0, 0), "fill it")) == (
        "error[empty-file]: the file is empty\n --> a.yaml\n = help: fill it"
    )


def test_no_place_and_no_help() -> None:
    assert render(warning("odd", "something is odd", None)) == "warning[odd]: something is odd"


def test_full_width_characters_take_two_columns() -> None:
    assert shown("name: 東京, role: Compute", 7, 2)[2:] == ["7 | name: 東京, role: Compute", "  |       ^^^^"]
    assert shown("name: 東京, role: Compute", 17, 7)[3] == "  |                   ^^^^^^^"


def test_a_combining_character_takes_none() -> None:
    line = "na\N{COMBINING DIAERESIS}me: x"
    assert shown(line, 8, 1)[3] == "  |       ^"


def test_half_width_katakana_takes_one() -> None:
    assert shown("ﾃｽﾄ: x", 6, 1)[3] == "  |      ^"


def test_tabs_are_shown_as_they_stand() -> None:
    assert shown("a:\tbc", 4, 2)[2:] == ["7 | a:  bc", "  |     ^^"]
    assert shown("\tb: c", 1, 1)[2:] == ["7 |     b: c", "  | ^^^^"]


def test_a_span_at_the_end_of_the_line_has_one_caret() -> None:
    assert shown("ab", 3, 0)[3] == "  |   ^"


def test_a_long_line_is_cut_around_the_span() -> None:
    lines = shown("x" * 500 + "HERE" + "y" * 500, 501, 4)
    assert len(lines[2]) == 170
    before = lines[3].index("^")
    assert lines[2][before : before + 4] == "HERE"
    assert lines[3][before:] == "^^^^"


def test_nothing_reaches_the_terminal_that_it_would_obey() -> None:
    span = Span("a\x1b]0;b.yaml", 1, 1, 1, "\x1b[2Jx \u202e\x07")
    text = render(error("code", "a\x1bb", span, "c\x07d"))
    assert not any(char in text for char in "\x1b\x07\u202e")
    assert "\N{REPLACEMENT CHARACTER}[2Jx" in text


def test_many_are_counted_and_not_all_shown() -> None:
    many = [error("code", f"number {n}", None) for n in range(250)]
    text = render_text(many, at_most=2)
    assert text == "error[code]: number 0\n\nerror[code]: number 1\n\n250 errors (248 not shown)\n"


def test_nothing_is_nothing() -> None:
    assert render_text(()) == ""


def test_summary() -> None:
    one, other = error("a", "b", None), warning("a", "b", None)
    assert summary([one]) == "1 error"
    assert summary([one, one, other]) == "2 errors, 1 warning"
    assert summary([other, other]) == "2 warnings"


def test_data_has_every_field() -> None:
    span = Span("サイト.yaml", 3, 4, 5, "secret line")
    assert [as_data(one) for one in (error("code", "message", span, "help"), warning("w", "m", None))] == [
        {
            "code": "code",
            "severity": "error",
            "message": "message",
            "file": "サイト.yaml",
            "line": 3,
            "column": 4,
            "length": 5,
            "help": "help",
        },
        {
            "code": "w",
            "severity": "warning",
            "message": "m",
            "file": None,
            "line": None,
            "column": None,
            "length": None,
            "help": None,
        },
    ]


def test_order_is_that_of_the_file() -> None:
    late = error("a", "m", Span("s", 9, 1, 1))
    early = error("b", "m", Span("s", 2, 9, 1))
    first = error("c", "m", Span("s", 2, 1, 1))
    nowhere = error("d", "m", None)
    assert in_order([late, early, nowhere, first]) == (nowhere, first, early, late)


def test_nearest_is_deterministic_and_near() -> None:
    assert nearest("controler", ["Compute", "Controller"]) == "Controller"
    assert nearest("xyz", ["Compute", "Controller"]) is None
    assert nearest("x" * 100_000, ["Compute"]) is None


def test_quoted_is_short() -> None:
    assert quoted("a" * 100) == f"`{'a' * 57}...`"


def test_warnings_are_no_errors() -> None:
    assert not has_errors([warning("a", "b", None)])
    assert has_errors([warning("a", "b", None), error("a", "b", None)])
