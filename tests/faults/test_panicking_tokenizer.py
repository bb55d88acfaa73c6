"""A tokenizer of a checkpoint whose native code panics: one line, in the command's own words."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.assets import BUNDLED

PANICKING: dict[str, dict[str, Any]] = {
    "when it is read": {"normalizer": {"type": "Precompiled", "precompiled_charsmap": "AAQAAAAAAAAAAAAA"}},
    "when it encodes": {"normalizer": {"type": "Replace", "pattern": {"Regex": "^"}, "content": "aaa"}},
    "when it decodes": {"decoder": {"type": "Strip", "content": "s", "start": 5, "stop": 5}},
}


@pytest.mark.parametrize("place", [[], ["--in-process"]], ids=["child", "in-process"])
@pytest.mark.parametrize("when", PANICKING)
def test_a_panic_is_one_line(
    when: str, place: list[str], tmp_path: Path, plain_environment: dict[str, str], checkout: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(BUNDLED, folder)
    raw = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    (folder / "tokenizer.json").write_text(json.dumps(raw | PANICKING[when]), "utf-8")
    words = ["watch", "arena", "--seconds", "2", "--model", str(folder), *place]
    command = [sys.executable, "-m", "app", *words]
    done = subprocess.run(
        command, env=plain_environment, cwd=checkout, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("courtside: ")
    assert "is no tokenizer that works" in line
