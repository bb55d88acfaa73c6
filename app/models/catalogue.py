"""Commentators that are known to work, with what they take before anything of them is here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A checkpoint on the hub, or the bundled one.

    Attributes:
        name: as for `--model`. about: what it is good for. parameters: number of weights.
    """

    name: str
    about: str
    parameters: float

    @property
    def download_bytes(self) -> float:
        """What the hub sends: weights in bfloat16."""
        return 2 * self.parameters


KNOWN: tuple[KnownModel, ...] = (
    KnownModel("", "comes with Courtside: the demo match at once on any machine, and little else", 8.7e6),
    KnownModel("mit-han-lab/StreamingVLM", "trained for live commentary without end; the one to begin with", 8.29e9),
    KnownModel("chenjoya/LiveCC-7B-Instruct", "trained on live subtitles of videos", 8.29e9),
    KnownModel("Qwen/Qwen2.5-VL-3B-Instruct", "general; the smallest of its family", 3.75e9),
    KnownModel("Qwen/Qwen2.5-VL-7B-Instruct", "general; describes rather than commentates", 8.29e9),
    KnownModel("Qwen/Qwen2.5-VL-32B-Instruct", "general; sees more, needs a large GPU", 33.5e9),
    KnownModel("Qwen/Qwen2.5-VL-72B-Instruct", "general; the largest, fits one GPU only as fp8", 73.4e9),
    KnownModel("Qwen/Qwen2-VL-2B-Instruct", "general; older and small", 2.21e9),
    KnownModel("Qwen/Qwen2-VL-7B-Instruct", "general; older", 8.29e9),
)
"""In the order in which they are offered."""
