"""A checkpoint directory that lacks something is told before anything is loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.assets import BUNDLED
from core.errors import CheckpointError
from core.model.completeness import find_lack, require_complete, shards
from tests.hub_server import small_checkpoint

SECOND = "model-00002-of-00002.safetensors"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in small_checkpoint().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


def test_a_whole_one_lacks_nothing(folder: Path) -> None:
    assert find_lack(folder) is None
    assert find_lack(BUNDLED) is None
    assert [file.name for file in shards(folder)] == ["model-00001-of-00002.safetensors", SECOND]


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", SECOND])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(CheckpointError, match=rf"Incomplete checkpoint: .*{name} is missing; copy or download"):
        require_complete(folder)


def test_without_an_index_one_file_holds_the_weights(folder: Path) -> None:
    (folder / "model.safetensors.index.json").unlink()
    with pytest.raises(CheckpointError, match=r"model\.safetensors is missing"):
        require_complete(folder)
    (folder / SECOND).rename(folder / "model.safetensors")
    require_complete(folder)


@pytest.mark.parametrize("kept", [0, 4, 20, 60_000, -1])
def test_a_truncated_shard_tells_its_bytes(folder: Path, kept: int) -> None:
    whole = (folder / SECOND).read_bytes()
    (folder / SECOND).write_bytes(whole[:kept])
    lack = find_lack(folder)
    assert lack is not None
    assert (lack.file.name, lack.has_bytes) == (SECOND, len(whole[:kept]))
    assert lack.needs_bytes > len(whole[:kept])
    if len(whole[:kept]) > 1000:
        assert lack.needs_bytes == len(whole)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (SECOND, b"\x02" + bytes(7) + b"no"),
        (SECOND, b"\xff" * 100),
        ("model.safetensors.index.json", b"{"),
        ("model.safetensors.index.json", b"[]"),
    ],
)
def test_garbage_is_damage(folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)
    with pytest.raises(CheckpointError, match=f"Damaged checkpoint.*{name}"):
        require_complete(folder)


def test_it_needs_no_torch() -> None:
    check = "import sys, core.model.completeness, core.model.hub, core.model.transfer; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)


@pytest.mark.parametrize(
    "name", ["../x.safetensors", "/x.safetensors", "a\\b.safetensors", "a\0.safetensors", "x.bin", 1]
)
def test_an_index_names_files_beside_it(folder: Path, name: object) -> None:
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"a": name}}))
    with pytest.raises(CheckpointError, match="names no weight files beside it"):
        find_lack(folder)
