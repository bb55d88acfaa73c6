"""Attention over what prefixes leave, compiled and in bf16, against the plain way in float32."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from core.train.bundled_config import ModelSize, model_config
from core.train.chunk_encoder import ChunkEncoder
from core.train.collate import Lengths, collate
from core.train.football.match_pool import MatchPool
from core.train.football.tokenizer_corpus import corpus
from core.train.moved_prefix_attention import PrefixLayout
from core.train.tokenizer import train_tokenizer
from core.train.train_config import TrainConfig
from core.train.train_model import TrainModel

pytestmark = pytest.mark.gpu
LENGTHS = Lengths(1088, 408, 384)
QUICK = [SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.CUDNN_ATTENTION]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch's compiler warns of itself
def test_compiled_in_bf16_it_is_the_same_and_needs_no_slow_kernel(monkeypatch):
    monkeypatch.setattr("torch._inductor.config.compile_threads", 1)  # a pool of processes would outlive the test
    monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)
    tokenizer = train_tokenizer(corpus(200))
    encoder = ChunkEncoder(tokenizer, TrainConfig())
    match_pool = MatchPool(encoder, np.random.default_rng(2), range(1000), 4, (2, 2))
    encoded = [chunk for chunk in (encoder.encode(match_pool.draw()) for _ in range(40)) if LENGTHS.fit(chunk)]
    chunks = [(chunk, {}) for chunk in encoded[:8]]
    batch = {name: tensor.cuda() for name, tensor in collate(chunks, LENGTHS).items()}
    model = TrainModel(model_config(ModelSize(), tokenizer)).cuda()
    layout = PrefixLayout.of(batch)
    input_embeds = model.decoder.embed(batch["ids"].long()).detach()
    with torch.no_grad():
        moved_prefix = model.prefill_prefix(input_embeds[:, : LENGTHS.prefix], layout)
        wanted = model.prefill_chunk(input_embeds[:, LENGTHS.prefix :], layout.chunk, moved_prefix)
    model.bfloat16()
    model.compile_forward(10, 18)
    with sdpa_kernel(QUICK):
        hidden = model.hidden_states(input_embeds.bfloat16(), layout)
        hidden.float().pow(2).sum().backward()
    real = batch["answer_at"].long()
    real = real[real % input_embeds.shape[1] >= LENGTHS.prefix]
    rows = real // input_embeds.shape[1]
    places = real % input_embeds.shape[1]
    apart = hidden[rows, places].float() - wanted[rows, places - LENGTHS.prefix]
    assert apart.abs().mean() < 0.02 * wanted.abs().mean()
    gradients = [p.grad for name, p in model.decoder.named_parameters() if name.startswith("layers")]
    assert all(g is not None and g.isfinite().all() for g in gradients)
