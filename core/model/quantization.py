"""Checkpoints of small numbers and scales: told by name, since a decoder that reads them as they are says "!"."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.errors import CheckpointError
from core.model.config_fields import shown

REMEDY = "choose the checkpoint it was made from; --dtype fp8 rounds that while it is loaded"
PLAIN_DTYPES = ("F64", "F32", "F16", "BF16")
"""As safetensors calls number formats that need no scale."""


def refuse_quantized(raw: Mapping[str, Any], path: Path) -> None:
    """Raise CheckpointError, naming the method, where `config.json` has a `quantization_config`."""
    text = raw.get("text_config")
    found = raw.get("quantization_config") or (text.get("quantization_config") if isinstance(text, Mapping) else None)
    if not found:
        return
    known = found if isinstance(found, Mapping) else {"quant_method": found}
    words = [known.get("quant_method", "an unknown method"), known.get("format")]
    method = ", ".join(shown(word).strip("'") for word in words if word)
    raise CheckpointError("Quantised checkpoint", f"{path} is quantised ({method}), which is not supported; {REMEDY}")


def require_plain(name: str, dtype: str, file: Path) -> None:
    """Raise CheckpointError for a weight of a number format that needs scales, whatever `config.json` says."""
    if dtype not in PLAIN_DTYPES:
        raise CheckpointError("Quantised checkpoint", f"{name} in {file} is stored as {dtype}; {REMEDY}")
