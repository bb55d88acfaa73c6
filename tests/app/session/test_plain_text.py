"""Words of others as text that nothing obeys."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.session.plain_text import clean, one_row


@given(text=st.text())
def test_no_control_character_is_left_and_nothing_else_is_lost(text: str) -> None:
    left = clean(text)
    assert all(character.isprintable() or not is_control(character) for character in left)
    assert left == "".join(character for character in text if not is_control(character))


def is_control(character: str) -> bool:
    return (ord(character) < 0x20 and character not in "\t\n") or 0x7F <= ord(character) < 0xA0


def test_a_row_stays_one() -> None:
    assert one_row("a\n\t00:12  b\x1b[2J\r") == "a 00:12 b[2J"
    assert one_row("two  blanks") == "two  blanks"
