"""The command line, run as people run it."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app import cli
from app.session.events import read_session
from core.programmes.football.fixture import Fixture
from tests.waiting import PATIENCE_S, until

LINE = {"type", "round", "start", "end", "text", "captured_at", "shown_at"}
STATS = {"type", "round", "compute_s", "first_token_s", "new_tokens", "kv_tokens", "kv_bytes", "rss_bytes"}


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Path:
    """A very small checkpoint with random weights."""
    file = checkout / "tests" / "parity" / "checkpoints.py"
    spec = importlib.util.spec_from_file_location("checkpoints", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.write_checkpoint(tmp_path_factory.mktemp("model"), seed=1, layers=2, hidden=32, tied=True)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve small pictures: six seconds."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(3)
    for number in range(12):
        Image.fromarray(rng.integers(0, 256, (56, 84, 3), np.uint8)).save(folder / f"{number:03}.png")
    return folder


def courtside(
    *words: object, environment: dict[str, str], status: int = 0, timeout: float = 90
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "app", *map(str, words)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return done


def main(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """The command in this process: exit status, stdout, stderr."""
    try:
        status = cli.main([str(word) for word in words])
    except SystemExit as end:
        status = int(end.code or 0)
    out, err = capsys.readouterr()
    return status, out, err


def watch(checkpoint: Path, source: object) -> list[object]:
    return ["watch", source, "--model", checkpoint, "--pace", "max", "--greedy"]


def test_starting_is_quick(plain_environment: dict[str, str], checkout: Path) -> None:
    def seconds(*words: str) -> float:
        begun = time.perf_counter()
        courtside(*words, environment=plain_environment)
        return time.perf_counter() - begun

    assert statistics.median(seconds("--version") for _ in range(5)) < 0.3  # 0.08 s on a quiet machine
    assert statistics.median(seconds("watch", "--help") for _ in range(5)) < 0.6


def test_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = main(capsys, "--version")
    assert (status, out) == (0, f"courtside {cli.version()}\n")


def test_json_is_exactly_what_is_promised(capsys: pytest.CaptureFixture[str], checkpoint: Path, pictures: Path) -> None:
    status, out, err = main(capsys, *watch(checkpoint, f"frames:{pictures}"), "--size", "native", "--json", "--tokens")
    assert (status, err) == (0, "")
    entries = [json.loads(text) for text in out.splitlines()]
    lines = [entry for entry in entries if entry["type"] == "line"]
    stats = [entry for entry in entries if entry["type"] == "stats"]
    assert len(lines) + len(stats) == len(entries)
    assert [entry["round"] for entry in lines] == [entry["round"] for entry in stats] == list(range(6))
    assert all(set(entry) == LINE | {"tokens"} for entry in lines)
    assert all(set(entry) == STATS for entry in stats)
    assert [entry["end"] for entry in lines] == [1, 2, 3, 4, 5, 6]
    assert all(len(line["tokens"]) == stat["new_tokens"] for line, stat in zip(lines, stats, strict=True))


def test_repeats_left_out_are_told_where_that_is_asked_for(
    capsys: pytest.CaptureFixture[str], checkpoint: Path
) -> None:
    words = [*watch(checkpoint, "arena:7"), "--seconds", 3, "--size", "224x112", "--json", "--drop-repeats"]
    status, out, err = main(capsys, *words, 8)
    assert (status, err) == (0, "")
    stats = [entry for entry in map(json.loads, out.splitlines()) if entry["type"] == "stats"]
    assert all(set(entry) == STATS | {"grid_tokens", "dropped_tokens"} for entry in stats)
    assert [entry["grid_tokens"] for entry in stats] == [32] * 3
    assert stats[0]["dropped_tokens"] == 0
    assert all(0 < entry["dropped_tokens"] < 32 for entry in stats[1:])
    assert main(capsys, *words, 300)[0] == 2


def test_greedy_gives_the_same_tokens_again_and_seconds_end_it(
    capsys: pytest.CaptureFixture[str], checkpoint: Path
) -> None:
    words = [*watch(checkpoint, "arena:7"), "--seconds", 3, "--size", "84x56", "--json", "--tokens"]

    def tokens() -> list[list[int]]:
        entries = [json.loads(text) for text in main(capsys, *words)[1].splitlines()]
        return [entry["tokens"] for entry in entries if entry["type"] == "line"]

    first = tokens()
    assert len(first) == 3
    assert tokens() == first


def test_options_reach_the_stream_and_the_session(
    capsys: pytest.CaptureFixture[str], checkpoint: Path, pictures: Path, tmp_path: Path
) -> None:
    options = ["--sink-tokens", 8, "--text-window-tokens", 16, "--text-rounds", 3, "--vision-window-s", 2]
    options += ["--max-new-tokens", 4, "--seed", 5, "--context", "Harbour v Union", "--mode", "native"]
    status, _, err = main(
        capsys, *watch(checkpoint, f"frames:{pictures}"), *options, "--session", tmp_path / "sessions"
    )
    assert (status, err) == (0, "")
    (folder,) = (tmp_path / "sessions").iterdir()
    session = read_session(folder)
    settings = session.settings
    assert settings["context"] == "Harbour v Union"
    assert settings["cache"]["sink_tokens"] == 8
    assert settings["cache"]["mode"] == "native"
    assert settings["sampling"]["max_new_tokens"] == 4
    assert max(event["new_tokens"] for event in session.events if event["type"] == "stats") <= 4
    status, out, _ = main(capsys, "export", folder, "--to", "vtt")
    assert status == 0
    assert out.startswith("WEBVTT")


def test_the_arena_introduces_itself(capsys: pytest.CaptureFixture[str], checkpoint: Path, tmp_path: Path) -> None:
    words = [*watch(checkpoint, "arena:7"), "--seconds", 1, "--size", "84x56", "--session", tmp_path / "sessions"]
    assert main(capsys, *words)[0] == 0
    (folder,) = (tmp_path / "sessions").iterdir()
    assert read_session(folder).settings["context"] == Fixture(7).context()


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["watch", "nonsense"], "arena[:SEED]"),
        (["watch", "arena:x"], "arena:7"),
        (["watch", "region:1,2,3"], "region:X,Y,W,H"),
        (["watch", "window"], "window:TITLE"),
        (["watch", "frames:"], "frames:DIR"),
        (["watch", "arena", "--size", "big"], "448x224"),
        (["watch", "arena", "--fps", "-1"], "above 0"),
        (["watch", "arena", "--fps", "2.3"], "whole number"),
        (["watch", "arena", "--mode", "fast"], "streaming"),
        (["watch", "arena", "--sink-token", "4"], "--sink-token"),
        (["watch", "arena", "--top-p", "3"], "top_p"),
        (["watch"], "SOURCE"),
        (["dance"], "watch"),
        (["export", "somewhere"], "--to"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(capsys: pytest.CaptureFixture[str], words: list[str], names: str) -> None:
    status, out, err = main(capsys, *words)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("courtside: ")
    assert names in err


@pytest.mark.parametrize("source", ["none.mp4", "text.mp4", "frames:none", "camera:77"])
def test_a_source_that_cannot_be_opened(
    capsys: pytest.CaptureFixture[str], checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    (tmp_path / "text.mp4").write_text("no video" * 99)
    monkeypatch.chdir(tmp_path)
    status, out, err = main(capsys, *watch(checkpoint, source))
    assert (status, out) == (1, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err


@pytest.mark.parametrize("damage", ["none", "truncated", "no weights", "no tokenizer", "wrong tokenizer", "config"])
def test_a_checkpoint_that_cannot_be_used(
    capsys: pytest.CaptureFixture[str], checkpoint: Path, pictures: Path, tmp_path: Path, damage: str
) -> None:
    broken = tmp_path / "model"
    broken.mkdir()
    for file in checkpoint.iterdir():
        os.link(file, broken / file.name)
    match damage:
        case "none":
            broken = tmp_path / "nothing"
        case "truncated":
            (broken / "model.safetensors").unlink()
            (broken / "model.safetensors").write_bytes((checkpoint / "model.safetensors").read_bytes()[:100_000])
        case "no weights":
            (broken / "model.safetensors").unlink()
        case "no tokenizer":
            (broken / "tokenizer.json").unlink()
        case "wrong tokenizer":
            (broken / "tokenizer.json").unlink()
            (broken / "tokenizer.json").write_text('{"model": {"type": "BPE", "vocab": {}, "merges": []}}')
        case "config":
            (broken / "config.json").unlink()
            (broken / "config.json").write_text("{")
    status, out, err = main(capsys, *watch(broken, f"frames:{pictures}"), "--json")
    assert status == 1
    assert [json.loads(text)["type"] for text in out.splitlines()] == ["error"]
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_a_session_that_cannot_be_made_is_told_and_ends_nothing(
    capsys: pytest.CaptureFixture[str], checkpoint: Path, pictures: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    status, out, err = main(capsys, *watch(checkpoint, f"frames:{pictures}"), "--json", "--session", tmp_path / "file")
    assert status == 0
    told = [json.loads(text) for text in out.splitlines()]
    assert [each["title"] for each in told if each["type"] == "error"] == ["The session cannot be written"]
    assert "line" in [each["type"] for each in told]
    assert err == ""


def test_without_a_display_the_arena_is_watched(
    capsys: pytest.CaptureFixture[str], no_display: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.commands import watch as command

    monkeypatch.setattr(command, "run", lambda args: print("watching", args.source) or 0)
    status, out, err = main(capsys)
    assert (status, out) == (0, "watching arena\n")
    assert "no display" in err
    assert err.count("\n") == 1


BARE = """
import sys
from importlib.machinery import PathFinder

class Bare(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in HIDDEN else super().find_spec(name, path, target)

HIDDEN = {"PySide6", "mss", "av", "sounddevice", "platformdirs", "pysubs2", "psutil", "rich", "Xlib", "pynvml"}
sys.meta_path[sys.meta_path.index(PathFinder)] = Bare
"""
"""A sitecustomize.py: the processes that are started find no more than the first one."""


@pytest.mark.parametrize(
    ("source", "status", "told"),
    [("arena", 0, ""), ("frames", 0, ""), ("screen", 1, "mss is not installed"), ("file", 1, "av is not installed")],
)
def test_a_machine_with_torch_alone(
    checkpoint: Path,
    pictures: Path,
    plain_environment: dict[str, str],
    tmp_path: Path,
    source: str,
    status: int,
    told: str,
) -> None:
    (tmp_path / "a.mp4").write_bytes(b"video")
    (tmp_path / "sitecustomize.py").write_text(BARE)
    environment = plain_environment | {"PYTHONPATH": f"{tmp_path}:{plain_environment['PYTHONPATH']}"}
    sources = {"frames": f"frames:{pictures}", "file": str(tmp_path / "a.mp4")}
    words = [*watch(checkpoint, sources.get(source, source)), "--seconds", 1, "--size", "84x56", "--json"]
    command = [sys.executable, "-m", "app", *map(str, words)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=2 * PATIENCE_S, check=False)
    assert done.returncode == status, done.stderr
    assert told in done.stderr
    assert done.stderr.count("\n") == status
    if status == 0:
        assert [json.loads(text)["type"] for text in done.stdout.splitlines()] == ["line", "stats"]


@pytest.fixture
def watching(checkpoint: Path, tmp_path: Path, plain_environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A real `courtside watch arena`, recording below `tmp_path`, that has said its first line."""
    words = ["watch", "arena", "--model", checkpoint, "--size", "84x56", "--json", "--session", tmp_path]
    with subprocess.Popen(
        [sys.executable, "-m", "app", *map(str, words)],
        env=plain_environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert json.loads(process.stdout.readline())["type"] == "line"
            assert json.loads(process.stdout.readline())["type"] == "stats"
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_ends_it_cleanly(watching: subprocess.Popen[str], tmp_path: Path, number: signal.Signals) -> None:
    watching.send_signal(number)
    out, err = watching.communicate(timeout=PATIENCE_S)
    assert watching.returncode == 0
    assert err == ""
    (folder,) = tmp_path.iterdir()
    session = read_session(folder)
    told = 1 + sum(json.loads(text)["type"] == "line" for text in out.splitlines())
    assert sum(event["type"] == "line" for event in session.events) == told
    assert not session.cut


def test_kill_loses_nothing_that_was_said(
    watching: subprocess.Popen[str], tmp_path: Path, plain_environment: dict[str, str]
) -> None:
    watching.kill()
    out, _ = watching.communicate(timeout=PATIENCE_S)
    (folder,) = tmp_path.iterdir()
    kept = [event["round"] for event in read_session(folder).events if event["type"] == "line"]
    told = [0, *(entry["round"] for entry in map(json.loads, out.splitlines()) if entry["type"] == "line")]
    assert kept[: len(told)] == told
    done = courtside("export", folder, "--to", "csv", environment=plain_environment)
    assert done.stdout.startswith("start,end,text\n")


def test_a_reader_that_goes_away_ends_no_recording(watching: subprocess.Popen[str], tmp_path: Path) -> None:
    (folder,) = tmp_path.iterdir()
    watching.stdout.close()
    assert "nobody reads stdout" in watching.stderr.readline()
    said = len(read_session(folder).events)
    until(lambda: len(read_session(folder).events) > said + 2)
    watching.send_signal(signal.SIGINT)
    assert watching.wait(timeout=PATIENCE_S) == 0
    watching.stderr.close()
    assert read_session(folder).events[-1]["type"] == "closed"


def test_a_reader_that_goes_away_ends_what_is_for_nobody_else(
    checkpoint: Path, plain_environment: dict[str, str]
) -> None:
    words = ["-m", "app", "watch", "arena", "--model", str(checkpoint), "--size", "84x56", "--json"]
    with subprocess.Popen(
        [sys.executable, *words], env=plain_environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        process.wait(timeout=PATIENCE_S)
        assert "Traceback" not in process.stderr.read()
