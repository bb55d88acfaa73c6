"""What of a checkpoint is here, told without a network, and its deletion."""

from __future__ import annotations

import threading
from pathlib import Path
from threading import Event

import pytest

from core.errors import CheckpointError
from core.model.hub import HubName, fetch
from core.model.store import delete, stored
from tests.hub_server import Hub, small_checkpoint
from tests.waiting import PATIENCE_S

MODEL = HubName("owner/model")
NEEDED = sum(len(data) for name, data in small_checkpoint().items() if name.endswith((".json", ".safetensors")))
UNNEEDED = len(small_checkpoint()["original/consolidated.safetensors"])


def test_one_of_the_hub_is_absent_then_ready_then_gone(hub: Hub) -> None:
    assert (stored("owner/model").state, stored("owner/model").here_bytes) == ("absent", 0)
    assert hub.asked == []
    folder = fetch(MODEL, lambda loading: None, Event())
    found = stored("owner/model")
    assert (found.state, found.folder, found.here_bytes) == ("ready", folder, NEEDED - UNNEEDED)
    assert delete("owner/model") == NEEDED - UNNEEDED
    assert stored("owner/model").state == "absent"
    assert delete("owner/model") == 0


def test_one_that_was_stopped_half_way_is_incomplete_and_can_be_deleted(hub: Hub) -> None:
    hub.held_after = 700_000
    hub.hold.clear()
    cancelled = Event()
    refused: list[str] = []

    def fetch_some() -> None:
        try:
            fetch(MODEL, lambda loading: None, cancelled)
        except CheckpointError as error:
            refused.append(error.title)

    thread = threading.Thread(target=fetch_some)
    thread.start()
    hub.wait_until_held()
    with pytest.raises(CheckpointError, match="Already downloading"):
        delete("owner/model")
    cancelled.set()
    hub.hold.set()
    thread.join(PATIENCE_S)
    assert refused == ["Download stopped"]
    found = stored("owner/model")
    assert found.state == "incomplete"
    assert 0 < found.here_bytes < NEEDED
    assert delete("owner/model") == found.here_bytes


def test_a_folder_is_whole_or_says_what_it_lacks_and_is_never_deleted(tmp_path: Path) -> None:
    assert stored("").state == "ready"
    (tmp_path / "config.json").write_text("{}")
    found = stored(str(tmp_path))
    assert found.state == "incomplete"
    assert "tokenizer.json is missing" in found.lack
    for name in ("", str(tmp_path)):
        with pytest.raises(CheckpointError, match="not from the hub"):
            delete(name)
    assert (tmp_path / "config.json").exists()


def test_what_can_be_no_checkpoint_is_refused() -> None:
    with pytest.raises(CheckpointError, match="neither a directory"):
        stored("no model")
