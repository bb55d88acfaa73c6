"""What a folder with a neural voice says of itself, read without any of its libraries."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.outputs.voice_folder import lack_of_voice, read_voice
from core.errors import OutputError
from tests.neural_voices import write_voice


@pytest.mark.parametrize("kind", ["vits", "piper", "kokoro", "kitten"])
def test_each_kind_is_known(tmp_path: Path, kind: str) -> None:
    folder = write_voice(tmp_path / "voice", kind, sample_rate="22050", speakers=3)
    voice = read_voice(folder)
    assert voice.kind == ("vits" if kind == "piper" else kind)
    assert (voice.sample_rate, voice.speakers, voice.language) == (22_050, 3, "en-us")
    assert bool(voice.voices) == (kind in ("kokoro", "kitten"))
    assert bool(voice.lexicons) == (kind == "vits")
    assert lack_of_voice(folder) is None


def test_of_several_lexicons_one_is_english(tmp_path: Path) -> None:
    folder = write_voice(tmp_path / "voice", "kokoro")
    for name in ("gb-en", "us-en", "zh"):
        (folder / f"lexicon-{name}.txt").touch()
    assert read_voice(folder).lexicons == str(folder / "lexicon-us-en.txt")


def test_the_smaller_of_two_models_is_taken(tmp_path: Path) -> None:
    folder = write_voice(tmp_path / "voice", "kokoro")
    (folder / "model.int8.onnx").write_bytes((folder / "model.onnx").read_bytes())
    assert read_voice(folder).model.endswith("model.int8.onnx")


@pytest.mark.parametrize("missing", ["model.onnx", "tokens.txt"])
def test_a_folder_that_is_none_is_refused(tmp_path: Path, missing: str) -> None:
    folder = write_voice(tmp_path / "voice", "piper")
    (folder / missing).unlink()
    with pytest.raises(OutputError, match=r"needs a model \(\*\.onnx\) and tokens\.txt"):
        read_voice(folder)


def test_a_model_that_says_nothing_of_itself_is_refused(tmp_path: Path) -> None:
    folder = write_voice(tmp_path / "voice", "piper")
    (folder / "model.onnx").write_bytes(b"\x08\x08")
    assert "does not say its sample rate" in str(lack_of_voice(folder))
    (folder / "model.onnx").write_bytes(b"")
    assert "cannot mmap" in str(lack_of_voice(folder))
