"""What the desktop says of colours, contrast and motion: the settings portal of a Linux desktop, and Windows.

Qt asks for some of this itself, on some desktops; the portal is the same on all of them.
"""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import SLOT, QObject, Qt, Signal, Slot

PORTAL = ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings")
APPEARANCE = "org.freedesktop.appearance"
SCHEME = (APPEARANCE, "color-scheme")
CONTRAST = (APPEARANCE, "contrast")
MOTION = (APPEARANCE, "reduced-motion")
ANIMATIONS = ("org.gnome.desktop.interface", "enable-animations")
KEYS = (SCHEME, CONTRAST, MOTION, ANIMATIONS)
SCHEMES = {1: Qt.ColorScheme.Dark, 2: Qt.ColorScheme.Light}
SPI_GETCLIENTAREAANIMATION = 0x1042


class DesktopPreferences(QObject):
    """Asks once and listens from then on; knows nothing before the answers come, or where nobody answers.

    Attributes:
        scheme: dark, light, or Unknown. contrast: whether it is to be high. still: whether nothing is to move.

    Signals:
        changed: one of them has changed.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scheme = Qt.ColorScheme.Unknown
        self.contrast = False
        self.still = False
        self._told: dict[tuple[str, str], Any] = {}
        if sys.platform == "linux":
            self._ask_portal()
        elif sys.platform == "win32":
            self.still = not _windows_animates()

    def _ask_portal(self) -> None:
        from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        bus.connect(*PORTAL, "SettingChanged", self, SLOT("heard(QDBusMessage)"))  # type: ignore[call-overload]
        for key in KEYS:
            call = QDBusMessage.createMethodCall(*PORTAL, "ReadOne")
            call.setArguments(list(key))
            watcher = QDBusPendingCallWatcher(bus.asyncCall(call), self)
            watcher.finished.connect(lambda answered, key=key: self._answered(key, answered))

    def _answered(self, key: tuple[str, str], watcher: Any) -> None:
        reply = watcher.reply()
        watcher.deleteLater()
        if reply.type() is reply.MessageType.ReplyMessage:
            self._take(key, reply.arguments()[0])

    @Slot("QDBusMessage")
    def heard(self, message: Any) -> None:
        """The portal says that a setting has changed."""
        namespace, name, value = message.arguments()
        if (namespace, name) in KEYS:
            self._take((namespace, name), value)

    def _take(self, key: tuple[str, str], value: Any) -> None:
        self._told[key] = value.variant() if hasattr(value, "variant") else value
        self.scheme = SCHEMES.get(self._told.get(SCHEME, 0), Qt.ColorScheme.Unknown)
        self.contrast = self._told.get(CONTRAST, 0) == 1
        self.still = self._told.get(MOTION, 0) == 1 or self._told.get(ANIMATIONS, True) is False
        self.changed.emit()


def _windows_animates() -> bool:
    """Settings, Accessibility, Visual effects, Animation effects."""
    import ctypes

    on = ctypes.c_int(1)
    ctypes.windll.user32.SystemParametersInfoW(  # type: ignore[attr-defined]
        SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(on), 0
    )
    return bool(on.value)
