"""Ticks of the match as rows of numbers, and the state between them."""

from dataclasses import dataclass

import numpy as np

from core.programmes.football.pitch import FIGURES, TICK_S, Pose

FIGURE_COLUMNS = 6  # x, y, facing, pose, run cycle, pose progress
BALL = FIGURES * FIGURE_COLUMNS
PLAY = BALL + 3
PLAY_TIME = BALL + 4
NET = BALL + 5
CLOCK = BALL + 6
NUMBER = BALL + 7
REPLAY = BALL + 8  # 1 where the row is of what was
SCORE = BALL + 9
COLUMNS = SCORE + 2


@dataclass(frozen=True, slots=True)
class StateSamples:
    """The state of the match at F times. Figures 0-4 and 6-10 are the outfield players of teams 0
    and 1, figures 5 and 11 their keepers, figure 12 the referee.

    time           (F,)       seconds
    x, y           (F, 13)    metres
    facing         (F, 13)    radians, 0 along +x, counter-clockwise seen from above
    pose           (F, 13)    Pose, int
    cycle          (F, 13)    run cycle, radians
    progress       (F, 13)    0 upright .. 1 fully in the pose
    speed          (F, 13)    metres per second
    ball           (F, 3)     x, y, z of its centre, metres
    ball_velocity  (F, 3)     metres per second
    play           (F,)       Play, int
    play_time      (F,)       seconds since the phase of play began
    net            (F,)       how far a net bulges, 0..1; negative: the net at -x
    clock          (F,)       seconds played of the match
    number         (F,)       which match of the broadcast, int
    replay         (F,)       whether this is shown again, bool
    score          (F, 2)     goals in the match, int
    """

    time: np.ndarray
    x: np.ndarray
    y: np.ndarray
    facing: np.ndarray
    pose: np.ndarray
    cycle: np.ndarray
    progress: np.ndarray
    speed: np.ndarray
    ball: np.ndarray
    ball_velocity: np.ndarray
    play: np.ndarray
    play_time: np.ndarray
    net: np.ndarray
    clock: np.ndarray
    number: np.ndarray
    replay: np.ndarray
    score: np.ndarray


class Timeline:
    """Rows of the last `keep_s` seconds at least (all of them when None), one per tick."""

    def __init__(self, keep_s: float | None):
        self._keep = None if keep_s is None else round(keep_s / TICK_S)
        self._rows = np.zeros((1024 if self._keep is None else 2 * self._keep, COLUMNS), np.float32)
        self._first = 0
        self._end = 0

    @property
    def end_s(self) -> float:
        """Time of the newest tick, -TICK_S when there is none."""
        return (self._end - 1) * TICK_S

    @property
    def start_s(self) -> float:
        """Time of the oldest tick kept."""
        return self._first * TICK_S

    @property
    def nbytes(self) -> int:
        return self._rows.nbytes

    def append(self) -> np.ndarray:
        """A new row (COLUMNS,) to be written in place."""
        if self._end - self._first == len(self._rows):
            self._make_room()
        self._end += 1
        return self._rows[self._end - 1 - self._first]

    def _make_room(self) -> None:
        if self._keep is None:
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
            return
        self._rows[: self._keep] = self._rows[-self._keep :]
        self._first = self._end - self._keep

    def at(self, time_s: float) -> np.ndarray:
        """A row (COLUMNS,) of its own between two ticks."""
        index = min(int(time_s / TICK_S + 1e-9), self._end - 2)
        before, after = self._rows[index - self._first : index - self._first + 2]
        change = _short_way(after - before)
        row = before + np.float32(time_s / TICK_S - index) * change
        row[3:BALL:FIGURE_COLUMNS] = before[3:BALL:FIGURE_COLUMNS]
        return row

    def sample(self, times: np.ndarray) -> StateSamples:
        """State at `times` (F,), each inside the ticks kept. ValueError outside of them."""
        times = np.asarray(times, np.float64)
        if times.min() < self.start_s - 1e-6 or times.max() > self.end_s + 1e-6:
            raise ValueError(
                f"asked for {times.min():.2f}-{times.max():.2f} s of a match that is known from "
                f"{self.start_s:.2f} to {self.end_s:.2f} s"
            )
        ticks = times / TICK_S
        index = np.clip(np.floor(ticks + 1e-9).astype(int), self._first, self._end - 2)
        share = (ticks - index).astype(np.float32)[:, None]
        before = self._rows[index - self._first]
        after = self._rows[index - self._first + 1]
        return _between(times, before, after, share)


def _between(times: np.ndarray, before: np.ndarray, after: np.ndarray, share: np.ndarray) -> StateSamples:
    """Rows (F, COLUMNS) before and after, mixed by share (F, 1)."""
    cut = before[:, REPLAY] != after[:, REPLAY]
    after = np.where(cut[:, None], before, after)
    change = _short_way(after - before)
    figures = change[:, :BALL].reshape(-1, FIGURES, FIGURE_COLUMNS)
    speed = np.hypot(figures[..., 0], figures[..., 1]) / TICK_S
    mixed = before + share * change
    now = mixed[:, :BALL].reshape(-1, FIGURES, FIGURE_COLUMNS)
    poses = before[:, 3:BALL:FIGURE_COLUMNS].astype(np.int64)
    poses_next = after[:, 3:BALL:FIGURE_COLUMNS].astype(np.int64)
    return StateSamples(
        time=times,
        x=now[..., 0],
        y=now[..., 1],
        facing=now[..., 2],
        pose=np.where(poses == Pose.RUN, poses_next, poses),
        cycle=now[..., 4],
        progress=now[..., 5],
        speed=speed,
        ball=mixed[:, BALL : BALL + 3],
        ball_velocity=change[:, BALL : BALL + 3] / np.float32(TICK_S),
        play=before[:, PLAY].astype(np.int64),
        play_time=before[:, PLAY_TIME] + share[:, 0] * np.float32(TICK_S),
        net=mixed[:, NET],
        clock=before[:, CLOCK],
        number=before[:, NUMBER].astype(np.int64),
        replay=before[:, REPLAY] > 0,
        score=before[:, SCORE:].astype(np.int64),
    )


def _short_way(change: np.ndarray) -> np.ndarray:
    """The change (..., COLUMNS) of rows, in place: angles turn the short way round."""
    figures = change[..., :BALL].reshape(*change.shape[:-1], FIGURES, FIGURE_COLUMNS)
    for turn in (figures[..., 2], figures[..., 4]):
        turn -= np.float32(2 * np.pi) * np.round(turn / np.float32(2 * np.pi))
    return change
