"""Whatever is given, from a command line, a pipe or a file, ends well or in one line of ours.

`make fuzz` tries 20,000 inputs of each kind (COURTSIDE_FUZZ_INPUTS), the fast suite a share; each has its number, which
makes it again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import save

from app.capture.source import CaptureOptions
from app.capture.spec import open_source
from app.commands.control import parse_command
from app.session.events import read_session
from app.settings_file import FILE_NAME, SettingsFile
from core.assets import BUNDLED
from core.config import StreamConfig, adjusted, resolve
from core.errors import CourtsideError
from core.messages import Adjust
from core.model.checkpoint import read_config, read_pixel_budget
from core.model.completeness import find_lack
from core.model.hub import parse
from core.model.weight_files import opened
from core.prompt.special import load_tokenizer, read_special_tokens
from tests.faults.mutator import Mutator
from tests.hub_server import small_checkpoint
from tests.quiet_clock import quiet_s

INPUTS = int(os.environ.get("COURTSIDE_FUZZ_INPUTS", "150"))
SLOW_S = 5.0
Try = Callable[[Mutator, Path], object]

SOURCES = [
    "arena:3", "freedoom:1", "desktop:2", "screen:0", "window:Mail", "region:0,0,640,360", "camera:0", "frames:/tmp",
    "film.mp4", "rtsp://user:p@host:554/a?token=b", "http://127.0.0.1:8000/a.m3u8", "udp://@239.0.0.1:1234",
    "file:///tmp/a%20b.mp4", "rtmp://host/live", "srt://host:9000?mode=caller", "HTTP://[::1]:80/x", "~/film.mkv",
]  # fmt: skip
MODELS = ["owner/model", "owner/model@main", "owner/model@refs/pr/3", "~/models/a", "/models/b", "./c"]
CONTROL = [
    "ask who is that?", "query Commentate", "context Harbour v Union", "words-per-minute 120", "silence-threshold 0.5",
    "max-words 12", "memory-limit-mb 900", "memory-limit-mb off", "mark goal", "pause",
]  # fmt: skip
COURTSIDE = {"fps": 2, "size": [252, 140], "sink_tokens": 128, "greedy": True, "bad_words": ["a"], "max_words": 9,
             "temperature": 0.9, "mode": "streaming", "vision_window_s": 16.0, "drop_repeats": 4.0}  # fmt: skip
SETTINGS = 'source = "arena"\nmodel = ""\nmemory_limit_mb = 900\noverlay_rect = [1, 2, 300, 40]\npersona = "plain"\n'
EVENTS = "".join(
    json.dumps(event) + "\n"
    for event in (
        {"type": "settings", "version": 1, "name": "arena", "source": "arena", "started": "2026-11-30T10:00:00+00:00"},
        {
            "type": "line",
            "round": 0,
            "start": 0.0,
            "end": 1.0,
            "text": "Kick-off!",
            "captured_at": 1.0,
            "shown_at": 1.2,
        },
        {"type": "stats", "round": 0, "compute_s": 0.1},
        {"type": "gap", "start": 1.0, "end": 2.0, "reason": "paused"},
        {"type": "mark", "at": 1.5, "text": "goal"},
        {"type": "error", "title": "a", "message": "b", "fatal": False},
        {"type": "closed", "rounds": 1},
    )
)


def bundled(name: str) -> Any:
    return json.loads((BUNDLED / name).read_text("utf-8"))


def a_source(mutator: Mutator, folder: Path) -> object:
    return open_source(mutator.text(SOURCES), CaptureOptions())


def a_model(mutator: Mutator, folder: Path) -> object:
    return resolve({"model": mutator.text(MODELS)}), parse(mutator.text(MODELS))


def a_control_line(mutator: Mutator, folder: Path) -> object:
    command = parse_command(mutator.text(CONTROL))
    return adjusted(StreamConfig().sampling, command.changes) if isinstance(command, Adjust) else command


def a_configuration(mutator: Mutator, folder: Path) -> object:
    (folder / "config.json").write_bytes(mutator.json(bundled("config.json")))
    return read_config(folder)


def a_preprocessor(mutator: Mutator, folder: Path) -> object:
    (folder / "preprocessor_config.json").write_bytes(mutator.json(bundled("preprocessor_config.json")))
    return read_pixel_budget(folder)


def an_index(mutator: Mutator, folder: Path) -> object:
    for name in ("config.json", "tokenizer.json"):
        (folder / name).touch()
    raw = json.loads(small_checkpoint(kilobytes=1)["model.safetensors.index.json"])
    (folder / "model.safetensors.index.json").write_bytes(mutator.json(raw))
    return find_lack(folder)


def a_header(mutator: Mutator, folder: Path) -> object:
    import numpy as np

    for name in ("config.json", "tokenizer.json"):
        (folder / name).touch()
    file = folder / "model.safetensors"
    whole = save({"a.weight": np.zeros((4, 4), np.float32), "b.bias": np.zeros(4, np.float16)})
    file.write_bytes(mutator.data(whole))
    if find_lack(folder) is not None:
        return None
    with opened(file) as weights:
        return [(weights.get_slice(name).get_shape(), weights.get_tensor(name)) for name in list(weights.keys())]


def a_tokenizer(mutator: Mutator, folder: Path) -> object:
    (folder / "tokenizer.json").write_bytes(mutator.json(bundled("tokenizer.json")))
    return read_special_tokens(load_tokenizer(folder))


def settings_of_a_checkpoint(mutator: Mutator, folder: Path) -> object:
    (folder / "courtside.json").write_bytes(mutator.json(COURTSIDE))
    return resolve({"model": str(folder)})


def settings(mutator: Mutator, folder: Path) -> object:
    text = mutator.text([SETTINGS]).encode("utf-8", "surrogatepass")
    (folder / FILE_NAME).write_bytes(mutator.data(text))
    found, note = SettingsFile(folder).load()
    assert "\n" not in note
    return found


def a_session(mutator: Mutator, folder: Path) -> object:
    (folder / "events.jsonl").write_bytes(mutator.data(EVENTS.encode()))
    session = read_session(folder)
    return session.lines, session.annotations, session.title, session.tags, session.is_broken_off


@pytest.mark.timeout(7200)
@pytest.mark.parametrize(
    "attempt",
    [a_source, a_model, a_control_line, a_configuration, a_preprocessor, an_index, a_header, a_tokenizer,
     settings_of_a_checkpoint, settings, a_session],
    ids=lambda attempt: attempt.__name__,
)  # fmt: skip
def test_damaged_input_ends_in_a_line_of_ours(attempt: Try, tmp_path: Path) -> None:
    told: list[CourtsideError] = []
    for number in range(INPUTS):
        begun = quiet_s()
        try:
            attempt(Mutator(number), tmp_path)
        except CourtsideError as error:
            told.append(error)
        except BaseException as error:
            error.add_note(f"{attempt.__name__}: input {number}")
            raise
        assert quiet_s() - begun < SLOW_S, f"input {number} took too long"
    print(f"{attempt.__name__}: {INPUTS} inputs, {len(told)} refused in one line")
    assert not [error for error in told if "\n" in str(error) or error.exit_status not in (1, 2)]
    assert told or attempt in (settings, a_session)  # these are read as far as they can be
