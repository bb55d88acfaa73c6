"""Connections to a real X server: one that starts over whenever nobody is left, and none at all."""

from __future__ import annotations

import pytest

from app.x_server import x_connection
from core.errors import CourtsideError

CONNECTIONS = 40
"""About six of them come while the server starts over."""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # python-xlib's sockets of a failure
def test_a_server_that_starts_over_is_asked_again(restless_server: None) -> None:
    for _ in range(CONNECTIONS):
        connection = x_connection()
        assert connection.screen().width_in_pixels
        connection.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_without_one_it_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(CourtsideError, match="check DISPLAY and XAUTHORITY"):
        x_connection()
