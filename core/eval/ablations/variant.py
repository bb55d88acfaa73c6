"""What is compared: ways to keep the cache, lengths of its windows, and checkpoints trained in other ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.config import MODES, StreamConfig, resolve
from core.errors import UsageError
from core.model.hub import stream_config

BASE = "streaming"
"""The variant that all others are held against."""
VISION_WINDOWS_S = (0, 1, 4, 8, 16, 32)
TEXT_TOKENS = (0, 64, 256, 512, 1024)
"""Lengths of the sink and of the text window."""
GROUPS = {
    "modes": "what the cache keeps",
    "vision": "seconds of vision kept",
    "sink": "first tokens of previous text kept",
    "text": "last tokens of previous text kept",
    "models": "how the checkpoint was trained",
}


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to watch.

    Attributes:
        name: in figures. group: one of GROUPS. label: for people.
        changes: settings of the stream that differ from the base.
    """

    name: str
    group: str
    label: str
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """Variants that are the same stream, watched once. Attributes: name: of the first of them. config: its settings."""

    name: str
    variants: tuple[Variant, ...]
    config: StreamConfig

    @property
    def of_another_model(self) -> bool:
        """Whether it watches with another checkpoint than the base."""
        return self.variants[0].group == "models"


def variants(groups: Sequence[str], models: Mapping[str, str], seconds: int) -> list[Variant]:
    """The variants of these groups, the base among them; of a group in the order of its lengths.

    Args:
        models: other checkpoints by name. seconds: watched, which says how many tokens text may have in all.
    """
    every_token = {"text_window_tokens": seconds * _most_tokens_a_round()}
    found = [Variant(mode, "modes", mode, {"mode": mode}) for mode in MODES]
    found += [Variant(f"vision_{s}s", "vision", f"vision {s} s", _vision(s)) for s in VISION_WINDOWS_S]
    found += [Variant(f"sink_{n}", "sink", f"sink {n}", {"sink_tokens": n}) for n in TEXT_TOKENS]
    found += [Variant(f"text_{n}", "text", f"text window {n}", {"text_window_tokens": n}) for n in TEXT_TOKENS]
    found.append(Variant("text_all", "text", "no text evicted", every_token))
    found += [Variant(f"model_{name}", "models", name, {"model": path}) for name, path in models.items()]
    return [variant for variant in found if variant.group in groups or variant.name == BASE]


def _vision(seconds: int) -> dict[str, float]:
    """A window counts the current second, which is always seen: 0 s of vision and 1 s are the same."""
    return {"vision_window_s": float(max(1, seconds))}


def _most_tokens_a_round() -> int:
    return resolve({}).sampling.max_new_tokens


def runs(chosen: Iterable[Variant], given: Mapping[str, Any]) -> list[Run]:
    """The streams that the variants need, each once: variants with the same settings share one.

    Args:
        given: settings that all have in common. Raises UsageError for impossible ones, and for a checkpoint that sees
            other pictures than the base.
    """
    found: dict[StreamConfig, list[Variant]] = {}
    for variant in chosen:
        found.setdefault(_config(variant, given), []).append(variant)
    configs = list(found)
    for config in configs:
        if (config.fps, config.size) != (configs[0].fps, configs[0].size):
            seen = (f"{one.fps:g} frames a second of size {one.size}" for one in (config, configs[0]))
            raise UsageError("Not comparable", f"{config.model} watches {', the others '.join(seen)}")
    return [Run(same[0].name, tuple(same), config) for config, same in found.items()]


def _config(variant: Variant, given: Mapping[str, Any]) -> StreamConfig:
    wanted = {"greedy": True, **given, **variant.changes}
    return stream_config(wanted)


def parse_models(words: Sequence[str]) -> dict[str, str]:
    """NAME=DIR words as a mapping. Raises UsageError."""
    found = {}
    for word in words:
        name, sign, path = word.partition("=")
        if not sign or not path or not name.replace("-", "").replace("_", "").isalnum():
            raise UsageError("No such model", f"{word!r} is not NAME=DIR")
        found[name] = path
    return found
