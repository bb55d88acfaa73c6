"""What can be done in each phase."""

from __future__ import annotations

from app.window.phase import Phase


def test_a_phase_is_at_rest_or_running_or_on_its_way_there() -> None:
    for phase in Phase:
        assert not (phase.running and phase.at_rest)
        assert phase.running or phase.at_rest or phase is Phase.STOPPING
        assert phase.running or not phase.pausable


def test_loading_cannot_be_paused() -> None:
    assert not Phase.LOADING.pausable
    assert Phase.PAUSED.pausable
