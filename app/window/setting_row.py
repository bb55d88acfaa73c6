"""One setting in the window of settings: what it is, the field to change it, and the way back to its default."""

from __future__ import annotations

from typing import Any, get_args

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.setting_list import Setting
from app.translation import tr
from app.window.check_box import CheckBox
from app.window.colour_button import ColourButton
from app.window.combo_box import ComboBox
from app.window.lines_edit import LinesEdit
from app.window.widgets import button, label

FIELD_WIDTH = 260


class SettingRow(QWidget):
    """Tells of a value as soon as it is whole: a box or a list at once, a text when it is left or Enter is pressed.

    Attributes:
        setting: what it is about. field, reset: its controls. problem: what is wrong with the value, hidden else.

    Signals:
        chosen: the setting, and the value wanted.
    """

    chosen = Signal(object, object)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self.title = tr(setting.text.title)
        self.field = self._field()
        self.reset = button("flat", tr("Reset"), tr("Reset {setting}").format(setting=self.title))
        self.problem = label("poor")
        self._shown: Any = None
        unit = tr(setting.text.unit)
        purpose = tr(setting.text.description)
        self._words = " ".join((self.title, purpose, unit, tr(setting.group), *setting.path)).casefold()
        self.field.setAccessibleName(self.title)
        self.field.setAccessibleDescription(f"{purpose}, {unit}" if unit else purpose)
        self.reset.setToolTip(tr("Back to what it is by default"))
        self.reset.clicked.connect(lambda: self.chosen.emit(setting, setting.default))
        self._lay_out(purpose, unit)

    def matches(self, words: list[str]) -> bool:
        """Whether each of these stands anywhere in what is written about it; case does not matter."""
        return all(word in self._words for word in words)

    def show_value(self, value: Any) -> None:
        """Shows it, and that nothing is wrong; tells nobody."""
        self._shown = value
        self.problem.hide()
        self.reset.setEnabled(value != self.setting.default)
        match self.field:
            case QCheckBox():
                self.field.setChecked(bool(value))
            case ComboBox():
                self.field.setCurrentIndex(self.field.findData(value))
            case ColourButton():
                self.field.set_name(value)
            case LinesEdit():
                self.field.set_text(value if isinstance(value, str) else "\n".join(value))
            case QLineEdit():
                self.field.setText(_written(value))

    def tell_problem(self, text: str) -> None:
        """The value that stands there is none: it stays, to be mended."""
        self.problem.setText(text)
        self.problem.show()

    # Building

    def _field(self) -> QWidget:
        setting = self.setting
        if setting.type is bool:
            box = CheckBox(self.title)
            box.clicked.connect(lambda on: self.chosen.emit(setting, on))
            return box
        if setting.choices:
            choice = ComboBox()
            for name in setting.choices:
                choice.addItem(tr(name), name)
            choice.activated.connect(lambda _: self.chosen.emit(setting, choice.currentData()))
            return choice
        if setting.is_colour:
            colour = ColourButton(self.title)
            colour.chosen.connect(lambda name: self.chosen.emit(setting, name))
            return colour
        if setting.long:
            lines = LinesEdit()
            lines.left.connect(lambda: self._written_lines(lines.text()))
            return lines
        line = QLineEdit()
        if setting.optional:
            line.setPlaceholderText(tr("not set"))
        line.editingFinished.connect(lambda: self._written_line(line.text()))
        return line

    def _lay_out(self, purpose: str, unit: str) -> None:
        name = label("settingTitle", self.title)
        name.setBuddy(self.field)
        about = label("note", purpose)
        about.setWordWrap(True)
        self.problem.setWordWrap(True)
        self.problem.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 6, 14, 6)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        self.field.setMinimumWidth(FIELD_WIDTH)
        self.field.setMaximumWidth(FIELD_WIDTH)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(name)
        words.addWidget(about)
        words.addStretch(1)
        top = Qt.AlignmentFlag.AlignTop
        grid.addLayout(words, 0, 0, 2, 1)
        grid.addWidget(self.field, 0, 1, top)
        if unit:
            grid.addWidget(label("note", unit), 1, 1)
        grid.addWidget(self.reset, 0, 2, top)
        grid.addWidget(self.problem, 2, 0, 1, 3)

    # What happens

    def _written_line(self, text: str) -> None:
        if text == _written(self._shown):
            return
        try:
            self.chosen.emit(self.setting, self._read(text.strip()))
        except ValueError:
            self.tell_problem(tr("“{text}” is not a number").format(text=text))

    def _written_lines(self, text: str) -> None:
        value = text.strip() if self.setting.type is str else [line for line in text.split("\n") if line.strip()]
        if value != (self._shown if isinstance(self._shown, str) else list(self._shown)):
            self.chosen.emit(self.setting, value)

    def _read(self, text: str) -> Any:
        """What a text stands for. Raises ValueError for no number."""
        if self.setting.optional and not text:
            return None
        base = get_args(self.setting.type)[0] if get_args(self.setting.type) else self.setting.type
        if base is int:
            return int(text)
        return float(text.replace(",", ".")) if base is float else text


def _written(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
