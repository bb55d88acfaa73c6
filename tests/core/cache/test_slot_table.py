"""Entries and slots of cached tokens, over any sequence of evictions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cache.slot_table import ENTRY, SLOT, SlotTable


def filled(tokens: int, without: frozenset[int] = frozenset()) -> SlotTable:
    table = SlotTable()
    table.resize(tokens)
    table.append(tokens, np.array([n for n in range(tokens) if n not in without], np.int64))
    return table


def assert_whole(table: SlotTable) -> None:
    """Every entry and every slot in use belongs to one token."""
    entries, slots = table.at(slice(0, table.length))
    assert sorted(entries.tolist()) == list(range(table.length))
    assert sorted(slots[slots >= 0].tolist()) == list(range(table.raw_key_length))


@given(
    st.lists(st.lists(st.integers(0, 30), min_size=2, max_size=8, unique=True), min_size=1, max_size=4),
    st.frozensets(st.integers(0, 29)),
)
def test_compaction_leaves_no_gap_and_moves_what_it_says(evictions: list[list[int]], without: frozenset[int]) -> None:
    table = filled(30, without)
    kept = list(range(30))
    buffer = np.full(30, -1)  # which token lies in which entry
    buffer[table.at(slice(0, 30))[ENTRY]] = kept
    for drawn in evictions:
        marks = sorted(min(mark, len(kept)) for mark in drawn)[: len(drawn) // 2 * 2]
        slices = [(a, b) for a, b in zip(marks[::2], marks[1::2], strict=True) if a < b]
        kept = [kept[n] for a, b in slices for n in range(a, b)]
        old, new = table.compact(slices, 0)
        moved = buffer.copy()
        moved[new[ENTRY]] = buffer[old[ENTRY]]
        buffer = moved
        assert_whole(table)
        assert buffer[table.at(slice(0, table.length))[ENTRY]].tolist() == kept
        has_raw_key = table.has_raw_key(np.arange(len(kept)))
        assert has_raw_key.tolist() == [token not in without for token in kept]


def test_only_tokens_that_fill_freed_entries_move() -> None:
    table = filled(10)
    old, new = table.compact([(0, 3), (5, 10)], 0)
    assert (old[ENTRY] != new[ENTRY]).sum() == 2
    assert sorted(new[ENTRY, old[ENTRY] != new[ENTRY]].tolist()) == [3, 4]


def test_the_front_gets_the_first_entries_and_the_same_slots() -> None:
    table = filled(10, frozenset({6}))
    table.compact([(7, 9), (0, 5), (6, 7)], 2)
    entries, slots = table.at(slice(0, 2))
    assert sorted(entries.tolist()) == [0, 1]
    assert entries.tolist() == slots.tolist()
    assert table.at(slice(7, 8))[SLOT].tolist() == [-1]
    assert_whole(table)
    with pytest.raises(AssertionError, match="of the first 8 tokens some have no raw key"):
        table.compact([(0, 8)], 8)


def test_tokens_come_in_the_order_of_their_entries() -> None:
    table = filled(6)
    table.compact([(4, 6), (0, 2)], 0)
    ordered = table.in_entry_order(np.arange(4))
    assert (np.diff(table.at(ordered)[ENTRY]) > 0).all()


def test_the_last_tokens_can_be_dropped_and_others_not() -> None:
    table = filled(6, frozenset({5}))
    table.truncate(4)
    assert (table.length, table.raw_key_length) == (4, 4)
    table.compact([(2, 4), (0, 2)], 0)
    table.compact([(1, 4)], 0)
    with pytest.raises(AssertionError, match="some lie in entries or slots after that"):
        table.truncate(1)
    table.truncate(0)
    assert (table.length, table.raw_key_length) == (0, 0)


def test_more_room_keeps_what_is_there() -> None:
    table = filled(4, frozenset({1}))
    before = table.at(slice(0, 4)).copy()
    table.resize(8)
    table.append(2)
    np.testing.assert_array_equal(table.at(slice(0, 4)), before)
    assert table.at(slice(4, 6)).tolist() == [[4, 5], [3, 4]]
