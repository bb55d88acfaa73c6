"""What lies over the picture: when, and legible as small as a model sees it."""

import numpy as np
import pytest
from PIL import Image

from core.programmes.football.captions import BOXES, Caption, drawn, paste, shown
from core.programmes.football.fixture import Fixture
from core.programmes.football.simulator import Match

MODEL_SIZE = (252, 140)


@pytest.fixture(scope="module")
def match() -> Match:
    match = Match(2, keep=True)
    match.advance(700)
    return match


def kinds(match, time, board=False):
    return [caption.kind for caption in shown(match.sample([time]), 0, board)]


def test_cards_come_with_the_whistle_and_go(match):
    ends = {event.kind: event.time for event in match.events if event.kind in ("half-time", "full-time")}
    for kind, time in ends.items():
        assert kinds(match, time - 0.3) == []
        assert kinds(match, time + 0.05) == [kind]
        assert kinds(match, time + 9.5) == []
    times = np.arange(ends["full-time"], ends["full-time"] + 36, 0.5)
    announced = [time for time in times if kinds(match, time) == ["next match"]]
    assert 7 <= len(announced) / 2 <= 9
    assert match.sample([announced[0]]).score.tolist() == [[0, 0]]


def test_a_replay_has_its_mark(match):
    times = np.arange(0.0, 699.0, 0.5)
    samples = match.sample(times)
    marked = np.array(["replay" in kinds(match, time) for time in times])
    assert marked.any()
    assert np.array_equal(marked, samples.replay)


def test_the_board_tells_score_and_minute(match):
    for event in match.events:
        samples = match.sample([event.time + 0.2])
        board = shown(samples, 0, board=True)[0]
        assert board.score == event.score
        wanted = {"half-time": "HT", "full-time": "FT"}.get(event.kind, f"{int(samples.clock[0] // 60) + 1}'")
        assert board.label == wanted


def seen(score, fixture):
    """The board as a model sees it."""
    picture = np.zeros((720, 1280, 3), np.uint8)
    paste(picture, Caption("board", score, "3'"), fixture)
    return np.array(Image.fromarray(picture).resize(MODEL_SIZE, Image.Resampling.BICUBIC), np.float32)


def test_digits_can_be_told_apart_at_the_model_s_size():
    fixture = Fixture(4)
    boards = [seen((goals, 0), fixture) for goals in range(10)]
    for number, board in enumerate(boards):
        for other in boards[:number]:
            apart = np.abs(board - other).max(-1)
            assert (apart > 60).sum() >= 12
    assert (np.abs(boards[1] - seen((0, 1), fixture)).max(-1) > 60).sum() >= 24


def test_each_team_s_goals_stand_beside_its_colour():
    for seed in range(8):
        fixture = Fixture(seed)
        _, _, width, height = BOXES["board"]
        picture = drawn(Caption("board", (1, 2), "3'"), fixture, width, height)
        for team, x in ((fixture.first, 3), (1 - fixture.first, 285)):
            assert np.abs(picture[4, x] - 255 * np.array(fixture.rgb[team])).max() <= 1
