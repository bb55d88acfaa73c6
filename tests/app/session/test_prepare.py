"""From what was asked for to a source and the settings of its stream."""

from __future__ import annotations

import pytest

from app.capture.source import CaptureOptions
from app.session.prepare import prepare
from core.errors import UsageError


def test_what_the_source_knows_stands_in_front_of_what_is_added() -> None:
    source, config = prepare("arena:3", {}, CaptureOptions(), "Be brief.")
    assert source.name == "arena:3"
    assert config.context == f"{source.context}\nBe brief."


def test_a_context_that_is_given_is_all_there_is() -> None:
    _, config = prepare("arena:3", {"context": "Nothing else."}, CaptureOptions(), "Be brief.")
    assert config.context == "Nothing else."


def test_the_source_runs_at_the_rate_of_the_stream() -> None:
    source, config = prepare("arena:3", {"fps": 4.0}, CaptureOptions(pace="max"))
    assert config.fps == 4.0
    source.open()
    first, second = source.read(), source.read()
    source.close()
    assert first is not None
    assert second is not None
    assert second.media_time - first.media_time == pytest.approx(0.25)


def test_settings_and_sources_that_make_no_sense_are_refused() -> None:
    with pytest.raises(UsageError, match="colour"):
        prepare("arena", {"colour": "red"}, CaptureOptions())
    with pytest.raises(UsageError, match="Unknown source"):
        prepare("nothing", {}, CaptureOptions())


def test_only_a_film_can_begin_later() -> None:
    with pytest.raises(UsageError, match="arena:3 has no moments to begin at"):
        prepare("arena:3", {}, CaptureOptions(begin_s=5.0))
