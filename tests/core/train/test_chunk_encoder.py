"""A sample's words as tokens: those that the engine would write, and what the loss looks at."""

import numpy as np
import pytest

from core.config import QUERY
from core.model.qwen2_5_vl.positions import contiguous_positions
from core.prompt.special import STOP_MARK
from core.train.bundled_config import MERGED_GRID
from core.train.chunk_encoder import ChunkEncoder
from core.train.sample import Answer, EarlierLine, TrainingSample
from core.train.train_config import TrainConfig

ROUND_TOKENS = int(np.prod(MERGED_GRID))


def in_sight(encoded):
    """Ids of what a chunk's rounds see: what is kept of the prefix, and themselves."""
    return [*encoded.prefix.ids[encoded.kept].tolist(), *encoded.chunk.ids.tolist()]


def test_the_tokens_are_the_engines(encoder):
    template = encoder.template
    answers = [Answer("Harbour kick off."), Answer("")]
    encoded = encoder.encode(TrainingSample("Harbour v Union.", [], [], 0.0, answers, {}))
    spans = template.opening("Harbour v Union.")
    for number, answer in enumerate(answers):
        spans += template.user_turn(number, number, number + 1, MERGED_GRID, "" if number else QUERY)
        words = template.encode(f" {answer.text}") if answer.text else ()
        spans += template.answer(number, (*words, *template.special.stop_mark, template.special.im_end))
    assert in_sight(encoded) == [token for span in spans for token in span.tokens]
    assert np.array_equal(
        np.concatenate((encoded.kept_positions, encoded.chunk.positions), 1), contiguous_positions(spans)
    )
    assert (encoded.chunk.ids[encoded.chunk.visual] == template.special.video_pad).all()
    assert len(encoded.chunk.visual) == 2 * ROUND_TOKENS


def test_the_loss_sees_the_answers_and_nothing_else(encoder, tokenizer):
    answers = [Answer("Foul by Union."), Answer(""), Answer("Wide by Union.", False)]
    encoded = encoder.encode(TrainingSample("", [], [], 5.0, answers, {})).chunk
    assert np.array_equal(encoded.ids[encoded.answer_at + 1], encoded.answer_ids)
    said = tokenizer.decode(encoded.answer_ids.tolist(), skip_special_tokens=False)
    assert said == f" Foul by Union.{STOP_MARK}<|im_end|>{STOP_MARK}<|im_end|>"
    quiet = encoded.answer_weight[encoded.answer_round == 1]
    assert quiet.tolist() == pytest.approx([0.5, 0.1])


def test_a_name_that_cannot_be_copied_from_a_line_weighs_more(encoder):
    lines = [Answer("In red, Harbour score!"), Answer("In red, Harbour shoot!")]
    weights = {}
    for earlier in ([], [EarlierLine(-3, "In red, Harbour kick off.")]):
        encoded = encoder.encode(TrainingSample("In red, Harbour.", [], earlier, 9.0, lines, {})).chunk
        name = encoder.template.encode(" Harbour")[-1]
        weights[bool(earlier)] = encoded.answer_weight[encoded.answer_ids == name].tolist()
    assert weights == {False: [6.0, 1.0], True: [1.0, 1.0]}


def test_a_name_that_only_the_picture_tells_weighs_more_whatever_was_said(tokenizer):
    encoder = ChunkEncoder(tokenizer, TrainConfig(steps=1), (), shown=["Harbour"])
    earlier = [EarlierLine(-3, "In red, Harbour kick off.")]
    sample = TrainingSample("In red, Harbour.", [], earlier, 9.0, [Answer("In red, Harbour score!")], {})
    encoded = encoder.encode(sample).chunk
    name = encoder.template.encode(" Harbour")[-1]
    assert encoded.answer_weight[encoded.answer_ids == name].tolist() == [6.0]
