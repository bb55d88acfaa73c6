"""Voices in the formats that sherpa-onnx reads, small enough to be made here: whatever they say is a tone of 440 Hz.

They have the inputs, outputs and metadata of the real ones (k2-fsa/sherpa-onnx, `sherpa-onnx/csrc/offline-tts-*`), and
nothing that was learnt.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

RATE = 16_000
TOKEN_S = 0.05
"""How long the tone is for each token."""
SOUNDS = "_^$ .,!?abcdefghijklmnopqrstuvwxyzæðŋɐɑɔəɚɛɜɡɪɹɾʃʊʌʒˈˌːθʔɫᵻ"  # noqa: RUF001 IPA
WORDS = {"harbour": "harbr", "win": "win", "the": "ðə", "ball": "bɔl", "ready": "rɛdi"}
STYLES = {"vits": "", "piper": "", "kokoro": "128,1,4", "kitten": "1,4"}


def write_voice(folder: Path, kind: str, *, sample_rate: str = str(RATE), speakers: int = 2) -> Path:
    """`kind`: vits (with a lexicon), piper, kokoro or kitten (without)."""
    pytest.importorskip("onnx")
    folder.mkdir(parents=True)
    style = STYLES[kind]
    told = {"sample_rate": sample_rate, "n_speakers": str(speakers), "language": "English", "voice": "en-us"}
    told |= {"add_blank": "0", "comment": kind, "has_espeak": "0" if kind == "vits" else "1", "version": "1"}
    told |= {"model_type": {"kitten": "kitten-tts", "kokoro": "kokoro"}.get(kind, "vits"), "style_dim": style}
    write_tone(folder / "model.onnx", _inputs(kind), {name: value for name, value in told.items() if value})
    (folder / "tokens.txt").write_text("".join(f"{sound} {n}\n" for n, sound in enumerate(SOUNDS)), "utf-8")
    if style:
        numbers = int(np.prod([int(n) for n in style.split(",")])) * speakers
        (folder / "voices.bin").write_bytes(np.zeros(numbers, np.float32).tobytes())
    if kind == "vits":
        (folder / "lexicon.txt").write_text("".join(f"{w} {' '.join(s)}\n" for w, s in WORDS.items()), "utf-8")
    return folder


def _inputs(kind: str) -> Mapping[str, tuple[Any, list[Any]]]:
    """Name: type and shape, in the order in which they are given."""
    from onnx import TensorProto as Type

    tokens = (Type.INT64, [1, "tokens"])
    length = (Type.INT64, [1])
    one = (Type.FLOAT, [1])
    if kind == "piper":
        return {"input": tokens, "input_lengths": length, "scales": (Type.FLOAT, [3]), "sid": length}
    if kind == "vits":
        names = ("noise_scale", "length_scale", "noise_scale_w")
        return {"x": tokens, "x_length": length, **dict.fromkeys(names, one), "sid": length}
    return {"tokens": tokens, "style": (Type.FLOAT, [1, 4]), "speed": one}


def write_tone(path: Path, inputs: Mapping[str, tuple[Any, list[Any]]], told: Mapping[str, str]) -> None:
    """A graph with those inputs whose output is TOKEN_S of a tone for each token, faster as the inputs ask."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    numbers: dict[str, Any] = {
        "zero": np.float32(0),
        "one": np.float32(1),
        "samples": np.float32(TOKEN_S * RATE),
        "step": np.float32(2 * np.pi * 440 / RATE),
        "half": np.float32(0.5),
        "second": np.array(1, np.int64),
        "batch": np.array([0, 1], np.int64),
    }
    tokens, *_ = inputs
    nodes = [
        helper.make_node("Shape", [tokens], ["shape"]),
        helper.make_node("Gather", ["shape", "second"], ["count"]),
        helper.make_node("Cast", ["count"], ["count_float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["count_float", "samples"], ["plain_length"]),
    ]
    if "speed" in inputs:
        nodes.append(helper.make_node("Squeeze", ["speed"], ["pace"]))
        nodes.append(helper.make_node("Div", ["plain_length", "pace"], ["length"]))
    else:
        if "scales" in inputs:
            nodes.append(helper.make_node("Gather", ["scales", "second"], ["stretch"]))
        else:
            nodes.append(helper.make_node("Squeeze", ["length_scale"], ["stretch"]))
        nodes.append(helper.make_node("Mul", ["plain_length", "stretch"], ["length"]))
    nodes += [
        helper.make_node("Range", ["zero", "length", "one"], ["moments"]),
        helper.make_node("Mul", ["moments", "step"], ["phase"]),
        helper.make_node("Sin", ["phase"], ["wave"]),
        helper.make_node("Mul", ["wave", "half"], ["quiet"]),
    ]
    flat = "speed" in inputs
    nodes.append(
        helper.make_node("Identity", ["quiet"], ["y"])
        if flat
        else helper.make_node("Unsqueeze", ["quiet", "batch"], ["y"])
    )
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n"] if flat else [1, 1, "n"])
    taken = [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in inputs.items()]
    constants = [numpy_helper.from_array(np.asarray(value), name) for name, value in numbers.items()]
    graph = helper.make_graph(nodes, "tone", taken, [output], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    for name, value in told.items():
        entry = model.metadata_props.add()
        entry.key = name
        entry.value = value
    onnx.save(model, path)
