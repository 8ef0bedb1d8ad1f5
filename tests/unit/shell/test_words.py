"""The words of a shell text: each text is read once, whoever asks."""

from __future__ import annotations

import pytest

from osp_compile.shell import words


def test_a_function_is_read_once_with_its_last_line_end_or_without(monkeypatch: pytest.MonkeyPatch) -> None:
    text, read = "of_this_test() {\n  look_up_this\n  say-this 'not_this' $this_one\n}", list[str]()
    code = words.code
    monkeypatch.setattr(words, "code", lambda text: (read.append(text), code(text))[1])
    assert words.words(f"{text}\n") >= {"look_up_this", "say-this", "say_this"}
    assert words.in_reading_order(text) == ("of_this_test", "look_up_this", "say_this")
    assert read == [text]
