"""How frames are wanted of a source."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.capture.source import CaptureOptions


@given(rate=st.sampled_from([2.0, 8.0, 12.5]), preview=st.floats(1, 60))
def test_a_live_source_always_has_the_sample_times_among_its_own(rate: float, preview: float) -> None:
    times = CaptureOptions(fps=rate, preview_fps=preview).rate / rate
    assert times >= 1
    assert times == round(times)
