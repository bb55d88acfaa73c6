"""Where OBS listens, and what of that may be shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.outputs.obs_address import ObsAddress, find_address, parse_address, settings_folders
from app.outputs.obs_socket import proof
from core.errors import UsageError


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ws://127.0.0.1", ObsAddress("127.0.0.1", 4455)),
        ("ws://studio.local:4460/Game", ObsAddress("studio.local", 4460, scene="Game")),
        ("ws://:s3cret@127.0.0.1:4455", ObsAddress("127.0.0.1", 4455, "s3cret")),
        ("ws://:a%2Fb%40c@[::1]:1/My%20scene", ObsAddress("::1", 1, "a/b@c", "My scene")),
    ],
)
def test_an_address_has_a_place_a_password_and_a_scene(text: str, address: ObsAddress) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    ["", "localhost:4455", "http://:s3cret@a", "ws://:s3cret@host:port", "ws://", "ws://:s3cret#x@a", "ws://a:0"],
)
def test_any_other_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(UsageError, match="ws://:PASSWORD@") as refused:
        parse_address(text)
    assert "s3cret" not in str(refused.value)


def test_a_password_is_never_shown() -> None:
    address = parse_address("ws://:s3cret@127.0.0.1/Scene")
    assert "s3cret" not in f"{address!r} {address} {address.shown} {address.url}"


def test_the_proof_is_as_the_protocol_has_it() -> None:
    salt, challenge = "lM1GncleQOaCu9lT1yeUZhFYnqhsLLP1G5lAGo3ixaI=", "+IxH4CnCiqpX1rM9scsNynZzbOe4KhDeYcTNS3PDaeY="
    assert proof("supersecretpassword", salt, challenge) == "1Ct943GAT+6YQUUX47Ia/ncufilbe6+oD6lY+5kaCu4="


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where OBS keeps its settings for this user."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    folder = settings_folders()[0]
    (folder / "plugin_config/obs-websocket").mkdir(parents=True)
    return folder


def test_it_is_found_by_obss_own_settings_of_either_age(folder: Path) -> None:
    ini = "[General]\nFirstRun=true\n\n[OBSWebSocket]\nServerEnabled=true\nServerPort=4460\n"
    (folder / "global.ini").write_text(f"\ufeff{ini}AuthRequired=true\nServerPassword=old%pass\n", "utf-8")
    assert find_address() == ObsAddress("127.0.0.1", 4460, "old%pass")
    new = {"server_enabled": True, "server_port": 4470, "server_password": "new", "auth_required": False}
    (folder / "plugin_config/obs-websocket/config.json").write_text(json.dumps(new))
    assert find_address() == ObsAddress("127.0.0.1", 4470)


def test_a_server_that_is_off_or_not_there_is_said(folder: Path) -> None:
    with pytest.raises(UsageError, match="was not found"):
        find_address()
    (folder / "global.ini").write_text("[OBSWebSocket]\nServerEnabled=false\n")
    with pytest.raises(UsageError, match="Enable WebSocket server"):
        find_address()
