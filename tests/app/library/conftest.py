"""Libraries on a real disk."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.app.library.sessions import DAY_S, FIRST, WORDS, record


@pytest.fixture
def library_of(tmp_path: Path) -> Callable[[int, int], Path]:
    """Makes `sessions` of `lines` lines each, one a day, with words as frequent as in speech."""

    def make(sessions: int, lines: int) -> Path:
        root = tmp_path / "sessions"
        chance = random.Random(1)
        common = [1 / (1 + place) for place in range(3000)]
        vocabulary = WORDS + [f"{WORDS[n % len(WORDS)]}{n}" for n in range(3000 - len(WORDS))]
        for number in range(sessions):
            words = chance.choices(vocabulary, common, k=8 * lines)
            texts = [" ".join(words[8 * line : 8 * line + 8]) for line in range(lines)]
            began = FIRST + number * DAY_S
            name = f"{datetime.fromtimestamp(began):%Y-%m-%d %H-%M-%S} arena-{number}"
            record(root / name, began, texts, source=f"arena:{number % 7}", model=["", "owner/big"][number % 2])
        return root

    return make
