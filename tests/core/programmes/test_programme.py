"""What every programme of the catalogue promises, and the rule that gives each event its round."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UsageError
from core.programmes.catalogue import NAMES, find
from core.programmes.programme import EARLY_S, HELD_OUT_SEED, LATE_S, Episode, Programme, in_round

SECONDS = 40
FPS = 2


@pytest.fixture(scope="module", params=NAMES)
def programme(request: pytest.FixtureRequest) -> Programme:
    return find(request.param)


@pytest.fixture
def episode(programme: Programme) -> Iterator[Episode]:
    with closing(started(programme)) as episode:
        yield episode


def started(programme: Programme) -> Episode:
    try:
        return programme.start(HELD_OUT_SEED, False)
    except UsageError as error:
        pytest.skip(str(error))


def rounds(episode: Episode) -> list[str]:
    """The lines of the first SECONDS rounds, each asked for after its frames, as every user does."""
    lines = []
    for second in range(SECONDS):
        for number in range(FPS):
            episode.frame(second + number / FPS)
        lines.append(episode.line(float(second)))
    return lines


def test_frames_are_rgb_pictures_of_one_size(episode: Episode) -> None:
    frames = [episode.frame(second / 2) for second in range(4)]
    assert {(frame.shape, frame.dtype) for frame in frames} == {(frames[0].shape, np.dtype(np.uint8))}
    assert frames[0].shape[2] == 3
    assert all(frame.flags.c_contiguous for frame in frames)


def test_the_same_seed_gives_the_same_lines(programme: Programme) -> None:
    with closing(started(programme)) as one, closing(started(programme)) as other:
        assert one.context == other.context
        assert rounds(one) == rounds(other)


def test_lines_read_back_as_what_happened(programme: Programme, episode: Episode) -> None:
    events = []
    for second, line in enumerate(rounds(episode)):
        told = list(episode.events(second - LATE_S, second + EARLY_S))
        events += told
        mentions = list(episode.mentions(line))
        assert [(m.kind, m.who) for m in mentions] == [(e.kind, e.who) for e in told], line
        for mention, event in zip(mentions, told, strict=True):
            assert mention.kind in programme.kinds
            assert all(event.facts[name] == value for name, value in mention.facts.items())
    assert bool(events) == bool(programme.kinds)
    assert all(set(event.facts) == set(programme.facts) for event in events)
    assert [e.time for e in events] == sorted(e.time for e in events)


def test_what_cannot_be_read_mentions_nothing(episode: Episode) -> None:
    assert list(episode.mentions("")) == []
    assert list(episode.mentions("ἀρχή ☂ 12")) == []


def test_an_unknown_programme_is_named() -> None:
    with pytest.raises(UsageError, match="football"):
        find("curling")


@given(event=st.floats(0, 1e4), phase=st.floats(0, 1))
@settings(max_examples=200, deadline=None)
def test_an_event_belongs_to_exactly_one_round(event: float, phase: float) -> None:
    first = int(event) - 3 + phase
    assert sum(in_round(event, first + number) for number in range(7)) == 1
