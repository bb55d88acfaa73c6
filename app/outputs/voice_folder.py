"""A neural voice as sherpa-onnx runs it: a folder with a Piper or another VITS voice, Kokoro or Kitten."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.errors import OutputError

Kind = Literal["vits", "kokoro", "kitten"]
TOKENS = "tokens.txt"
VOICES = "voices.bin"
ENGLISH = "en-us"


@dataclass(frozen=True, slots=True)
class VoiceFolder:
    """The files of a voice, and what the model says of itself.

    Attributes:
        voices: of several speakers, "" where the model has them. lexicons: how words are spoken, separated by commas,
            "" where espeak-ng has to tell. language: as espeak-ng calls it. speakers: how many there are.
    """

    kind: Kind
    model: str
    tokens: str
    voices: str
    lexicons: str
    language: str
    sample_rate: int
    speakers: int


def read_voice(folder: Path) -> VoiceFolder:
    """Raises OutputError that names what is missing or unknown."""
    models = sorted(folder.glob("*.onnx"))
    model = next((found for found in models if "int8" in found.name), models[0] if models else None)
    if model is None or not (folder / TOKENS).is_file():
        raise OutputError("That is no voice", f"{folder} needs a model (*.onnx) and {TOKENS}, as sherpa-onnx has them")
    try:
        with model.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            told = {name: _told(data, name) for name in ("model_type", "sample_rate", "n_speakers", "voice")}
    except (OSError, ValueError) as error:
        raise OutputError("The voice cannot be read", f"{model}: {error}") from error
    has_voices = (folder / VOICES).is_file()
    kind: Kind = "vits" if not has_voices else "kitten" if told["model_type"] == "kitten-tts" else "kokoro"
    if not told["sample_rate"].isdecimal():
        why = "it does not say its sample rate; take it from where sherpa-onnx offers its voices"
        raise OutputError("The voice cannot be used", f"{model.name}: {why}")
    return VoiceFolder(
        kind,
        str(model),
        str(folder / TOKENS),
        str(folder / VOICES) if has_voices else "",
        ",".join(str(found) for found in _lexicons(folder)),
        told["voice"] or ENGLISH,
        int(told["sample_rate"]),
        int(told["n_speakers"]) if told["n_speakers"].isdecimal() else 1,
    )


def lack_of_voice(folder: Path) -> str | None:
    """What a folder lacks to be a voice; None where it is one."""
    try:
        read_voice(folder)
    except OutputError as error:
        return error.message
    return None


def _lexicons(folder: Path) -> list[Path]:
    """One for English where there are several: those of Kokoro would speak it both ways."""
    found = sorted(folder.glob("lexicon*.txt"))
    return [path for path in found if path.stem in ("lexicon", "lexicon-us-en")] or found


def _told(data: mmap.mmap, name: str) -> str:
    """A value of an ONNX file's metadata: field 1 is the key, field 2 the value, each behind its length."""
    key = bytes([0x0A, len(name)]) + name.encode() + b"\x12"
    at = data.rfind(key)
    if at < 0:
        return ""
    start = at + len(key) + 1
    return data[start : start + data[start - 1]].decode("utf-8", "replace")
