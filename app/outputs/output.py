"""What an output of a stream is, and how it must behave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from core.messages import Message


class Output(Protocol):
    """Takes the messages of one stream: the window, the overlay, the session recorder, a printer, ...

    How to behave:
    - `handle` runs in the stream's worker thread, now and then in the thread of whoever sends a command; never in two
      at once. Every message of the stream comes, in order; `Finished` is the last one. Ignore what does not concern
      you: there will be kinds of message that you do not know.
    - It should return within a millisecond, and must not wait for a device, another process, the network or the GUI
      thread. Whatever does I/O derives from `QueuedOutput` (a bounded queue and a thread of its own); what belongs to
      Qt is called by an `app.bridge.gui_output.GuiOutput`, in the GUI thread. The session recorder alone writes
      to the disk in `handle`, so that a line is kept before it is seen.
    - It may raise. Then it is closed and gets no more messages, the person is told once by a `Failure` that is not
      fatal (a CourtsideError in its own words), and the stream and the other outputs go on.
    - `close` comes once: after `Finished`, after an error of `handle`, or when the stream never began. It releases
      everything, within CLOSE_WITHIN_S seconds (`app.outputs.queued_output`).

    Attributes:
        name: what a person calls it, as the beginning of a sentence ("The session").
    """

    name: str

    def handle(self, message: Message) -> None: ...

    def close(self) -> None: ...
