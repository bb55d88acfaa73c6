"""Everything that can be watched, to look at and to choose: screens, windows, a region, cameras, files, the network."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLineEdit

from app.capture.camera import SIZES, cameras
from app.capture.source import CaptureExclusions
from app.settings import Settings
from app.texts import noop
from app.translation import tr
from app.window.combo_box import ComboBox
from app.window.own_window import OwnWindow
from app.window.source_picker import VIDEOS
from app.window.thumbnail_feed import ThumbnailFeed
from app.window.thumbnail_list import ThumbnailList
from app.window.widgets import button, card, label

RATES = {None: noop("Any rate"), 15.0: noop("15 a second"), 30.0: noop("30 a second"), 60.0: noop("60 a second")}
SPEEDS = {
    0.5: noop("Video files at half speed"),
    1.0: noop("Video files at their own speed"),
    1.5: noop("Video files at 1.5 times the speed"),
    2.0: noop("Video files at twice the speed"),
    4.0: noop("Video files at four times the speed"),
}


class SourceGallery(OwnWindow):
    """Esc closes it.

    Attributes:
        thumbnails: screens and windows. camera, camera_size, camera_rate, speed, address: the fields.
        region, watch_camera, browse, open_address: the buttons.

    Signals:
        chosen: the SOURCE. region_wanted: it is to be drawn on the screen.
        changed: the settings of cameras and files have been.
    """

    chosen = Signal(str)
    region_wanted = Signal()
    changed = Signal()

    def __init__(self, settings: Settings, exclusions: CaptureExclusions) -> None:
        super().__init__(tr("What to watch"))
        self.thumbnails = ThumbnailList()
        self.region = button("pause", tr("Draw a region…"), tr("Draw a region on the screen"))
        self.camera = ComboBox()
        self.camera_size = _choice(tr("Size of the camera's pictures"), SIZES, settings.camera_size)
        self.camera_rate = _choice(tr("Pictures a second of the camera"), RATES, settings.camera_fps)
        self.watch_camera = button("pause", tr("Camera"), tr("Watch the camera"))
        self.speed = _choice(tr("Speed of video files"), SPEEDS, settings.file_speed)
        self.browse = button("pause", tr("Video file…"), tr("Choose a video file"))
        self.address = QLineEdit()
        self.open_address = button("pause", tr("Open"), tr("Watch the address"))
        self._note = label("note", tr("Looking at screens and windows…"))
        self._feed = ThumbnailFeed(exclusions, self)
        self._describe()
        self._lay_out_parts()
        self._connect()
        self.resize(820, 620)
        self.thumbnails.setFocus()
        self._feed.start()

    def current_settings(self, settings: Settings) -> Settings:
        """`settings` with the values of these fields."""
        return replace(
            settings,
            camera_size=self.camera_size.currentData(),
            camera_fps=self.camera_rate.currentData(),
            file_speed=self.speed.currentData(),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._feed.close()
        super().closeEvent(event)

    def _describe(self) -> None:
        found = cameras()
        self.camera.setAccessibleName(tr("Which camera"))
        for name in found or ["camera:0"]:
            self.camera.addItem(name.replace("camera:", "Camera "), name)
        self.watch_camera.setEnabled(bool(found))
        self.watch_camera.setToolTip("" if found else tr("No camera was found"))
        self.address.setAccessibleName(tr("Address of a stream"))
        self.address.setPlaceholderText(tr("rtsp://…, rtmp://…, http://…, udp://…"))

    def _lay_out_parts(self) -> None:
        column = self.lay_out()
        head = QHBoxLayout()
        head.addWidget(self._note, 1)
        head.addWidget(self.region)
        column.addLayout(head)
        column.addWidget(card(self.thumbnails), 1)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for place, field in enumerate((self.camera, self.camera_size, self.camera_rate, self.watch_camera)):
            grid.addWidget(field, 0, place)
        grid.addWidget(self.speed, 1, 0, 1, 3)
        grid.addWidget(self.browse, 1, 3)
        grid.addWidget(self.address, 2, 0, 1, 3)
        grid.addWidget(self.open_address, 2, 3)
        column.addLayout(grid)

    def _connect(self) -> None:
        self._feed.found.connect(self._show)
        self._feed.failed.connect(lambda error: self._note.setText(str(error)))
        self.thumbnails.chosen.connect(self.chosen)
        self.region.clicked.connect(self.region_wanted)
        self.watch_camera.clicked.connect(lambda: self.chosen.emit(self.camera.currentData()))
        self.browse.clicked.connect(self._choose_file)
        self.open_address.clicked.connect(self._open_address)
        self.address.returnPressed.connect(self._open_address)
        for field in (self.camera_size, self.camera_rate, self.speed):
            field.activated.connect(lambda _: self.changed.emit())

    def _show(self, found: object) -> None:
        assert isinstance(found, list)
        self._note.setText(tr("Enter chooses; refreshed every second"))
        self.thumbnails.show_all(found)

    def _open_address(self) -> None:
        if address := self.address.text().strip():
            self.chosen.emit(address)

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, tr("Choose a video"), "", tr(VIDEOS))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.chosen)
        dialog.open()


def _choice(name: str, entries: dict, value: object) -> ComboBox:  # type: ignore[type-arg] # of values of any kind
    made = ComboBox()
    made.setAccessibleName(name)
    for data, text in entries.items():
        made.addItem(tr(text), data)
    if made.findData(value) < 0:
        made.addItem(str(value), value)
    made.setCurrentIndex(made.findData(value))
    return made
