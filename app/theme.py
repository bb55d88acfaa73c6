"""How Courtside looks: the colours of the look that the application has now, and its fonts."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from app.colours import Look, Role, value
from app.style_sheet import style_sheet

FAMILIES = ("Inter", "SF Pro Text", "Segoe UI", "Cantarell", "Ubuntu", "Noto Sans", "Nimbus Sans", "DejaVu Sans")
LOOK = "courtside_look"
"""The property of the application that holds its look."""


def apply(application: QApplication, look: Look = Look.DARK) -> None:
    """Gives the whole application its font, palette and style sheet; every window is painted anew."""
    application.setProperty(LOOK, int(look))
    application.setStyle("Fusion")
    application.setFont(ui_font(10.5))
    application.setPalette(_palette(look))
    application.setStyleSheet(style_sheet(look))


def look() -> Look:
    """The one that the application has now."""
    application = QApplication.instance()
    return Look((application.property(LOOK) if application is not None else None) or 0)


def colour(role: Role, alpha: float = 1.0) -> QColor:
    """That colour as it is now, with `alpha` from 0 to 1."""
    made = QColor(value(role, look()))
    made.setAlphaF(alpha)
    return made


def ui_font(points: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The interface's font: the best family this machine has."""
    font = QFont([_family()])
    font.setPointSizeF(points)
    font.setWeight(weight)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    return font


def pixel_font(pixels: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The same family, measured in logical pixels."""
    font = ui_font(10, weight)
    font.setPixelSize(max(1, round(pixels)))
    return font


def _family() -> str:
    installed = {family.split(" [")[0] for family in QFontDatabase.families()}
    return next((family for family in FAMILIES if family in installed), "Sans Serif")


def _palette(look: Look) -> QPalette:
    palette = QPalette()
    for group, role in {
        QPalette.ColorRole.Window: Role.GROUND,
        QPalette.ColorRole.Base: Role.CARD,
        QPalette.ColorRole.AlternateBase: Role.RAISED,
        QPalette.ColorRole.Button: Role.RAISED,
        QPalette.ColorRole.Text: Role.TEXT,
        QPalette.ColorRole.WindowText: Role.TEXT,
        QPalette.ColorRole.ButtonText: Role.TEXT,
        QPalette.ColorRole.PlaceholderText: Role.FAINT,
        QPalette.ColorRole.Highlight: Role.ACCENT,
        QPalette.ColorRole.HighlightedText: Role.ACCENT_INK,
        QPalette.ColorRole.ToolTipBase: Role.RAISED,
        QPalette.ColorRole.ToolTipText: Role.TEXT,
        QPalette.ColorRole.Link: Role.NOTE,
    }.items():
        palette.setColor(group, QColor(value(role, look)))
    return palette
