"""Columns are a terminal's, Japanese included."""

from osp_compile.text_width import comment_lines, display_pad, display_width, unfolded


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


def test_no_line_begins_with_a_full_stop_and_no_word_is_cut() -> None:
    text = "コンピュートノードを再起動します。" * 8
    for width in range(40, 80):
        lines = [line.removeprefix("# ") for line in comment_lines(text, width)]
        assert "".join(lines) == text
        assert all(line[0] not in "。ー" for line in lines)
        assert all(line.startswith(("コンピュートノードを", "再起動します")) for line in lines)


def test_a_folded_scalar_leaves_no_blank_between_japanese_words() -> None:
    assert unfolded("止めます。 heat が 全ノードを 2 台、 Ceph を") == "止めます。heat が全ノードを 2 台、Ceph を"
