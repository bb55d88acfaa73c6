"""Which of the machine's microphones or sound outputs a name in the settings means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

KINDS = {"microphones": "max_input_channels", "outputs": "max_output_channels"}


def find_device(name: str, devices: Sequence[Mapping[str, Any]], kind: Literal["microphones", "outputs"]) -> int | None:
    """The first whose name has `name` in it; None for the system's choice. devices: as PortAudio lists them.

    Raises LookupError that names those there are.
    """
    if not name:
        return None
    found = {index: str(device["name"]) for index, device in enumerate(devices) if device[KINDS[kind]]}
    for index, known in found.items():
        if name.casefold() in known.casefold():
            return index
    raise LookupError(f"“{name}” is none of the {kind}: {', '.join(found.values()) or 'none'}")
