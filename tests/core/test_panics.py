"""A panic of Rust code becomes an error in words."""

from __future__ import annotations

import json

import pytest
from tokenizers import Tokenizer

from core.assets import BUNDLED
from core.errors import EngineError
from core.panics import panics_in_words


def test_a_panic_of_a_tokenizer_is_told_in_words() -> None:
    raw = json.loads((BUNDLED / "tokenizer.json").read_text("utf-8"))
    raw["truncation"] = {"direction": "Right", "max_length": 1, "strategy": "LongestFirst", "stride": 5}
    tokenizer = Tokenizer.from_str(json.dumps(raw))
    with pytest.raises(EngineError, match="told"), panics_in_words(EngineError("told")):
        tokenizer.encode("longer than one token")


def test_other_errors_pass() -> None:
    with pytest.raises(KeyboardInterrupt), panics_in_words(EngineError("told")):
        raise KeyboardInterrupt
