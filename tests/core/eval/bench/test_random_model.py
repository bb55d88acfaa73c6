"""Random weights of the published shapes."""

from core.eval.bench.bench import NEW_TOKENS, RunConfig
from core.eval.bench.random_model import MODEL_SPECS
from core.model.qwen2_5_vl.config import parse


def test_random_weights_never_end_a_line_early(bench):
    done = bench.run(RunConfig("fp32", 2))
    assert {r.stats.new_tokens for r in done.rounds} == {NEW_TOKENS}
    assert bench.run(RunConfig("fp32", 2)) is done


def test_the_7b_shape_has_its_published_size():
    config = parse(MODEL_SPECS["7b"].raw)
    assert config.kv_bytes_per_token(2) == 2 * 28 * 4 * 128 * 2
    assert config.raw_key_bytes_per_token(2) == 28 * 4 * 128 * 2
    width, height = MODEL_SPECS["7b"].size
    assert width * height // 28**2 == 720
