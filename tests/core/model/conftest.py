"""A hub of our own for every test that wants one, and a cache of our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub_server import Hub, hub_on_this_machine, small_checkpoint


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    repos = {"owner/model": {"main": small_checkpoint(0), "v1": small_checkpoint(1)}}
    with hub_on_this_machine(repos, tmp_path / "cache", monkeypatch) as hub:
        yield hub
