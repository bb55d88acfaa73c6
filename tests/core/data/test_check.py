from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from shutil import copy

import pytest

from core.data.check import Checked, CheckSettings, check
from core.data.finding import FATAL, WARNINGS, Finding
from core.data.recordings import find_recordings
from core.data.sample import Word
from tests.core.data.speech import speech, srt, times

Make = Callable[..., Path]


def checked(folder: Path, name: str = "game.mp4", **settings: object) -> Checked:
    recording = next(found for found in find_recordings(folder) if found.name == name)
    return check(recording, CheckSettings(**settings))  # type: ignore[arg-type]


def kinds(found: Checked) -> set[str]:
    return {finding.kind for finding in found.findings}


def message(found: Checked, kind: str) -> str:
    return next(finding.message for finding in found.findings if finding.kind == kind)


def write_words(path: Path, words: list[Word]) -> None:
    path.write_text(json.dumps([list(word) for word in words]))


@pytest.fixture
def talk() -> list[Word]:
    return speech(130)


def test_nothing_is_wrong(spoken_video: Path, tmp_path: Path, talk: list[Word]) -> None:
    copy(spoken_video, tmp_path)
    write_words(tmp_path / "game.json", talk)
    found = checked(tmp_path)
    assert found.findings == ()
    assert found.words == tuple(talk)
    assert found.end == pytest.approx(130, abs=0.05)
    assert Checked.from_json(json.loads(json.dumps(found.as_json()))) == found


def test_subtitles_of_a_recording(spoken_video: Path, tmp_path: Path, talk: list[Word]) -> None:
    copy(spoken_video, tmp_path)
    (tmp_path / "game.srt").write_text(srt(talk))
    found = checked(tmp_path)
    assert found.usable
    assert not kinds(found) & {"offset", "drift", "wrong_words_rate"}
    assert [word.text for word in found.words] == [word.text for word in talk]


@pytest.mark.parametrize(
    ("content", "kind"), [(b"", "zero_bytes"), (b"nothing" * 500, "unreadable"), (None, "no_video")]
)
def test_a_video_that_cannot_be_used(tmp_path: Path, talk: list[Word], content: bytes | None, kind: str) -> None:
    (tmp_path / "game.srt").write_text(srt(talk))
    if content is not None:
        (tmp_path / "game.mp4").write_bytes(content)
    found = checked(tmp_path, "game.srt" if content is None else "game.mp4")
    assert kinds(found) == {kind}
    assert not found.usable


def test_a_session_without_its_video(tmp_path: Path) -> None:
    (tmp_path / "2026 arena").mkdir()
    (tmp_path / "2026 arena" / "events.jsonl").write_text('{"type": "settings", "source": "arena:3"}\n')
    found = checked(tmp_path, "2026 arena")
    assert message(found, "no_video") == "a session whose video was not kept"


def test_a_name_that_no_line_can_hold(spoken_video: Path, tmp_path: Path, talk: list[Word]) -> None:
    copy(spoken_video, tmp_path / "game\udcff.mp4")
    write_words(tmp_path / "game\udcff.json", talk)
    assert kinds(checked(tmp_path, "game\udcff.mp4")) == {"unnameable"}


def test_a_session_of_a_part_of_a_film(spoken_video: Path, tmp_path: Path) -> None:
    """Its lines are not in the film's sound, and nothing is known of what was not watched."""
    folder = tmp_path / "2026 game"
    folder.mkdir()
    copy(spoken_video, tmp_path / "game.mp4")
    rounds = [
        {"type": "line", "round": k, "start": k, "end": k + 1, "text": "Vega runs" * (k % 2), "shown_at": k}
        for k in range(50)
    ]
    events = [{"type": "settings", "source": str(tmp_path / "game.mp4")}, *rounds]
    (folder / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    found = next(found for found in find_recordings(tmp_path) if found.transcripts)
    session = check(found, CheckSettings())
    assert session.findings == ()
    assert (session.name, session.end, len(session.words)) == ("game.mp4", 50.0, 50)


def test_pictures_that_cannot_be_decoded(make_video: Make, tmp_path: Path, talk: list[Word]) -> None:
    """The container is whole, what is in it is not."""
    path = make_video("game.mkv", seconds=30, codec="libx264")
    data = bytearray(path.read_bytes())
    start = data.index(b"\x1f\x43\xb6\x75")  # the first cluster
    for at in range(start + 40, len(data) - 8):
        if at % 3 == 0 and data[at : at + 1] != b"\xa3":
            data[at] = 0
    path.write_bytes(data)
    (tmp_path / "game.srt").write_text(srt(talk))
    assert not checked(tmp_path, "game.mkv").usable


def test_no_words_beside_a_video(make_video: Make, tmp_path: Path) -> None:
    make_video("game.mp4", seconds=5)
    assert "no_transcript" in kinds(checked(tmp_path))
    (tmp_path / "game.srt").write_text("nothing here")
    found = checked(tmp_path)
    assert message(found, "transcript_unreadable") == "game.srt holds no line with times as SRT has them"


def test_the_next_file_with_words_is_used(spoken_video: Path, tmp_path: Path, talk: list[Word]) -> None:
    copy(spoken_video, tmp_path)
    (tmp_path / "game.json").write_text('{"duration": 130}')
    (tmp_path / "game.srt").write_text(srt(talk))
    found = checked(tmp_path)
    assert found.usable
    assert message(found, "transcript_passed_over") == "game.json has neither segments nor words"


def test_words_that_are_off_are_moved_on_request(spoken_video: Path, tmp_path: Path, talk: list[Word]) -> None:
    copy(spoken_video, tmp_path)
    write_words(tmp_path / "game.json", [Word(w.start + 3, w.end + 3, w.text) for w in talk[:-12]])
    found = checked(tmp_path)
    assert message(found, "offset") == "3.0 s too late throughout"
    assert found.words[0].start == pytest.approx(talk[0].start + 3)
    moved = checked(tmp_path, move_words=True)
    assert message(moved, "offset").endswith("; moved")
    assert abs(moved.words[0].start - talk[0].start) < 0.25


def test_words_of_another_frame_rate(spoken_video: Path, tmp_path: Path, talk: list[Word]) -> None:
    copy(spoken_video, tmp_path)
    write_words(tmp_path / "game.json", [Word(w.start * 24 / 25, w.end * 24 / 25, w.text) for w in talk])
    assert message(checked(tmp_path), "wrong_words_rate") == "they fit the sound when stretched by 1.0417"


def test_words_that_drift(make_video: Make, tmp_path: Path) -> None:
    talk = speech(400)
    make_video("game.mkv", seconds=400, fps=2, spoken=times(talk), sound="pcm_s16le")
    write_words(tmp_path / "game.json", [Word(w.start * 0.995, w.end * 0.995, w.text) for w in talk])
    told = message(checked(tmp_path, "game.mkv"), "drift")
    assert re.fullmatch(r"0\.\d s too early at the first word, (1\.[89]|2\.[01]) s too early at the last", told)


def test_sound_that_tells_nothing(make_video: Make, tmp_path: Path, talk: list[Word]) -> None:
    make_video("game.mp4", seconds=130, spoken=[])
    write_words(tmp_path / "game.json", talk)
    assert kinds(checked(tmp_path)) == {"unaligned"}


def test_no_sound(make_video: Make, tmp_path: Path, talk: list[Word]) -> None:
    make_video("game.mp4", seconds=130)
    write_words(tmp_path / "game.json", talk)
    assert kinds(checked(tmp_path)) == {"no_audio"}


def test_words_after_the_end_and_gaps(make_video: Make, tmp_path: Path, talk: list[Word]) -> None:
    make_video("game.mp4", seconds=60)
    write_words(tmp_path / "game.json", [word for word in talk if not 10 < word.end < 40])
    found = checked(tmp_path, gap_s=20)
    assert all(word.end <= found.end for word in found.words)
    beyond = sum(word.end > found.end for word in talk)
    assert message(found, "words_after_end").startswith(f"{beyond} of ")
    assert message(found, "subtitle_gap").startswith("3")
    assert kinds(found) == {"no_audio", "words_after_end", "subtitle_gap"}


def test_all_words_after_the_end(make_video: Make, tmp_path: Path) -> None:
    make_video("game.mp4", seconds=30)
    write_words(tmp_path / "game.json", [Word(40, 41, "late")])
    assert message(checked(tmp_path), "no_words") == "0 of 1 words end before 30.0 s"


def test_few_pictures_and_a_short_video(make_video: Make, tmp_path: Path) -> None:
    make_video("game.mp4", seconds=20, fps=1)
    write_words(tmp_path / "game.json", speech(20))
    found = checked(tmp_path)
    assert message(found, "slow") == "1.00 pictures a second; the model is given 2"
    assert message(found, "too_short") == "20.0 s"


def test_pictures_that_end_early(make_video: Make, tmp_path: Path, talk: list[Word]) -> None:
    path = make_video("game.mkv", seconds=60, spoken=times(speech(60)))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    write_words(tmp_path / "game.json", talk)
    found = checked(tmp_path, "game.mkv")
    assert " of 60." in message(found, "cut_off")
    assert "words_after_end" in kinds(found)


def test_damage_further_on(make_video: Make, tmp_path: Path, talk: list[Word]) -> None:
    path = make_video("game.avi", seconds=60, fps=8, gop=8)
    data = bytearray(path.read_bytes())
    data[len(data) * 2 // 5 : len(data) * 3 // 5] = bytes(len(data) * 3 // 5 - len(data) * 2 // 5)
    path.write_bytes(data)
    write_words(tmp_path / "game.json", talk)
    found = checked(tmp_path, "game.avi")
    assert kinds(found) & {"damaged", "picture_gap", "cut_off", "wrong_rate"}


def test_words_out_of_order_and_far_too_many(make_video: Make, tmp_path: Path) -> None:
    make_video("game.mp4", seconds=30)
    write_words(
        tmp_path / "game.json", [Word(1, 20, "long"), *(Word(2 + k / 50, 2.1 + k / 50, "w") for k in range(900))]
    )
    found = checked(tmp_path)
    assert message(found, "words_disordered") == "1 of 901"
    assert "words a minute" in message(found, "word_rate")


def test_a_kind_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="no finding is called"):
        Finding("odd", "")
    assert not set(FATAL) & set(WARNINGS)
