"""With what the engine is likeliest to run where it kept stopping."""

from __future__ import annotations

from dataclasses import replace

from app.settings import Settings


def safe_settings(settings: Settings) -> Settings:
    """`settings` with the bundled model, run as it was trained: what is tried on every machine before a release.

    A memory limit stays, and so does all that is no matter of the engine. The same object where nothing is to change.
    """
    safe = replace(settings, model="", dtype="auto", fps=None, size="", vision_window_s=None, drop_repeats=None)
    return settings if safe == settings else safe
