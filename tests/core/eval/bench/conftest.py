"""A bench on the CPU that leaves the number of threads as it was."""

import pytest
import torch
import tqdm

from core.eval.bench.bench import Bench
from core.eval.bench.workload import QUICK

tqdm.tqdm.monitor_interval = 0  # transformers' progress bars would leave a thread behind


@pytest.fixture
def threads():
    """The bench takes half the cores; the tests that follow want them back."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture
def bench(threads):
    return Bench("cpu", "tiny", "", QUICK, ends_at=float("inf"))
