"""Step 1: read the words, look the video through, and name all that is not as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from core.data.alignment import Alignment, align
from core.data.clip import clip_frames
from core.data.finding import Finding
from core.data.media import Media, examine
from core.data.recordings import Recording
from core.data.sample import QuestionAnswer, Word
from core.data.transcript import Transcript, read_transcript
from core.errors import DataError, SourceError

MODEL_FPS = 2.0
TOLERANCE_S = 1.0
"""Lengths that differ by less are the same; a round is a second."""
OFF_S = 0.8
"""Words this far from where they are said are in the wrong round."""
PICTURE_GAP_S = 4.0
RATE_TOLERANCE = 0.05
SHORTEST_S = 24.0
SAME_RATE = 5e-4
"""Rates this near are one: 1.8 s in an hour."""
WORDS_PER_MINUTE = (5.0, 400.0)


@dataclass(frozen=True, slots=True)
class Checked:
    """A recording after the check.

    Attributes:
        name: the recording's name.
        end: seconds at which its pictures end, or a session's lines before; 0 where it is left out.
        words, qa_stream: within the pictures.
        query, context: what the file with the words says of them; else "".
        heard: the words are in the recording's own sound; a session's are those of a commentator who is silent often.
        findings: in the order of FATAL and WARNINGS.
    """

    name: str
    end: float
    words: tuple[Word, ...] = ()
    qa_stream: tuple[QuestionAnswer, ...] = ()
    query: str = ""
    context: str = ""
    heard: bool = True
    findings: tuple[Finding, ...] = ()

    @property
    def usable(self) -> bool:
        return not any(finding.fatal for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "end": self.end,
            "words": [list(word) for word in self.words],
            "qa_stream": [list(question) for question in self.qa_stream],
            "query": self.query,
            "context": self.context,
            "heard": self.heard,
            "findings": [finding.as_json() for finding in self.findings],
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Checked:
        return cls(
            **found
            | {
                "words": tuple(Word(*word) for word in found["words"]),
                "qa_stream": tuple(QuestionAnswer(*question) for question in found["qa_stream"]),
                "findings": tuple(Finding(**finding) for finding in found["findings"]),
            }
        )


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """How the check is done.

    Attributes:
        gap_s: a stretch without words this long is named.
        move_words: words that are off are moved to where the sound says they are spoken.
    """

    gap_s: float = 60.0
    move_words: bool = False


def check(recording: Recording, settings: CheckSettings) -> Checked:
    """Look at one recording. Nothing wrong with it is an error here: it becomes a finding."""
    if recording.video is None:
        session = recording.transcripts[0].is_dir()
        why = "a session whose video was not kept" if session else "no video of the same name beside it"
        return Checked(recording.name, 0.0, findings=(Finding("no_video", why),))
    if not _is_utf8(recording.name):
        return Checked(recording.name, 0.0, findings=(Finding("unnameable", "rename it"),))
    media, findings = _media(recording.video)
    transcript, about_words = _transcript(recording)
    findings += about_words
    if media is None or transcript is None:
        return Checked(recording.name, 0.0, findings=tuple(findings))
    words, moved = _aligned(media, transcript, settings)
    end = min(media.picture_end, transcript.until)
    inside = tuple(word for word in words if word.end <= end)
    findings += [*_picture_findings(recording.video, media), *moved, *_word_findings(words, inside, end, settings)]
    return Checked(
        name=recording.name,
        end=end,
        words=inside,
        qa_stream=tuple(asked for asked in transcript.qa_stream if asked.time <= end),
        query=transcript.query,
        context=transcript.context,
        heard=transcript.heard,
        findings=tuple(findings),
    )


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _media(path: Path) -> tuple[Media | None, list[Finding]]:
    kinds = {"Empty file": "zero_bytes", "No picture": "no_picture"}
    try:
        media = examine(path)
    except SourceError as error:
        return None, [Finding(kinds.get(error.title, "unreadable"), error.message)]
    except OSError as error:
        return None, [Finding("unreadable", error.strerror or str(error))]
    try:
        clip_frames(path, 0, 1 / MODEL_FPS, MODEL_FPS)
    except SourceError as error:
        return None, [Finding("undecodable", error.message.replace(f"{path} ", "", 1))]
    return media, []


def _transcript(recording: Recording) -> tuple[Transcript | None, list[Finding]]:
    """The words of the first file that can be read."""
    refused: list[str] = []
    for path in recording.transcripts:
        try:
            transcript = read_transcript(path)
        except DataError as error:
            refused.append(error.message.replace(str(path.parent) + "/", ""))
            continue
        findings = [Finding("transcript_passed_over", reason) for reason in refused]
        if transcript.skipped:
            findings.append(Finding("entries_skipped", f"{transcript.skipped} in {path.name}"))
        return transcript, findings
    if refused:
        return None, [Finding("transcript_unreadable", "; ".join(refused))]
    return None, [Finding("no_transcript", "no .json, .vtt or .srt of the same name beside it")]


def _aligned(media: Media, transcript: Transcript, settings: CheckSettings) -> tuple[tuple[Word, ...], list[Finding]]:
    """The words, moved where that is asked for, and what the sound says of their times."""
    if not transcript.heard:
        return transcript.words, []
    if media.sound_end is None:
        return transcript.words, [Finding("no_audio", "no sound track")]
    found = align(media.loudness, transcript.words)
    if not found.windows:
        return transcript.words, [Finding("unaligned", f"no clear match in {media.sound_end:.0f} s of sound")]
    findings = list(_off(found))
    if not findings or not settings.move_words:
        return transcript.words, findings
    moved = [replace(finding, message=finding.message + "; moved") for finding in findings]
    return found.moved(transcript.words), moved


def _off(found: Alignment) -> Iterator[Finding]:
    if found.stretched != 1.0 and abs(found.rate - found.stretched) < SAME_RATE:
        yield Finding("wrong_words_rate", f"they fit the sound when stretched by {found.stretched:.4f}")
    elif abs(found.off_end_s - found.off_start_s) >= OFF_S:
        yield Finding("drift", f"{_early(found.off_start_s)} at the first word, {_early(found.off_end_s)} at the last")
    elif abs(found.off_start_s + found.off_end_s) / 2 >= OFF_S:
        yield Finding("offset", f"{_early((found.off_start_s + found.off_end_s) / 2)} throughout")


def _early(seconds: float) -> str:
    return f"{abs(seconds):.1f} s too {'early' if seconds > 0 else 'late'}"


def _picture_findings(path: Path, media: Media) -> Iterator[Finding]:
    end = media.picture_end
    if media.sound_damage:
        yield Finding("sound_damaged", media.sound_damage)
    for at in (end / 2, max(end - 1.5, 0.0)):
        try:
            clip_frames(path, at, at + 1 / MODEL_FPS, MODEL_FPS)
        except SourceError as error:
            yield Finding("damaged", f"at {at:.1f} s: {error.message.replace(f'{path} ', '', 1)}")
    if media.longest_gap[1] > PICTURE_GAP_S:
        yield Finding("picture_gap", f"{media.longest_gap[1]:.1f} s without one after {media.longest_gap[0]:.1f} s")
    if media.claimed_s is not None and end < media.claimed_s - TOLERANCE_S and not _sound_is_longer(media):
        yield Finding("cut_off", f"{end:.1f} s of {media.claimed_s:.1f} s")
    if media.sound_end is not None and abs(media.sound_end - end) > 2 * TOLERANCE_S:
        yield Finding("sound_differs", f"sound of {media.sound_end:.1f} s, pictures of {end:.1f} s")
    if media.claimed_fps and abs(media.fps / media.claimed_fps - 1) > RATE_TOLERANCE and media.pictures > 10:
        yield Finding("wrong_rate", f"{media.fps:.2f} pictures a second; the file claims {media.claimed_fps:.2f}")
    if media.fps < MODEL_FPS * (1 - RATE_TOLERANCE):
        yield Finding("slow", f"{media.fps:.2f} pictures a second; the model is given {MODEL_FPS:g}")
    if end < SHORTEST_S:
        yield Finding("too_short", f"{end:.1f} s")


def _sound_is_longer(media: Media) -> bool:
    """The claimed length is that of the sound: told as such."""
    return media.sound_end is not None and media.sound_end > media.picture_end + 2 * TOLERANCE_S


def _word_findings(
    words: tuple[Word, ...], inside: tuple[Word, ...], end: float, settings: CheckSettings
) -> Iterator[Finding]:
    if not inside:
        yield Finding("no_words", f"0 of {len(words)} words end before {end:.1f} s")
        return
    if len(inside) < len(words):
        last = max(word.end for word in words)
        yield Finding("words_after_end", f"{len(words) - len(inside)} of {len(words)}, up to {last:.1f} s")
    disordered = sum(b.end < a.end - TOLERANCE_S for a, b in pairwise(inside))
    if disordered:
        yield Finding("words_disordered", f"{disordered} of {len(inside)}")
    for silent, said in _gaps(inside, end, settings.gap_s):
        yield Finding("subtitle_gap", f"{said - silent:.0f} s, from {silent:.0f} s to {said:.0f} s")
    spoken_min = max(inside[-1].end - inside[0].start, 1.0) / 60
    rate = len(inside) / spoken_min
    if not WORDS_PER_MINUTE[0] <= rate <= WORDS_PER_MINUTE[1]:
        yield Finding("word_rate", f"{rate:.0f} words a minute")


def _gaps(words: tuple[Word, ...], end: float, longest: float) -> Iterator[tuple[float, float]]:
    """Stretches without a word, those before the first and after the last as well."""
    said_to = 0.0
    for word in words:
        if word.start - said_to >= longest:
            yield said_to, word.start
        said_to = max(said_to, word.end)
    if end - said_to >= longest:
        yield said_to, end
