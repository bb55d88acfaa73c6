"""The icon beside the clock, with what one needs while the window is out of sight."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from app.translation import tr
from app.window.actions import Actions
from app.window.phase import Phase


class Tray(QObject):
    """Shown wherever the desktop has a place for it; its menu holds the window's own actions.

    Signals:
        wanted: the window is to come to the front.
    """

    wanted = Signal()

    def __init__(self, actions: Actions, icon: QIcon, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._menu = QMenu()
        self._open = QAction(tr("Open Courtside"), self)
        self._open.triggered.connect(self.wanted)
        self._fill(actions)
        self._icon = QSystemTrayIcon(icon, self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)
        self.set_phase(Phase.IDLE)
        self._icon.show()

    @property
    def menu(self) -> QMenu:
        return self._menu

    def set_phase(self, phase: Phase) -> None:
        """Says it when the pointer rests on the icon."""
        self._icon.setToolTip(tr("Courtside: {value}").format(value=tr(phase.value)))

    def close(self) -> None:
        self._icon.hide()
        self._menu.deleteLater()

    def _fill(self, actions: Actions) -> None:
        for group in (
            (self._open,),
            (actions.start, actions.stop, actions.pause),
            (actions.show_overlay, actions.hide_overlay, actions.panic),
            (actions.show_library, actions.quit),
        ):
            self._menu.addActions(list(group))
            self._menu.addSeparator()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.wanted.emit()
