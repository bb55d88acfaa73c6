"""transformers' own models as the judge: logits for given tokens, positions and pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import tqdm
from torch import Tensor
from transformers import Qwen2_5_VLForConditionalGeneration, Qwen2VLForConditionalGeneration

from core.model.qwen2_5_vl.patches import normalise, patchify

tqdm.tqdm.monitor_interval = 0  # its progress bars would leave a thread behind

CLASSES = {"qwen2_5_vl": Qwen2_5_VLForConditionalGeneration, "qwen2_vl": Qwen2VLForConditionalGeneration}


def load_oracle(kind: str, path: Path) -> torch.nn.Module:
    """transformers' model from a checkpoint directory, plain attention.

    In float64: on the weights of the published tables the rounding of its own float32 alone reaches 1.8e-4, since their
    logits reach 143.
    """
    return CLASSES[kind].from_pretrained(path, dtype=torch.float64, attn_implementation="eager").eval()


@torch.inference_mode()
def oracle_logits(
    oracle: torch.nn.Module, tokens: list[int], positions: np.ndarray, rounds: list[np.ndarray]
) -> Tensor:
    """Logits (tokens, vocab) of one forward over the whole input.

    Args:
        positions: (3, tokens). rounds: the uint8 frames of each round whose pictures are among the tokens, in order.
    """
    cut = [patchify(torch.from_numpy(frames)) for frames in rounds]
    inputs = {
        "input_ids": torch.tensor([tokens]),
        "position_ids": torch.from_numpy(np.ascontiguousarray(positions))[:, None],
        "pixel_values_videos": normalise(torch.cat([patches for patches, _ in cut])).double(),
        "video_grid_thw": torch.tensor([grid for _, grid in cut]),
    }
    return oracle(**inputs, use_cache=False).logits[0]
