"""A desktop session, made anew from a seed, as a source."""

from __future__ import annotations

from app.capture.programme import programme_kind

DESKTOP = programme_kind("desktop", "desktop")
