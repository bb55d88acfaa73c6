"""What the window's settings ask of a stream."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.capture.source import CaptureExclusions
from app.controllers.stream_builder import build_stream
from app.outputs.chosen_outputs import ChosenOutputs
from app.session.events import Session, read_session
from app.settings import Settings
from core.errors import SourceError, UsageError
from core.messages import Failure, Message


class Window:
    """Notes what would be shown."""

    name = "The window"

    def __init__(self) -> None:
        self.shown: list[Message] = []

    def handle(self, message: Message) -> None:
        self.shown.append(message)

    def close(self) -> None:
        pass


def recorded(settings: Settings, sessions: Path) -> Session:
    """The session of a stream that was built and never started."""
    outputs = ChosenOutputs()
    build_stream(settings, CaptureExclusions(), outputs)
    outputs.close()
    (folder,) = sessions.iterdir()
    return read_session(folder)


def test_settings_reach_the_stream_and_its_session(tmp_path: Path) -> None:
    settings = Settings(
        source="arena:3",
        context="Be kind",
        words_per_minute=60,
        memory_limit_mb=900,
        query="Only goals",
        drop_repeats=8,
    )
    kept = recorded(settings, tmp_path / "sessions").settings
    assert kept["source"] == "arena:3"
    assert kept["context"].endswith("\nBe kind")  # behind what the source knows
    assert (kept["query"], kept["drop_repeats"]) == ("Only goals", 8)
    assert kept["sampling"]["words_per_minute"] == 60
    assert kept["memory_limit_bytes"] == 900_000_000


def test_what_is_left_open_is_as_the_checkpoint_was_trained_for(tmp_path: Path) -> None:
    kept = recorded(Settings(source="arena:3"), tmp_path / "sessions").settings
    assert kept["memory_limit_bytes"] is None
    assert kept["query"]


def test_nothing_is_recorded_when_that_is_not_wanted(tmp_path: Path) -> None:
    build_stream(Settings(source="arena:3", record=False), CaptureExclusions(), ChosenOutputs())
    assert not (tmp_path / "sessions").exists()


@pytest.mark.parametrize(("source", "error"), [("nonsense", UsageError), ("gone.mp4", SourceError)])
def test_a_source_that_cannot_be_is_an_error_before_anything_is_recorded(
    tmp_path: Path, source: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        build_stream(Settings(source=source), CaptureExclusions(), ChosenOutputs())
    assert not (tmp_path / "sessions").exists()


def test_an_output_that_cannot_be_had_is_told_of_and_the_stream_is_built(tmp_path: Path) -> None:
    (tmp_path / "sessions").write_text("a file where a folder should be")
    window = Window()
    build_stream(Settings(source="arena:3"), CaptureExclusions(), ChosenOutputs([window]))
    (failure,) = window.shown
    assert isinstance(failure, Failure)
    assert (failure.fatal, "session" in failure.title) == (False, True)
