"""Both forms, token for token: against the engine's own ledger, and against the published chat template spelled out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from core.config import CacheConfig, SamplingConfig, StreamConfig
from core.data.rounds import rounds
from core.data.sample import Sample
from core.engine.engine import Engine
from core.model.checkpoint import load
from core.prompt.ledger import SpanKind
from core.prompt.template import Template
from core.train.sft.encoded_sample import SampleEncoder
from core.train.sft.prompt_form import PromptForm
from core.train.sft.sft_config import PromptConfig
from core.types import Chunk

GRID = (1, 2, 3)
PADS = 6


def test_the_inference_form_is_what_the_engine_writes(model_path: Path, sample: Sample, template: Template) -> None:
    """A stream whose sampler says the sample's words, with the sample's question asked in its round."""
    told = list(rounds(sample))
    config = StreamConfig(
        size="native",
        context=sample.previous,
        query="",
        cache=CacheConfig(mode="full"),
        sampling=SamplingConfig(greedy=True, max_new_tokens=40),
    )
    engine = Engine(load(model_path, torch.device("cpu"), torch.float32), config, torch.device("cpu"))
    for number, one in enumerate(told):
        said = iter((*template.encode(one.text), template.special.im_end))
        engine.generator.sampler.sample = lambda *_, said=said: next(said)
        if one.question:
            engine.questions.ask(one.question)
        pictures = np.zeros((2, 56, 84, 3), np.uint8)
        list(engine.step(Chunk(number, one.start, one.end, list(pictures), 0.0)))
    tokens = engine.context.ledger.tokens()
    encoded = SampleEncoder(template, PromptConfig(), 2.0).encode(sample, GRID)
    assert encoded.ids.tolist() == tokens
    np.testing.assert_array_equal(encoded.positions, engine.context.positions.relative(len(tokens)))


def test_the_training_form_is_the_published_chat_template(sample: Sample, template: Template) -> None:
    pads = "<|vision_start|>" + "<|video_pad|>" * PADS + "<|vision_end|>"
    text = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n"
    text += "<|im_start|>previous text\nHarbour v Union<|im_end|>\n"
    said = ["\n ...", "\n Goal for Harbour! ...", "\n ...", "Harbour do.\n Corner ...", "\n ...", "\n A save ..."]
    for n, answer in enumerate(said):
        behind = f"{' ' if n else ''}{'Who leads?' if n == 3 else ''}"
        text += f"<|im_start|>user\nTime={n}.0-{n + 1}.0s{behind}{pads}<|im_end|>\n"
        text += f"<|im_start|>assistant\n{answer}<|im_end|>\n"
    published = Tokenizer.from_str(template.tokenizer.to_str())  # special tokens in text are tokens here
    expected = published.encode(text, add_special_tokens=False).ids
    encoded = SampleEncoder(template, PromptConfig(form="training"), 2.0).encode(sample, GRID)
    assert encoded.ids.tolist() == expected


@pytest.mark.parametrize(("form", "around"), [("inference", (0, 0)), ("training", (4, 2))])
def test_previous_text_keeps_its_sink_and_its_window(form: str, around: tuple[int, int], template: Template) -> None:
    long = " ".join(str(n) for n in range(100))
    whole = template.encode(long)
    spans = PromptForm(template, PromptConfig(form=form, sink_tokens=10, text_window_tokens=6), 2.0).opening(long)
    kept = [token for span in spans if span.kind is not SpanKind.SYSTEM for token in span.tokens]
    front, back = around
    inside = kept[4:-2]
    assert inside == [*whole[: 10 - front], *whole[len(whole) - 6 + back :]]
