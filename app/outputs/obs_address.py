"""Where OBS listens: as somebody wrote it, or as OBS's own settings on this machine say."""

from __future__ import annotations

import configparser
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from core.errors import UsageError

PORT = 4455
EXAMPLE = "ws://:PASSWORD@127.0.0.1:4455/SCENE (password and scene may be left out)"


@dataclass(frozen=True, slots=True)
class ObsAddress:
    """OBS's websocket server.

    Attributes:
        host, port: where. password: "" for none; never shown. scene: in which the text goes; "": the one on air.
    """

    host: str
    port: int
    password: str = field(default="", repr=False)
    scene: str = ""

    @property
    def shown(self) -> str:
        """As a person may read it."""
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"ws://{host}:{self.port}"


def parse_address(text: str) -> ObsAddress:
    """`ws://[:PASSWORD@]HOST[:PORT][/SCENE]`. Raises UsageError, without the text: it may hold a password."""
    try:
        parts = urlsplit(text)
        port = PORT if parts.port is None else parts.port
    except ValueError:
        parts = urlsplit("")
        port = 0
    if parts.scheme != "ws" or not parts.hostname or not port or parts.query or parts.fragment:
        fix = "In a password, / ? # and @ are written %2F %3F %23 and %40."
        raise UsageError("Unknown address of OBS", f"It is written as {EXAMPLE}. {fix}")
    return ObsAddress(parts.hostname, port, unquote(parts.password or ""), unquote(parts.path.removeprefix("/")))


def find_address() -> ObsAddress:
    """OBS on this machine, by its own settings. Raises UsageError where it has none, or its server is off."""
    for folder in settings_folders():
        for port, password, enabled in _servers(folder):
            if not enabled:
                fix = "In OBS: Tools, WebSocket Server Settings, Enable WebSocket server."
                raise UsageError("OBS's websocket server is off", fix)
            return ObsAddress("127.0.0.1", port, password)
    fix = f"Start OBS once on this machine, or give its address: {EXAMPLE}."
    raise UsageError("OBS's websocket server was not found", fix)


def settings_folders() -> list[Path]:
    """Where OBS may keep its settings."""
    home = Path.home()
    if sys.platform == "win32":
        return [Path(os.environ.get("APPDATA", home)) / "obs-studio"]
    if sys.platform == "darwin":
        return [home / "Library" / "Application Support" / "obs-studio"]
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return [config / "obs-studio", home / ".var/app/com.obsproject.Studio/config/obs-studio"]


def _servers(folder: Path) -> Iterator[tuple[int, str, bool]]:
    """Port, password and whether it is on, by the settings in a folder; newer OBS's first."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        written = json.loads((folder / "plugin_config/obs-websocket/config.json").read_text("utf-8-sig"))
        password = str(written.get("server_password", "")) if written.get("auth_required", True) else ""
        yield int(written.get("server_port", PORT)), password, bool(written.get("server_enabled"))
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    with suppress(OSError, ValueError, configparser.Error):
        parser.read(folder / "global.ini", "utf-8-sig")
        if parser.has_section("OBSWebSocket"):
            section = parser["OBSWebSocket"]
            password = section.get("ServerPassword", "") if section.getboolean("AuthRequired", True) else ""
            yield section.getint("ServerPort", PORT), password, section.getboolean("ServerEnabled", False)
