"""The process in which sherpa-onnx speaks: where a voice is not as it expects, it ends the process that it is in.

It sends None when the voice is ready, or why it is not. Then it answers each (text, speed) with int16 samples.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from core.parent_process import end_with_parent

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import numpy as np

    from app.outputs.voice_folder import VoiceFolder

ESPEAK = "espeak-ng"
OTHER_LANGUAGE = re.compile(r"\([a-z-]+\)")
THREADS = 2
LOUDEST = 32_767


def serve(connection: Connection, voice: VoiceFolder, speaker: int, parent: int) -> None:
    """The process: until the other side hangs up."""
    end_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)  # what the library thinks of a word is no error of ours
    with suppress(OSError, EOFError):
        try:
            speaking = _opened(voice)
        except (ImportError, RuntimeError, ValueError) as error:
            connection.send(str(error) or type(error).__name__)
            return
        connection.send(None)
        while True:
            text, speed = connection.recv()
            connection.send_bytes(_spoken(speaking, voice, text, speaker, speed).tobytes())


def _opened(voice: VoiceFolder) -> Any:
    """sherpa-onnx with the voice. Raises ImportError, RuntimeError or ValueError."""
    import sherpa_onnx as sherpa

    files: dict[str, str] = {"model": voice.model, "tokens": voice.tokens, "lexicon": voice.lexicons}
    if voice.kind == "vits":
        model = {"vits": sherpa.OfflineTtsVitsModelConfig(**files)}
    elif voice.kind == "kitten":
        model = {"kitten": sherpa.OfflineTtsKittenModelConfig(voices=voice.voices, **files)}
    else:
        model = {"kokoro": sherpa.OfflineTtsKokoroModelConfig(voices=voice.voices, **files)}
    config = sherpa.OfflineTtsConfig(model=sherpa.OfflineTtsModelConfig(num_threads=THREADS, **model))
    if not config.validate():
        raise ValueError("sherpa-onnx does not take its files")
    return sherpa.OfflineTts(config)


def _spoken(speaking: Any, voice: VoiceFolder, text: str, speaker: int, speed: float) -> np.ndarray:
    import numpy as np
    import sherpa_onnx as sherpa

    how = sherpa.GenerationConfig()
    how.sid = speaker
    how.speed = speed
    if not voice.lexicons:
        sounds = phonemes(text, voice.language)
        if not sounds.strip(" .,!?"):
            return np.empty(0, np.int16)
        how.phoneme_codepoints = [[ord(sound) for sound in sounds]]
    samples = np.asarray(speaking.generate(text, how).samples, np.float32)
    return (np.clip(samples, -1, 1) * LOUDEST).astype(np.int16)


def phonemes(text: str, language: str) -> str:
    """How espeak-ng would say it, in the letters of the IPA, with the sentence's own end."""
    command = [ESPEAK, "-q", "--ipa", "-v", language, "--stdin"]
    told = subprocess.run(command, input=text.encode(), capture_output=True, check=False, timeout=5).stdout
    lines = OTHER_LANGUAGE.sub("", told.decode("utf-8", "replace")).split("\n")
    end = text.rstrip()[-1:]
    return ", ".join(" ".join(line.split()) for line in lines if line.strip()) + (end if end in ".!?" else ".")
