"""How Courtside looks: a few colours, one accent, one style sheet. Overlay and gauges paint with the same names."""

from __future__ import annotations

from string import Template

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

GROUND = "#0e1014"  # the window
CARD = "#16191f"  # a surface on it
RAISED = "#20242c"  # a control on a surface
HOVER = "#292e38"
EDGE = "#272c35"  # hairlines
TEXT = "#eceef2"
MUTED = "#949cab"
FAINT = "#6b7382"
ACCENT = "#ff8a3d"
ACCENT_HOVER = "#ff9d5c"
ACCENT_INK = "#1d0f04"  # text on the accent
ALARM = "#ff6b6b"
ALARM_GROUND = "#2a1719"

FAMILIES = ("Inter", "SF Pro Text", "Segoe UI", "Cantarell", "Ubuntu", "Noto Sans", "Nimbus Sans", "DejaVu Sans")

_SHEET = Template("""
* { outline: none; }
QWidget { color: $TEXT; }
QMainWindow, QWidget#ground { background: $GROUND; }
QLabel { background: transparent; }
QLabel#brand { font-size: 17px; font-weight: 700; }
QLabel#heading { color: $MUTED; font-size: 12px; font-weight: 600; }
QLabel#phase { color: $MUTED; }
QLabel#note { color: $MUTED; font-size: 12px; }
QLabel#notice { color: $ACCENT; font-size: 12px; }
QLabel#emptyTitle { font-size: 15px; font-weight: 600; }
QFrame#card { background: $CARD; border: 1px solid $EDGE; border-radius: 12px; }

QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QDoubleSpinBox {
    background: $RAISED; border: 1px solid $EDGE; border-radius: 8px; padding: 0 11px; min-height: 34px;
    selection-background-color: $ACCENT; selection-color: $ACCENT_INK;
}
QPlainTextEdit { padding: 7px 8px; }
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover { border-color: #3a414e; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus { border-color: $ACCENT; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { color: $FAINT; background: $CARD; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView, QListView#choices {
    background: $RAISED; border: 1px solid #3a414e; padding: 4px; selection-background-color: $HOVER;
    selection-color: $TEXT; outline: none;
}
QComboBox QAbstractItemView::item, QListView#choices::item { min-height: 30px; padding: 0 8px; border-radius: 6px; }

QComboBox QAbstractItemView::item:selected, QListView#choices::item:selected { background: $HOVER; color: $TEXT; }

QPushButton {
    background: $RAISED; border: 1px solid $EDGE; border-radius: 8px; padding: 0 14px; min-height: 34px;
    font-weight: 600;
}
QPushButton:hover { background: $HOVER; }
QPushButton:pressed { background: $EDGE; }
QPushButton:focus { border-color: $ACCENT; }
QPushButton:disabled { color: $FAINT; background: $CARD; }
QPushButton:checked { border-color: $ACCENT; color: $ACCENT; }
QPushButton#start { background: $ACCENT; border-color: $ACCENT; color: $ACCENT_INK; min-width: 72px; }
QPushButton#start:hover { background: $ACCENT_HOVER; border-color: $ACCENT_HOVER; }
QPushButton#start:focus { border-color: $TEXT; }
QPushButton#start:disabled { background: #6f4527; border-color: #6f4527; color: #2b1a0d; }
QPushButton#stop, QPushButton#pause { min-width: 72px; }
QPushButton#apply { min-height: 26px; color: $ACCENT; }
QPushButton#flat, QPushButton#fold, QPushButton#panic {
    background: transparent; border-color: transparent; color: $MUTED; padding: 0 8px; font-weight: 500;
    min-height: 28px;
}
QPushButton#panic { color: $ALARM; }
QPushButton#panic:hover { background: $ALARM_GROUND; }
QPushButton#panic:focus { border-color: $ALARM; }
QPushButton#flat:hover, QPushButton#fold:hover { color: $TEXT; background: $RAISED; }
QPushButton#flat:focus, QPushButton#fold:focus { border-color: $ACCENT; }
QPushButton#flat:disabled { color: #474d59; }
QPushButton#flat:checked { color: $ACCENT; }

QSpinBox QLineEdit, QDoubleSpinBox QLineEdit { min-height: 0; padding: 0 9px; border: none; background: transparent; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button {
    width: 0; border: none;
}
QMenu { background: $RAISED; border: 1px solid #3a414e; padding: 4px; }
QMenu::item { padding: 6px 22px; border-radius: 6px; }
QMenu::item:selected { background: $HOVER; }
QMenu::item:disabled { color: $FAINT; }
QMenu::separator { height: 1px; background: $EDGE; margin: 4px 8px; }
QPushButton::menu-indicator { image: none; width: 0; }
QSlider { min-height: 24px; }
QSlider::groove:horizontal { background: $RAISED; height: 6px; border-radius: 3px; }
QSlider::sub-page:horizontal { background: $ACCENT; border-radius: 3px; }
QSlider::handle:horizontal { background: $TEXT; width: 16px; margin: -5px 0; border-radius: 8px; }
QSlider::handle:horizontal:focus { background: $ACCENT_HOVER; }
QProgressBar { background: $RAISED; border: none; border-radius: 4px; max-height: 8px; }
QProgressBar::chunk { background: $ACCENT; border-radius: 4px; }

QFrame#banner { background: $ALARM_GROUND; border: 1px solid #57282c; border-radius: 10px; }
QLabel#bannerTitle { color: $ALARM; font-weight: 700; }
QLabel#bannerMessage { color: #e6cfd0; }

QTableView#transcript { background: transparent; border: none; gridline-color: transparent; }
QTableView#plainTable, QListView#plainList { background: transparent; border: none; selection-color: $TEXT; }
QTableView#plainTable::item { padding: 0 6px; }
QTableView#plainTable::item:selected { background: $HOVER; color: $TEXT; }
QListView#plainList::item { padding: 4px 8px; border-radius: 6px; }
QListView#plainList::item:selected { background: $HOVER; color: $TEXT; }
QHeaderView, QHeaderView::section { background: transparent; color: $MUTED; border: none; padding: 4px 6px; }
QInputDialog, QMessageBox { background: $GROUND; }
QScrollArea, QWidget#sheet { background: transparent; border: none; }
QSplitter::handle { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar::handle:vertical { background: #343a46; border-radius: 3px; min-height: 32px; }
QScrollBar::handle:vertical:hover { background: #485060; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; height: 0; }
QToolTip { background: $RAISED; color: $TEXT; border: 1px solid #3a414e; padding: 5px 7px; }
""")


def apply(application: QApplication) -> None:
    """Gives the whole application its font, palette and style sheet."""
    application.setStyle("Fusion")
    application.setFont(ui_font(10.5))
    application.setPalette(_palette())
    application.setStyleSheet(style_sheet())


def style_sheet() -> str:
    return _SHEET.substitute({name: value for name, value in globals().items() if name.isupper()})


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


def colour(name: str, alpha: float = 1.0) -> QColor:
    """One of this module's colours, with `alpha` from 0 to 1."""
    made = QColor(name)
    made.setAlphaF(alpha)
    return made


def _family() -> str:
    installed = {family.split(" [")[0] for family in QFontDatabase.families()}
    return next((family for family in FAMILIES if family in installed), "Sans Serif")


def _palette() -> QPalette:
    palette = QPalette()
    for role, name in {
        QPalette.ColorRole.Window: GROUND,
        QPalette.ColorRole.Base: CARD,
        QPalette.ColorRole.AlternateBase: RAISED,
        QPalette.ColorRole.Button: RAISED,
        QPalette.ColorRole.Text: TEXT,
        QPalette.ColorRole.WindowText: TEXT,
        QPalette.ColorRole.ButtonText: TEXT,
        QPalette.ColorRole.PlaceholderText: FAINT,
        QPalette.ColorRole.Highlight: ACCENT,
        QPalette.ColorRole.HighlightedText: ACCENT_INK,
        QPalette.ColorRole.ToolTipBase: RAISED,
        QPalette.ColorRole.ToolTipText: TEXT,
    }.items():
        palette.setColor(role, QColor(name))
    return palette
