"""The chosen model: what it is, whether it is here and fits, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.models.fit import Machine
from app.models.offer import Offer
from app.translation import tr
from app.window.widgets import button, label
from core.messages import Loading

STEPS = 1000


class ModelDetails(QWidget):
    """Shows one offer; its buttons are wired by whoever owns it.

    Attributes:
        use, fetch, cancel, delete: the buttons. progress: the bar, hidden while nothing is fetched.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = label("emptyTitle")
        self.lines = label("note")
        self.progress_text = label("note")
        for words in (self.title, self.lines, self.progress_text):
            words.setWordWrap(True)
        self.lines.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.progress = QProgressBar()
        self.progress.setRange(0, STEPS)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(tr("Download"))
        self.use = button("start", tr("Use"), tr("Use this model from the next start on"))
        self.fetch = button("pause", tr("Download"), tr("Download this model"))
        self.cancel = button("stop", tr("Cancel"), tr("Cancel the download; what is here stays"))
        self.delete = button("flat", tr("Delete"), tr("Delete this model from the disk"))
        row = QHBoxLayout()
        for made in (self.use, self.fetch, self.cancel):
            row.addWidget(made)
        row.addStretch(1)
        row.addWidget(self.delete)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        for part in (self.title, self.lines, self.progress, self.progress_text):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(row)
        self.show_progress(None)

    def show_offer(self, offer: Offer, machine: Machine, *, in_use: bool, fetching: bool, busy: bool) -> None:
        """`fetching`: this one is being fetched. `busy`: any is."""
        here = offer.here
        self.title.setText(offer.title)
        where = tr("lies in {folder}").format(folder=here.folder) if here is not None and here.state != "absent" else ""
        lack = here.lack if here is not None else ""
        fit = offer.fit(machine)
        lines = [offer.about, offer.state(), lack, fit, where, tr("in use") if in_use else ""]
        self.lines.setText("\n".join(line[:1].upper() + line[1:] for line in lines if line))
        ready = here is not None and here.state == "ready"
        self.use.setEnabled(ready and not in_use)
        self.fetch.setVisible(offer.from_hub and not ready and not fetching)
        self.fetch.setText(tr("Go on") if here is not None and here.state == "incomplete" else tr("Download"))
        self.fetch.setEnabled(not busy)
        self.cancel.setVisible(fetching)
        self.delete.setVisible(offer.from_hub and here is not None and here.state != "absent")
        self.delete.setEnabled(not in_use and not fetching)

    def show_progress(self, loading: Loading | None) -> None:
        self.progress.setVisible(loading is not None)
        self.progress_text.setVisible(loading is not None)
        if loading is not None:
            self.progress.setValue(round(STEPS * loading.done_bytes / max(1, loading.total_bytes)))
            free = (
                tr(", {value:.0f} GB free before").format(value=loading.free_bytes / 1000000000.0)
                if loading.free_bytes
                else ""
            )
            self.progress_text.setText(
                tr("{amount} of {amount_}{free}").format(
                    amount=amount(loading.done_bytes), amount_=amount(loading.total_bytes), free=free
                )
            )


def amount(number: float) -> str:
    """Bytes as a person reads them."""
    return f"{number / 1e9:.2f} GB" if number >= 1e9 else f"{number / 1e6:.1f} MB"
