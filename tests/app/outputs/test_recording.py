"""What a session keeps of its source."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from app.outputs.kinds import add_arguments
from app.outputs.output_kind import StreamRun
from app.outputs.recording import RECORDING, kept_spec
from app.session.recorder import Recorder
from core.config import resolve


def test_a_source_is_kept_so_that_it_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "match.mp4").touch()
    assert kept_spec("match.mp4") == str(tmp_path / "match.mp4")
    assert kept_spec("frames:pictures") == f"frames:{tmp_path / 'pictures'}"
    assert [kept_spec(spec) for spec in ("arena:3", "screen:1", "gone.mp4")] == ["arena:3", "screen:1", "gone.mp4"]
    assert "secret" not in kept_spec("rtsp://cam:secret@host/stream")


@pytest.mark.parametrize(
    ("words", "folder"), [([], None), (["--record"], "usual"), (["--record", "--session", "mine"], "mine")]
)
def test_video_has_a_session_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], folder: str | None
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURTSIDE_SESSIONS_DIR", str(tmp_path / "usual"))
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    run = StreamRun("arena", "arena", resolve({}), lambda message: None, lambda line: None)
    recorder = RECORDING.from_arguments(parser.parse_args(words), run)
    assert (recorder is None) == (folder is None)
    if isinstance(recorder, Recorder):
        recorder.close()
        assert recorder.folder.parent.resolve() == tmp_path / str(folder)
