"""The game's notices are read for who died and by whom."""

from __future__ import annotations

import pytest

from core.programmes.freedoom.names import obituary

PLAYERS = ("Ada", "Bond", "Conan")


@pytest.mark.parametrize(
    ("notice", "died"),
    [
        ("Bond was mutilated by Ada's missile.", ("Bond", "Ada")),
        ("Ada was beaten up by Conan.", ("Ada", "Conan")),
        ("Ada stood where Bond was teleporting.", ("Ada", "Bond")),
        ("Conan couldn't dodge Bond's missile.", ("Conan", "Bond")),
        ("Ada had his ass kicked by Bond's SKAG!", ("Ada", "Bond")),
        ("Ada was permeated by Bond's double-barreled shotgun.", ("Ada", "Bond")),
        ("Ada was perforated by a shotgun zombie.", ("Ada", "shotgun zombie")),
        ("Ada was killed by a zombie.", ("Ada", "zombie")),
        ("Ada got trilo-bitten.", ("Ada", "trilobite")),
        ("Ada couldn't evade an octaminator's fireball.", ("Ada", "octaminator")),
        ("Ada killed himself.", ("Ada", "")),
        ("Ada went boom.", ("Ada", "")),
        ("Bond joined the game", None),
        ("Took a health refill.", None),
        ("Blue key needed for this door.", None),
    ],
)
def test_an_obituary_names_victim_and_killer(notice: str, died: tuple[str, str] | None) -> None:
    assert obituary(notice, PLAYERS) == died
