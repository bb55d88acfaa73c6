"""A window that lists what may be chosen, fetches what the hub has of it, and takes others from a folder or the hub."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QListWidget, QVBoxLayout, QWidget

from app.translation import tr
from app.window.banner import Banner
from app.window.model_download import ModelDownload
from app.window.own_window import SPACING, OwnWindow
from app.window.reader import Reader
from app.window.widgets import button, card
from core.errors import CourtsideError

if TYPE_CHECKING:
    from core.messages import Loading
    from core.model.hub import Contents


class Named(Protocol):
    """What is offered."""

    @property
    def name(self) -> str: ...


Offered = TypeVar("Offered", bound=Named)


class OffersWindow(OwnWindow, Generic[Offered]):
    """Choosing counts from the next start on.

    Attributes:
        list: what is offered. added: the field for another one. banner: tells what failed. download: fetches.
    """

    def __init__(
        self, title: str, things: str, add: str, browse: str, folder: str, contents: Contents | None = None
    ) -> None:
        """Args:
        things: what the list holds. add, browse: what these buttons do. folder: title of the dialog that asks for one.
        contents: as ModelDownload has it.
        """
        super().__init__(title)
        self._folder_title = folder
        self.list = QListWidget()
        self.list.setObjectName("plainList")
        self.list.setAccessibleName(things)
        self.banner = Banner()
        self.added = QLineEdit()
        self.download = ModelDownload(self, contents)
        self._offers: Sequence[Offered] = []
        self._reader = Reader(self._look, self)
        self._add = button("pause", tr("Add"), add)
        self._browse = button("pause", tr("Folder…"), browse)

    def select(self, name: str) -> None:
        """Shows what is known of that one."""
        for row, offer in enumerate(self._offers):
            if offer.name == name:
                self.list.setCurrentRow(row)

    def closeEvent(self, event: QCloseEvent) -> None:
        """A download ends with the window; the next one goes on from there."""
        self.download.cancel()
        self.download.join()
        self._reader.join()
        super().closeEvent(event)

    def lay_out_offers(self, column: QVBoxLayout, details: QWidget) -> None:
        """The list beside `details`, and the field for another one below."""
        middle = QHBoxLayout()
        middle.setSpacing(SPACING)
        middle.addWidget(card(self.list), 1)
        middle.addWidget(card(details), 1)
        column.addLayout(middle, 1)
        row = QHBoxLayout()
        self.added.setPlaceholderText(tr("Another one: a folder, or OWNER/NAME on the Hugging Face hub"))
        self.added.setAccessibleName(tr("Folder or hub id"))
        row.addWidget(self.added, 1)
        row.addWidget(self._browse)
        row.addWidget(self._add)
        column.addLayout(row)

    def connect_offers(self) -> None:
        """What list, field, download and reader tell."""
        self._reader.read.connect(self._found)
        self.list.currentRowChanged.connect(lambda _: self._show_details())
        self.download.progressed.connect(self._progressed)
        self.download.ended.connect(self._ended)
        self.added.returnPressed.connect(self._add_written)
        self._add.clicked.connect(self._add_written)
        self._browse.clicked.connect(self._browse_folder)

    def _look(self) -> Any:
        """In the reader's thread: what there is, for `_found`."""
        raise NotImplementedError

    def _found(self, found: Any) -> None:
        raise NotImplementedError

    def _show_details(self) -> None:
        raise NotImplementedError

    def _show_progress(self, loading: Loading) -> None:
        """Of the download of the one that is shown."""
        raise NotImplementedError

    def _add_written(self) -> None:
        """The field holds another one."""
        raise NotImplementedError

    def _offer(self) -> Offered:
        return self._offers[max(0, self.list.currentRow())]

    def _fetch(self) -> None:
        self.banner.hide()
        self.download.start(self._offer().name)
        self._show_details()

    def _progressed(self, loading: Loading) -> None:
        if self._offers and self._offer().name == self.download.name:
            self._show_progress(loading)

    def _ended(self, error: CourtsideError | None) -> None:
        self.download.finish()
        if error is not None:
            self.banner.show_error(error.title, error.message)
        self._reader.start()

    def _browse_folder(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, self._folder_title):
            self.added.setText(folder)
            self._add_written()
