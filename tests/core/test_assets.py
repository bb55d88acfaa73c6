"""The bundled files are where the code looks for them."""

from __future__ import annotations

from core.assets import BUNDLED, ICON


def test_they_are_there() -> None:
    assert (BUNDLED / "config.json").is_file()
    assert ICON.is_file()
