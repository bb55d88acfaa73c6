"""The picture of a moment: from the session's video, else its last small picture."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from app.library.film import Film
from app.library.pictures import Picture
from app.translation import tr
from app.window.reader import Reader
from core.errors import CourtsideError

if TYPE_CHECKING:
    import numpy as np

SMALLEST = (240, 135)
ALMOST_S = 0.5
"""A small picture is as good as one of so much earlier."""


class FilmView(QLabel):
    """Shows one moment at a time; pictures are read and decoded in a thread, the newest wish alone.

    Signals:
        failed: why the video cannot be shown, in words.
    """

    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._film: Film | None = None
        self._given_up: list[Film] = []
        self._pictures: list[Picture] = []
        self._wanted = 0.0
        self._whole = QPixmap()
        self._reader = Reader(self._read, self)
        self._reader.read.connect(self._show_read)
        self._is_closed = False
        self.setObjectName("picture")
        self.setAccessibleName(tr("Picture of this moment"))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumSize(*SMALLEST)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def show_session(
        self, film: Path | None, pictures: list[Picture], jumps: Sequence[tuple[float, float]] = ()
    ) -> None:
        """What there is to be shown; nothing where there is neither. jumps: as `Film` takes them."""
        if self._film is None and film is not None:
            self._film = Film(film, jumps)
        self._pictures = pictures
        self.setVisible(bool(self._film or pictures))

    def show_moment(self, at: float) -> None:
        """The picture of the source second `at`, soon."""
        self._wanted = at
        if self._is_closed:
            return
        if self._film is not None or self._pictures:
            self._reader.start()

    def close_film(self) -> None:
        """No more pictures."""
        self._is_closed = True
        films = [*self._given_up, *([self._film] if self._film is not None else [])]
        for film in films:
            film.interrupt()
        self._reader.join()
        for film in films:
            film.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _read(self) -> tuple[Film | None, np.ndarray | QImage | str]:
        """In the thread: which film was asked, and what is to be shown, or why the film cannot be."""
        film = self._film
        try:
            found = None if film is None else film.picture(self._wanted)
        except CourtsideError as error:
            return film, str(error)
        return film, self._small(self._wanted) if found is None else found

    def _show_read(self, answer: tuple[Film | None, np.ndarray | QImage | str]) -> None:
        film, found = answer
        if self._is_closed or film is not self._film:  # it was decoded before, and comes only now
            return
        if isinstance(found, str):
            self._give_up()
            self.failed.emit(found)
            self.show_session(None, self._pictures)
            self._reader.start()
        else:
            shown = QPixmap.fromImage(found if isinstance(found, QImage) else _image(found))
            self._whole = self._whole if shown.isNull() else shown
            self._fit()

    def _give_up(self) -> None:
        """The film shows nothing more; the thread may still be asking it, so that it is closed later."""
        if self._film is not None:
            self._film.interrupt()
            self._given_up.append(self._film)
            self._film = None

    def _small(self, at: float) -> QImage:
        """The last small picture at or before that second, else the first; a null one where there is none."""
        pictures = self._pictures
        place = bisect_right(pictures, at + ALMOST_S, key=lambda picture: picture.at)
        return QImage(str(pictures[max(0, place - 1)].path)) if pictures else QImage()

    def _fit(self) -> None:
        if not self._whole.isNull():
            keep = Qt.AspectRatioMode.KeepAspectRatio
            ratio = self.devicePixelRatioF()
            fitted = self._whole.scaled(self.size() * ratio, keep, Qt.TransformationMode.SmoothTransformation)
            fitted.setDevicePixelRatio(ratio)
            self.setPixmap(fitted)


def _image(picture: np.ndarray) -> QImage:
    """picture: uint8 (height, width, 3) RGB; it has to outlive the image."""
    height, width = picture.shape[:2]
    return QImage(picture.data, width, height, picture.strides[0], QImage.Format.Format_RGB888)
