"""The one list of outputs that can be asked for. A new one has a file of its own and a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.outputs.chat import CHAT
from app.outputs.obs import OBS
from app.outputs.page import PAGE
from app.outputs.recording import RECORDING
from app.outputs.speech import SPEECH
from app.outputs.text_file import TEXT_FILE
from app.outputs.video import VIDEO_RECORDING

if TYPE_CHECKING:
    import argparse

    from app.outputs.fanout import Fanout
    from app.outputs.output_kind import OutputKind, StreamRun

KINDS: tuple[OutputKind, ...] = (RECORDING, VIDEO_RECORDING, SPEECH, TEXT_FILE, PAGE, OBS, CHAT)
"""In the order in which they get each message: what is shown elsewhere has been recorded.

Speech is opened before those that tell something at once: while sounddevice is imported, nothing reaches stderr.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `courtside watch` that ask for an output."""
    group = parser.add_argument_group("where the commentary goes, besides stdout")
    for kind in KINDS:
        kind.add_arguments(group)


def add_from_arguments(outputs: Fanout, args: argparse.Namespace, run: StreamRun) -> bool:
    """Opens what the command line asks for. Whether that is anything. Raises CourtsideError for one not to be had."""
    opened = False
    for kind in KINDS:
        if (output := kind.from_arguments(args, run)) is not None:
            outputs.add(output)
            opened = True
    return opened
