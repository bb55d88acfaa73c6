"""Where a chat is: the name of a Twitch channel, or an IRC server's address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.errors import UsageError

TWITCH = "irc.chat.twitch.tv"
TLS_PORT = 6697
PLAIN_PORT = 6667
CHANNEL = re.compile(r"[A-Za-z0-9_\-]{1,50}")
EXPECTED = "a chat is a Twitch channel's name, https://twitch.tv/NAME or ircs://HOST[:PORT]/NAME"


@dataclass(frozen=True, slots=True)
class ChatAddress:
    """A channel of a server. `channel` is in small letters, without its #."""

    host: str
    port: int
    tls: bool
    channel: str

    @property
    def shown(self) -> str:
        return f"#{self.channel} at {self.host}"


def parse_chat(text: str) -> ChatAddress:
    """Reads what is given to `--chat`. Raises UsageError."""
    text = text.strip()
    if "//" not in text:
        return ChatAddress(TWITCH, TLS_PORT, True, _channel(text))
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        port = parts.port
    except ValueError as error:
        raise UsageError("Impossible chat", f"{text}: {error}") from error
    channel = _channel((parts.path + (f"#{parts.fragment}" if parts.fragment else "")).strip("/"))
    if parts.scheme in ("http", "https") and host.removeprefix("www.") == "twitch.tv":
        return ChatAddress(TWITCH, TLS_PORT, True, channel)
    if parts.scheme not in ("irc", "ircs") or not host:
        raise UsageError("Impossible chat", f"{text}: {EXPECTED}")
    tls = parts.scheme == "ircs"
    return ChatAddress(host, port or (TLS_PORT if tls else PLAIN_PORT), tls, channel)


def _channel(name: str) -> str:
    name = name.removeprefix("#")
    if not CHANNEL.fullmatch(name):
        raise UsageError("Impossible chat", f"“{name}” is no channel; {EXPECTED}")
    return name.lower()
