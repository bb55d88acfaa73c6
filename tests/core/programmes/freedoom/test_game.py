"""Without ViZDoom there is one clear line; with it, pictures are drawn no smaller than asked for."""

from __future__ import annotations

import sys

import pytest

from core.errors import UsageError
from core.programmes.catalogue import find
from core.programmes.freedoom.game import WIDTHS, resolution


def test_a_missing_game_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vizdoom", None)
    with pytest.raises(UsageError, match=r"pip install 'courtside\[train\]'"):
        find("freedoom").start(1, True)


@pytest.mark.parametrize(
    ("asked", "drawn"), [((252, 140), (256, 144)), ((256, 144), (256, 144)), ((300, 200), (512, 288))]
)
def test_pictures_are_drawn_at_the_next_size_there_is(asked: tuple[int, int], drawn: tuple[int, int]) -> None:
    assert resolution(*asked) == drawn


def test_nothing_is_drawn_larger_than_the_game_can() -> None:
    assert resolution(4000, 3000) == WIDTHS[-1]
