"""The command as users run it: it learns, goes on after kill -9 bit for bit, spreads over processes, names faults.

Runs that nobody kills or spreads are made in this process: loading torch takes longer than they do.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.torch import load_file

from app.cli import main
from core.data.jsonl import write_samples
from core.data.sample import Sample, Word
from tests.waiting import PATIENCE_S

SMALL = ["--device=cpu", "--min-pixels=784", "--max-pixels=6272", "--log-every=1", "--batch=2"]


@pytest.fixture
def environment(plain_environment: dict[str, str]) -> dict[str, str]:
    return {**plain_environment, "OMP_NUM_THREADS": "1"}


def words(data: Path, model: Path, out: Path, *more: str) -> list[str]:
    """The command's words, but for the program."""
    what = ["--data", str(data / "train_with_seeks.jsonl"), "--root", str(data), "--model", str(model)]
    return ["-m", "app", "train", "sft", *what, "--out", str(out), *SMALL, *more]


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the words after `python` in this process."""

    def run_here(*words: str) -> subprocess.CompletedProcess[str]:
        assert words[:2] == ("-m", "app")
        capsys.readouterr()
        status = main(list(words[2:]))
        return subprocess.CompletedProcess(words, status, *capsys.readouterr())

    return run_here


def figures(done: subprocess.CompletedProcess[str]) -> dict[str, float]:
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])["figures"]
    return {name: figure["value"] for name, figure in found.items()}


def weights(out: Path) -> dict[str, bytes]:
    return {name: w.numpy().tobytes() for file in out.glob("*.safetensors") for name, w in load_file(file).items()}


def test_it_learns_what_it_is_told_and_watch_says_it(data: Path, model_path: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "out"
    done = run(*words(data, model_path, out, "--steps=60", "--learning-rate=3e-3", "--workers=0"))
    assert figures(done)["loss"] < 0.05
    assert figures(done)["step"] == 60
    assert (out / "generation_config.json").is_file()
    watching = ["--greedy", "--repetition-penalty=1", "--seconds=6", "--pace=max", "--json"]
    watched = run(
        "-m", "app", "watch", str(data / "game.mp4"), "--model", str(out), "--context", "Harbour v Union", *watching
    )
    assert watched.returncode == 0, watched.stderr
    lines = [json.loads(line) for line in watched.stdout.splitlines()]
    said = [line["text"] for line in lines if line["type"] == "line"]
    assert said == ["", "Goal for Harbour!", "", "Corner", "", "A save"]


@pytest.mark.parametrize("more", [(), ("--lora", "--lora-rank=4")])
def test_a_run_that_was_killed_ends_with_the_same_weights(
    more: tuple[str, ...], data: Path, model_path: Path, tmp_path: Path, environment: dict[str, str], run: Run
) -> None:
    straight = tmp_path / "straight"
    killed = tmp_path / "killed"
    options = ("--steps=5", "--workers=0", *more)
    figures(run(*words(data, model_path, straight, *options)))
    arguments = words(data, model_path, killed, *options, "--save-minutes=0")
    process = subprocess.Popen(
        [sys.executable, *arguments], env=environment, cwd=environment["PYTHONPATH"], stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 2 * PATIENCE_S
    while not (killed / "training" / "step-000000002").is_dir():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not list(killed.glob("*.safetensors"))
    (killed / "training" / "step-000000099.part").mkdir()  # of a state that was being written
    resumed = run(*words(data, model_path, killed, *options, "--resume", str(killed)))
    assert figures(resumed)["step"] == 5
    assert "step 1 " not in resumed.stderr
    assert weights(killed) == weights(straight)


def test_another_run_is_not_resumed(data: Path, model_path: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "out"
    figures(run(*words(data, model_path, out, "--steps=1", "--workers=0")))
    other = run(*words(data, model_path, out, "--steps=2", "--seed=1", "--resume", str(out)))
    assert other.returncode == 2
    assert "seed 0, not 1" in other.stderr
    nothing = run(*words(data, model_path, out, "--resume", str(tmp_path)))
    assert nothing.returncode == 1
    assert nothing.stderr.count("\n") == 1
    assert "no training state" in nothing.stderr


def test_two_processes_learn_as_one_does(
    data: Path, model_path: Path, tmp_path: Path, environment: dict[str, str], run: Run
) -> None:
    """FSDP2 over gloo. One of three samples is missing, so that the processes have different numbers of packs."""
    folder = tmp_path / "data"
    shutil.copytree(data, folder)
    line = (folder / "train_with_seeks.jsonl").read_text().splitlines()
    (folder / "train_seeks.jsonl").unlink()
    (folder / "train_with_seeks.jsonl").write_text("\n".join([*line, line[0].replace("game.mp4", "none.mp4")]) + "\n")
    options = ("--steps=4", "--workers=0", "--pack-tokens=1", "--batch=4", "--learning-rate=1e-4")
    alone = figures(run(*words(folder, model_path, tmp_path / "one", *options)))
    launch = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    command = [sys.executable, *launch, *words(folder, model_path, tmp_path / "two", *options)]
    both = subprocess.run(command, env=environment, cwd=environment["PYTHONPATH"], capture_output=True, text=True)
    together = figures(both)
    assert len(both.stdout.splitlines()) == 1
    assert together["loss"] == pytest.approx(alone["loss"], rel=1e-4)
    assert together["skipped"] == alone["skipped"] > 0
    assert set(weights(tmp_path / "two")) == set(weights(tmp_path / "one"))


def test_faults_are_named_and_the_rest_goes_on(data: Path, model_path: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "game.mp4").write_bytes((data / "game.mp4").read_bytes())
    (tmp_path / "broken.mp4").write_bytes(b"no video at all")
    said = (Word(1.0, 1.5, "Goal"),)
    names = [("game.mp4", 0.0, 3.0), ("none.mp4", 0.0, 3.0), ("game.mp4", 10.0, 14.0), ("broken.mp4", 0.0, 3.0)]
    write_samples(tmp_path / "train_with_seeks.jsonl", [Sample(v, a, b, words=said) for v, a, b in names])
    file = tmp_path / "train_with_seeks.jsonl"
    file.write_text(file.read_text() + "{not a sample\n")
    (tmp_path / "train_seeks.jsonl").unlink()
    done = run(*words(tmp_path, model_path, tmp_path / "out", "--steps=3", "--workers=1"))
    assert figures(done)["skipped"] >= 4
    told = [line for line in done.stderr.splitlines() if line.startswith("left out:")]
    assert len(told) == 4
    for part in ("none.mp4 does not exist", "has no picture at 12.0 s", "broken.mp4 cannot be decoded", "line 5: "):
        assert any(part in line for line in told), (part, told)


def test_a_checkpoint_of_another_shape_gets_one_line(data: Path, model_path: Path, tmp_path: Path, run: Run) -> None:
    other = tmp_path / "model"
    shutil.copytree(model_path, other)
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps(config | {"intermediate_size": 256}))
    done = run(*words(data, other, tmp_path / "out"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "config.json asks for (64, 256)" in done.stderr


def test_data_without_any_usable_sample_ends_the_run(model_path: Path, tmp_path: Path, run: Run) -> None:
    write_samples(tmp_path / "train_with_seeks.jsonl", [Sample("none.mp4", 0.0, 3.0, words=(Word(1, 2, "a"),))])
    done = run(*words(tmp_path, model_path, tmp_path / "out", "--workers=0"))
    assert done.returncode == 1
    assert "none of 1 samples can be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_leaves_a_state_and_a_checkpoint(
    data: Path, model_path: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    out = tmp_path / "out"
    arguments = words(data, model_path, out, "--steps=100000", "--workers=1")
    process = subprocess.Popen(
        [sys.executable, *arguments], env=environment, cwd=environment["PYTHONPATH"], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("step 2 "):
            break
    os.kill(process.pid, signal.SIGINT)
    stdout, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    done = json.loads(stdout.splitlines()[-1])["figures"]["step"]["value"]
    assert (out / "training" / f"step-{done:09d}" / "progress.json").is_file()
    assert weights(out)
