"""OBS in the window of the outputs: its address, the scene, and what it shows; and a button that finds all that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.outputs.obs import ObsOptions
from app.outputs.obs_address import parse_address
from app.outputs.obs_scene import ObsFound
from app.texts import noop
from app.translation import tr
from app.window.combo_box import ComboBox
from app.window.obs_finder import ObsFinder
from app.window.widgets import button
from core.errors import UsageError

SHOWS = {"text": noop("as text"), "page": noop("as the overlay page")}


class ObsRow(QWidget):
    """The fields of `[outputs.obs]`.

    Attributes:
        search: the button. url, scene, shows: the fields.

    Signals:
        changed: a field is. found: OBS is there, and its scenes are listed. told: what became of the search, in words.
    """

    changed = Signal()
    found = Signal()
    told = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.search = button("flat", tr("Find OBS"), tr("Look for OBS, switch it on here, and list its scenes"))
        self.url = QLineEdit()
        self.url.setPlaceholderText(tr("On this machine"))
        self.url.setToolTip(tr("OBS on this machine, or ws://:PASSWORD@HOST:4455/SCENE"))
        self.url.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        self.url.setAccessibleName(tr("Address of OBS"))
        self.scene = ComboBox()
        self.scene.setAccessibleName(tr("Scene of OBS"))
        self.shows = ComboBox()
        self.shows.setAccessibleName(tr("What OBS shows"))
        self.shows.setToolTip(tr("A source of OBS's own, made in the scene where there is none"))
        self._finder = ObsFinder(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.search)
        row.addWidget(self.url, 1)
        row.addWidget(self.scene)
        row.addWidget(self.shows)
        self.search.clicked.connect(self._look)
        self.url.editingFinished.connect(self.changed)
        self.scene.activated.connect(self.changed)
        self.shows.activated.connect(self.changed)
        self._finder.found.connect(self._take)
        self._finder.failed.connect(self._say)

    def values(self) -> dict[str, Any]:
        """As the fields say."""
        scene = self.scene.currentData() or ""
        return {"url": self.url.text().strip(), "scene": scene, "shows": self.shows.currentData()}

    def show_values(self, table: Mapping[str, Any]) -> None:
        """Shows what a table `[outputs.obs]` says; tells nobody."""
        self.url.setText(str(table.get("url", "")))
        scene = str(table.get("scene", ""))
        self._list_scenes([scene] if scene else [], scene)
        self.shows.clear()
        for name, text in SHOWS.items():
            self.shows.addItem(tr(text), name)
        self.shows.setCurrentIndex(max(0, self.shows.findData(table.get("shows", "text"))))

    def problem(self) -> str:
        """What is wrong with the address; "" for nothing."""
        try:
            if text := self.url.text().strip():
                parse_address(text)
        except UsageError as error:
            return str(error)
        return ""

    def close_finder(self) -> None:
        """Nothing more is told."""
        self._finder.close()

    def _look(self) -> None:
        if problem := self.problem():
            self.told.emit(problem)
            return
        self.search.setEnabled(False)
        self.told.emit(tr("Looking for OBS…"))
        self._finder.look(ObsOptions(self.url.text().strip()))

    def _take(self, found: ObsFound) -> None:
        """Its scenes; one chosen before stays if it is among them."""
        chosen = self.scene.currentData()
        self._list_scenes(found.scenes, chosen if chosen in found.scenes else "")
        self.found.emit()
        told = tr("OBS {version} at {where}; “{scene}” is on air.")
        self._say(told.format(version=found.version, where=found.shown, scene=found.on_air))

    def _say(self, text: str) -> None:
        self.search.setEnabled(True)
        self.told.emit(text)

    def _list_scenes(self, scenes: Sequence[str], chosen: str) -> None:
        self.scene.clear()
        self.scene.addItem(tr("the scene on air"), "")
        for scene in scenes:
            self.scene.addItem(scene, scene)
        self.scene.setCurrentIndex(self.scene.findData(chosen))
