"""A device is found by a part of its name, among those of its kind."""

from __future__ import annotations

import pytest

from app.sound_devices import find_device

DEVICES = [
    {"name": "Mic", "max_input_channels": 1, "max_output_channels": 0},
    {"name": "USB Headset", "max_input_channels": 1, "max_output_channels": 2},
    {"name": "Speakers", "max_input_channels": 0, "max_output_channels": 2},
]


def test_the_first_of_its_kind_and_the_systems_choice() -> None:
    assert find_device("headset", DEVICES, "outputs") == 1
    assert find_device("headset", DEVICES, "microphones") == 1
    assert find_device("s", DEVICES, "outputs") == 1
    assert find_device("", DEVICES, "outputs") is None


def test_what_is_of_another_kind_is_none_and_all_are_named() -> None:
    with pytest.raises(LookupError, match="“mic” is none of the outputs: USB Headset, Speakers"):
        find_device("mic", DEVICES, "outputs")
    with pytest.raises(LookupError, match="“speakers” is none of the microphones: Mic, USB Headset"):
        find_device("speakers", DEVICES, "microphones")
    with pytest.raises(LookupError, match="none of the outputs: none"):
        find_device("x", [], "outputs")
