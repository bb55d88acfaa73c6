"""Attention over what fronts leave, compiled and in bf16, against the plain way in float32."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from core.train.bank import Bank
from core.train.carry import Layout
from core.train.collate import Lengths, collate
from core.train.corpus import corpus
from core.train.recipe import Recipe
from core.train.shape import Shape, model_config
from core.train.student import Student
from core.train.tokenizer import train_tokenizer
from core.train.transcript import Scribe

pytestmark = pytest.mark.gpu
LENGTHS = Lengths(1088, 408, 384)
QUICK = [SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.CUDNN_ATTENTION]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch's compiler warns of itself
def test_compiled_in_bf16_it_is_the_same_and_needs_no_slow_kernel(monkeypatch):
    monkeypatch.setattr("torch._inductor.config.compile_threads", 1)  # a pool of processes would outlive the test
    monkeypatch.setattr("tqdm.tqdm.monitor_interval", 0)
    tokenizer = train_tokenizer(corpus(200))
    bank = Bank(Scribe(tokenizer, Recipe()), np.random.default_rng(2), range(1000), rounds=4)
    chunks = [chunk for chunk in (bank.draw() for _ in range(40)) if LENGTHS.fit(chunk.encoded)][:8]
    batch = {name: tensor.cuda() for name, tensor in collate(chunks, [{}] * len(chunks), LENGTHS).items()}
    student = Student(model_config(Shape(), tokenizer)).cuda()
    layout = Layout.of(batch)
    embeds = student.decoder.embed(batch["ids"].long()).detach()
    with torch.no_grad():
        held = student.read_front(embeds[:, : LENGTHS.front], layout)
        wanted = student.read_on(embeds[:, LENGTHS.front :], layout.chunk, held)
    student.bfloat16()
    student.compile_halves(10, 18)
    with sdpa_kernel(QUICK):
        hidden = student.think(embeds.bfloat16(), layout)
        hidden.float().pow(2).sum().backward()
    real = batch["answer_at"].long()
    real = real[real % embeds.shape[1] >= LENGTHS.front]
    rows = real // embeds.shape[1]
    places = real % embeds.shape[1]
    apart = hidden[rows, places].float() - wanted[rows, places - LENGTHS.front]
    assert apart.abs().mean() < 0.02 * wanted.abs().mean()
    gradients = [p.grad for name, p in student.decoder.named_parameters() if name.startswith("layers")]
    assert all(g is not None and g.isfinite().all() for g in gradients)
