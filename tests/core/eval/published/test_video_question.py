"""A plain question gives the logits of transformers' own model on the prompt of its chat template."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from core.config import CacheConfig, StreamConfig
from core.eval.published import video_question
from core.eval.published.frame_budget import FrameBudget
from core.eval.published.loaded_model import LoadedModel
from core.eval.published.video_question import QuestionAnswerer, VideoQuestion
from core.model.checkpoint import load
from tests.core.data.conftest import write_video
from tests.parity.checkpoints import frames
from tests.parity.oracle import load_oracle, oracle_logits
from tests.parity.test_transformers import saved_by_transformers

CPU = torch.device("cpu")
COUNT = 20
"""More frames than are encoded together."""


@pytest.fixture
def config() -> StreamConfig:
    return StreamConfig(size="native", query="", cache=CacheConfig(mode="full"))


def test_the_logits_are_those_of_transformers(tmp_path: Path, config: StreamConfig) -> None:
    path = saved_by_transformers(tmp_path, "qwen2_5_vl", tied=False)
    model = LoadedModel(load(path, CPU, torch.float32), CPU)
    engine = model.engine(config)
    pictures = frames(0, COUNT, (84, 140), 1)
    asked = VideoQuestion(tmp_path / "v.mp4", 0.0, 10.0, "Who scored?\nA. Harbour", "The answer is:\n")
    with torch.inference_mode():
        ours = video_question.next_logits(engine, list(pictures), 2.0, asked)
    tokens = engine.context.ledger.tokens()
    text = model.checkpoint.tokenizer.decode(tokens, skip_special_tokens=False)
    assert text.replace("<|video_pad|>", "") == (
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n"
        "<|im_start|>user\n<|vision_start|><|vision_end|>Who scored?\nA. Harbour<|im_end|>\n"
        "<|im_start|>assistant\nThe answer is:\n"
    )
    assert text.count("<|video_pad|>") == COUNT // 2 * 3 * 5
    theirs = oracle_logits(
        load_oracle("qwen2_5_vl", path), tokens, engine.context.positions.relative(len(tokens)), [pictures]
    )
    assert (theirs[-1] - ours).abs().max().item() < 2e-6
    assert np.isfinite(ours.numpy()).all()


def test_the_likeliest_of_the_options_is_the_answer(tmp_path: Path, config: StreamConfig) -> None:
    path = saved_by_transformers(tmp_path, "qwen2_5_vl", tied=False)
    model = LoadedModel(load(path, CPU, torch.float32), CPU)
    video = write_video(tmp_path / "v.mp4", seconds=4)
    answerer = QuestionAnswerer(model, config, FrameBudget(2, 480, 4, 16))
    asked = VideoQuestion(video, 0.0, 4.0, "Which?")
    ids = [100, 200, 300]
    first = answerer.likeliest(asked, ids)
    assert ids[first] == ids[::-1][answerer.likeliest(asked, ids[::-1])], "wherever it stands among them"
    assert answerer.likeliest(asked, [ids[first]]) == 0
