"""Columns are a terminal's, Japanese included."""

from osp_compile.wrap import comment_lines, display_pad, display_width


def test_japanese_takes_two_columns() -> None:
    assert display_width("再起動 ok") == 9
    assert display_pad("再", 4) == "再  "


def test_long_text_is_wrapped_within_the_width() -> None:
    lines = comment_lines("コンピュートノードを 1 台ずつ再起動します。" * 5 + " word" * 30, 60, "  ")
    assert all(display_width(line) <= 60 for line in lines)
    assert all(line.startswith("#   ") for line in lines[1:])
    assert "".join(line[2:] for line in lines).replace(" ", "") == (
        "コンピュートノードを1台ずつ再起動します。" * 5 + "word" * 30
    )
