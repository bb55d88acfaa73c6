from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.data.recordings import find_recordings
from core.errors import DataError


def touch(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")


def test_every_video_with_its_words_the_best_first(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4", "a.en.srt", "a.vtt", "a.json", "a.info.json", "a.txt", "sub/b.MKV", "sub/b.mkv.json")
    a, b = find_recordings(tmp_path)
    assert (a.name, b.name) == ("a.mp4", "sub/b.MKV")
    assert [path.name for path in a.transcripts] == ["a.json", "a.vtt", "a.en.srt"]
    assert [path.name for path in b.transcripts] == ["b.mkv.json"]


def test_names_that_begin_alike(tmp_path: Path) -> None:
    touch(tmp_path, "game.mp4", "game.srt", "game.2.mp4", "game.2.srt")
    second, first = find_recordings(tmp_path)
    assert [path.name for path in first.transcripts] == ["game.srt"]
    assert [path.name for path in second.transcripts] == ["game.2.srt"]


def test_nothing_is_dropped_silently(tmp_path: Path) -> None:
    touch(tmp_path, "alone.mp4", "orphan.srt", "settings.json")
    alone, orphan = find_recordings(tmp_path)
    assert alone.transcripts == ()
    assert (orphan.name, orphan.video) == ("orphan.srt", None)


def test_what_stands_beside_a_video(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4", "b.mp4")
    (tmp_path / "a.info.json").write_text(json.dumps({"title": "Cup final"}))
    (tmp_path / "a.context.txt").write_text("Harbour in orange,\nUnion in blue.\n")
    (tmp_path / "b.info.json").write_text("[1]")
    a, b = find_recordings(tmp_path)
    assert (a.title, a.context) == ("Cup final", "Harbour in orange, Union in blue.")
    assert (b.title, b.context) == ("b", "")


def test_hidden_folders_and_those_left_out(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4", ".git/b.mp4", "out/c.mp4")
    assert [found.name for found in find_recordings(tmp_path, tmp_path / "out")] == ["a.mp4"]


def test_links_are_followed_once(tmp_path: Path) -> None:
    touch(tmp_path, "videos/a.mp4", "elsewhere/b.mp4", "elsewhere/b.srt")
    (tmp_path / "videos" / "more").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "videos" / "round").symlink_to(tmp_path / "videos")
    (tmp_path / "videos" / "c.mp4").symlink_to(tmp_path / "elsewhere" / "b.mp4")
    found = find_recordings(tmp_path / "videos")
    assert [recording.name for recording in found] == ["a.mp4", "c.mp4", "more/b.mp4"]
    assert [path.name for path in found[2].transcripts] == ["b.srt"]


def test_a_session_is_one_recording(tmp_path: Path) -> None:
    touch(tmp_path, "2026 arena/events.jsonl", "2026 arena/video.mkv", "2026 bare/events.jsonl")
    with_video, bare = find_recordings(tmp_path)
    assert (with_video.name, with_video.transcripts) == ("2026 arena/video.mkv", (tmp_path / "2026 arena",))
    assert (bare.name, bare.video) == ("2026 bare", None)


def test_a_film_watched_twice_is_two_recordings(tmp_path: Path) -> None:
    touch(tmp_path, "film.mp4", "film.srt")
    for name in ("monday", "tuesday"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "events.jsonl").write_text(
            json.dumps({"type": "settings", "source": str(tmp_path / "film.mp4")}) + "\n"
        )
    found = find_recordings(tmp_path)
    assert [recording.name for recording in found] == ["film.mp4"] * 3
    assert len({recording.key for recording in found}) == 3


def test_a_change_is_noticed(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4", "a.srt")
    key = find_recordings(tmp_path)[0].key
    before = find_recordings(tmp_path)[0].fingerprint()
    assert find_recordings(tmp_path)[0].fingerprint() == before
    (tmp_path / "a.srt").write_text("xy")
    assert find_recordings(tmp_path)[0].fingerprint() != before
    assert find_recordings(tmp_path)[0].key == key


@pytest.mark.parametrize(
    ("name", "told"), [("none", "does not exist"), ("a.mp4", "is no folder"), ("empty", "holds no")]
)
def test_a_folder_without_recordings(tmp_path: Path, name: str, told: str) -> None:
    touch(tmp_path, "a.mp4")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=told):
        find_recordings(tmp_path / name)
