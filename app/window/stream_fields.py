"""How the model is run: dtype, frames a second, picture size, seconds of picture remembered."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QDoubleValidator, QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.settings import Settings
from app.texts import noop
from app.translation import tr
from app.window.combo_box import ComboBox
from app.window.widgets import label

DTYPES = {
    "auto": noop("Automatic"),
    "bfloat16": noop("bfloat16"),
    "fp8": noop("fp8 (half the memory)"),
    "float32": noop("float32"),
}


class StreamFields(QWidget):
    """Counts from the next start on. What is left empty is as the checkpoint was trained for.

    Attributes:
        dtype, fps, picture_size, window_s: the fields.
    """

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.dtype = ComboBox()
        for name, text in DTYPES.items():
            self.dtype.addItem(tr(text), name)
        self.fps = _number_field(60)
        self.picture_size = QLineEdit()
        self.picture_size.setPlaceholderText(tr("as trained"))
        self.picture_size.setValidator(QRegularExpressionValidator(r"native|[1-9]\d{0,4}x[1-9]\d{0,4}|", self))
        self.picture_size.setToolTip(tr("WxH in pixels, as in 448x252, or native"))
        self.window_s = _number_field(600)
        self.show_settings(settings)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        fields = {
            tr("Number format"): self.dtype,
            tr("Frames a second"): self.fps,
            tr("Picture size"): self.picture_size,
            tr("Seconds of picture remembered"): self.window_s,
        }
        for place, (name, field) in enumerate(fields.items()):
            field.setAccessibleName(name)
            grid.addWidget(label("heading", name), 0, place)
            grid.addWidget(field, 1, place)

    def show_settings(self, settings: Settings) -> None:
        self.dtype.setCurrentIndex(max(0, self.dtype.findData(settings.dtype)))
        self.picture_size.setText(settings.size)
        for field, value in ((self.fps, settings.fps), (self.window_s, settings.vision_window_s)):
            field.setText("" if value is None else f"{value:g}")

    def current_settings(self, settings: Settings) -> Settings:
        """`settings` with the values of these fields; one that is not whole yet counts as empty."""
        size = self.picture_size.text() if self.picture_size.hasAcceptableInput() else ""
        return replace(
            settings,
            dtype=self.dtype.currentData(),
            fps=_number(self.fps),
            size=size,
            vision_window_s=_number(self.window_s),
        )


def _number_field(most: float) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(tr("as trained"))
    validator = QDoubleValidator(0.1, most, 2, field)
    validator.setNotation(QDoubleValidator.Notation.StandardNotation)
    validator.setLocale(validator.locale().c())
    field.setValidator(validator)
    return field


def _number(field: QLineEdit) -> float | None:
    return float(field.text()) if field.text() and field.hasAcceptableInput() else None
