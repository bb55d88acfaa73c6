"""Checkpoints by hub id, fetched from a small hub on this machine."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import pytest
from huggingface_hub import constants

from core.config import resolve
from core.errors import CheckpointError, CourtsideError
from core.messages import Loading
from core.model.completeness import find_lack
from core.model.hub import HubName, cached, fetch, parse, settings_folder
from tests.hub_server import Hub, small_checkpoint
from tests.waiting import PATIENCE_S

MODEL = HubName("owner/model")
NEEDED = {name for name in small_checkpoint() if name.endswith((".json", ".safetensors")) and "/" not in name}
BYTES = sum(len(small_checkpoint()[name]) for name in NEEDED)


def fetched(name: HubName = MODEL, cancelled: Event | None = None) -> tuple[Path, list[Loading]]:
    said: list[Loading] = []
    return fetch(name, said.append, cancelled or Event()), said


def contents(snapshot: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in snapshot.iterdir()}


def partial(hub: Hub, bytes_before_the_hold: int) -> None:
    """A download that is cancelled in the middle of the weights."""
    hub.held_after = bytes_before_the_hold
    hub.hold.clear()
    cancelled = Event()
    failed = []

    def give_up() -> None:
        try:
            fetch(MODEL, lambda loading: None, cancelled)
        except CheckpointError as error:
            failed.append(error.title)

    thread = threading.Thread(target=give_up)
    thread.start()
    hub.wait_until_held()
    cancelled.set()
    hub.hold.set()
    thread.join(PATIENCE_S)
    assert failed == ["Download stopped"]


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("owner/model", MODEL),
        ("mit-han-lab/StreamingVLM", HubName("mit-han-lab/StreamingVLM")),
        ("Qwen/Qwen2.5-VL-7B-Instruct@refs/pr/3", HubName("Qwen/Qwen2.5-VL-7B-Instruct", "refs/pr/3")),
    ],
)
def test_a_name_is_a_hub_id(name: str, meaning: HubName) -> None:
    assert parse(name) == meaning


def test_a_directory_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "owner" / "model").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert parse("owner/model") == Path("owner/model")


@pytest.mark.parametrize(
    "name",
    [
        "model",
        "/nowhere/at all",
        "./a/b",
        "a/b/c",
        "a/b@",
        "a/../b",
        "a/b@../../c",
        "a b/c",
        "a/b@/tmp/x",
        "a/b@x//y",
        "a/b@.hidden",
        "a/b@x/.y",
    ],
)
def test_anything_else_is_told_with_both_forms(name: str) -> None:
    with pytest.raises(CheckpointError, match=r"neither a directory .* nor a hub id \(OWNER/NAME\[@REVISION\]\)"):
        parse(name)


def test_a_download_brings_what_is_needed_and_says_so_first(hub: Hub) -> None:
    snapshot, said = fetched()
    expected = small_checkpoint(0)
    assert contents(snapshot) == {name: expected[name] for name in NEEDED}
    assert find_lack(snapshot) is None
    assert (said[0].stage, said[0].done_bytes, said[0].total_bytes) == ("downloading", 0, BYTES)
    assert said[0].free_bytes > BYTES
    assert said[-1].done_bytes == BYTES
    assert [loading.done_bytes for loading in said] == sorted(loading.done_bytes for loading in said)


def test_the_settings_come_alone_and_first(hub: Hub) -> None:
    hub.repos["owner/tuned"] = {"main": {**small_checkpoint(), "courtside.json": b'{"fps": 4}'}}
    folder = settings_folder("owner/tuned")
    assert folder is not None
    assert [file.name for file in folder.iterdir()] == ["courtside.json"]
    assert cached(HubName("owner/tuned")) is None
    snapshot, said = fetched(HubName("owner/tuned"))
    assert resolve({"model": "owner/tuned"}, snapshot).fps == 4
    assert said[0].done_bytes == len(b'{"fps": 4}')
    asked = len(hub.asked)
    assert settings_folder("owner/tuned") == snapshot
    assert len(hub.asked) == asked


def test_a_checkpoint_without_settings_has_none(hub: Hub) -> None:
    assert settings_folder(MODEL.repo) is None
    assert hub.bodies() == []


def test_the_second_time_needs_no_network(hub: Hub) -> None:
    snapshot, _ = fetched()
    requests = len(hub.asked)
    assert fetched() == (snapshot, [])
    assert fetched(HubName(MODEL.repo, hub.commit(MODEL.repo))) == (snapshot, [])
    assert len(hub.asked) == requests


def test_a_revision_is_pinned(hub: Hub) -> None:
    old, _ = fetched(HubName(MODEL.repo, "v1"))
    new, _ = fetched()
    commit, _ = fetched(HubName(MODEL.repo, hub.commit(MODEL.repo, "v1")))
    assert old == commit != new
    assert old.name == hub.commit(MODEL.repo, "v1")
    shard = "model-00001-of-00002.safetensors"
    assert (old / shard).read_bytes() == small_checkpoint(1)[shard] != (new / shard).read_bytes()


def test_a_body_that_breaks_off_goes_on_where_it_ended(hub: Hub) -> None:
    hub.cut = [10**9, 10**9, 10**9, 50_000, 0, 20_000]
    snapshot, said = fetched()
    assert find_lack(snapshot) is None
    assert any("bytes=50000-" in line for line in hub.bodies())
    assert any("bytes=70000-" in line for line in hub.bodies())
    assert said[-1].done_bytes == BYTES


def test_what_was_cancelled_resumes(hub: Hub) -> None:
    partial(hub, 40_000)
    assert cached(MODEL) is None
    _, said = fetched()
    assert 40_000 <= said[0].done_bytes < BYTES
    assert any("bytes=" in line for line in hub.bodies())
    assert said[-1].done_bytes == BYTES
    assert cached(MODEL) is not None


def test_a_server_that_goes_away_for_good_keeps_what_there_is(hub: Hub) -> None:
    hub.cut = [10**9, 10**9, 10**9, 50_000, *[0] * 20]
    with pytest.raises(CheckpointError, match=r"No network: .*127\.0\.0\.1"):
        fetched()
    hub.cut = []
    assert fetched()[1][0].done_bytes >= 50_000


def test_a_damaged_blob_is_fetched_again(hub: Hub) -> None:
    snapshot, _ = fetched()
    shard = (snapshot / "model-00002-of-00002.safetensors").resolve()
    shard.write_bytes(shard.read_bytes()[:1000])
    assert cached(MODEL) is None
    assert fetched()[0] == snapshot
    assert find_lack(snapshot) is None


@pytest.mark.parametrize(
    ("name", "status", "told"),
    [
        (HubName("owner/unknown"), 0, "No such model: owner/unknown is neither a directory here nor a public"),
        (HubName("owner/model", "v9"), 0, "No such revision: owner/model has no branch, tag or commit v9"),
        (MODEL, 403, "Access needed: accept the terms on http.*/owner/model"),
        (MODEL, 500, "The hub refuses: it answered 500 for owner/model"),
        (HubName("owner/a--b"), 0, "No such model: owner/a--b cannot be a hub id"),
    ],
)
def test_what_the_hub_refuses_is_one_line(hub: Hub, name: HubName, status: int, told: str) -> None:
    if status:
        hub.refuse[name.repo] = status
    with pytest.raises(CourtsideError, match=told) as caught:
        fetched(name)
    assert "\n" not in str(caught.value)


def test_no_network(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(
        CheckpointError, match=r"No network: http://127\.0\.0\.1:9 cannot be reached for owner/model"
    ) as caught:
        fetched()
    assert "\n" not in str(caught.value)


def test_told_to_stay_offline_it_asks_nobody(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(CheckpointError, match="No network"):
        fetched()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    snapshot, _ = fetched()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert fetched() == (snapshot, [])


def test_a_disk_too_small_is_refused_before_the_first_byte(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=BYTES - 1))
    with pytest.raises(CheckpointError, match=r"Disk too small: .* 0\.00 GB free; make room"):
        fetched()
    assert hub.bodies() == []


def test_a_disk_that_holds_the_rest_is_enough(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    partial(hub, 40_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=BYTES - 40_000))
    fetched()


def test_a_repository_without_safetensors_is_no_checkpoint(hub: Hub) -> None:
    hub.repos["owner/old"] = {"main": {"config.json": b"{}", "pytorch_model.bin": b"x"}}
    with pytest.raises(CheckpointError, match="Nothing usable there"):
        fetched(HubName("owner/old"))


def test_two_downloads_at_once_are_one_too_many(hub: Hub) -> None:
    hub.held_after = 40_000
    hub.hold.clear()
    first = threading.Thread(target=fetched)
    first.start()
    hub.wait_until_held()
    with pytest.raises(CheckpointError, match="Already downloading"):
        fetched()
    hub.hold.set()
    first.join(PATIENCE_S)
    assert cached(MODEL) is not None


def test_a_file_that_came_damaged_is_fetched_again(hub: Hub) -> None:
    hub.damaged = 1
    snapshot, said = fetched()
    assert contents(snapshot) == {name: small_checkpoint(0)[name] for name in NEEDED}
    assert said[-1].done_bytes == BYTES


def test_one_that_stays_damaged_never_counts(hub: Hub) -> None:
    hub.damaged = 10**6
    with pytest.raises(CheckpointError, match=r"Download failed: .* of owner/model came damaged 2 times"):
        fetched()
    assert cached(MODEL) is None
    hub.damaged = 0
    assert find_lack(fetched()[0]) is None


def test_what_an_earlier_try_left_damaged_is_found_when_the_rest_has_come(hub: Hub) -> None:
    partial(hub, 40_000)
    (part,) = hub.parts()
    part.write_bytes(bytes(part.stat().st_size))
    assert contents(fetched()[0]) == {name: small_checkpoint(0)[name] for name in NEEDED}


@pytest.mark.parametrize("answers", ["everything", "files"])
def test_the_page_of_a_network_that_wants_a_log_in_is_never_a_checkpoint(hub: Hub, answers: str) -> None:
    hub.portal = answers
    with pytest.raises(CheckpointError, match=r"No network: .*log in to this network in a browser") as caught:
        fetched()
    assert "\n" not in str(caught.value)
    assert cached(MODEL) is None
    hub.portal = ""
    assert find_lack(fetched()[0]) is None


@pytest.mark.parametrize("shorter", [1, 100])
def test_a_file_shorter_than_the_hub_says_ends_the_download(hub: Hub, shorter: int) -> None:
    hub.shorter = shorter
    with pytest.raises(CheckpointError, match=r"Download failed: .* is shorter than the hub says"):
        fetched()
