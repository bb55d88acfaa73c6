"""The film of the bench."""

import numpy as np

from core.eval.bench.frames import PingPongFrames


def test_a_film_runs_at_the_matchs_pace_and_never_jumps():
    ping_pong = PingPongFrames(7, 12, (112, 56))
    assert ping_pong.frames.shape == (7, 56, 112, 3)
    ping_pong.frames = np.arange(7)
    shown = [list(ping_pong.chunk(n, 12).frames) for n in range(2)]
    assert shown == [[0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1], [0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1]]
    assert ping_pong.chunk(0, 3).frames == (0, 4, 4)
