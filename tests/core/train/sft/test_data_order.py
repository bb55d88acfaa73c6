"""Every sample once a pass, in an order that a resumed run goes on with and that processes share without overlap."""

from __future__ import annotations

from itertools import islice

import pytest

from core.train.sft.data_order import DataOrder


def test_each_pass_holds_every_sample_once_in_another_order() -> None:
    order = list(DataOrder(samples=10, batch=5, seed=1, steps=4))
    assert sorted(order[:10]) == list(range(10)) == sorted(order[10:])
    assert order[:10] != order[10:]
    assert list(islice(DataOrder(10, 5, seed=1), 20)) == order


def test_a_resumed_run_goes_on_where_it_was() -> None:
    whole = list(DataOrder(samples=7, batch=3, seed=2, steps=9))
    assert list(DataOrder(7, 3, 2, first_step=4, steps=9)) == whole[12:]


@pytest.mark.parametrize("processes", [2, 3])
def test_processes_share_an_update(processes: int) -> None:
    whole = list(DataOrder(samples=11, batch=5, seed=3, steps=4))
    shares = [DataOrder(11, 5, 3, steps=4, process=n, processes=processes) for n in range(processes)]
    for step in range(4):
        seen = [n for share in shares for n in list(share)[step * share.per_step() : (step + 1) * share.per_step()]]
        assert sorted(seen) == sorted(whole[5 * step : 5 * step + 5])
