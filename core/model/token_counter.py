"""Counts the tokens of a text as it is typed, without the model and without torch."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

from core.assets import BUNDLED
from core.model.hub import cached, parse
from core.prompt.special import load_tokenizer


class TokenCounter:
    """Counts as the engine does."""

    def __init__(self, checkpoint: Path) -> None:
        """Raises CheckpointError where the directory has no tokenizer that works."""
        self._tokenizer = load_tokenizer(checkpoint)

    @classmethod
    def of_model(cls, model: str) -> TokenCounter | None:
        """That of a `--model`, "" is the bundled one; None for a checkpoint that has not been fetched yet.

        Raises CheckpointError.
        """
        folder = _folder_of(model)
        return None if folder is None else cls(folder)

    def count(self, text: str) -> int:
        """Tokens of a text. A thousand words take about a millisecond."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids) if text else 0


def tokenizer_of_model(model: str) -> Tokenizer | None:
    """The tokenizer of a `--model`, "" is the bundled one; None for a checkpoint that has not been fetched yet.

    Raises CheckpointError.
    """
    folder = _folder_of(model)
    return None if folder is None else load_tokenizer(folder)


def _folder_of(model: str) -> Path | None:
    place = parse(model) if model else BUNDLED
    return place if isinstance(place, Path) else cached(place)
