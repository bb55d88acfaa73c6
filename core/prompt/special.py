"""The special tokens of a Qwen2-VL family tokenizer, read once from the tokenizer itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from core.errors import CheckpointError
from core.panics import panics_in_words

STOP_MARK = " ..."
PROBE = "system\n<|im_start|> Time=0.0-1.0s é …"


@dataclass(frozen=True, slots=True)
class SpecialTokens:
    """Ids by role. `stop_mark` are the ids of ` ...`, which ends every answer before `<|im_end|>`."""

    im_start: int
    im_end: int
    vision_start: int
    vision_end: int
    video_pad: int
    newline: int
    stop_mark: tuple[int, ...]


def load_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer of a checkpoint directory. Raises CheckpointError when it is missing or damaged."""
    file = path / "tokenizer.json"
    if not file.is_file():
        raise CheckpointError("Incomplete checkpoint", f"{path} has no tokenizer.json; download the checkpoint again")
    damaged = CheckpointError("Damaged checkpoint", f"{file} is no tokenizer that works")
    with panics_in_words(damaged, alone=True):
        try:
            tokenizer = Tokenizer.from_file(str(file))
            tokenizer.no_truncation()  # a limit and a padding left there by whoever trained with it
            tokenizer.no_padding()
            tokenizer.encode_special_tokens = True  # one that is spelled in somebody's words is text, not a turn's end
            tokenizer.decode(tokenizer.encode(PROBE, add_special_tokens=False).ids)
        except Exception as error:
            raise CheckpointError("Damaged checkpoint", f"{file} is no tokenizer ({error})") from error
    return tokenizer


def read_special_tokens(tokenizer: Tokenizer) -> SpecialTokens:
    """Look up the special tokens by name. Raises CheckpointError with the names the tokenizer lacks."""
    names = {
        "im_start": "<|im_start|>",
        "im_end": "<|im_end|>",
        "vision_start": "<|vision_start|>",
        "vision_end": "<|vision_end|>",
        "video_pad": "<|video_pad|>",
    }
    ids: dict[str, Any] = {role: tokenizer.token_to_id(name) for role, name in names.items()}
    if missing := [names[role] for role, token in ids.items() if token is None]:
        raise CheckpointError("Wrong tokenizer", f"it lacks {', '.join(missing)}; use the checkpoint's own tokenizer")
    newline = tokenizer.encode("\n", add_special_tokens=False).ids
    if len(newline) != 1:
        raise CheckpointError("Wrong tokenizer", f"a line break must be one token, not {len(newline)}")
    stop_mark = tuple(tokenizer.encode(STOP_MARK, add_special_tokens=False).ids)
    return SpecialTokens(**ids, newline=newline[0], stop_mark=stop_mark)
