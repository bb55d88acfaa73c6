"""What the bundled model does not know is said once a stream."""

from __future__ import annotations

from app.bridge.mailbox import FrameCounts
from app.settings import Settings
from core.assets import BUNDLED
from core.messages import Line, Ready, Stats

SENTENCE = "The bundled model knows football and little else; for your own game choose a full model"


def test_it_is_said_once_a_stream(opened, qtbot) -> None:
    courtside = opened(settings=Settings(source="screen:1"))
    feed = courtside.gauge_level.feed
    status = courtside.window.status

    def silence(rounds: int) -> None:
        feed.handle(Ready(BUNDLED.name, "cpu", "float32", 9, 1.0))
        for round_ in range(rounds):
            feed.handle(Line(round_, round_, round_ + 1.0, "", round_, round_ + 0.4))
            feed.handle(Stats(round_, 0.2, 0.1, 0, 0, 0, 0.1, 1, 9, 9, 9.0, 9, 0, silenced="silence_threshold"))

    for _ in range(2):
        feed.start(FrameCounts)
        silence(150)
        assert SENTENCE not in status.text()
        silence(185)
        assert SENTENCE in status.text()
        status.set_notice("")
        silence(60)
        assert SENTENCE not in status.text()
        feed.stop()
