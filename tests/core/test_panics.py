"""A panic of Rust code becomes an error in words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from core.assets import BUNDLED
from core.errors import EngineError
from core.panics import panics_in_words


def test_a_panic_of_a_tokenizer_is_told_in_words() -> None:
    raw = json.loads((BUNDLED / "tokenizer.json").read_text("utf-8"))
    raw["truncation"] = {"direction": "Right", "max_length": 1, "strategy": "LongestFirst", "stride": 5}
    tokenizer = Tokenizer.from_str(json.dumps(raw))
    with pytest.raises(EngineError, match="told"), panics_in_words(EngineError("told")):
        tokenizer.encode("longer than one token")


def test_other_errors_pass() -> None:
    with pytest.raises(KeyboardInterrupt), panics_in_words(EngineError("told")):
        raise KeyboardInterrupt


LOADS = """
import sys, threading, time
from pathlib import Path
from core.prompt.special import load_tokenizer
from core.errors import CheckpointError
def write():
    for number in range(2000):
        sys.stderr.write(f"line {number}\\n")
threading.Thread(target=write).start()
for folder in sys.argv[1:]:
    try:
        load_tokenizer(Path(folder))
    except CheckpointError as error:
        print(error)
sys.stderr.write("the end\\n")
"""


def with_(folder: Path, **parts: object) -> Path:
    folder.mkdir()
    raw = json.loads((BUNDLED / "tokenizer.json").read_text("utf-8"))
    (folder / "tokenizer.json").write_text(json.dumps(raw | parts), "utf-8")
    return folder


@pytest.mark.parametrize("backtrace", ["0", "1"])
def test_its_own_text_is_kept_from_stderr_and_that_of_others_is_not(
    tmp_path: Path, checkout: Path, backtrace: str
) -> None:
    folders = [
        with_(tmp_path / "sound"),
        with_(tmp_path / "no_charsmap", normalizer={"type": "Precompiled", "precompiled_charsmap": "AAQAAAAAAAAAAAAA"}),
        with_(tmp_path / "strips", decoder={"type": "Strip", "content": "s", "start": 5, "stop": 5}),
    ]
    environment = {**os.environ, "RUST_BACKTRACE": backtrace, "PYTHONPATH": str(checkout)}
    command = [sys.executable, "-c", LOADS, *map(str, folders)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert [line.partition(" is ")[2] for line in done.stdout.splitlines()] == ["no tokenizer that works"] * 2
    said = done.stderr.splitlines()
    assert sorted(said) == sorted([*(f"line {number}" for number in range(2000)), "the end"])


def test_without_a_stderr_it_is_told_as_well(tmp_path: Path, checkout: Path) -> None:
    folder = with_(tmp_path / "strips", decoder={"type": "Strip", "content": "s", "start": 5, "stop": 5})
    code = LOADS.replace("write)", "int)").replace("sys.stderr.write", "str")
    command = ["sh", "-c", 'exec "$@" 2>&-', "sh", sys.executable, "-c", code, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    assert "is no tokenizer that works" in done.stdout
