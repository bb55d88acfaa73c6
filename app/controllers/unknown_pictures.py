"""Says once a stream that the bundled model does not know what it sees; from then on the gauges alone do."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.gauges.feed import GaugeFeed
from app.gauges.meters import Meters
from app.translation import tr
from app.window.status_line import StatusLine


class UnknownPictures(QObject):
    """Follows the gauges of each stream."""

    def __init__(self, feed: GaugeFeed, status: StatusLine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._status = status
        self._said = False
        feed.changed.connect(self._follow)

    def _follow(self, meters: Meters | None) -> None:
        if meters is None:
            self._said = False
        elif meters.does_not_know() and not self._said:
            self._said = True
            sentence = tr(
                "The bundled model knows football and little else; for your own game choose a full model (Ctrl+Shift+K)"
            )
            self._status.set_notice(sentence, passing=True)
