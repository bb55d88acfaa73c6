"""What the loss looks at, how much it weighs, and what becomes of the query."""

from __future__ import annotations

import numpy as np
import pytest
from tokenizers import Tokenizer

from core.data.sample import Sample
from core.prompt.template import Template
from core.train.sft.encoded_sample import SampleEncoder
from core.train.sft.sft_config import PromptConfig

GRID = (1, 2, 3)


@pytest.mark.parametrize("form", ["inference", "training"])
def test_the_loss_looks_at_every_answer_from_offset_three_to_its_end(
    form: str, sample: Sample, template: Template, tokenizer: Tokenizer
) -> None:
    encoded = SampleEncoder(template, PromptConfig(form=form), 2.0).encode(sample, GRID)
    ids = encoded.ids.tolist()
    assert [ids[at + 1] for at in encoded.answer_at] == encoded.answer_ids.tolist()
    labelled = []
    assistant = template.encode("assistant")[0]
    for place in [n for n, token in enumerate(ids[:-1]) if token == template.special.im_start]:
        if ids[place + 1] == assistant:
            labelled += range(place + 3, ids.index(template.special.im_end, place) + 1)
    assert (encoded.answer_at + 1).tolist() == labelled
    assert encoded.decides.sum() == 6
    words = tokenizer.decode(encoded.answer_ids.tolist(), skip_special_tokens=True)
    assert "Goal for Harbour! ..." in words


def test_the_query_is_dropped_unless_it_is_kept(sample: Sample, template: Template) -> None:
    query = template.encode("Commentate")[0]
    dropped = SampleEncoder(template, PromptConfig(), 2.0).encode(sample, GRID)
    kept = SampleEncoder(template, PromptConfig(keep_query=True), 2.0).encode(sample, GRID)
    assert query not in dropped.ids
    assert kept.ids.tolist().count(query) == 1


def test_decisions_weigh_what_they_are_told_to(sample: Sample, template: Template) -> None:
    config = PromptConfig(silence_weight=0.8, onset_weight=1.5)
    encoded = SampleEncoder(template, config, 2.0).encode(sample, GRID)
    # silent, words, silent, words, silent, words: no silence follows a silence
    assert encoded.weight[encoded.decides].tolist() == [1.0, 1.5, 1.0, 1.5, 1.0, 1.5]
    quiet = SampleEncoder(template, config, 2.0).encode(Sample("v", 0.0, 3.0), GRID)
    np.testing.assert_allclose(quiet.weight[quiet.decides], [1.0, 0.8, 0.8])
