"""Which model commentates: those that are known, one's own, what each needs here, download and deletion."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QListWidgetItem, QMessageBox

from app import theme
from app.colours import Role
from app.models.fit import Machine, look
from app.models.offer import Offer, offers
from app.settings import Settings
from app.translation import tr
from app.window.model_details import ModelDetails
from app.window.offers_window import OffersWindow
from app.window.stream_fields import StreamFields
from app.window.widgets import label
from core.errors import CourtsideError
from core.messages import Loading

Found = tuple[Machine, list[Offer]]
FIRST_SIZE = (900, 620)


class ModelsWindow(OffersWindow[Offer]):
    """Shows what there is; choosing counts from the next start on.

    Attributes:
        details, fields: its parts. machine: as found, None at first.

    Signals:
        chosen: the name of a model, as for `--model`.
    """

    chosen = Signal(str)

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            tr("Models"),
            tr("Models"),
            tr("Add this model to the list"),
            tr("Choose a folder with a checkpoint"),
            tr("A folder with a checkpoint"),
        )
        self.machine: Machine | None = None
        self.details = ModelDetails()
        self.fields = StreamFields(settings)
        self._settings = settings
        self._machine_line = label("note", tr("Looking at this machine…"))
        self._lay_out_parts()
        self._connect()
        self.resize(*FIRST_SIZE)
        self._reader.start()

    def current_settings(self, settings: Settings) -> Settings:
        """`settings` with what has been chosen here."""
        here = self._settings
        return self.fields.current_settings(replace(settings, model=here.model, models=here.models))

    def take(self, settings: Settings) -> None:
        """Shows other settings; tells nobody."""
        self._settings = settings
        self.fields.show_settings(settings)
        self._show_details()

    # Building

    def _lay_out_parts(self) -> None:
        column = self.lay_out()
        column.addWidget(self.banner)
        column.addWidget(self._machine_line)
        self.lay_out_offers(column, self.details)
        column.addWidget(self.fields)

    def _connect(self) -> None:
        self.connect_offers()
        self.list.itemActivated.connect(lambda _: self.details.use.click())
        self.details.use.clicked.connect(self._use)
        self.details.fetch.clicked.connect(self._fetch)
        self.details.cancel.clicked.connect(self.download.cancel)
        self.details.delete.clicked.connect(self._ask_delete)

    # What is there

    def _look(self) -> Found:
        """In the reader's thread."""
        return look(), offers(self._settings.models)

    def _found(self, found: Found) -> None:
        chosen = self._offer().name if self._offers else self._settings.model
        self.machine, self._offers = found
        machine = self.machine
        gpu = f"{machine.gpu}, {machine.gpu_bytes / 1e9:.0f} GB" if machine.gpu else tr("no NVIDIA GPU")
        self._machine_line.setText(
            tr("This machine: {gpu}; {value:.0f} GB of memory").format(gpu=gpu, value=machine.ram_bytes / 1000000000.0)
        )
        self.list.clear()
        for offer in self._offers:
            item = QListWidgetItem(f"{offer.title}\n{offer.state()}")
            item.setToolTip(offer.about)
            self.list.addItem(item)
        self._dim_what_is_too_large()
        self.select(chosen)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        self._show_details()

    def _dim_what_is_too_large(self) -> None:
        for row, offer in enumerate(self._offers):
            fits = self.machine is not None and offer.fits(self.machine)
            self.list.item(row).setForeground(theme.colour(Role.TEXT if fits else Role.FAINT))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dim_what_is_too_large()

    def _show_details(self) -> None:
        if self.machine is None or not self._offers:
            return
        offer = self._offer()
        fetching = bool(self.download.name) and self.download.name == offer.name
        in_use = offer.name == self._settings.model
        self.details.show_offer(offer, self.machine, in_use=in_use, fetching=fetching, busy=bool(self.download.name))
        if not fetching:
            self.details.show_progress(None)

    # What is done

    def _use(self) -> None:
        name = self._offer().name
        self._settings = replace(self._settings, model=name)
        self.chosen.emit(name)
        self._show_details()

    def _show_progress(self, loading: Loading) -> None:
        self.details.show_progress(loading)

    def _ask_delete(self) -> None:
        offer = self._offer()
        question = tr("Delete {title} from this disk? It can be downloaded again.").format(title=offer.title)
        if QMessageBox.question(self, tr("Delete the model"), question) == QMessageBox.StandardButton.Yes:
            self.delete(offer.name)

    def delete(self, name: str) -> None:
        """Takes it off the disk."""
        from core.model.store import delete

        try:
            delete(name)
        except CourtsideError as error:
            self.banner.show_error(error.title, error.message)
        self._reader.start()

    def _add_written(self) -> None:
        """A name that can be no checkpoint is told of, and stays in the field."""
        from core.model.store import stored

        name = self.added.text().strip()
        if not name:
            return
        try:
            stored(name)
        except CourtsideError as error:
            self.banner.show_error(error.title, error.message)
            return
        self.banner.hide()
        self.added.clear()
        models = tuple(dict.fromkeys((*self._settings.models, name)))
        self._settings = replace(self._settings, models=models)
        self._offers = offers(models)
        if self.machine is not None:
            self._found((self.machine, self._offers))
        self.select(name)
