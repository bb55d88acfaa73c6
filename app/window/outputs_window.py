"""Where the commentary goes besides the window: video, text file, overlay page, OBS, speech; and the chat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from app.folders import sessions_folder
from app.outputs.chat_address import parse_chat
from app.outputs.flite_voice import VOICES
from app.outputs.page_options import PORT
from app.outputs.page_server import page_url
from app.outputs.page_token import page_token
from app.session.retention import expiring_videos, in_words
from app.texts import noop
from app.translation import tr
from app.window.check_box import CheckBox
from app.window.combo_box import ComboBox
from app.window.obs_row import ObsRow
from app.window.own_window import OwnWindow
from app.window.widgets import button, label
from core.errors import UsageError

Tables = Mapping[str, Mapping[str, Any]]
RATES = {0.8: noop("slower"), 1.0: noop("usual pace"), 1.2: noop("faster"), 1.5: noop("much faster")}
VOLUMES = {0.25: "25 %", 0.5: "50 %", 0.75: "75 %", 1.0: "100 %", 1.5: "150 %"}
KEPT_DAYS = {
    0.0: noop("keep all"),
    7.0: noop("delete after 7 days"),
    30.0: noop("delete after 30 days"),
    90.0: noop("delete after 90 days"),
}
KEPT_GB = {
    0.0: noop("of any size"),
    10.0: noop("at most 10 GB"),
    50.0: noop("at most 50 GB"),
    200.0: noop("at most 200 GB"),
}
SOUND = {"": noop("no sound"), "desktop": noop("sound of the desktop"), "microphone": noop("sound of the microphone")}
COUNTS = noop("What is changed here counts at once; a video begins with the next start.")


class OutputsWindow(OwnWindow):
    """A row for each output: whether it is on, and what it needs to know.

    Attributes:
        on: the boxes by the name of their table.
        kept, kept_gb, sound, path, address, obs, voice, device, rate, volume, channel, chat_context: the fields.
        voices: the button of the window of voices.
        note: what is wrong, or when it counts.

    Signals:
        changed: the tables `[outputs]` of the settings, anew. voices_wanted: the window of voices.
    """

    changed = Signal(object)
    voices_wanted = Signal()

    def __init__(self, tables: Tables) -> None:
        super().__init__(tr("Outputs"))
        self._tables = tables
        self.on = {
            "video": CheckBox(tr("Video")),
            "text_file": CheckBox(tr("Text file")),
            "page": CheckBox(tr("Overlay page")),
            "obs": CheckBox(tr("OBS")),
            "speech": CheckBox(tr("Speech")),
            "chat": CheckBox(tr("Chat")),
        }
        self.kept = ComboBox()
        self.kept_gb = ComboBox()
        self.sound = ComboBox()
        self.path = QLineEdit()
        self.address = QLineEdit()
        self.obs = ObsRow()
        self.voice = ComboBox()
        self.device = QLineEdit()
        self.rate = ComboBox()
        self.volume = ComboBox()
        self.channel = QLineEdit()
        self.chat_context = CheckBox(tr("as context, too"))
        self.note = label("heading", tr(COUNTS))
        self._browse = button("flat", tr("Choose…"), tr("Choose the text file"))
        self.voices = button("flat", tr("Voices…"), tr("All voices: what is here, how they sound, and how to get more"))
        self._copy = button("flat", tr("Copy"), tr("Copy the address of the overlay page"))
        self._describe()
        self._show(tables)
        self._lay_out()
        self._connect()

    def tables(self) -> Tables:
        """As the fields say; what they do not show stays. An output that was never on has no table."""
        shown: dict[str, dict[str, Any]] = {
            "video": {
                "keep_days": self.kept.currentData(),
                "keep_gb": self.kept_gb.currentData(),
                "sound": self.sound.currentData(),
            },
            "text_file": {"path": self.path.text().strip()},
            "page": {},
            "obs": self.obs.values(),
            "speech": {
                "voice": self.voice.currentData(),
                "device": self.device.text().strip(),
                "rate": self.rate.currentData(),
                "volume": self.volume.currentData(),
            },
            "chat": {"channel": self.channel.text().strip(), "context": self.chat_context.isChecked()},
        }
        tables = dict(self._tables)
        for name, values in shown.items():
            on = self.on[name].isChecked()
            if (on or name in tables) and values.get("path") != "" and values.get("channel") != "":
                tables[name] = {**tables.get(name, {}), **values, "on": on}
        return tables

    def take(self, tables: Tables) -> None:
        """Shows other tables; tells nobody."""
        self._tables = tables
        for part in (*self.on.values(), self.chat_context, *self._choices()):
            part.blockSignals(True)
        for choice in self._choices():
            choice.clear()
        self._show(tables)
        for part in (*self.on.values(), self.chat_context, *self._choices()):
            part.blockSignals(False)

    def _choices(self) -> tuple[ComboBox, ...]:
        return (self.kept, self.kept_gb, self.sound, self.voice, self.rate, self.volume)

    def _describe(self) -> None:
        self.on["video"].setToolTip(tr("What is watched, beside the words of the session"))
        self.kept.setAccessibleName(tr("Older videos"))
        self.kept_gb.setAccessibleName(tr("All videos together"))
        self.sound.setAccessibleName(tr("Sound of videos"))
        self.sound.setToolTip(tr("Recorded where the source brings none; files and streams have their own"))
        self.path.setPlaceholderText(tr("The file that OBS or another program reads"))
        self.path.setAccessibleName(tr("Text file"))
        self.address.setReadOnly(True)
        self.address.setAccessibleName(tr("Address of the overlay page"))
        self.address.setToolTip(tr("For a browser source; with ?dock behind it for a dock of OBS"))
        self.device.setPlaceholderText(tr("Usual output"))
        self.device.setToolTip(tr("The system's sound output, or a part of another's name"))
        self.device.setAccessibleName(tr("Sound output"))
        for box, name in ((self.voice, tr("Voice")), (self.rate, tr("Rate")), (self.volume, tr("Volume"))):
            box.setAccessibleName(name)
        self.on["chat"].setToolTip(tr("Viewers' questions: !ask …, or @courtside …; nothing is ever posted"))
        self.channel.setPlaceholderText(tr("A Twitch channel, or ircs://HOST/CHANNEL"))
        self.channel.setAccessibleName(tr("Channel"))
        self.chat_context.setToolTip(tr("What viewers write is told to a full model; the bundled one does not read it"))

    def _show(self, tables: Tables) -> None:
        for name, box in self.on.items():
            box.setChecked(name in tables and bool(tables[name].get("on", True)))
        _fill(self.kept, KEPT_DAYS, tables.get("video", {}).get("keep_days", 0.0))
        _fill(self.kept_gb, KEPT_GB, tables.get("video", {}).get("keep_gb", 0.0))
        _fill(self.sound, SOUND, tables.get("video", {}).get("sound", ""))
        self.path.setText(str(tables.get("text_file", {}).get("path", "")))
        port = tables.get("page", {}).get("port", PORT)
        self.address.setText(page_url(port, page_token()) if port else tr("told when it starts: any free port"))
        self.obs.show_values(tables.get("obs", {}))
        speech = tables.get("speech", {})
        self.device.setText(str(speech.get("device", "")))
        _fill(self.voice, {name: name for name in VOICES}, speech.get("voice", VOICES[0]))
        _fill(self.rate, RATES, speech.get("rate", 1.0))
        _fill(self.volume, VOLUMES, speech.get("volume", 1.0))
        self.channel.setText(str(tables.get("chat", {}).get("channel", "")))
        self.chat_context.setChecked(bool(tables.get("chat", {}).get("context", False)))

    def _lay_out(self) -> None:
        column = self.lay_out()
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        fields: dict[str, list[QWidget]] = {
            "video": [self.kept, self.kept_gb, self.sound],
            "text_file": [self.path, self._browse],
            "page": [self.address, self._copy],
            "obs": [self.obs],
            "speech": [self.voice, self.voices, self.rate, self.volume, self.device],
            "chat": [self.channel, self.chat_context],
        }
        for row, (name, widgets) in enumerate(fields.items()):
            grid.addWidget(self.on[name], row, 0)
            line = QHBoxLayout()
            line.setSpacing(8)
            for widget in widgets:
                line.addWidget(widget, 1 if isinstance(widget, QLineEdit | ObsRow) else 0)
            grid.addLayout(line, row, 1)
        column.addLayout(grid)
        column.addWidget(self.note)
        column.addStretch(1)
        self.resize(760, 280)

    def _connect(self) -> None:
        for box in (*self.on.values(), self.chat_context):
            box.toggled.connect(self._tell)
        self.obs.changed.connect(self._tell)
        self.obs.found.connect(lambda: self.on["obs"].setChecked(True))
        self.obs.told.connect(self.note.setText)
        self.closed.connect(self.obs.close_finder)
        for field in (self.path, self.device, self.channel):
            field.editingFinished.connect(self._tell)
        for choice in self._choices():
            choice.activated.connect(self._tell)
        self._browse.clicked.connect(self._choose_file)
        self.voices.clicked.connect(self.voices_wanted)
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.address.text()))

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Text file"), self.path.text() or "captions.txt")
        if chosen:
            self.path.setText(chosen)
            self._tell()

    def choose_voice(self, name: str) -> None:
        """As if it had been chosen from the list."""
        if self.voice.findData(name) < 0:
            self.voice.addItem(name, name)
        self.voice.setCurrentIndex(self.voice.findData(name))
        if "speech" in self._tables:  # another voice may not have that speaker
            self._tables = {**self._tables, "speech": {**self._tables["speech"], "speaker": 0}}
        self._tell()

    def _tell(self) -> None:
        self.note.setText(self._problem() or self._deleted() or tr(COUNTS))
        self.changed.emit(self.tables())

    def _deleted(self) -> str:
        """What the next recording deletes, said before it does."""
        if not self.on["video"].isChecked():
            return ""
        found = expiring_videos(sessions_folder(), self.kept.currentData(), self.kept_gb.currentData())
        return (
            tr("The next recording deletes {in_words}; what was said stays.").format(in_words=in_words(found))
            if found
            else ""
        )

    def _problem(self) -> str:
        if self.on["text_file"].isChecked() and not self.path.text().strip():
            return tr("Choose the text file first.")
        if self.on["chat"].isChecked() and not self.channel.text().strip():
            return tr("Name the channel first.")
        if self.on["obs"].isChecked() and self.obs.values()["shows"] == "page" and not self.on["page"].isChecked():
            return tr("Switch the overlay page on, which OBS is to show.")
        try:
            if text := self.channel.text().strip():
                parse_chat(text)
        except UsageError as error:
            return str(error)
        return self.obs.problem()


def _fill(choice: ComboBox, entries: Mapping[Any, str], value: Any) -> None:
    """The entries, and `value` chosen; one that is none of them is added."""
    for known, text in {**entries, **({} if value in entries else {value: str(value)})}.items():
        choice.addItem(tr(text), known)
    choice.setCurrentIndex(choice.findData(value))
