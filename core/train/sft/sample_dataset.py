"""Samples by number, decoded and encoded in worker processes. What cannot be used is told, not raised."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.utils.data import Dataset

from core.data.jsonl import SampleFile
from core.data.rounds import count
from core.data.sample import Sample
from core.errors import DataError, SourceError
from core.model.config import VisionConfig
from core.model.qwen2_5_vl.patches import smart_size
from core.prompt.template import Template
from core.train.sft.clip_source import ClipSource
from core.train.sft.encoded_sample import EncodedSample, SampleEncoder
from core.train.sft.sft_config import PixelBudget, PromptConfig
from core.video.resize import resize


@dataclass(frozen=True, slots=True)
class Fault:
    """A sample that cannot be used. `sample`: its number in the data; `reason`: which file and why, one line."""

    sample: int
    reason: str


class SampleDataset(Dataset[EncodedSample | Fault]):
    """The samples of some files, one file after the other."""

    def __init__(
        self,
        files: Sequence[SampleFile],
        clips: ClipSource,
        tokenizer: str,
        vision: VisionConfig,
        prompt: PromptConfig,
        pixels: PixelBudget,
    ) -> None:
        """`tokenizer`: serialised, since each process has one of its own."""
        self._files = files
        self._stops = list(accumulate(len(file) for file in files))
        self._clips = clips
        self._tokenizer = tokenizer
        self._vision = vision
        self._prompt = prompt
        self._pixels = pixels
        self._encoder: SampleEncoder | None = None

    def __len__(self) -> int:
        return self._stops[-1]

    def __getitem__(self, number: int) -> EncodedSample | Fault:
        """Sample `number`, ready for packing."""
        try:
            sample = self._sample(number)
            frames = self._frames(sample)
        except (DataError, SourceError) as error:
            return Fault(number, str(error))
        patch = self._vision.patch * self._vision.merge
        per_round = -(-self._prompt.fps // self._vision.temporal_patch)
        grid = (per_round, frames.shape[1] // patch, frames.shape[2] // patch)
        return EncodedSample(self._encode().encode(sample, grid), frames)

    def _sample(self, number: int) -> Sample:
        file = bisect_right(self._stops, number)
        return self._files[file][number - (self._stops[file - 1] if file else 0)]

    def _encode(self) -> SampleEncoder:
        if self._encoder is None:
            template = Template(Tokenizer.from_str(self._tokenizer))
            self._encoder = SampleEncoder(template, self._prompt, self._vision.temporal_step(self._prompt.fps))
        return self._encoder

    def _frames(self, sample: Sample) -> Tensor:
        """Frames of every round in full, resized; a last second that ends early repeats its last frame."""
        wanted = count(sample) * self._prompt.fps
        if wanted > self._pixels.most_frames:
            raise DataError(
                "Sample too long", f"{sample.video} from {sample.start:g} to {sample.end:g} s has {wanted} frames"
            )
        frames = list(self._clips.frames(sample, self._prompt.fps))
        frames += [frames[-1]] * (wanted - len(frames))
        height, width = frames[0].shape[:2]
        most = self._pixels.of_frame(wanted, self._vision.temporal_patch)
        size = smart_size(height, width, self._vision.patch * self._vision.merge, self._pixels.smallest, most)
        return torch.cat([resize(torch.from_numpy(np.ascontiguousarray(frame))[None], size) for frame in frames])
