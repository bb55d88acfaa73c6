"""The list of programmes."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import UsageError
from core.programmes.catalogue import NAMES, find


def test_every_programme_is_found_by_the_name_it_has() -> None:
    assert [find(name).name for name in NAMES] == list(NAMES)


def test_every_folder_with_a_programme_is_in_the_list(checkout: Path) -> None:
    folders = {path.parent.name for path in (checkout / "core" / "programmes").glob("*/programme.py")}
    assert folders == set(NAMES)


def test_a_name_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="football"):
        find("chess")
