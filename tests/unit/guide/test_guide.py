"""Every step of the guide's chapter 2 has its counterpart, and every counterpart names a step the guide has."""

from osp_compile.assets import TEMPLATES
from osp_compile.guide.reader import read_sections


def _numbers(section: str, *steps: str) -> list[str]:
    return [f"{section}/{step}" for step in steps]


# The guide's own numbering: 2.03 and 2.14 have steps or text without sub-steps; letters are its sub-steps.
GUIDE = [
    *_numbers("2.01", *"123"),
    *_numbers("2.02", *(f"1{c}" for c in "abcdef"), "2a", "2b", "2c", "3a", "3b", "3c", "3d", "4a", "4b", "5"),
    *_numbers("2.03", *"123"),
    *_numbers("2.04", *"12345678"),
    *_numbers("2.05", "1", "2", "3", "4a", "4b", "5"),
    *_numbers("2.06", *"12345"),
    *_numbers("2.07", "1", "2", "3", "4a", "4b"),
    *_numbers("2.08", *"12345678"),
    *_numbers("2.09", "1", "2", "3", "4", "5a", "5b", "5c", "6", "7", "8", "9", "10", "11", "12"),
    *_numbers("2.10", *"123"),
    *_numbers("2.11", *"123456"),
    *_numbers("2.12", *(str(n) for n in range(1, 16))),
    *_numbers("2.13", *"12345"),
]


def test_every_step_of_the_guide_is_covered() -> None:
    sections, _ = read_sections(TEMPLATES)
    covered = {word for section in sections for step in section.steps for word in step.covers}
    assert [step for step in GUIDE if step not in covered] == []


def test_what_is_covered_is_in_the_guide() -> None:
    sections, _ = read_sections(TEMPLATES)
    covered = {word for section in sections for step in section.steps for word in step.covers}
    assert sorted(covered - set(GUIDE)) == []


def test_chapter_3_is_asked_for_at_the_end() -> None:
    sections, _ = read_sections(TEMPLATES)
    (last,) = [section for section in sections if section.closes]
    assert last.guide == "2.14"
