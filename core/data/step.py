"""A step over many recordings whose results are kept one by one, so that it goes on where it was ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from core.data.atomic import read_json, write_json

Item = TypeVar("Item")
Result = TypeVar("Result")

WORK = "work"
"""Folder in the output folder with the results of the steps."""
FORM = 1
"""Of the files kept; another one is made anew."""


@dataclass(frozen=True, slots=True)
class Stored(Generic[Result]):
    """Results of a step on the disk, one file a recording.

    Attributes:
        folder: where they lie.
        encode, decode: between a result and JSON.
    """

    folder: Path
    encode: Callable[[Result], Any]
    decode: Callable[[Any], Result]

    def load(self, key: str, made_from: Any) -> Result | None:
        """The result, where it was made from the same files and settings."""
        found = read_json(self.folder / f"{key}.json")
        if not isinstance(found, dict) or found.get("form") != FORM or found.get("made_from") != made_from:
            return None
        return self.decode(found["result"])

    def save(self, key: str, made_from: Any, result: Result) -> None:
        """Keep it. Raises DataError."""
        write_json(self.folder / f"{key}.json", {"form": FORM, "made_from": made_from, "result": self.encode(result)})


def run_all(
    items: Sequence[Item],
    work: Callable[[Item], Result],
    workers: int,
    done: Callable[[Item, Result], None],
    stop: Callable[[], None] = lambda: None,
) -> None:
    """`work` for every item, `workers` at a time.

    Args:
        done: told of each result in the order in which they come, in the calling thread.
        stop: called at the first error, to end what is under way; what is not begun is left.
    """
    with ThreadPoolExecutor(workers, thread_name_prefix="step") as pool:
        try:
            futures = {pool.submit(work, item): item for item in items}
            for future in as_completed(futures):
                done(futures[future], future.result())
        except BaseException:
            stop()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
