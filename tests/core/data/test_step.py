from __future__ import annotations

import threading
from pathlib import Path

import pytest

from core.data.step import Stored, run_all


def stored(folder: Path) -> Stored[int]:
    return Stored(folder / "step", lambda value: {"n": value}, lambda found: found["n"])


def test_a_result_is_kept_until_what_it_is_made_from_changes(tmp_path: Path) -> None:
    stored(tmp_path).save("key", ["file", 3], 7)
    assert stored(tmp_path).load("key", ["file", 3]) == 7
    assert stored(tmp_path).load("key", ["file", 4]) is None
    assert stored(tmp_path).load("other", ["file", 3]) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"form": 0}'])
def test_a_damaged_result_is_made_anew(tmp_path: Path, content: bytes) -> None:
    stored(tmp_path).save("key", 1, 7)
    (tmp_path / "step" / "key.json").write_bytes(content)
    assert stored(tmp_path).load("key", 1) is None


def test_all_items_are_done() -> None:
    done: dict[int, int] = {}
    run_all([3, 1, 2], lambda item: item * item, 2, done.__setitem__)
    assert done == {3: 9, 1: 1, 2: 4}


def test_the_first_error_ends_it() -> None:
    begun: list[int] = []
    stopped = threading.Event()

    def work(item: int) -> None:
        begun.append(item)
        if item == 0:
            raise ValueError("no")
        stopped.wait(10)

    with pytest.raises(ValueError, match="no"):
        run_all(range(100), work, 2, lambda item, result: None, stopped.set)
    assert stopped.is_set()
    assert len(begun) < 10
