"""What cannot be chosen about the recorded video is refused in a line."""

from __future__ import annotations

import pytest

from app.outputs.video_options import VideoOptions
from core.errors import UsageError


@pytest.mark.parametrize("options", [{"keep_days": -1}, {"keep_gb": float("nan")}, {"sound": "radio"}])
def test_impossible_options(options: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="Impossible video"):
        VideoOptions(**options)  # type: ignore[arg-type]
