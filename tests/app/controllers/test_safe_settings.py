"""What is kept and what is given up where an engine keeps stopping."""

from __future__ import annotations

from app.controllers.safe_settings import safe_settings
from app.settings import Settings


def test_the_engine_runs_as_trained_and_the_rest_stays() -> None:
    chosen = Settings(
        source="screen:1",
        context="Harbour (orange)",
        model="owner/large",
        dtype="fp8",
        fps=8.0,
        size="1280x720",
        vision_window_s=60.0,
        drop_repeats=8.0,
        memory_limit_mb=900,
    )
    assert safe_settings(chosen) == Settings(source="screen:1", context="Harbour (orange)", memory_limit_mb=900)


def test_nothing_is_offered_where_nothing_would_change() -> None:
    chosen = Settings(source="camera", query="Say little", memory_limit_mb=900)
    assert safe_settings(chosen) is chosen
