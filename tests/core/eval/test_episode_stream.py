"""An episode's seconds as chunks, and its events on the stream's clock."""

import numpy as np

from core.eval.episode_stream import direct_stream, shifted_events
from core.programmes.catalogue import find
from core.programmes.football.programme import FootballEpisode

SEED = 100_000
FOOTBALL = find("football")


def test_direct_chunks_are_seconds_of_the_episode():
    chunk = list(direct_stream(FOOTBALL, SEED, 2, 2.0, scoreboard=True).chunks)[1]
    assert (chunk.index, chunk.start, chunk.end, np.shape(chunk.frames)) == (1, 1.0, 2.0, (2, 720, 1280, 3))
    assert np.array_equal(chunk.frames[1], FootballEpisode(SEED).frame(1.5))


def test_events_are_told_in_seconds_since_the_stream_began():
    events = shifted_events(FootballEpisode(SEED), 7.3, 60.0)
    wanted = FootballEpisode(SEED).events(7.3, 60.0)
    assert [(round(e.time + 7.3, 6), e.kind, e.who) for e in events] == [(e.time, e.kind, e.who) for e in wanted]
