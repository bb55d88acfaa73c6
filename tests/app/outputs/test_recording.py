"""What a session keeps of its source."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.outputs.recording import kept_spec


def test_a_source_is_kept_so_that_it_is_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "match.mp4").touch()
    assert kept_spec("match.mp4") == str(tmp_path / "match.mp4")
    assert kept_spec("frames:pictures") == f"frames:{tmp_path / 'pictures'}"
    assert [kept_spec(spec) for spec in ("arena:3", "screen:1", "gone.mp4")] == ["arena:3", "screen:1", "gone.mp4"]
    assert "secret" not in kept_spec("rtsp://cam:secret@host/stream")
