"""How much is measured."""

from core.eval.bench.workload import CPU, GPU, LONG_ROUNDS, QUICK, workload_for


def test_the_device_and_the_options_choose():
    assert workload_for(True, False, False) is GPU
    assert workload_for(False, False, False) is CPU
    assert workload_for(True, True, True) is QUICK
    assert workload_for(True, False, True).steady == LONG_ROUNDS
