"""Going elsewhere in a film, as it is written: a moment, or so much on or back."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.quantities import moment
from core.errors import CourtsideError, UsageError

if TYPE_CHECKING:
    from app.capture.source import SeekableSource

STEP_S = 10.0
"""What `back` and `forward` go by."""
STEPS = {"back": f"-{STEP_S:g}", "forward": f"+{STEP_S:g}"}
"""Both as `seek` takes them."""


def seek(film: SeekableSource | None, text: str) -> float:
    """Goes to a moment (seconds, mm:ss or h:mm:ss), or on (+) or back (-) by such a time. Returns the film's second.

    Raises UsageError for what is no moment, CourtsideError where one cannot go elsewhere.
    """
    try:
        amount = moment(text.lstrip("+-"))
    except argparse.ArgumentTypeError as error:
        raise UsageError("No moment of a film", f"{error}; + or - before it goes from where it is") from error
    if film is None:
        raise CourtsideError("This cannot be sought in", "only a video file can; it must be watched already")
    film.seek({"+": film.position + amount, "-": film.position - amount}.get(text[0], amount))
    return film.position
