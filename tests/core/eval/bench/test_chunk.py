"""A chunk's time, and the bytes that a token must read."""

import json
import re

import torch

from app.cli import main
from core.eval.bench.bench import NEW_TOKENS
from core.eval.bench.chunk import read_bytes
from core.eval.bench.random_model import MODEL_SPECS, random_checkpoint
from core.model.qwen2_5_vl.config import parse
from tests.quiet_clock import lost_s

CPU = torch.device("cpu")


def test_a_checkpoint_is_measured_with_full_lines_and_with_natural_ones(threads, capsys):
    before = lost_s()
    assert main(["bench", "--quick", "--only", "chunk,peer"]) == 0
    late = lost_s() - before
    *rows, told = capsys.readouterr().out.splitlines()
    figures = json.loads(told)["figures"]
    natural = next(row for row in rows if row.startswith("chunk_natural "))
    assert 0 < float(re.search(r"\(([\d.]+) tokens a chunk", natural)[1]) < NEW_TOKENS
    assert figures["faster_chunk_fp32"]["goal"] == 2.5
    assert figures["chunk_natural"]["value"] < figures["chunk_2fps_fp32"]["value"] + late


def test_a_token_reads_every_weight_but_the_other_embeddings():
    config = parse(MODEL_SPECS["tiny"].raw)
    decoder = random_checkpoint(MODEL_SPECS["tiny"], CPU, torch.bfloat16).model.decoder
    qkv = (config.heads + 2 * config.kv_heads) * config.head_dim
    layer = config.hidden * (qkv + config.heads * config.head_dim + 3 * config.intermediate) + qkv + 2 * config.hidden
    assert read_bytes(decoder) == 2 * (config.layers * layer + config.hidden + config.vocab * config.hidden)
