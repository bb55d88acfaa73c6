"""The list of models, as it stands on this disk."""

from __future__ import annotations

from pathlib import Path
from threading import Event

from app.models.catalogue import KNOWN
from app.models.fit import Machine
from app.models.offer import offers
from core.model.hub import HubName, fetch
from tests.hub_server import hub_on_this_machine, small_checkpoint

MACHINE = Machine("", 0, 16 * 10**9)


def test_known_ones_stand_there_with_their_state_and_added_ones_behind(tmp_path: Path, monkeypatch) -> None:
    repos = {"owner/model": {"main": small_checkpoint()}}
    gone = str(tmp_path / "gone away")
    with hub_on_this_machine(repos, tmp_path / "cache", monkeypatch) as hub:
        listed = offers(("owner/model", gone, KNOWN[1].name))
        assert hub.asked == []
        assert [offer.name for offer in listed] == [*(model.name for model in KNOWN), "owner/model", gone]
        bundled, streaming = listed[0], listed[1]
        added, missing = listed[-2], listed[-1]
        assert bundled.state().startswith("ready, ")
        assert (bundled.title, bundled.from_hub) == ("Bundled model", False)
        assert streaming.state() == "not here: 16.6 GB to download"
        assert (added.state(), added.fit(MACHINE), added.from_hub) == ("not here", "", True)
        assert added.fits(MACHINE)
        assert missing.here is None
        assert "neither a directory" in missing.state()
        fetch(HubName("owner/model"), lambda loading: None, Event())
        (added,) = [offer for offer in offers(("owner/model",)) if offer.name == "owner/model"]
        assert added.state() == "ready, 2 MB"
        assert added.fit(MACHINE).startswith("fits as float32")
