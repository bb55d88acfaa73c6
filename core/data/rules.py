"""A cleaner that asks nobody: what is plainly no commentary goes, what is left keeps its times."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.data.sample import Word
from core.data.transcript import text_of
from core.data.verdict import Sentence, Verdict, deleted, kept

DUPLICATE_S = 10.0
"""A caption of three words or more that comes again within this time, nothing else between, is shown twice."""
LONGEST_TAG = 5
"""Words; what stands in brackets and is longer is speech."""
LOOP = 6
"""A phrase said this often in a row is a recogniser that hangs."""
LONGEST_PHRASE = 8
OPENING = {"[": "]", "(": ")", "*": "*", "♪": "♪", "♫": "♫", "<": ">"}
SPEAKER = re.compile(r"^(?:>>+|-|\u2013|[A-Z][A-Z0-9 .'-]{1,30}:)$")

ADVERTS = (
    r"brought to you by",
    r"sponsored by",
    r"(?:our|today's|official) sponsors?",
    r"(?:promo|discount) code",
    r"use (?:the )?code",
    r"sign up (?:now|today)",
    r"order yours",
    r"terms and conditions",
    r"gamble responsibly",
    r"free trial",
    r"link in (?:the|my) (?:description|bio)",
    r"like and subscribe",
    r"(?:hit|smash|click) (?:that |the )?(?:like|subscribe|bell)",
    r"subscribe to (?:the|our|my) channel",
    r"(?:thanks|thank you) for watching",
    r"don't go away",
    r"we'll be (?:right )?back after",
    r"after (?:the|this) (?:short )?break",
    r"available (?:now )?(?:at|on|in) (?:all )?(?:good )?(?:stores|shops|retailers)",
)
OFF_AIR = (
    r"(?:are|is) we (?:live|recording)",
    r"are we (?:on(?: air)?|rolling)\?",
    r"is this (?:thing|mic) on",
    r"(?:mic|sound|audio) check",
    r"check(?:ing)?,? (?:one,? two|1,? 2)",
    r"testing,? (?:one|1)",
    r"can you hear me",
    r"(?:you're|am i) muted",
    r"off air",
    r"in my ear(?:piece)?",
    r"going live in",
    r"be right back",
    r"let me (?:fix|restart) (?:the|my) (?:stream|mic|camera|obs)",
    r"my (?:mic|camera|stream) (?:is|was) (?:off|muted|lagging)",
)
CREDITS = (
    r"subtitles? (?:by|provided|created)",
    r"captions? (?:by|provided|paid)",
    r"captioned by",
    r"captioning (?:by|provided)",
    r"transcri(?:bed|ption) by",
    r"amara\.org",
    r"opensubtitles",
    r"all rights reserved",
    r"www\.\S+",
    r"https?://\S+",
)
DELETED = {
    reason: re.compile(rf"\b(?:{'|'.join(phrases)})", re.IGNORECASE)
    for reason, phrases in {"advert": ADVERTS, "off air": OFF_AIR, "credits": CREDITS}.items()
}
"""What a sentence is deleted for, by reason."""


def clean_by_rule(sentences: Sequence[Sentence]) -> list[Verdict]:
    """A verdict for each sentence, in their order. Same sentences, same verdicts."""
    again = _shown_again(sentences)
    return [_verdict(sentence, number in again) for number, sentence in enumerate(sentences)]


def _verdict(sentence: Sentence, again: bool) -> Verdict:
    words = _without_loops(_without_tags(sentence))
    if not any(char.isalnum() for word in words for char in word.text):
        return deleted("no speech")
    text = text_of(words)
    for reason, pattern in DELETED.items():
        if pattern.search(text):
            return deleted(reason)
    if again and len(words) >= 3:
        return deleted("duplicate")
    return kept(sentence) if words == sentence else Verdict("edit", words, "tags")


def _shown_again(sentences: Sequence[Sentence]) -> set[int]:
    """The numbers of sentences that are, alone or with their neighbours, the same as what was said just before them.

    A score that is told twice with a shot between is none of them: it is told again because something has happened.
    """
    spoken = [(number, text) for number, said in enumerate(sentences) if (text := _plain(text_of(_without_tags(said))))]
    texts = [text for _, text in spoken]
    again: set[int] = set()
    last: dict[str, int] = {}  # where in `spoken` a text was said before
    for place, (number, text) in enumerate(spoken):
        before = last.get(text)
        last[text] = place
        if before is None or sentences[number][0].start - sentences[spoken[before][0]][-1].end > DUPLICATE_S:
            continue
        if _in_repetition(texts, place, place - before):
            again.add(number)
    return again


def _in_repetition(texts: Sequence[str], place: int, length: int) -> bool:
    """Whether `place` lies in a run of `length` texts that equals the run before it."""
    starts = range(max(length, place - length + 1), place + 1)
    return any(texts[start - length : start] == texts[start : start + length] for start in starts)


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def _without_tags(sentence: Sentence) -> Sentence:
    """Without [music], (applause), ♪ songs ♪, *actions* and the names of speakers."""
    words: list[Word] = []
    number = 0
    while number < len(sentence):
        length = _tag(sentence, number)
        if length == 0 and not SPEAKER.match(sentence[number].text):
            words.append(sentence[number])
        number += max(length, 1)
    return tuple(words)


def _tag(sentence: Sentence, start: int) -> int:
    """How many words the tag that begins here has; 0 where none does. A song without an end goes on to the end."""
    close = OPENING.get(sentence[start].text[:1])
    if close is None:
        return 0
    song = close in "♪♫"
    longest = len(sentence) if song else LONGEST_TAG
    for number, word in enumerate(sentence[start : start + longest]):
        text = word.text if number or len(word.text) == 1 else word.text[1:]
        if (number or len(word.text) > 1) and text.rstrip(".,!?").endswith(close):
            return number + 1
    return len(sentence) - start if song else 0


def _without_loops(words: Sentence) -> Sentence:
    """A phrase that hangs is said once."""
    kept_words: list[Word] = []
    number = 0
    while number < len(words):
        length, times = _loop(words, number)
        kept_words += words[number : number + length]
        number += length * times
    return tuple(kept_words)


def _loop(words: Sentence, start: int) -> tuple[int, int]:
    """(words of the phrase, how often it comes in a row) where that is LOOP times or more; else one word, once."""
    texts = [_plain(word.text) for word in words[start : start + LONGEST_PHRASE * (LOOP + 40)]]
    for length in range(1, min(LONGEST_PHRASE, len(texts) // LOOP) + 1):
        times = 1
        while texts[times * length : (times + 1) * length] == texts[:length]:
            times += 1
        if times >= LOOP:
            return length, times
    return 1, 1
