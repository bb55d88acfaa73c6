"""The steps as a user runs them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from shutil import copy

import pytest

from app.cli import main
from core.data.jsonl import SampleFile, write_samples
from core.data.sample import Sample, Word
from tests.chat_server import ChatServer, free_address
from tests.core.data.speech import speech, srt
from tests.quiet_clock import quiet_s
from tests.waiting import PATIENCE_S

Make = Callable[..., Path]


@pytest.fixture
def videos(spoken_video: Path, make_video: Make, tmp_path: Path) -> Path:
    """Three recordings that can be used, and three that cannot."""
    folder = tmp_path / "videos"
    (folder / "cup").mkdir(parents=True)
    for name in ("one.mp4", "cup/two.mp4", "three.mp4"):
        copy(spoken_video, folder / name)
        (folder / name).with_suffix(".srt").write_text(srt(speech(130)))
    (folder / "empty.mp4").touch()
    (folder / "empty.srt").write_text(srt(speech(30)))
    (folder / "orphan.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nhi\n")
    make_video("videos/silent.mp4", seconds=5)
    return folder


def test_build(videos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["data", "build", str(videos), "--out", str(out), "--stage2", "--preview"]) == 0
    told = capsys.readouterr()
    assert "3 of 6 recordings are used" in told.out
    assert "**zero_bytes** (1)" in told.out
    assert "empty.mp4: 0 bytes" in told.out
    train = SampleFile(out / "train_with_seeks.jsonl")
    valid = SampleFile(out / "valid_with_seeks.jsonl")
    assert {sample.video for sample in train} | {sample.video for sample in valid} == {
        "one.mp4",
        "cup/two.mp4",
        "three.mp4",
    }
    assert not {sample.video for sample in train} & {sample.video for sample in valid}
    for sample in [*train, *valid]:
        assert sample.end - sample.start == 24
        assert len(sample.words) >= 48
    for sample in [*SampleFile(out / "fg" / "train_fg_with_seeks.jsonl")]:
        assert 16 <= sample.end - sample.start <= 64
    report = json.loads((out / "report.json").read_text())
    assert report["root"] == str(videos)
    assert report["totals"]["samples"] == len(train) + len(valid)
    assert report["totals"]["kept_pieces"] > 0
    assert "three.mp4" in (out / "report.md").read_text()
    assert (out / "preview.html").stat().st_size > 10_000


def test_what_is_built_passes_the_check_and_shows_itself(
    videos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    main(["data", "build", str(videos), "--out", str(out)])
    capsys.readouterr()
    assert main(["data", "check", str(out / "train_with_seeks.jsonl"), "--decode", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["good"] == report["samples"] > 0
    assert main(["data", "preview", str(out), "--samples", "2", "--out", str(tmp_path / "page.html")]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'page.html'}\n"
    assert (tmp_path / "page.html").read_text().count("<h2>") == 2
    assert main(["data", "preview", str(out / "train_with_seeks.jsonl"), "--line", "3", "--line", "1"]) == 0
    assert "line 3" in (out / "preview.html").read_text()


def test_a_second_run_does_nothing_twice(videos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    command = ["data", "build", str(videos), "--out", str(out)]
    assert main(command) == 0
    kept = {path: path.stat().st_mtime_ns for path in (out / "work").rglob("*.json")}
    before = (out / "train_with_seeks.jsonl").read_bytes()
    assert main(command) == 0
    assert {path: path.stat().st_mtime_ns for path in (out / "work").rglob("*.json")} == kept
    assert (out / "train_with_seeks.jsonl").read_bytes() == before
    (videos / "one.srt").write_text(srt(speech(130, seed=5)))
    assert main(command) == 0
    changed = [path for path, at in kept.items() if path.stat().st_mtime_ns != at]
    assert len(changed) == 2  # its check and its cleaning


def test_check_names_what_is_left_out(videos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "check", str(videos)]) == 1
    told = capsys.readouterr()
    assert "3 of 6 recordings are used" in told.out
    assert told.err.splitlines()[-1] == "courtside: Recordings are left out: 3 of 6 cannot be used"
    for name in ("empty.mp4", "orphan.vtt", "silent.mp4"):
        (videos / name).unlink()
    (videos / "empty.srt").unlink()
    assert main(["data", "check", str(videos)]) == 0
    assert not list(videos.glob("work"))


def test_check_as_json(videos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "check", str(videos), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    left_out = {row["name"]: row["findings"][0]["kind"] for row in report["recordings"] if not row["used"]}
    assert left_out == {"empty.mp4": "zero_bytes", "orphan.vtt": "no_video", "silent.mp4": "no_transcript"}


def test_check_of_lines_names_their_numbers(videos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "train.jsonl"
    write_samples(path, [Sample("one.mp4", 0, 24, words=(Word(1, 2, "x"),)), Sample("gone.mp4", 0, 24)])
    assert main(["data", "check", str(path), "--root", str(videos)]) == 1
    told = capsys.readouterr()
    assert "line 2: missing_video" in told.out
    assert told.err.splitlines()[-1] == f"courtside: Lines cannot be used: 1 of 2 in {path}"


def test_cleaning_by_an_endpoint(
    videos: Path, server: ChatServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    command = ["data", "clean", str(videos), "--out", str(out), "--endpoint", server.url, "--model", "small"]
    assert main(command) == 2
    told = capsys.readouterr().err
    assert re.search(r"clean: about 6 requests, \d+ tokens in, \d+ out \(--price", told)
    assert told.splitlines()[-1] == "courtside: No terminal to ask in: say --yes to send these requests"
    assert server.asked == []
    assert main([*command, "--yes", "--price", "2,8"]) == 0
    assert re.search(r"about 6 requests, .* \$, to http", capsys.readouterr().err)
    assert len(server.asked) == 3 * 2
    assert main(command) == 0  # nothing is asked, so nobody need agree
    assert len(server.asked) == 6


def test_an_endpoint_that_is_down_is_one_line_and_the_run_goes_on_later(
    videos: Path, server: ChatServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--model", "small", "--yes", "--patience-s", "0"]
    command = ["data", "build", str(videos), "--out", str(tmp_path / "out"), *options, "--endpoint"]
    assert main([*command, free_address()]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert re.fullmatch(r"courtside: The endpoint does not answer: http://127\.0\.0\.1:\d+/v1/chat.*refused", last)
    server.refuse_after = 3
    assert main([*command, server.url, "--parallel", "1"]) == 1
    server.refuse_after = None
    answered = 3
    server.asked.clear()
    assert main([*command, server.url]) == 0
    assert len(server.asked) == 6 - answered
    assert (tmp_path / "out" / "train_with_seeks.jsonl").is_file()


def test_garbage_is_kept_as_it_is_and_counted(
    videos: Path, server: ChatServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.body = b"<html>Bad gateway</html>"
    out = tmp_path / "out"
    options = ["--endpoint", server.url, "--model", "small", "--yes", "--json"]
    assert main(["data", "build", str(videos), "--out", str(out), *options]) == 0
    sentences = json.loads(capsys.readouterr().out)["totals"]["sentences"]
    assert sentences["nonsense"] == sentences["keep"] > 0


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["build", "NONE", "--out", "OUT"], 1, "No such folder"),
        (["build", "VIDEOS/one.mp4", "--out", "OUT"], 1, "is no folder"),
        (["build", "VIDEOS", "--out", "VIDEOS/one.mp4"], 1, "Cannot write"),
        (["build", "VIDEOS", "--out", "OUT", "--overlap-s", "24"], 2, "not below"),
        (["build", "VIDEOS", "--out", "OUT", "--model", "m"], 2, "give --endpoint"),
        (["build", "VIDEOS", "--out", "OUT", "--endpoint", "http://h"], 2, "give --model"),
        (["build", "VIDEOS", "--out", "OUT", "--endpoint", "h", "--model", "m"], 2, "no http://"),
        (
            ["build", "VIDEOS", "--out", "OUT", "--endpoint", "http://h", "--model", "m", "--key-env", "NOT_SET"],
            1,
            "not set",
        ),
        (["preview", "VIDEOS"], 1, "holds no train_with_seeks.jsonl"),
        (["preview", "NONE.jsonl"], 1, "does not exist"),
        (["check", "VIDEOS", "--root", "VIDEOS"], 2, "are for a .jsonl"),
        (["check", "NONE.jsonl"], 1, "does not exist"),
    ],
)
def test_bad_input_is_one_line(
    videos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], status: int, told: str
) -> None:
    places = {"VIDEOS": str(videos), "OUT": str(tmp_path / "out"), "NONE": str(tmp_path / "none")}
    for name, path in places.items():
        words = [word.replace(name, path) for word in words]
    assert main(["data", *words]) == status
    error = capsys.readouterr().err
    assert told in error
    assert len(error.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["bake"],
        ["build", "v"],
        ["build", "v", "--out", "o", "--chunk-s", "0"],
        ["build", "v", "--out", "o", "--ch", "2"],
        ["clean", "v", "--out", "o", "--price", "2"],
        ["cut", "v", "--out", "o", "--valid-share", "2"],
    ],
)
def test_wrong_use(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["data", *words])
    assert ended.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_nothing_can_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "a.mp4").touch()
    assert main(["data", "build", str(tmp_path / "v"), "--out", str(tmp_path / "out")]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("courtside: Nothing to learn from: no recording can be used (a.mp4: 0 bytes")


def test_two_at_once_do_not_meet(videos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from filelock import FileLock

    (tmp_path / "out" / "work").mkdir(parents=True)
    with FileLock(tmp_path / "out" / "work" / "lock"):
        assert main(["data", "build", str(videos), "--out", str(tmp_path / "out")]) == 1
    assert "Busy: another command is at work in" in capsys.readouterr().err


def test_kill_9_at_any_moment_and_go_on(
    videos: Path, server: ChatServer, tmp_path: Path, plain_environment: dict[str, str]
) -> None:
    """Killed again and again, it comes to the same files as in one go, and asks for nothing twice."""
    server.slow_s = 0.15
    options = ["--endpoint", server.url, "--model", "small", "--yes", "--parallel", "1"]
    whole = tmp_path / "whole"
    assert main(["data", "build", str(videos), "--out", str(whole), *options]) == 0
    asked = len(server.asked)
    server.asked.clear()
    out = tmp_path / "out"
    command = [sys.executable, "-m", "app", "data", "build", str(videos), "--out", str(out), *options]
    kills = 0
    quiet = subprocess.DEVNULL
    for wait_s in (0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5):
        with subprocess.Popen(command, env=plain_environment, stdout=quiet, stderr=quiet) as run:
            time.sleep(wait_s)
            if run.poll() is None:
                os.kill(run.pid, signal.SIGKILL)
                kills += 1
    done = subprocess.run(command, env=plain_environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert kills >= 2
    for name in ("train_with_seeks.jsonl", "train_seeks.jsonl", "valid_with_seeks.jsonl", "valid_seeks.jsonl"):
        assert (out / name).read_bytes() == (whole / name).read_bytes()
    assert len(server.asked) <= asked + kills  # at most the one under way at each kill comes again


def test_ctrl_c_stops_while_it_waits(videos: Path, tmp_path: Path, plain_environment: dict[str, str]) -> None:
    options = ["--endpoint", free_address(), "--model", "small", "--yes"]
    command = [sys.executable, "-m", "app", "data", "clean", str(videos), "--out", str(tmp_path / "out"), *options]
    with subprocess.Popen(command, env=plain_environment, stderr=subprocess.PIPE, text=True) as run:
        assert run.stderr is not None
        for line in run.stderr:
            if "trying again" in line:
                break
        begun = quiet_s()
        run.send_signal(signal.SIGINT)
        assert "Traceback" not in run.stderr.read()
        assert run.wait(PATIENCE_S) == 130
        assert quiet_s() - begun < 10


def test_ctrl_c_stops_while_an_answer_is_awaited(
    videos: Path, server: ChatServer, tmp_path: Path, plain_environment: dict[str, str]
) -> None:
    server.slow_s = 60.0
    options = ["--endpoint", server.url, "--model", "small", "--yes"]
    command = [sys.executable, "-m", "app", "data", "clean", str(videos), "--out", str(tmp_path / "out"), *options]
    with subprocess.Popen(command, env=plain_environment, stderr=subprocess.PIPE, text=True) as run:
        assert run.stderr is not None
        while not server.asked:
            time.sleep(0.02)
        run.send_signal(signal.SIGINT)
        assert run.wait(PATIENCE_S) == 130
        assert "Traceback" not in run.stderr.read()


def test_a_name_may_hold_anything(spoken_video: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "v"
    folder.mkdir()
    name = "a|b <i>ü<i> \x1b[31m.mp4"
    copy(spoken_video, folder / name)
    (folder / name).with_suffix(".srt").write_text(srt(speech(130)))
    out = tmp_path / "out"
    assert main(["data", "build", str(folder), "--out", str(out), "--preview"]) == 0
    assert "\x1b" not in capsys.readouterr().out
    assert {sample.video for sample in SampleFile(out / "train_with_seeks.jsonl")} == {name}
    assert "<i>" not in (out / "preview.html").read_text()
