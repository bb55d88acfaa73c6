"""Pictures through memory that two processes share."""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.connection import Connection

import numpy as np
import pytest

from app.capture.picture_memory import SLOT_BYTES, PictureMemory, Placed
from core.raw_picture import Colours, RawPicture
from core.video.picture import MAX_SIDE

pytestmark = pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="Linux alone has the call")

SHAPE = (30, 40, 3)


def fill(memory: PictureMemory, connection: Connection) -> None:
    for number in (1, 2):
        memory.put(number, 0.0, np.full(SHAPE, 10 * number, np.uint8))
    connection.send("filled")
    connection.recv()


def test_a_picture_that_another_process_puts_there_is_found_and_stays_as_it_was() -> None:
    memory = PictureMemory()
    context = multiprocessing.get_context("spawn")
    connection, other = context.Pipe()
    process = context.Process(target=fill, args=(memory, other))
    process.start()
    assert connection.recv() == "filled"
    first, second = (memory.take(Placed(number, 0.0, SHAPE)) for number in (1, 2))
    memory.put(3, 0.0, np.full(SHAPE, 99, np.uint8))
    connection.send("done")
    process.join()
    connection.close()
    other.close()
    memory.close()
    assert np.all(first == 10)
    assert np.all(second == 20)


def test_planes_keep_what_their_numbers_mean() -> None:
    memory = PictureMemory()
    planes = np.arange(6 * 4, dtype=np.uint8).reshape(6, 4)
    placed = memory.put(1, 2.5, RawPicture(planes, "yuv420p", Colours(1, 2)))
    taken = memory.take(placed)
    memory.close()
    assert (placed.number, placed.seconds) == (1, 2.5)
    assert isinstance(taken, RawPicture)
    assert taken.same_as(RawPicture(planes, "yuv420p", Colours(1, 2)))


@pytest.mark.parametrize("shape", [(7, 4), (6, 3), (0, 4), (6, 4, 1), (30_000, 30_000)])
def test_planes_that_have_no_place_are_refused(shape: tuple[int, ...]) -> None:
    memory = PictureMemory()
    with pytest.raises(ValueError, match="a picture of"):
        memory.take(Placed(1, 0.0, shape, Colours()))
    memory.close()


@pytest.mark.parametrize("shape", [(0, 4, 3), (-1, -4, 3), (4, 4), (9000, 9000, 3)])
def test_a_shape_that_has_no_place_is_refused(shape: tuple[int, ...]) -> None:
    memory = PictureMemory()
    with pytest.raises(ValueError, match="a picture of"):
        memory.take(Placed(1, 0.0, shape))
    memory.close()


def test_neither_side_can_take_the_memory_from_under_the_other() -> None:
    memory = PictureMemory()
    for size in (0, 1 << 30):
        with pytest.raises(PermissionError):
            os.ftruncate(memory.fileno(), size)
    memory.close()


def test_the_largest_picture_has_a_place() -> None:
    assert SLOT_BYTES == 3 * MAX_SIDE * MAX_SIDE
