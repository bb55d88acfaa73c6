"""Every voice that can be chosen: whether it is here, where it lies, and what is to be done where it is not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from app.outputs.flite_voice import VOICES, FliteVoice
from app.outputs.neural_voice_process import ESPEAK
from app.outputs.voice_download import VOICE
from app.outputs.voice_folder import read_voice
from app.texts import noop
from core.errors import CourtsideError, OutputError
from core.model.hub import HubName, cached, parse

KNOWN = {
    "csukuangfj/vits-piper-en_US-lessac-medium": noop("Piper, a woman, US English; about 65 MB"),
    "csukuangfj/kitten-nano-en-v0_2-fp16": noop("Kitten, eight speakers, English; about 25 MB, the quickest"),
    "csukuangfj/kokoro-multi-lang-v1_0": noop(
        "Kokoro, 53 speakers, several languages; about 360 MB, wants a quick CPU"
    ),
}
"""Voices in sherpa-onnx's format on the hub, as its makers offer them."""
FLITE = noop("flite, US English; needs nothing else")
SCOTTISH = noop("flite, Scottish English; needs nothing else")
OWN = noop("a neural voice")
STATES = {
    "ready": noop("installed"),
    "lacking": noop("here, but something else is missing"),
    "absent": noop("to be downloaded"),
    "unusable": noop("cannot be used"),
}
State = Literal["ready", "lacking", "absent", "unusable"]


@dataclass(frozen=True, slots=True)
class VoiceOffer:
    """One voice.

    Attributes:
        name: as for `--say`. about: what it is, a text of the translations.
        state: see STATES. where: the folder that it lies in, "" for none. remedy: what is missing and how to mend it.
    """

    name: str
    about: str
    state: State
    where: str = ""
    remedy: str = ""

    @property
    def from_hub(self) -> bool:
        """Whether it can be fetched."""
        return self.state == "absent"


def voice_offers(more: Sequence[str]) -> list[VoiceOffer]:
    """flite's, those known on the hub, then `more`: folders and names on the hub. Asks no network."""
    flite = _lack_of_flite()
    found = [_flite_offer(name, flite) for name in VOICES]
    others = dict.fromkeys((*KNOWN, *(name for name in more if name not in VOICES)))
    return [*found, *(voice_offer(name) for name in others)]


def voice_offer(name: str) -> VoiceOffer:
    """A neural one; a name that can be none is one that cannot be used."""
    about = KNOWN.get(name, OWN)
    try:
        place = parse(name)
    except CourtsideError as error:
        return VoiceOffer(name, about, "unusable", remedy=error.message)
    folder = cached(place, VOICE) if isinstance(place, HubName) else place
    if folder is None:
        return VoiceOffer(name, about, "absent", remedy="; ".join(_lacks(None)))
    try:
        voice = read_voice(folder)
    except OutputError as error:
        return VoiceOffer(name, about, "unusable", str(folder), error.message)
    remedy = "; ".join(_lacks(voice.lexicons))
    return VoiceOffer(name, about, "lacking" if remedy else "ready", str(folder), remedy)


def _lacks(lexicons: str | None) -> Iterator[str]:
    """Commands for what a neural voice needs besides its folder; lexicons: None where they are not known."""
    if find_spec("sherpa_onnx") is None:
        yield 'pip install "courtside[voices]"'
    if lexicons == "" and shutil.which(ESPEAK) is None:
        yield f"apt install {ESPEAK}"


def _flite_offer(name: str, lack: str) -> VoiceOffer:
    about = SCOTTISH if name == "awb" else FLITE
    return VoiceOffer(name, about, "unusable" if lack else "ready", remedy=lack)


def _lack_of_flite() -> str:
    try:
        FliteVoice(VOICES[0])
    except OutputError as error:
        return error.message
    return ""
