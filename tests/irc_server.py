"""An IRC server for tests, spoken to over a real socket in Twitch's dialect; it keeps what it was told."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from pathlib import Path

from tests.waiting import until

HOST = ":tmi.example"


class IrcServer:
    """One channel, one reader at a time.

    Attributes:
        port: where it listens. heard: every line that a client sent, of all connections.
        connections: how many there were. joined: who is in the channel now, "" for nobody.
    """

    def __init__(self, certificate: tuple[Path, Path] | None = None, port: int = 0) -> None:
        """`certificate`: its file and its key's, for TLS."""
        self.heard: list[str] = []
        self.connections = 0
        self.joined = ""
        self.channel = ""
        self._context = None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(*certificate)
        self._client: socket.socket | None = None
        self._listening = socket.create_server(("127.0.0.1", port))
        self.port = int(self._listening.getsockname()[1])
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.disconnect()
        self._thread.join()

    def send(self, line: str) -> None:
        assert self._client is not None
        self._client.sendall(f"{line}\r\n".encode())

    def say(self, user: str, text: str, channel: str = "") -> None:
        """As somebody in the chat does, with the tags that Twitch puts in front."""
        tags = f"@badge-info=;color=#FF0000;display-name={user};emotes=;id=1-2;tmi-sent-ts=1700000000000;user-type="
        where = channel or self.channel
        self.send(f"{tags} :{user.lower()}!{user.lower()}@{user.lower()}.tmi.example PRIVMSG {where} :{text}")

    def ping(self) -> None:
        """Returns when it is answered."""
        before = self.heard.count("PONG :are you there")
        self.send("PING :are you there")
        until(lambda: self.heard.count("PONG :are you there") > before, "the PONG")

    def disconnect(self) -> None:
        """Without a word."""
        if self._client is not None:
            try:
                self._client.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                plain, _ = self._listening.accept()
            except OSError:
                return
            try:
                client = plain if self._context is None else self._context.wrap_socket(plain, server_side=True)
            except OSError:
                plain.close()
                continue
            with client:
                self.connections += 1
                self._client = client
                self._serve(client)
                self._client = None
                self.joined = ""

    def _serve(self, client: socket.socket) -> None:
        nick = ""
        try:
            for line in client.makefile(encoding="utf-8", newline="\r\n"):
                self.heard.append(line.rstrip("\r\n"))
                command, _, rest = line.strip().partition(" ")
                if command == "CAP":
                    self.send(f"{HOST} CAP * ACK {rest.partition(' ')[2]}")
                elif command == "NICK":
                    nick = rest
                    self.send(f"{HOST} 001 {nick} :Welcome, GLHF!")
                    self.send(f"{HOST} 376 {nick} :>")
                elif command == "JOIN":
                    self.channel = rest
                    self.send(f":{nick}!{nick}@{nick}.tmi.example JOIN {rest}")
                    self.send(f"{HOST} 366 {nick} {rest} :End of /NAMES list")
                    self.joined = nick
                elif command == "PING":
                    self.send(f"{HOST} PONG tmi.example {rest}")
        except OSError:
            return


def certificate(folder: Path) -> tuple[Path, Path]:
    """One for 127.0.0.1 that nobody else has signed, and its key."""
    made = (folder / "certificate.pem", folder / "key.pem")
    name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", str(made[1]), "-out", str(made[0])]
    subprocess.run(["openssl", "req", "-x509", *key, *name, "-days", "2", *files], check=True, capture_output=True)
    return made
