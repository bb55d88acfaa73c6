"""Play is the same for the same seed at any frame rate, and the truth agrees with the game's own counts."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from core.programmes.freedoom.happening import Happening
from core.programmes.freedoom.level import Level, levels
from core.programmes.freedoom.names import WEAPONS
from core.programmes.freedoom.recorder import Recorder

pytest.importorskip("vizdoom", reason="ViZDoom is not installed: pip install -e '.[train]'")

SIZE = (256, 144)
DUEL = Level("deathmatch", "cig", "map01", 2, "Ada", ("Bond", "Conan", "Rambo"), 1e9, 11)
WALK = Level("monsters", "freedoom2", "map02", 2, "Ada", (), 1e9, 12)


def recorded(level: Level, seconds: float, fps: float) -> tuple[list[tuple[float, Happening]], np.ndarray]:
    """All that happened, and the last picture."""
    found: list[tuple[float, Happening]] = []
    with closing(Recorder(iter([level]), SIZE)) as recorder:
        for number in range(int(seconds * fps) + 1):
            for moment in recorder.advance(number / fps):
                found += [(moment.time, one) for one in moment.happenings]
        return found, recorder.picture


@pytest.mark.parametrize("level", [DUEL, WALK], ids=["deathmatch", "monsters"])
def test_the_same_level_gives_the_same_play_at_any_frame_rate(level: Level) -> None:
    first, picture = recorded(level, 30, 2)
    again, same_picture = recorded(level, 30, 2)
    faster, fast_picture = recorded(level, 30, 7)
    assert first
    assert first == again == faster
    assert np.array_equal(picture, same_picture)
    assert np.abs(picture.astype(int) - fast_picture).mean() < 3  # some effects flicker with every picture drawn


def test_kills_and_deaths_are_as_many_as_the_game_counts() -> None:
    kinds: list[str] = []
    with closing(Recorder(iter([WALK]), SIZE)) as recorder:
        for number in range(90 * 2):
            kinds += [one.kind for moment in recorder.advance(number / 2) for one in moment.happenings]
        last = recorder.advance(91.0)  # to a decision, so that both have seen the same
        kinds += [one.kind for moment in last for one in moment.happenings]
        counted = recorder.counts()
    assert kinds.count("kill") == counted["KILLCOUNT"] > 3
    assert kinds.count("death") == counted["DEATHCOUNT"]


@pytest.mark.parametrize("seed", [1, 2, 11])
def test_frags_add_up_to_what_the_status_bar_shows(seed: int) -> None:
    frags = 0
    deaths = 0
    with closing(Recorder(iter([replace(DUEL, seed=seed)]), SIZE)) as recorder:
        for number in range(120 * 2):
            for moment in recorder.advance((number + 1) / 2 if number < 239 else 121.0):
                for one in moment.happenings:
                    frags += one.kind == "frag"
                    frags -= one.kind == "death" and not one.who  # by one's own hand
                    deaths += one.kind == "death"
        counted = recorder.counts()
    assert frags == counted["FRAGCOUNT"]
    assert deaths == counted["DEATHCOUNT"]
    assert frags + deaths > 0


def test_a_weapon_taken_is_one_the_game_says_is_owned() -> None:
    taken = set()
    with closing(Recorder(iter([WALK]), SIZE)) as recorder:
        for number in range(120):
            for moment in recorder.advance(number / 2):
                taken |= {one.who for one in moment.happenings if one.kind == "weapon"}
                if any(one.kind == "death" for one in moment.happenings):
                    taken.clear()
        owned = {name for slot, name in WEAPONS.items() if recorder.counts()[f"WEAPON{slot}"]}
    assert taken <= owned | {"double-barrelled shotgun", "ripsaw"}
    assert taken


def test_the_next_level_follows_when_time_is_up() -> None:
    ways = levels(3)
    first = next(ways)
    short = Level(first.rules, first.wad, first.map, 1, first.player, first.bots, 5.0, first.seed)
    with closing(Recorder(iter([short, WALK]), SIZE)) as recorder:
        kinds = [one.kind for moment in recorder.advance(6.0) for one in moment.happenings]
        assert kinds.count("level") == 1
        assert recorder.level == WALK


def test_seeds_give_different_levels() -> None:
    assert len({next(levels(seed)).seed for seed in range(50)}) == 50
    assert {next(levels(seed)).rules for seed in range(20)} == {"deathmatch", "monsters"}
