"""Hold to ask, in the whole application: a question is spoken, read, and sent by hand."""

from __future__ import annotations

import pytest

from app.bridge.stream import Stream
from app.listening.listener import is_installed
from app.outputs.fanout import Fanout
from app.settings import Settings
from core.config import StreamConfig
from core.errors import CourtsideError
from core.messages import Ask, CommandSent, Message
from core.output_messages import SpeechSwitched
from tests.app.listening.spoken import ask_aloud
from tests.app.scripted import Commentator, Pitch
from tests.sound_server import SoundServer


class Told:
    """An output that keeps what the stream told."""

    name = "The test"

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def handle(self, message: Message) -> None:
        self.messages.append(message)

    def close(self) -> None:
        pass

    def voice(self) -> list[bool]:
        return [message.on for message in self.messages if isinstance(message, SpeechSwitched)]


@pytest.mark.real
def test_what_is_asked_aloud_is_read_before_it_is_sent(opened, qtbot, sound_server: SoundServer) -> None:
    pytest.importorskip("pocketsphinx")
    told = Told()

    def build(settings: Settings, own_windows: object, outputs: Fanout) -> Stream:
        outputs.add(told)
        outputs.handle(SpeechSwitched(True))  # as a voice does
        return Stream(Pitch(), Commentator(), StreamConfig(fps=10, chunk_s=0.5), on_message=outputs.handle)

    courtside = opened(build)
    window = courtside.window
    qtbot.waitUntil(lambda: window.phase.pausable)
    window.hold_to_ask.pressed.emit()
    qtbot.waitUntil(lambda: "Listening" in window.status.text(), timeout=30_000)
    assert told.voice() == [True, False]
    ask_aloud(sound_server, "Which team is winning?")
    window.hold_to_ask.released.emit()
    qtbot.waitUntil(lambda: window.question.text() != "", timeout=30_000)
    assert window.question.text() == "which team is winning"
    assert told.voice() == [True, False, True]
    assert not [message for message in told.messages if isinstance(message, CommandSent)]
    window.question.returnPressed.emit()
    sent = [message.command for message in told.messages if isinstance(message, CommandSent)]
    assert sent == [Ask("which team is winning")]
    courtside.close()


def test_there_is_nothing_to_ask_about_before_the_start(opened, qtbot) -> None:
    courtside = opened(None)
    courtside.stop()
    qtbot.waitUntil(lambda: courtside.session is None)
    with pytest.raises(CourtsideError, match="Nothing is watched"):
        courtside.outside.steering.perform("listen", "on")
    courtside.outside.steering.perform("listen", "off")
    assert not courtside.window.hold_to_ask.isEnabled()
    assert courtside.window.hold_to_ask.isVisible() == is_installed()
    courtside.close()
