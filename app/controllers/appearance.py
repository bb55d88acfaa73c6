"""Which look the application has, and whether anything in it moves: as chosen, or as the desktop says."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from app import theme
from app.colours import Look, look
from app.controllers.desktop_preferences import DesktopPreferences
from app.settings import Settings

SCHEMES = {"auto": Qt.ColorScheme.Unknown, "light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}


class Appearance(QObject):
    """Follows the settings and the desktop, live.

    Attributes:
        still: whether nothing moves.

    Signals:
        stilled: `still` has changed.
    """

    stilled = Signal(bool)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.still = False
        self._settings = settings
        self._hints = _application().styleHints()
        self._accessibility = self._hints.accessibility()
        self._desktop = DesktopPreferences(self)
        self._desktop.changed.connect(self._settle)
        self._hints.colorSchemeChanged.connect(self._settle)
        self._accessibility.contrastPreferenceChanged.connect(self._settle)
        self._settle()

    def choose(self, settings: Settings) -> None:
        """What the settings say, at once."""
        self._settings = settings
        self._hints.setColorScheme(SCHEMES[settings.theme])  # frames and dialogs of the system
        self._settle()

    def _settle(self) -> None:
        application = _application()
        wanted = self._wanted_look()
        if theme.look() is not wanted:
            theme.apply(application, wanted)
        choice = self._settings.motion
        still = self._desktop.still if choice == "auto" else choice == "reduced"
        if still != self.still:
            self.still = still
            self.stilled.emit(still)

    def _wanted_look(self) -> Look:
        """As chosen, else as the desktop says, else as Qt does; dark where nobody says anything."""
        said = (SCHEMES[self._settings.theme], self._desktop.scheme, self._hints.colorScheme())
        scheme = next((scheme for scheme in said if scheme is not Qt.ColorScheme.Unknown), Qt.ColorScheme.Dark)
        high = Qt.ContrastPreference.HighContrast
        wants_contrast = self._desktop.contrast or self._accessibility.contrastPreference() is high
        contrast = wants_contrast if self._settings.contrast == "auto" else self._settings.contrast == "high"
        return look(dark=scheme is Qt.ColorScheme.Dark, contrast=contrast)


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application
