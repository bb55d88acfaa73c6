"""Small random checkpoints of the published layouts, written as directories."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from types import ModuleType

import numpy as np
from PIL import Image
from safetensors.numpy import save_file

TABLES = Path(__file__).parent / "tables"


def _recipe() -> ModuleType:
    spec = importlib.util.spec_from_file_location("recipe", TABLES / "recipe.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RECIPE = _recipe()


def write_checkpoint(folder: Path, seed: int, **shape: int) -> Path:
    """A checkpoint directory from the tables' recipe."""
    folder.mkdir(parents=True, exist_ok=True)
    config = RECIPE.config(**shape)
    (folder / "config.json").write_text(json.dumps(config))
    weights = RECIPE.weights(config, seed)
    if config["tie_word_embeddings"]:
        weights.pop("lm_head.weight")
    save_file(weights, folder / "model.safetensors")
    shutil.copy(TABLES / "tokenizer.json", folder)
    return folder


def write_frames(folder: Path, seconds: int, fps: int, size: tuple[int, int], seed: int) -> Path:
    """The recipe's pictures as PNG files, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    for second in range(seconds):
        for i, frame in enumerate(frames(second, fps, size, seed)):
            Image.fromarray(frame).save(folder / f"{second * fps + i:06d}.png")
    return folder


def frames(second: int, fps: int, size: tuple[int, int], seed: int) -> np.ndarray:
    """uint8 (fps, height, width, 3) of one second."""
    return np.ascontiguousarray(RECIPE.frames(second, fps, size, seed).transpose(0, 2, 3, 1))
