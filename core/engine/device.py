"""What the engine's faster ways need."""

from __future__ import annotations

from importlib.util import find_spec

HAS_TRITON = find_spec("triton") is not None  # it comes with a CUDA build of torch
