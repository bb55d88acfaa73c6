"""IRC as far as reading needs it (RFC 1459, message tags of IRCv3), in the dialect of Twitch
(https://dev.twitch.tv/docs/chat/irc/)."""

from __future__ import annotations

import secrets
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.outputs.chat_address import ChatAddress

CONNECT_WITHIN_S = 5.0
SILENT_FOR_S = 90.0
"""After that the server is asked whether it is there, and given up when it stays silent as long again."""
MAX_LINE = 16_384
"""Bytes; tags may take 8191, the rest 512."""


@dataclass(frozen=True, slots=True)
class IrcMessage:
    """One line of a server. `user`: the nickname it comes from, "" for the server's own words."""

    command: str
    user: str = ""
    channel: str = ""
    text: str = ""


def parse_irc(line: str) -> IrcMessage:
    """Tags are skipped; a line that is none of IRC's has an empty command."""
    if line.startswith("@"):
        line = line.partition(" ")[2].lstrip(" ")
    source = ""
    if line.startswith(":"):
        source, _, line = line[1:].partition(" ")
    head, _, text = line.partition(" :")
    words = head.split()
    user, at, _ = source.partition("!")
    channel = next((word for word in words[1:] if word.startswith("#")), "")
    return IrcMessage(words[0].upper() if words else "", user if at else "", channel.removeprefix("#").lower(), text)


class IrcReader:
    """A connection that reads one channel. It sends CAP, NICK, JOIN, PING and PONG, and has no way to say a word.

    `interrupt` may be called from any thread, all else from one.
    """

    def __init__(self, connection: socket.socket, channel: str) -> None:
        self._connection = connection
        self._channel = channel

    def join(self) -> None:
        """As somebody without an account, whom Twitch lets read and nothing else. Raises OSError."""
        self._send("CAP REQ :twitch.tv/tags twitch.tv/commands")
        self._send(f"NICK justinfan{secrets.randbelow(90_000) + 10_000}")
        self._send(f"JOIN #{self._channel}")

    def messages(self) -> Iterator[IrcMessage]:
        """What comes, until the server closes the connection. Raises OSError, one that is silent a TimeoutError."""
        for line in self._lines():
            message = parse_irc(line)
            if message.command == "PING":
                self._send(f"PONG :{message.text}")
            yield message

    def interrupt(self) -> None:
        """Ends `messages`."""
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:  # it has ended already
            return

    def _lines(self) -> Iterator[str]:
        """Without their ends; what is longer than any line may be is left out."""
        rest = b""
        asked = False
        while True:
            try:
                block = self._connection.recv(4096)
            except TimeoutError:
                if asked:
                    raise
                self._send("PING :courtside")
                asked = True
                continue
            if not block:
                return
            asked = False
            *whole, rest = (rest + block).split(b"\n")
            yield from (line.decode("utf-8", "replace").rstrip("\r") for line in whole if len(line) <= MAX_LINE)
            rest = rest[: MAX_LINE + 1]

    def _send(self, line: str) -> None:
        self._connection.sendall(f"{line}\r\n".encode())


@contextmanager
def irc_reader(address: ChatAddress) -> Iterator[IrcReader]:
    """A connection, its certificate checked where it has TLS. Raises OSError."""
    with socket.create_connection((address.host, address.port), CONNECT_WITHIN_S) as plain:
        if not address.tls:
            plain.settimeout(SILENT_FOR_S)
            yield IrcReader(plain, address.channel)
            return
        with ssl.create_default_context().wrap_socket(plain, server_hostname=address.host) as encrypted:
            encrypted.settimeout(SILENT_FOR_S)
            yield IrcReader(encrypted, address.channel)
