"""The figures behind the gauges."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.gauges import figures
from app.gauges.meters import ROUNDS_SHOWN, UNKNOWN_S, Meters
from core.assets import BUNDLED
from core.messages import Drop, Line, Ready, Stats
from core.programmes.football.programme import PROGRAMME


def stats(round_: int = 0, compute_s: float = 0.25, decode_s: float = 0.1, new_tokens: int = 8) -> Stats:
    return Stats(round_, compute_s, 0.1, 0.05, 0.01, 0.04, decode_s, new_tokens, 1100, 4_200_000, 74.0, 640_000_000, 0)


def test_nothing_is_known_at_first() -> None:
    meters = Meters()
    assert meters.age_s is None
    assert meters.tokens_per_s() is None
    assert meters.has_gpu() is None


def test_age_is_that_of_the_last_line_with_words() -> None:
    meters = Meters()
    meters.feed(Line(0, 0.0, 1.0, "Goal at last", 10.0, 10.4))
    meters.feed(Line(1, 1.0, 2.0, "", 11.0, 19.0))
    assert meters.age_s == pytest.approx(0.4)
    assert meters.words == 3


def test_stats_fill_the_rest() -> None:
    meters = Meters()
    meters.feed(Ready("small", "cpu", "float32", 9, 1.0))
    meters.feed(Line(0, 0.0, 1.0, "Goal", 10.0, 10.4))
    meters.feed(stats())
    assert (meters.kv_bytes, meters.remembers_s, meters.engine_bytes) == (4_200_000, 74.0, 640_000_000)
    assert meters.tokens_per_s() == pytest.approx(80)
    assert meters.has_gpu() is False


def test_only_the_last_rounds_are_kept() -> None:
    meters = Meters()
    for round_ in range(500):
        meters.feed(stats(round_, compute_s=float(round_)))
    assert list(meters.compute_s) == [float(n) for n in range(500 - ROUNDS_SHOWN, 500)]
    assert meters.rounds == 500


def test_drops_add_up() -> None:
    meters = Meters()
    meters.feed(Drop("behind", 2, 1.0))
    meters.feed(Drop("guard", 3, 2.0))
    assert meters.frames_dropped == 5


def test_no_time_spent_is_no_rate() -> None:
    meters = Meters()
    meters.feed(stats(decode_s=0.0))
    assert meters.tokens_per_s() is None


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (figures.seconds(0.418), "0.42 s"),
        (figures.seconds(12.34), "12.3 s"),
        (figures.seconds(None), "–"),  # noqa: RUF001
        (figures.span(42.4), "42 s"),
        (figures.span(180), "3 min"),
        (figures.span(9000), "2.5 h"),
        (figures.count(12345), "12,345"),
        (figures.rate(3.14), "3.1"),
        (figures.rate(1234.5), "1,234"),
        (figures.size(0), "0 B"),
        (figures.size(640), "640 B"),
        (figures.size(4_200_000), "4.2 MB"),
        (figures.size(812_000_000), "812 MB"),
        (figures.size(999_700), "1.0 MB"),
        (figures.size(14_900_000_000), "15 GB"),
    ],
)
def test_figures_read_well(shown: str, expected: str) -> None:
    assert shown == expected


def test_a_silent_round_has_no_rate_and_no_first_word() -> None:
    meters = Meters()
    meters.feed(Line(0, 0.0, 1.0, "", 10.0, 10.1))
    meters.feed(stats(decode_s=0.0001, new_tokens=3))
    assert meters.tokens_per_s() is None
    assert meters.first_token_s is None
    assert (meters.silent_rounds, meters.budget_s) == (1, 1.0)
    meters.feed(Line(1, 1.0, 2.0, "Goal", 11.0, 11.1))
    meters.feed(stats(1))
    assert meters.tokens_per_s() == pytest.approx(80)
    assert (meters.silent_rounds, meters.first_token_s) == (0, 0.1)


def test_late_pictures_are_forgotten_after_ten_rounds_and_a_reset_counts_anew() -> None:
    meters = Meters()
    meters.feed(Drop("behind", 3, 1.0))
    meters.feed(Drop("guard", 1, 1.0))
    meters.feed(stats())
    assert (meters.late_of_late, meters.dropped["guard"]) == (3, 1)
    for round_ in range(10):
        meters.feed(stats(round_))
    assert (meters.late_of_late, meters.frames_dropped) == (0, 4)
    meters.reset()
    assert (meters.frames_dropped, meters.usual_compute_s(), meters.words) == (0, None, 0)


def silent(meters: Meters, rounds: int, silenced: str = "silence_threshold") -> Meters:
    for round_ in range(rounds):
        meters.feed(Line(round_, round_, round_ + 1.0, "", round_, round_ + 0.4))
        meters.feed(Stats(round_, 0.2, 0.1, 0, 0, 0, 0.1, 1, 9, 9, 9.0, 9, 0, silenced=silenced))
    return meters


@pytest.mark.parametrize(
    ("model", "rounds", "silenced", "unknown"),
    [
        (BUNDLED.name, 181, "silence_threshold", True),
        (BUNDLED.name, 181, "", True),
        (BUNDLED.name, 150, "silence_threshold", False),
        (BUNDLED.name, 181, "words_per_minute", False),
        ("Qwen2.5-VL-7B-Instruct", 400, "", False),
    ],
)
def test_only_long_silence_of_the_bundled_model_is_ignorance(
    model: str, rounds: int, silenced: str, unknown: bool
) -> None:
    meters = Meters()
    meters.feed(Ready(model, "cpu", "float32", 9, 1.0))
    assert silent(meters, rounds, silenced).does_not_know() is unknown
    meters.feed(Line(rounds, 0.0, 1.0, "Goal", 10.0, 10.4))
    assert not meters.does_not_know()


def test_football_is_never_silent_for_as_long() -> None:
    episode = PROGRAMME.start(900_011, True)
    said = [start for start in range(2400) if episode.line(float(start))]
    assert max(after - before for before, after in pairwise(said)) < UNKNOWN_S


def test_seconds_and_rounds_go_into_the_curves_until_a_reset() -> None:
    meters = Meters(frames_per_s=8.0, window_bytes=160)
    meters.remember_second()
    meters.feed(stats())
    assert (list(meters.frame_rates), list(meters.memory_history)) == ([8.0], [160])
    assert list(meters.kv_history) == [4_200_000]
    for _ in range(500):
        meters.remember_second()
    assert len(meters.frame_rates) == ROUNDS_SHOWN
    meters.reset()
    assert not meters.frame_rates
    assert not meters.kv_history
    assert not meters.memory_history
