"""The gauges in one line."""

from __future__ import annotations

import pytest

from app.gauges.meters import Meters
from app.gauges.verdict import QUIET_ROUNDS, verdict
from core.assets import BUNDLED
from core.messages import Degraded, Drop, Line, Message, Ready, Stats


def rounds(compute_s: float, text: str = "Goal", number: int = 10, silenced: str = "") -> list[Message]:
    made: list[Message] = []
    for round_ in range(number):
        made.append(Line(round_, round_, round_ + 1.0, text, round_, round_ + 0.4))
        made.append(Stats(round_, compute_s, 0.1, 0, 0, 0, 0.1, 8, 9, 9, 9.0, 9, 0, silenced=silenced))
    return made


@pytest.mark.parametrize(
    ("messages", "told"),
    [
        ([], ""),
        (rounds(0.25), "Keeps up: a round takes 0.25 s of 1.00 s"),
        (rounds(0.9), "Only just keeps up: a round takes 0.90 s of 1.00 s"),
        (rounds(1.5), "Too slow here, pictures are left out: a round takes 1.50 s of 1.00 s"),
        ([Drop("behind", 2, 0.5), *rounds(0.1, number=1)], "Too slow here, pictures are left out"),
        ([*rounds(0.2), Degraded(9, "half the pixels")], "Works with less to stay under the memory limit"),
        (rounds(0.2, "", 1, "words_per_minute"), "Keeps up, silent as its words of this minute are used up: a round"),
        (rounds(0.2, "", 3, "silence_threshold"), "Keeps up: a round takes"),
        (rounds(0.2, "", QUIET_ROUNDS, "silence_threshold"), "Keeps up, but nothing came above its threshold for 20 s"),
        (
            [Ready(BUNDLED.name, "cpu", "float32", 9, 1.0), *rounds(0.2, "", 185, "silence_threshold")],
            "Keeps up, silent for 3 min as this does not seem to be anything it knows: a round takes",
        ),
        (rounds(0.2, "", QUIET_ROUNDS), "Keeps up, and has had nothing to say for 20 s"),
    ],
)
def test_what_they_come_to(messages: list[Message], told: str) -> None:
    meters = Meters()
    for message in messages:
        meters.feed(message)
    assert verdict(meters).startswith(told) if told else verdict(meters) == ""
