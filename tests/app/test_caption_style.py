"""The look of the captions, as the settings have it."""

from __future__ import annotations

import pytest

from app.caption_style import PRESETS, CaptionStyle, caption_style, written_style
from core.errors import UsageError


@pytest.mark.parametrize("style", PRESETS.values(), ids=PRESETS)
def test_what_is_written_is_read_again(style: CaptionStyle) -> None:
    assert caption_style(written_style(style)) == style


def test_only_what_differs_is_written() -> None:
    assert written_style(CaptionStyle()) == {}
    assert written_style(CaptionStyle(lines=8)) == {"lines": 8}


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"size": 3}, "size"),
        ({"lines": 9}, "lines"),
        ({"lines": 0}, "lines"),
        ({"colour": "red"}, "colour"),
        ({"opacity": 1.5}, "opacity"),
        ({"align": "middle"}, "middle"),
    ],
)
def test_what_makes_no_sense_is_named(table: dict, told: str) -> None:
    with pytest.raises(UsageError, match=r"\[captions\]") as refused:
        caption_style(table)
    assert told in str(refused.value)
