"""Matches recorded once, in the published layouts, and the command itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app import cli
from tests.core.eval.published.small_sets import inf_streams, livesports

Command = Callable[..., "Done"]
SEEDS = range(100_063, 100_065)  # something is said in either ten seconds of both
GAME_S = 30
CLIP_S = 10


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended. Attributes: found: what its last line says, {} where it says nothing."""

    code: int
    stderr: str
    found: dict[str, Any]

    def value(self, name: str) -> float:
        """Of a figure."""
        assert self.code == 0, self.stderr
        value: float = self.found["figures"][name]["value"]
        return value


@pytest.fixture
def environment(plain_environment: dict[str, str]) -> dict[str, str]:
    """Of processes that the tests start."""
    return {**plain_environment, "OMP_NUM_THREADS": "1"}


@pytest.fixture
def evaluate(capfd: pytest.CaptureFixture[str]) -> Command:
    """`evaluate("inf-streams", "--data", ...)`: the command in this process; its words are given as anything."""

    def run(*words: object) -> Done:
        capfd.readouterr()
        try:
            code = cli.main(["eval", *map(str, words)])
        except SystemExit as end:
            code = int(end.code or 0)
        said = capfd.readouterr()
        lines = said.out.splitlines()
        return Done(code, said.err, json.loads(lines[-1]) if lines else {})

    return run


@pytest.fixture(scope="session")
def recorded_games(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return inf_streams(tmp_path_factory.mktemp("games"), SEEDS, GAME_S)


@pytest.fixture(scope="session")
def recorded_clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return livesports(tmp_path_factory.mktemp("clips"), SEEDS, CLIP_S * 2, CLIP_S)


@pytest.fixture
def games(recorded_games: Path, tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    return shutil.copytree(recorded_games, tmp_path / "games")


@pytest.fixture
def clips(recorded_clips: Path, tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    return shutil.copytree(recorded_clips, tmp_path / "clips")
