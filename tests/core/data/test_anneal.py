from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.chat.endpoint import ChatEndpoint, EndpointSettings
from core.chat.replies import ReplyCache
from core.data.anneal import AnnealSettings, estimate, find_pieces, rule_share, select
from core.data.clean import Asking, Cleaned
from core.data.sample import Word
from core.data.transcript import sentences, spread
from tests.chat_server import ChatServer, chat_server
from tests.core.data.speech import speech

SETTINGS = AnnealSettings()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with chat_server() as running:
        yield running


def asking(server: ChatServer, folder: Path) -> Asking:
    return Asking(ChatEndpoint(EndpointSettings(server.url, "m", pauses_s=(0.01,))), ReplyCache(folder))


def talk(start: float, seconds: float, text: str = "Vega runs on and on.", per_s: float = 3.0) -> list[Word]:
    """The sentence again and again, without a pause."""
    texts = text.split()
    count = round(seconds * per_s) // len(texts) * len(texts)
    return spread(texts * (count // len(texts)), start, start + count / per_s)


@given(seed=st.integers(0, 400), low=st.floats(0.1, 2), high=st.floats(2, 8), length=st.integers(30, 400))
def test_every_piece_is_as_it_should_be(seed: int, low: float, high: float, length: int) -> None:
    words = speech(length, seed, pause_s=(low, high))
    pieces = find_pieces(words, float(length), SETTINGS)
    for start, end in pieces:
        inside = [word for word in words if start < word.end <= end]
        assert start == int(start)
        assert end == int(end) <= length
        assert 16 <= end - start <= 64
        assert len(inside) >= 2 * (end - start)
        assert all(b.start - a.end <= 3 for a, b in pairwise(inside))
    assert all(a[1] <= b[0] for a, b in pairwise(pieces))


def test_dense_speech_is_covered() -> None:
    pieces = find_pieces(talk(2, 150), 160, SETTINGS)
    assert sum(end - start for start, end in pieces) >= 140


def test_a_long_silence_parts_pieces_and_a_short_one_does_not() -> None:
    assert len(find_pieces(talk(0, 20) + talk(22.9, 20), 60, SETTINGS)) == 1
    assert len(find_pieces(talk(0, 20) + talk(23.2, 20), 60, SETTINGS)) == 2


@pytest.mark.parametrize("words", [[], talk(0, 10), talk(0, 60, per_s=1.5)])
def test_too_little_speech(words: list[Word]) -> None:
    assert find_pieces(words, 100, SETTINGS) == []


def test_nothing_lies_behind_the_pictures() -> None:
    assert find_pieces(talk(0, 60), 30.4, SETTINGS)[-1][1] <= 30


HISTORY = "They won it in 1998 and in 2004."
CLEANED = Cleaned("g.mp4", 100.0, tuple(talk(0, 30) + talk(40, 30, HISTORY)))


def test_the_rule_leaves_history_out() -> None:
    selected, cost = select(CLEANED, "Cup", "", SETTINGS, None)
    assert (selected.found, [sample.start for sample in selected.samples]) == (2, [0.0])
    assert cost.requests == 0
    assert selected.samples[0].words[0] == Word(0, 0.333, "Vega")


def test_the_share_is_of_words() -> None:
    said = sentences(talk(0, 20) + talk(20, 5, HISTORY))
    assert rule_share(said) == pytest.approx(60 / 68, abs=0.06)
    assert rule_share([]) == 0


def test_a_model_leaves_history_out(server: ChatServer, tmp_path: Path) -> None:
    expected = estimate(CLEANED, SETTINGS, "Cup", asking(server, tmp_path))
    selected, cost = select(CLEANED, "Cup", "", SETTINGS, asking(server, tmp_path))
    assert (selected.found, [sample.start for sample in selected.samples]) == (2, [0.0])
    assert expected.requests == cost.requests == 2
    assert expected.prompt_tokens == pytest.approx(cost.prompt_tokens, rel=0.05)
    assert select(CLEANED, "Cup", "", SETTINGS, asking(server, tmp_path)) == (selected, type(cost)())


def test_nonsense_chooses_nothing(server: ChatServer, tmp_path: Path) -> None:
    server.answer = lambda system, user: "Both are great!"
    selected, _ = select(CLEANED, "Cup", "", SETTINGS, asking(server, tmp_path))
    assert (selected.found, selected.nonsense, selected.samples) == (2, 2, ())
