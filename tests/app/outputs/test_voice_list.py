"""What is told of each voice: here or not, and what mends it. With real folders, and flite's own library."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.outputs import voice_list
from app.outputs.flite_voice import VOICES
from app.outputs.voice_list import KNOWN, voice_offer, voice_offers
from core.errors import OutputError
from core.model.hub import HubName, parse
from tests.neural_voices import write_voice


def test_flites_come_first_and_need_nothing() -> None:
    found = voice_offers(("slt", "some/voice"))
    assert [offer.name for offer in found] == [*VOICES, *KNOWN, "some/voice"]
    assert all(offer.state == "ready" for offer in found[: len(VOICES)])


def test_names_on_the_hub_are_names() -> None:
    assert all(isinstance(parse(name), HubName) for name in KNOWN)


def test_without_flite_its_voices_say_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OutputError("There is no voice", "flite is missing. apt install libflite1")

    monkeypatch.setattr(voice_list, "FliteVoice", missing)
    offer = voice_offers(())[0]
    assert (offer.state, offer.remedy) == ("unusable", "flite is missing. apt install libflite1")


def test_a_folder_is_a_voice_lacks_something_or_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sherpa_onnx")
    whole = write_voice(tmp_path / "vits", "vits")
    offer = voice_offer(str(whole))
    assert (offer.state, offer.where, offer.remedy) == ("ready", str(whole), "")
    kitten = write_voice(tmp_path / "kitten", "kitten")
    monkeypatch.setattr(voice_list.shutil, "which", lambda name: None)
    assert voice_offer(str(kitten)).remedy == "apt install espeak-ng"
    monkeypatch.setattr(voice_list, "find_spec", lambda name: None)
    lacking = voice_offer(str(whole))
    assert (lacking.state, lacking.remedy) == ("lacking", 'pip install "courtside[voices]"')
    (tmp_path / "empty").mkdir()
    none = voice_offer(str(tmp_path / "empty"))
    assert none.state == "unusable"
    assert "tokens.txt" in none.remedy
    assert voice_offer("no such/place/at all").state == "unusable"
