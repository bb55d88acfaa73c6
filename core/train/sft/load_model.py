"""A checkpoint directory to a model that can be fine-tuned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import nn

from core.errors import CheckpointError
from core.model.checkpoint import Model, read_config
from core.model.completeness import require_complete, shards
from core.model.config import ModelConfig
from core.model.qwen2_5_vl.names import canonical_name, weight_parts
from core.model.qwen2_5_vl.vision import VisionTower
from core.train.sft import packed_attention
from core.train.sft.sft_config import SftConfig
from core.train.sft.sft_model import SftModel, TrainVisionTower

ADAPTER = "default"
LORA_MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def check_checkpoint(path: Path) -> ModelConfig:
    """Its configuration. Raises CheckpointError for a directory that is not whole, of another kind or of other shapes
    than its config.json says; reads headers alone."""
    config = read_config(path)
    require_complete(path)
    with torch.device("meta"):
        expected = {part.published: part for part in weight_parts(config)}
        parameters = dict(Model(config).named_parameters())
    for name, shape in _shapes(path):
        if (part := expected.pop(name, None)) is None:
            continue
        asked = tuple(part.to_published(parameters[part.ours]).shape)
        if shape != asked:
            raise CheckpointError(
                "Damaged checkpoint", f"{path}: {name} has shape {shape}, config.json asks for {asked}"
            )
    if expected:
        raise CheckpointError(
            "Incomplete checkpoint", f"{path} has no weights for {min(expected)} and {len(expected) - 1} more"
        )
    return config


def load_model(path: Path, config: ModelConfig, sft: SftConfig, dtype: torch.dtype) -> SftModel:
    """The model on the CPU.

    Args:
        dtype: in which it computes. Weights that learn are float32 whatever it is.
    """
    whole = dtype if sft.lora_rank else torch.float32
    decoder, head = _load_decoder(path, config, whole)
    model = SftModel(_load_vision(path, config, torch.float32 if sft.train_vision else dtype), decoder, head)
    model.focal_gamma = sft.focal_gamma
    model.train_vision = sft.train_vision
    model.vision.requires_grad_(sft.train_vision)
    if sft.lora_rank:
        _add_adapters(model, sft)
    if sft.checkpointing:
        _checkpoint_activations(decoder, sft.keep_layers)
    return model.train()


def _checkpoint_activations(decoder: Any, keep_layers: int) -> None:
    """Let all layers but the first `keep_layers` compute their activations anew in the backward pass."""
    new = getattr(decoder, "activation_checkpointing_enable", None)  # its name since transformers 5.2x
    (new or decoder.gradient_checkpointing_enable)({"use_reentrant": False})
    for layer in decoder.layers[:keep_layers]:
        layer.gradient_checkpointing = False


def _load_decoder(path: Path, config: ModelConfig, dtype: torch.dtype) -> tuple[nn.Module, nn.Linear]:
    """transformers' decoder, and its head."""
    from transformers import Qwen2_5_VLForConditionalGeneration, Qwen2VLForConditionalGeneration
    from transformers.utils import logging

    logging.disable_progress_bar()
    packed_attention.register()
    kinds: dict[str, Any] = {
        "qwen2_5_vl": Qwen2_5_VLForConditionalGeneration,
        "qwen2_vl": Qwen2VLForConditionalGeneration,
    }
    whole = kinds[config.kind].from_pretrained(path, dtype=dtype, attn_implementation=packed_attention.PACKED)
    decoder = whole.model.language_model
    decoder.config.use_cache = False
    return decoder, whole.lm_head


def _load_vision(path: Path, config: ModelConfig, dtype: torch.dtype) -> VisionTower:
    tower = TrainVisionTower(config.vision).to(dtype)
    parameters = dict(tower.named_parameters(prefix="vision"))
    parts = {part.published: part for part in weight_parts(config) if part.ours in parameters}
    with torch.no_grad():
        for parameter in parameters.values():
            parameter.zero_()  # fused matrices have padding
        for file in shards(path):
            with safe_open(file, framework="pt") as weights:
                for name in weights.keys():  # noqa: SIM118 - not a dict
                    if part := parts.get(canonical_name(name)):
                        part.of(parameters[part.ours]).copy_(part.to_ours(weights.get_tensor(name)))
    return tower


def _add_adapters(model: SftModel, sft: SftConfig) -> None:
    """LoRA (Hu et al. 2021) on every linear layer of the decoder; nothing else of it learns."""
    from peft import LoraConfig, inject_adapter_in_model

    model.decoder.requires_grad_(False)
    model.head.requires_grad_(False)
    lora = LoraConfig(r=sft.lora_rank, lora_alpha=sft.lora_alpha or 2 * sft.lora_rank, target_modules=LORA_MODULES)
    inject_adapter_in_model(lora, model.decoder, adapter_name=ADAPTER)
    for parameter in model.decoder.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()


def use_liger(model: SftModel) -> bool:
    """Put Liger's norms and gated MLPs in the place of the decoder's, around the same weights. False: not installed.

    Its own patching function is not used: it breaks with every other version of transformers.
    """
    try:
        from liger_kernel.transformers import LigerRMSNorm, LigerSwiGLUMLP
    except ImportError:
        return False
    decoder: Any = model.decoder
    for parent in (decoder, *decoder.layers):
        for name, norm in [*parent.named_children()]:
            if name.endswith("norm"):
                with torch.device("meta"):
                    fast = LigerRMSNorm(norm.weight.numel(), eps=norm.variance_epsilon)
                fast.weight = norm.weight
                setattr(parent, name, fast)
    for layer in decoder.layers:
        with torch.device("meta"):
            gated = LigerSwiGLUMLP(decoder.config)
        for name, projection in [*layer.mlp.named_children()]:
            if isinstance(getattr(gated, name, None), nn.Module):
                setattr(gated, name, projection)
        layer.mlp = gated
    return True


def _shapes(path: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Names, as transformers 4 wrote them, and shapes of all weights."""
    for file in shards(path):
        try:
            with safe_open(file, framework="pt") as weights:
                for name in weights.keys():  # noqa: SIM118 - not a dict
                    yield canonical_name(name), tuple(weights.get_slice(name).get_shape())
        except SafetensorError as error:
            raise CheckpointError("Damaged checkpoint", f"{file} is no weight file ({error})") from error
