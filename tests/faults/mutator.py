"""Damages texts and JSON as disks, editors and strangers do, the same way for the same seed."""

from __future__ import annotations

import json
import random
from copy import deepcopy
from typing import Any

ODD_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 1, 2, 1.5, -0.0, 1e308, 1e15, 10**18, 10**400, float("nan"), float("inf"), "", "x", "0",
    "../../x", "\x00", "\ud800", "é" * 300, [], {}, [1], [None], {"a": 1}, [[[[]]]], "1e999", "-5", "model.safetensors",
)  # fmt: skip
ODD_TEXTS = (
    "", " ", "\x00", "\n", "é", "\u202e", "\U0001f3c3", "%s%n", "-1", "1e303", "nan", "inf", "9" * 20,
    "²", "../", "/dev/null", "//", ":", "@", "?", "#", "[", "{", '"', "'", "\\", "\x1b[31m", "x" * 5000,
)  # fmt: skip


class Mutator:
    """Draws from one seeded generator."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def text(self, examples: list[str]) -> str:
        """One of the examples with some places cut, doubled, swapped or filled with odd texts."""
        text = self._random.choice(examples)
        for _ in range(self._random.randint(1, 4)):
            start = self._random.randint(0, len(text))
            stop = min(len(text), start + self._random.choice((0, 0, 1, 3, 10)))
            kept = self._random.choice((text[start:stop] * 2, "", ""))
            text = text[:start] + kept + self._random.choice(ODD_TEXTS) + text[stop:]
        return text

    def data(self, whole: bytes) -> bytes:
        """Bytes with some flipped, cut out, zeroed, doubled, or broken off."""
        data = bytearray(whole)
        for _ in range(self._random.randint(1, 5)):
            place = self._random.randrange(len(data) + 1)
            size = self._random.choice((1, 1, 2, 16, 512))
            match self._random.randrange(6):
                case 0 | 1 if place < len(data):
                    data[place] ^= 1 << self._random.randrange(8)
                case 2:
                    del data[place : place + size]
                case 3:
                    data[place : place + size] = bytes(len(data[place : place + size]))
                case 4:
                    data[place:place] = data[place : place + size]
                case _ if self._random.random() < 0.2:
                    del data[place:]
        return bytes(data)

    def json(self, whole: Any) -> bytes:
        """The text of an object in which some values are gone, odd, or elsewhere; sometimes damaged as bytes, too."""
        changed = json.loads(json.dumps(whole))
        for _ in range(self._random.randint(1, 3)):
            self._change(changed)
        text = json.dumps(changed).encode("utf-8")
        if self._random.random() < 0.02:
            return b"[" * 100_000
        return self.data(text) if self._random.random() < 0.3 else text

    def _change(self, value: Any) -> None:
        """Change one item of a list or an object, at any depth."""
        while isinstance(value, dict | list) and value:
            key = self._random.choice(list(value) if isinstance(value, dict) else range(len(value)))
            inner = value[key]
            if isinstance(inner, dict | list) and inner and self._random.random() < 0.8:
                value = inner
                continue
            if self._random.random() < 0.25:
                del value[key]
            else:
                value[key] = deepcopy(self._random.choice(ODD_VALUES))
            return
