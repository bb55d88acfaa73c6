"""pytest-qt's robot with the patience that a busy machine needs: its own waits five seconds, for a window one."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot

from tests.waiting import PATIENCE_S

PATIENCE_MS = round(1000 * PATIENCE_S)


class PatientBot(QtBot):
    """Its waits end with what they wait for. A bound of the product is not a timeout given here."""

    def waitUntil(self, callback: Any, *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **more: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **more)

    def waitExposed(self, widget: Any, *, timeout: int = PATIENCE_MS) -> Any:
        return super().waitExposed(widget, timeout=timeout)
