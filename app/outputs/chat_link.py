"""The connection to a chat, kept up for as long as a stream runs."""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.outputs.irc import IrcMessage, IrcReader, irc_reader
from core.messages import Failure, Message

if TYPE_CHECKING:
    from app.outputs.chat_address import ChatAddress

MIN_WAIT_S = 0.5
MAX_WAIT_S = 60.0
"""Between two tries to connect, doubled each time."""
STABLE_S = 30.0
"""A connection that held for so long makes the next wait the shortest again."""
WELCOME = "001"

log = logging.getLogger(__name__)


class ChatLink:
    """A thread that reads a channel, and connects again whenever the connection ends."""

    def __init__(
        self, address: ChatAddress, take: Callable[[IrcMessage], None], emit: Callable[[Message], None]
    ) -> None:
        """`take` gets each message of the channel in this thread."""
        self._address = address
        self._take = take
        self._emit = emit
        self._reader: IrcReader | None = None
        self._told = False
        self._wait_s = MIN_WAIT_S
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="chat", daemon=True)
        self._thread.start()

    def close(self, patience_s: float) -> None:
        """Ends the connection."""
        self._closing.set()
        if (reader := self._reader) is not None:
            reader.interrupt()
        self._thread.join(patience_s)

    def _run(self) -> None:
        while not self._closing.is_set():
            began = time.monotonic()
            try:
                with irc_reader(self._address) as reader:
                    self._reader = reader
                    why: object = self._follow(reader)
            except OSError as error:
                why = error
            finally:
                self._reader = None
            if self._closing.is_set():
                return
            self._lost(why)
            if time.monotonic() - began > STABLE_S:
                self._wait_s = MIN_WAIT_S
            self._closing.wait(self._wait_s)
            self._wait_s = min(2 * self._wait_s, MAX_WAIT_S)

    def _follow(self, reader: IrcReader) -> str:
        """Until the connection ends; why it did."""
        reader.join()
        if self._closing.is_set():
            return ""
        for message in reader.messages():
            match message.command:
                case "RECONNECT":
                    return "the server asked to connect anew"
                case "NOTICE":
                    log.info("chat: %s", message.text)
                case command if command == WELCOME:
                    self._told = False
                case "PRIVMSG" if message.channel == self._address.channel:
                    self._take(message)
        return "the server closed the connection"

    def _lost(self, why: object) -> None:
        """Said once when it cannot be had; one that ends is only tried again."""
        log.info("chat: %s", why)
        if isinstance(why, OSError) and not self._told:
            self._told = True
            cause = why.verify_message if isinstance(why, ssl.SSLCertVerificationError) else why.strerror or str(why)
            again = "It is tried again until it does."
            self._emit(Failure("The chat does not answer", f"{self._address.shown}: {cause}. {again}", fatal=False))
