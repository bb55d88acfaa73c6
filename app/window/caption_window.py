"""How the captions on the screen look: every change is seen on them at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFontComboBox,
    QGridLayout,
    QSlider,
    QSpinBox,
    QWidget,
)

from app.caption_style import PRESETS, CaptionStyle
from app.texts import noop
from app.translation import tr
from app.window.colour_button import ColourButton
from app.window.combo_box import ComboBox
from app.window.own_window import OwnWindow
from app.window.widgets import card, label

OWN = noop("Your own")
ALIGNMENTS = {"left": noop("Left"), "centre": noop("Centre"), "right": noop("Right")}
TEXT_MARGINS = (9, 0, 9, 0)  # a style sheet's padding does not reach the text of a spin box
OUTLINE_STEPS = 20  # of a hundredth of the size each


class CaptionWindow(OwnWindow):
    """One field for each part of a CaptionStyle, and presets.

    Attributes:
        preset, font_family, pixels, colour, outline_colour, plate, opacity, outline, lines, hold_s, align: the fields.

    Signals:
        changed: the CaptionStyle as it is now.
    """

    changed = Signal(object)

    def __init__(self, style: CaptionStyle) -> None:
        super().__init__(tr("Style of the captions"))
        self._style = style
        self._filling = False
        self.preset = _choice({name: name for name in (*PRESETS, OWN)})
        self.font_family = QFontComboBox()
        self.font_family.setEditable(False)
        self.pixels = _whole(0, 200, " px")
        self.pixels.setSpecialValueText(tr("As the band allows"))
        self.colour = ColourButton(tr("Colour of the letters"))
        self.outline_colour = ColourButton(tr("Colour of the outline"))
        self.plate = ColourButton(tr("Colour of the plate"))
        self.opacity = _slider(100)
        self.outline = _slider(OUTLINE_STEPS)
        self.lines = _whole(1, 8, "")
        self.hold_s = QDoubleSpinBox(minimum=1, maximum=60, decimals=1, singleStep=0.5, suffix=" s")
        self.hold_s.lineEdit().setTextMargins(*TEXT_MARGINS)
        self.align = _choice(ALIGNMENTS)
        self._lay_out_fields()
        self._fill()
        self._connect()

    # Building

    def _lay_out_fields(self) -> None:
        rows: dict[str, QWidget] = {
            tr("Preset"): self.preset,
            tr("Font"): self.font_family,
            tr("Size"): self.pixels,
            tr("Colour"): self.colour,
            tr("Outline"): self.outline,
            tr("Outline colour"): self.outline_colour,
            tr("Plate"): self.plate,
            tr("Opacity of the plate"): self.opacity,
            tr("Lines at once"): self.lines,
            tr("Stays at least"): self.hold_s,
            tr("Alignment"): self.align,
        }
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(14, 8, 14, 8)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (name, field) in enumerate(rows.items()):
            field.setAccessibleName(name)
            grid.addWidget(label("heading", name), row, 0)
            grid.addWidget(field, row, 1)
        self.lay_out().addWidget(card(inside))
        self.setMinimumWidth(420)

    def _connect(self) -> None:
        self.preset.activated.connect(lambda: self._take(PRESETS.get(self.preset.currentData(), self._style)))
        self.font_family.currentFontChanged.connect(lambda font: self._set(font=font.family()))
        self.pixels.valueChanged.connect(lambda value: self._set(pixels=value))
        self.colour.chosen.connect(lambda name: self._set(colour=name))
        self.outline_colour.chosen.connect(lambda name: self._set(outline_colour=name))
        self.plate.chosen.connect(lambda name: self._set(plate=name))
        self.opacity.valueChanged.connect(lambda value: self._set(opacity=value / 100))
        self.outline.valueChanged.connect(lambda value: self._set(outline=value / 100))
        self.lines.valueChanged.connect(lambda value: self._set(lines=value))
        self.hold_s.valueChanged.connect(lambda value: self._set(hold_s=value))
        self.align.activated.connect(lambda: self._set(align=self.align.currentData()))

    # What happens

    def _set(self, **change: Any) -> None:
        if not self._filling:
            self._take(replace(self._style, **change))

    def _take(self, style: CaptionStyle) -> None:
        self._style = style
        self._fill()
        self.changed.emit(style)

    def _fill(self) -> None:
        """The fields as the style has it."""
        style = self._style
        self._filling = True
        name = next((name for name, preset in PRESETS.items() if preset == style), OWN)
        self.preset.setCurrentIndex(self.preset.findData(name))
        if style.font:
            self.font_family.setCurrentFont(QFont(style.font))
        self.pixels.setValue(style.pixels)
        self.colour.set_name(style.colour)
        self.outline_colour.set_name(style.outline_colour)
        self.plate.set_name(style.plate)
        self.opacity.setValue(round(100 * style.opacity))
        self.outline.setValue(round(100 * style.outline))
        self.lines.setValue(style.lines)
        self.hold_s.setValue(style.hold_s)
        self.align.setCurrentIndex(self.align.findData(style.align))
        self._filling = False


def _choice(entries: dict[str, str]) -> ComboBox:
    made = ComboBox()
    for value, text in entries.items():
        made.addItem(tr(text), value)
    return made


def _whole(least: int, most: int, unit: str) -> QSpinBox:
    made = QSpinBox(minimum=least, maximum=most, suffix=unit)
    made.lineEdit().setTextMargins(*TEXT_MARGINS)
    return made


def _slider(most: int) -> QSlider:
    made = QSlider(Qt.Orientation.Horizontal)
    made.setMaximum(most)
    return made
