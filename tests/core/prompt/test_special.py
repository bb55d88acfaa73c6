"""Special tokens come from the tokenizer, and what it lacks is said by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer, models

from core.assets import BUNDLED
from core.errors import CheckpointError
from core.prompt.special import STOP_MARK, load_tokenizer, read_special_tokens


def test_the_bundled_tokenizer_has_them_all() -> None:
    tokenizer = load_tokenizer(BUNDLED)
    special = read_special_tokens(tokenizer)
    assert tokenizer.id_to_token(special.im_end) == "<|im_end|>"
    assert tokenizer.decode(list(special.stop_mark)) == STOP_MARK
    assert tokenizer.decode([special.newline]) == "\n"


def test_what_a_tokenizer_lacks_is_named() -> None:
    with pytest.raises(CheckpointError, match=r"<\|im_start\|>, .*<\|video_pad\|>"):
        read_special_tokens(Tokenizer(models.WordLevel({"a": 0}, unk_token="a")))


def test_a_tokenizer_that_is_missing_or_broken_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"no tokenizer\.json"):
        load_tokenizer(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(CheckpointError, match="is no tokenizer"):
        load_tokenizer(tmp_path)
