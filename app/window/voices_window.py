"""Which voice speaks: flite's, neural ones on the hub or in folders, what each needs here, and how it sounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidgetItem, QVBoxLayout, QWidget

from app.outputs.flite_voice import VOICES
from app.outputs.speech import SpeechOptions
from app.outputs.voice_download import VOICE
from app.outputs.voice_list import STATES, VoiceOffer, voice_offers
from app.translation import tr
from app.window.model_details import amount
from app.window.offers_window import OffersWindow
from app.window.voice_sample import VoiceSample
from app.window.widgets import button, label
from core.messages import Loading


class VoicesWindow(OffersWindow[VoiceOffer]):
    """Choosing counts at once.

    Attributes:
        use, listen, fetch, cancel: the buttons. lines: what is told of the voice. sample: speaks.

    Signals:
        chosen: the name of a voice, as for `--say`. added_changed: the voices that were added, anew.
    """

    chosen = Signal(str)
    added_changed = Signal(object)

    def __init__(self, options: SpeechOptions, more: Sequence[str]) -> None:
        super().__init__(
            tr("Voices"),
            tr("Voices"),
            tr("Add this voice to the list"),
            tr("Choose a folder with a neural voice"),
            tr("Folder with a neural voice"),
            VOICE,
        )
        self._options = options
        self._more = tuple(more)
        self.title = label("emptyTitle")
        self.lines = label("note")
        self.use = button("start", tr("Use"), tr("Use this voice"))
        self.listen = button("pause", tr("Listen"), tr("Let this voice say a sentence"))
        self.fetch = button("pause", tr("Download"), tr("Download this voice"))
        self.cancel = button("stop", tr("Cancel"), tr("Cancel the download; what is here stays"))
        self.sample = VoiceSample(self)
        self._lay_out_parts()
        self._connect()
        self.resize(820, 520)
        self._reader.start()

    def take(self, options: SpeechOptions) -> None:
        """How it speaks is another; tells nobody."""
        self._options = options
        self._show_details()

    def closeEvent(self, event: QCloseEvent) -> None:
        """So does a sample."""
        self.sample.close()
        super().closeEvent(event)

    # Building

    def _lay_out_parts(self) -> None:
        for words in (self.title, self.lines):
            words.setWordWrap(True)
        self.lines.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = self.lay_out()
        column.addWidget(self.banner)
        details = QWidget()
        inside = QVBoxLayout(details)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.addWidget(self.title)
        inside.addWidget(self.lines)
        inside.addStretch(1)
        buttons = QHBoxLayout()
        for made in (self.use, self.listen, self.fetch, self.cancel):
            buttons.addWidget(made)
        buttons.addStretch(1)
        inside.addLayout(buttons)
        self.lay_out_offers(column, details)

    def _connect(self) -> None:
        self.connect_offers()
        self.list.itemActivated.connect(lambda _: self.use.click())
        self.use.clicked.connect(self._use)
        self.listen.clicked.connect(self._listen)
        self.sample.ended.connect(self._heard)
        self.fetch.clicked.connect(self._fetch)
        self.cancel.clicked.connect(self.download.cancel)

    # What is there

    def _look(self) -> list[VoiceOffer]:
        """In the reader's thread."""
        return voice_offers((*self._more, self._options.voice))

    def _found(self, found: list[VoiceOffer]) -> None:
        chosen = self._offer().name if self._offers else self._options.voice
        self._offers = found
        self.list.clear()
        for offer in found:
            self.list.addItem(QListWidgetItem(f"{offer.name}\n{tr(STATES[offer.state])}"))
        self.select(chosen)
        self._show_details()

    def _show_details(self) -> None:
        if not self._offers:
            return
        offer = self._offer()
        in_use = offer.name == self._options.voice
        fetching = self.download.name == offer.name
        where = tr("lies in {folder}").format(folder=offer.where) if offer.where else ""
        lines = [tr(offer.about), tr(STATES[offer.state]), where, offer.remedy, tr("in use") if in_use else ""]
        self.title.setText(offer.name)
        self.lines.setText("\n".join(line[:1].upper() + line[1:] for line in lines if line))
        ready = offer.state == "ready"
        self.use.setEnabled(ready and not in_use)
        self.listen.setEnabled(ready and not self.sample.busy)
        self.fetch.setVisible(offer.from_hub and not fetching)
        self.fetch.setEnabled(not self.download.name)
        self.cancel.setVisible(fetching)

    # What is done

    def _use(self) -> None:
        self._options = replace(self._options, voice=self._offer().name, speaker=0)
        self.chosen.emit(self._options.voice)
        self._show_details()

    def _listen(self) -> None:
        self.banner.hide()
        voice = self._offer().name
        speaker = self._options.speaker if voice == self._options.voice else 0
        self.sample.start(replace(self._options, voice=voice, speaker=speaker, max_age_s=60.0, duck=1.0))
        self._show_details()

    def _heard(self, problem: str) -> None:
        self.sample.close()  # its thread has told, and ends
        if problem:
            self.banner.show_error(tr("The voice cannot be heard"), problem)
        self._show_details()

    def _show_progress(self, loading: Loading) -> None:
        done = tr("{amount} of {amount_}{free}").format(
            amount=amount(loading.done_bytes), amount_=amount(loading.total_bytes), free=""
        )
        self.lines.setText(done)

    def _add_written(self) -> None:
        name = self.added.text().strip()
        if not name or name in VOICES:
            return
        self.banner.hide()
        self.added.clear()
        self._more = tuple(dict.fromkeys((*self._more, name)))
        self.added_changed.emit(self._more)
        self._found(self._look())
        self.select(name)
