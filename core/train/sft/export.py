"""The fine-tuned model as a checkpoint directory that the engine and transformers read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from core.config import STREAM_DEFAULTS
from core.model.completeness import INDEX, SINGLE
from core.model.config import ModelConfig
from core.model.qwen2_5_vl.names import weight_parts
from core.model.qwen2_5_vl.patches import MEAN, STD
from core.train.sft.load_model import ADAPTER
from core.train.sft.sft_config import PixelBudget, PromptConfig
from core.train.sft.sft_model import SftModel
from core.train.sft.sharding import local

SHARD_BYTES = 4_000_000_000
COPIED = ("*.json", "merges.txt", "*.jinja")
MADE_ANEW = (INDEX, "preprocessor_config.json", STREAM_DEFAULTS)


def write_checkpoint(out: Path, source: Path, model: SftModel, config: ModelConfig, writes: bool) -> None:
    """Write the weights, LoRA merged, beside the source's configuration and tokenizer.

    Args:
        writes: False on processes that only lend their share of the weights.
    """
    raw = json.loads((source / "config.json").read_text("utf-8"))
    dtype = getattr(torch, raw.get("dtype") or raw.get("torch_dtype") or "bfloat16")
    out.mkdir(parents=True, exist_ok=True)
    shards = _Shards(out)
    for name, weight in published(model, config):
        if writes:
            shards.add(name, weight.to("cpu", dtype).contiguous())
    if not writes:
        return
    shards.finish()
    for pattern in COPIED:
        for file in source.glob(pattern):
            if file.name not in MADE_ANEW and not file.name.endswith(".index.json") and source != out:
                shutil.copyfile(file, out / file.name)
    if not (out / "generation_config.json").is_file():
        _write_json(out / "generation_config.json", {"eos_token_id": raw.get("eos_token_id"), "do_sample": False})


def write_settings(out: Path, source: Path, prompt: PromptConfig, pixels: PixelBudget) -> None:
    """What a stream must know to see as the training saw: frame size, rate, sink and window, and no query."""
    file = source / "preprocessor_config.json"
    processor: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    processor = {"image_processor_type": "Qwen2VLImageProcessor", "image_mean": MEAN, "image_std": STD} | processor
    processor |= {"patch_size": 14, "temporal_patch_size": 2, "merge_size": 2}
    processor |= {"min_pixels": pixels.smallest, "max_pixels": pixels.of_frame(48, 2)}
    processor.pop("size", None)
    _write_json(out / "preprocessor_config.json", processor)
    stream = {"fps": prompt.fps, "sink_tokens": prompt.sink_tokens, "text_window_tokens": prompt.text_window_tokens}
    _write_json(out / STREAM_DEFAULTS, stream | ({} if prompt.keep_query else {"query": ""}))


def published(model: SftModel, config: ModelConfig) -> Iterator[tuple[str, Tensor]]:
    """Every weight by its published name, whole, one after the other; LoRA merged."""
    vision = dict(model.vision.named_parameters(prefix="vision"))
    for part in weight_parts(config):
        if part.ours in vision:
            yield part.published, part.to_published(local(vision[part.ours].detach()))
        else:
            yield part.published, _decoder_weight(model, _place(part.published))


def _place(published: str) -> str:
    """Where a published weight of the decoder stands in `SftModel`."""
    return published.replace("model.", "decoder.", 1).replace("lm_head.", "head.")


def _decoder_weight(model: SftModel, name: str) -> Tensor:
    """A weight of the decoder with what its adapter adds to it, the sum rounded once."""
    place, kind = name.rsplit(".", 1)
    module: Any = model.get_submodule(place)
    if not hasattr(module, "base_layer"):
        return local(getattr(module, kind).detach())
    base = local(getattr(module.base_layer, kind).detach())
    if kind != "weight":
        return base
    down = local(module.lora_A[ADAPTER].weight.detach()).float()
    up = local(module.lora_B[ADAPTER].weight.detach()).float()
    return base.float() + module.scaling[ADAPTER] * (up @ down)


class _Shards:
    """`model-0000X-of-0000Y.safetensors` while weights come, and their index."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._shard: dict[str, Tensor] = {}
        self._files: list[tuple[Path, list[str]]] = []
        self._bytes = 0

    def add(self, name: str, weight: Tensor) -> None:
        if self._shard and sum(t.nbytes for t in self._shard.values()) + weight.nbytes > SHARD_BYTES:
            self._write()
        self._shard[name] = weight
        self._bytes += weight.nbytes

    def finish(self) -> None:
        """Give the files their names; what an earlier export left goes."""
        self._write()
        for stale in [*self._out.glob("model-*.safetensors"), self._out / SINGLE]:
            stale.unlink(missing_ok=True)
        where: dict[str, str] = {}
        for number, (file, names) in enumerate(self._files, 1):
            final = file.with_name(f"model-{number:05d}-of-{len(self._files):05d}.safetensors")
            file.rename(final)
            where |= dict.fromkeys(names, final.name)
        _write_json(self._out / INDEX, {"metadata": {"total_size": self._bytes}, "weight_map": where})

    def _write(self) -> None:
        file = self._out / f"part-{len(self._files)}.safetensors"
        save_file(self._shard, file, metadata={"format": "pt"})
        self._files.append((file, list(self._shard)))
        self._shard = {}


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")
