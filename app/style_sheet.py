"""The one style sheet, in the colours of a look."""

from __future__ import annotations

from string import Template

from app.colours import Look, Role, value

_SHEET = Template("""
* { outline: none; }
QWidget { color: $TEXT; }
QMainWindow, QWidget#ground { background: $GROUND; }
QLabel { background: transparent; }
QLabel#brand { font-size: 17px; font-weight: 700; }
QLabel#heading { color: $MUTED; font-size: 12px; font-weight: 600; }
QLabel#settingGroup { font-size: 15px; font-weight: 700; padding: 12px 14px 2px 14px; }
QLabel#settingTitle { font-weight: 600; }
QLabel#phase { color: $MUTED; }
QLabel#note { color: $MUTED; font-size: 12px; }
QLabel#notice { color: $ACCENT; font-size: 12px; }
QLabel#good { color: $GOOD; }
QLabel#fair { color: $FAIR; }
QLabel#poor { color: $POOR; }
QLabel#emptyTitle { font-size: 15px; font-weight: 600; }
QFrame#card { background: $CARD; border: 1px solid $EDGE; border-radius: 12px; }

QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QDoubleSpinBox {
    background: $RAISED; border: 1px solid $EDGE; border-radius: 8px; padding: 0 11px; min-height: 34px;
    selection-background-color: $ACCENT; selection-color: $ACCENT_INK;
}
QPlainTextEdit { padding: 7px 8px; }
QLineEdit, QPlainTextEdit { placeholder-text-color: $FAINT; }
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover {
    border-color: $EDGE_HOVER;
}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus { border-color: $ACCENT; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { color: $FAINT; background: $CARD; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView, QListView#choices {
    background: $RAISED; border: 1px solid $EDGE_HOVER; padding: 4px; selection-background-color: $HOVER;
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
QPushButton#start:disabled { background: $RAISED; border-color: $RAISED; color: $FAINT; }
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
QPushButton#flat:disabled { color: $FAINT; }
QPushButton#flat:checked { color: $ACCENT; }

QSpinBox QLineEdit, QDoubleSpinBox QLineEdit { min-height: 0; padding: 0 9px; border: none; background: transparent; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button {
    width: 0; border: none;
}
QMenu { background: $RAISED; border: 1px solid $EDGE_HOVER; padding: 4px; }
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

QCheckBox { spacing: 8px; min-height: 24px; padding: 0 4px; border: 1px solid transparent; border-radius: 6px; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid $FAINT; border-radius: 4px; background: $RAISED; }
QCheckBox::indicator:checked { background: $ACCENT; border-color: $ACCENT; }
QCheckBox::indicator:disabled { border-color: $EDGE; }
QCheckBox:focus { border-color: $ACCENT; }
QCheckBox:disabled { color: $FAINT; }

QFrame#banner { background: $ALARM_GROUND; border: 1px solid $ALARM_EDGE; border-radius: 10px; }
QLabel#bannerTitle { color: $ALARM; font-weight: 700; }
QLabel#bannerMessage { color: $ALARM_TEXT; }

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
QScrollBar::handle:vertical { background: $HANDLE; border-radius: 3px; min-height: 32px; }
QScrollBar::handle:vertical:hover { background: $HANDLE_HOVER; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; height: 0; }
QToolTip { background: $RAISED; color: $TEXT; border: 1px solid $EDGE_HOVER; padding: 5px 7px; }
""")

_CONTRAST = Template("""
QPushButton:focus, QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus {
    border: 3px solid $ACCENT;
}
QTableView:focus, QListView:focus { border: 2px solid $ACCENT; }
""")
"""Added where contrast is high: what has the keyboard is seen from afar."""


def style_sheet(look: Look) -> str:
    """For the whole application."""
    colours = {role.name: value(role, look) for role in Role}
    added = _CONTRAST.substitute(colours) if look in (Look.DARK_CONTRAST, Look.LIGHT_CONTRAST) else ""
    return _SHEET.substitute(colours) + added
