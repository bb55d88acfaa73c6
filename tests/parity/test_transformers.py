"""Logits equal to transformers' own Qwen2.5-VL and Qwen2-VL, from directories of every layout they are written in."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import Qwen2_5_VLConfig, Qwen2VLConfig
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

from core.config import CacheConfig, SamplingConfig, StreamConfig
from core.engine.engine import Engine
from core.model.checkpoint import load
from core.model.qwen2_5_vl.patches import normalise, patchify, smart_size
from core.types import Chunk
from tests.parity.checkpoints import TABLES, frames, write_checkpoint
from tests.parity.oracle import CLASSES, load_oracle, oracle_logits

CPU = torch.device("cpu")
VOCAB = 152064


def saved_by_transformers(folder: Path, kind: str, tied: bool) -> Path:
    """A random checkpoint as transformers 5 writes it, in several shards."""
    torch.manual_seed(5)
    rope = {"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 1e6}
    text = {"vocab_size": VOCAB, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2}
    text |= {"num_attention_heads": 4, "num_key_value_heads": 2, "rope_parameters": rope, "tie_word_embeddings": tied}
    vision = {"depth": 2, "num_heads": 4, "patch_size": 14, "spatial_merge_size": 2, "temporal_patch_size": 2}
    if kind == "qwen2_5_vl":
        vision |= {"hidden_size": 64, "intermediate_size": 80, "out_hidden_size": 64, "fullatt_block_indexes": [1]}
        config = Qwen2_5_VLConfig(text_config=text, vision_config=vision, tie_word_embeddings=tied)
    else:
        vision |= {"embed_dim": 64, "hidden_size": 64, "mlp_ratio": 2}
        config = Qwen2VLConfig(text_config=text, vision_config=vision, tie_word_embeddings=tied)
    model = CLASSES[kind](config)
    model.save_pretrained(folder, max_shard_size="3MB")
    shutil.copy(TABLES / "tokenizer.json", folder)
    return folder


def flattened(folder: Path) -> Path:
    """The same directory with a config.json as transformers 4.4x wrote it."""
    file = folder / "config.json"
    raw = json.loads(file.read_text())
    text = raw.pop("text_config")
    rope = text.pop("rope_parameters")
    text.pop("model_type")
    raw |= text
    raw |= {"rope_theta": rope["rope_theta"], "rope_scaling": {"type": "mrope", "mrope_section": rope["mrope_section"]}}
    file.write_text(json.dumps(raw))
    return folder


def stream(path: Path, fps: float, **cache: float) -> Engine:
    sampling = SamplingConfig(greedy=True, repetition_penalty=1.0, max_new_tokens=6)
    cache_config = CacheConfig(**cache)
    config = StreamConfig(fps=fps, size="native", context="Harbour v Union.", cache=cache_config, sampling=sampling)
    return Engine(load(path, CPU, torch.float32), config, CPU)


def logits_while_streaming(engine: Engine, chunks: list[np.ndarray]) -> list[torch.Tensor]:
    """Logits (vocab,) in front of every sampled token."""
    seen: list[torch.Tensor] = []
    sample = engine.generator.sampler.sample
    engine.generator.sampler.sample = lambda logits, *line: (seen.append(logits.clone()), sample(logits, *line))[1]
    for n, pictures in enumerate(chunks):
        list(engine.step(Chunk(n, float(n), n + 1.0, pictures, 0.0)))
    return seen


@pytest.mark.parametrize("layout", ["published", "qwen2_5_vl tied", "qwen2_5_vl untied", "qwen2_vl untied", "flat"])
def test_full_attention_gives_the_logits_of_transformers(layout: str, tmp_path: Path) -> None:
    kind = "qwen2_vl" if layout.startswith("qwen2_vl") else "qwen2_5_vl"
    if layout == "published":
        path = write_checkpoint(tmp_path, 3, layers=2)
    else:
        path = saved_by_transformers(tmp_path, kind, tied=layout.endswith(" tied"))
        path = flattened(path) if layout == "flat" else path
    fps = 8 if kind == "qwen2_5_vl" else 2
    engine = stream(path, fps=fps, mode="full")
    chunks = [frames(n, fps, (84, 140), 1) for n in range(4)]
    ours = logits_while_streaming(engine, chunks)
    tokens = engine.context.ledger.tokens()
    theirs = oracle_logits(load_oracle(kind, path), tokens, engine.context.positions.relative(len(tokens)), chunks)
    places = [n for n in range(len(tokens)) if _follows_answer_opening(engine, n)]
    assert len(ours) == len(places)
    # float32 has seven digits: the weights of the published tables make logits of up to 143, the others of up to 1
    bar = 2.5e-4 if layout == "published" else 2e-6
    assert max((theirs[n] - a).abs().max().item() for n, a in zip(places, ours, strict=True)) < bar


def _follows_answer_opening(engine: Engine, place: int) -> bool:
    """Whether the logits after the token at `place` chose a token of an answer."""
    offset = 0
    answering = False
    for span in engine.context.ledger.spans:
        kind = span.kind.value
        if kind == "answer_open":
            answering = place == offset + len(span.tokens) - 1
        elif kind in ("words", "stop"):
            answering = offset <= place < offset + len(span.tokens)
            if answering and place == offset + len(span.tokens) - 1:
                answering = _sampled_after(engine, span.round, kind)
        else:
            answering = False
        offset += len(span.tokens)
        if place < offset:
            return answering
    return False


def _sampled_after(engine: Engine, round_: int, kind: str) -> bool:
    """Whether something was sampled after the last token of this span: not where the line was cut at its limit."""
    spans = {s.kind.value: s for s in engine.context.ledger.spans if s.round == round_}
    length = len(spans["words"].tokens) + len(spans["stop"].tokens)
    if kind == "words" and spans["stop"].tokens:
        return True
    return length < engine.config.sampling.max_new_tokens


def test_patches_are_those_of_transformers() -> None:
    picture = frames(0, 1, (112, 168), 4)[0]
    theirs = Qwen2VLImageProcessorPil(do_resize=False)(picture, return_tensors="pt")
    cut, grid = patchify(torch.from_numpy(np.stack((picture, picture))))
    assert theirs["image_grid_thw"].tolist() == [list(grid)]
    torch.testing.assert_close(normalise(cut), theirs["pixel_values"], atol=2e-6, rtol=0)


@pytest.mark.parametrize("size", [(720, 1280), (1080, 1920), (100, 60), (37, 2000)])
def test_smart_size_is_that_of_transformers(size: tuple[int, int]) -> None:
    from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import smart_resize

    assert smart_size(*size, 28, 56 * 56, 602112) == smart_resize(*size, 28, 56 * 56, 602112)
