"""What the machine can do at all."""

import time

import torch

from core.eval.bench.roofline import REPEATS, measure, timed

CPU = torch.device("cpu")


def test_both_floors_are_measured():
    found = measure(CPU, 1 << 20, 64)
    copy, product = found.figures()
    assert len(found.copy) == len(found.product) == REPEATS
    assert (copy.name, copy.unit) == ("machine_copy", "GB/s")
    assert (product.name, product.unit) == ("machine_product", "TFLOPs")
    assert copy.value > 0.01
    assert product.value > 0


def test_warming_up_is_not_counted():
    runs = []

    def slow_at_first():
        time.sleep(0.05 if len(runs) < 2 else 0.0)
        runs.append(1)

    assert max(timed(CPU, slow_at_first, 3)) < 0.05
    assert len(runs) == 5
