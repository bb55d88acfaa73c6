"""The published files of Inf-Streams-Eval, and the segments that the protocol takes where there is no file of them."""

from __future__ import annotations

from pathlib import Path

from core.eval.published.games import Clip, Game, read_clips, read_games, starts
from core.eval.published.skipped import SkippedItems
from tests.core.eval.published.small_sets import write_lines

GAME = Game("folder/game.mp4", ((0.0, 2.0, "one two"), (100.0, 104.0, "three"), (250.0, 260.5, "four five six")))


def ignoring() -> SkippedItems:
    return SkippedItems(lambda line: None)


def test_a_game_and_what_was_said_so_far(tmp_path: Path) -> None:
    write_lines(
        tmp_path / "eval_all_metadata.jsonl", [{"video": GAME.video, "content": [list(p) for p in GAME.content]}]
    )
    assert read_games(tmp_path, ignoring()) == [GAME]
    assert (GAME.name, GAME.end) == ("game.mp4", 260)
    assert GAME.said_before(104) == "one two three"
    assert GAME.said_before(103) == "one two"


def test_published_segments_are_taken_as_they_are(tmp_path: Path) -> None:
    line = {
        "video": "folder/game.mp4",
        "title": "A v B",
        "content": [[100, 101, "x"], [190, 200.2, "y"]],
        "preasr": "z",
    }
    write_lines(tmp_path / "score_all_clips.jsonl", [line])
    [clip] = read_clips(tmp_path, [GAME], 1000, 100, 200, ignoring())
    assert (clip.video, clip.start, clip.end, clip.reference, clip.title) == ("game.mp4", 100, 200, "x\ny", "A v B")


def test_without_their_file_they_are_cut(tmp_path: Path) -> None:
    clips = read_clips(tmp_path, [GAME], 0, 100, 1, ignoring())
    assert [(clip.start, clip.end, clip.reference) for clip in clips] == [(0, 100, "one two"), (100, 200, "three")]
    assert [clip.start for clip in read_clips(tmp_path, [GAME], 0, 100, 2, ignoring())] == [0], "too few words"
    assert [clip.start for clip in read_clips(tmp_path, [GAME], 50, 100, 1, ignoring())] == [50]


def test_commentary_begins_at_1000_s_or_where_segments_do(tmp_path: Path) -> None:
    long = Game("long.mp4", ((0.0, 1.0, "early"), (1020.0, 1200.0, "late")))
    clips = read_clips(tmp_path, [GAME, long], None, 100, 1, ignoring())
    assert [(clip.video, clip.start) for clip in clips] == [("game.mp4", 0), ("game.mp4", 100), ("long.mp4", 1000)]
    assert starts([GAME, long], clips, None) == {"game.mp4": 0, "long.mp4": 1000}
    assert starts([long], [Clip("long.mp4", 700, 800, "")], None) == {"long.mp4": 700}
    assert starts([GAME, long], clips, 30) == {"game.mp4": 30, "long.mp4": 30}
