"""What was said in a recording, word by word, whatever file it was written in."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.data.sample import QuestionAnswer, Word
from core.errors import DataError

SUFFIXES = (".json", ".vtt", ".srt")
"""In order of preference: recognisers write when each word was said, subtitles only when a line is shown."""
PAUSE_S = 2.0
"""A silence this long ends a sentence."""
SENTENCE_ENDS = (".", "?", "!", "…", "\u3002", "\uff1f", "\uff01")
"""Those of Chinese and Japanese as well."""
QUOTES = "\"'\u201d\u2019\u00bb)]"
"""What may stand behind the end of a sentence."""
LONGEST_SENTENCE = 60
"""Words; what has no punctuation is cut here at the latest."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of one recording.

    Attributes:
        source: the file they come from.
        words: in the order in which they are said.
        guessed: words whose times the file does not give: spread evenly over the time of their line.
        skipped: entries of the file that could not be used.
        qa_stream: viewers' questions with their answers.
        query, context: what the user asked for and told beforehand, where the file says.
        heard: the words are in the recording's own sound, so that it tells when they are said.
        until: seconds up to which the words are known; after them silence means nothing.
    """

    source: Path
    words: tuple[Word, ...]
    guessed: int = 0
    skipped: int = 0
    qa_stream: tuple[QuestionAnswer, ...] = ()
    query: str = ""
    context: str = ""
    heard: bool = True
    until: float = math.inf


def read_transcript(path: Path) -> Transcript:
    """Read subtitles (.srt, .vtt), recogniser output (.json) or a saved session (its folder). Raises DataError."""
    from core.data import recognised, session, subtitles

    if path.is_dir():
        return session.read_session(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError("Cannot read the words", f"{path}: {error.strerror or error}") from error
    if not data.strip():
        raise DataError("No words", f"{path} is empty")
    text = decoded(data)
    if path.suffix.lower() == ".json":
        return recognised.parse(path, text)
    return subtitles.parse(path, text)


def decoded(data: bytes) -> str:
    """Text in UTF-8, in UTF-16 where it says so, else in Windows' Western encoding, as old subtitles are."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def spread(texts: Sequence[str], start: float, end: float) -> list[Word]:
    """Words spread evenly over the seconds [start, end]."""
    each = (max(end, start) - start) / max(len(texts), 1)
    return [Word(start + k * each, start + (k + 1) * each, text) for k, text in enumerate(texts)]


def sentences(words: Iterable[Word]) -> list[tuple[Word, ...]]:
    """Words by sentence: one ends at its punctuation, before a pause of 2 s, and after 60 words at the latest."""
    found: list[list[Word]] = []
    for word in words:
        if not found or _ends(found[-1], word):
            found.append([])
        found[-1].append(word)
    return [tuple(sentence) for sentence in found]


def _ends(sentence: list[Word], following: Word) -> bool:
    last = sentence[-1]
    if following.start - last.end >= PAUSE_S or len(sentence) >= LONGEST_SENTENCE:
        return True
    return last.text.rstrip(QUOTES).endswith(SENTENCE_ENDS) and not following.text[:1].islower()


def text_of(words: Iterable[Word]) -> str:
    """The words with single spaces between."""
    return " ".join(word.text for word in words)
