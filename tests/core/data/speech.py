"""Words as somebody might say them, and the sound of it."""

from __future__ import annotations

import random

from core.data.sample import Word

VOCABULARY = tuple(
    "he passes wide then shoots low and the keeper saves it while the crowd roars Vega turns quickly Okoro heads "  # noqa: SIM905
    "clear from the corner a long ball forward into space now".split()
)


def speech(seconds: float, seed: int = 0, pause_s: tuple[float, float] = (0.6, 2.5)) -> list[Word]:
    """Sentences of 4 to 12 words with pauses between, from 1 s to 2 s before the end."""
    rng = random.Random(seed)
    words: list[Word] = []
    at = 1.0
    while True:
        count = rng.randint(4, 12)
        for number in range(count):
            length = round(rng.uniform(0.18, 0.4), 3)
            if at + length > seconds - 2:
                return words
            text = rng.choice(VOCABULARY)
            text = text.capitalize() if number == 0 else text
            words.append(Word(round(at, 3), round(at + length, 3), text + "." * (number == count - 1)))
            at += length + 0.02
        at += rng.uniform(*pause_s)


def times(words: list[Word]) -> list[tuple[float, float]]:
    """When the words are said."""
    return [(word.start, word.end) for word in words]


def srt(words: list[Word], each: int = 6) -> str:
    """Words as subtitles, so many a line."""
    cues = []
    for number, at in enumerate(range(0, len(words), each), 1):
        line = words[at : at + each]
        text = " ".join(word.text for word in line)
        cues.append(f"{number}\n{_stamp(line[0].start)} --> {_stamp(line[-1].end)}\n{text}\n")
    return "\n".join(cues)


def _stamp(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3600000:02}:{whole // 60000 % 60:02}:{whole // 1000 % 60:02},{whole % 1000:03}"
