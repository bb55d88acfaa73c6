"""OBS itself: what is said is in its picture, whatever becomes of it meanwhile."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.outputs.obs import ObsOptions, ObsOutput
from app.outputs.obs_socket import connected
from app.outputs.output_kind import StreamRun
from core.config import resolve
from core.errors import UsageError
from core.messages import Cleared, CommandSent, Failure, Line, Marked, Message, Steer
from tests.obs_peer import ObsPeer
from tests.obs_studio import PASSWORD, ObsStudio, has_text, obs_or_skip, programme
from tests.waiting import until

Opened = Callable[..., tuple[ObsOutput, list[Message]]]


def line(number: int, text: str) -> Line:
    return Line(number, number, number + 1, text, time.monotonic(), time.monotonic())


@pytest.fixture
def opened() -> Iterator[Opened]:
    """An output to OBS, and what it told."""
    outputs: list[ObsOutput] = []

    def open_(url: str) -> tuple[ObsOutput, list[Message]]:
        told: list[Message] = []
        run = StreamRun("arena", "arena", resolve({}), told.append, lambda line: None)
        outputs.append(ObsOutput(ObsOptions(url), run))
        return outputs[-1], told

    yield open_
    for output in outputs:
        output.close()


def failures(told: list[Message]) -> list[Failure]:
    return [message for message in told if isinstance(message, Failure)]


def test_one_that_is_not_there_is_told_once_and_tried_again(opened: Opened) -> None:
    output, told = opened(f"ws://:{PASSWORD}@127.0.0.1:9")
    output.handle(line(0, "Nobody sees this"))
    until(lambda: told, "the message")
    time.sleep(1)
    (failure,) = failures(told)
    assert (failure.title, failure.fatal) == ("OBS does not answer", False)
    assert "127.0.0.1:9: " in failure.message
    assert PASSWORD not in failure.message


def test_options_that_make_no_sense_are_wrong_use() -> None:
    with pytest.raises(UsageError, match="1 to 8, not 0"):
        ObsOptions(lines=0)
    assert PASSWORD not in repr(ObsOptions(f"ws://:{PASSWORD}@a"))


def test_watch_tells_a_wrong_address_without_its_password(plain_environment: dict[str, str], checkout: Path) -> None:
    command = [sys.executable, "-m", "app", "watch", "arena", "--obs", f"http://:{PASSWORD}@a"]
    done = subprocess.run(command, env=plain_environment, cwd=checkout, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("courtside: Unknown address of OBS")
    assert PASSWORD not in done.stderr


@pytest.fixture(scope="module")
def obs(virtual_screen: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObsStudio]:
    obs = obs_or_skip(tmp_path_factory.mktemp("obs"), virtual_screen.display)
    try:
        obs.start()
        yield obs
    finally:
        obs.kill()


@pytest.mark.real
def test_a_line_is_in_the_programme_within_a_second_and_goes_when_cleared(obs: ObsStudio, opened: Opened) -> None:
    output, told = opened(obs.url)
    until(lambda: "Courtside captions" in names(obs), "the source")
    assert not obs.text_is_seen()
    with connected(obs.address) as socket:
        scene = programme(socket)
        began = time.monotonic()
        output.handle(line(0, "Harbour lead by two"))
        until(lambda: has_text(socket, scene), "the line", 1.0)
        print(f"seen after {time.monotonic() - began:.2f} s")
    output.handle(Cleared())
    until(lambda: not obs.text_is_seen(), "nothing", 2.0)
    assert told == []


@pytest.fixture
def mortal_obs(virtual_screen: Any, tmp_path: Path) -> Iterator[ObsStudio]:
    """One that may be killed."""
    obs = obs_or_skip(tmp_path / "obs", virtual_screen.display)
    try:
        obs.start()
        yield obs
    finally:
        obs.kill()


@pytest.mark.real
def test_it_is_there_again_when_obs_was_killed(mortal_obs: ObsStudio, opened: Opened) -> None:
    obs = mortal_obs
    output, told = opened(obs.url)
    output.handle(line(0, "Before"))
    until(obs.text_is_seen, "the line")
    obs.kill()
    until(lambda: told, "that it has gone")
    output.handle(line(1, "While it was away"))
    obs.start()
    until(lambda: text(obs) == "Before\nWhile it was away", "the line", 10)
    until(obs.text_is_seen, "the line in the picture", 5)
    assert [failure.title for failure in failures(told)] == ["OBS does not answer"]


@pytest.mark.real
def test_recording_is_followed(obs: ObsStudio, opened: Opened, tmp_path: Path) -> None:
    output, told = opened(obs.url)
    output.handle(replace(line(6, "Kick-off"), end=7.0))
    until(obs.text_is_seen, "the line")
    separate = {"parameterCategory": "SimpleOutput", "parameterName": "RecQuality", "parameterValue": "Small"}
    obs.ask("SetProfileParameter", **separate)  # with the stream's encoder a recording cannot be paused
    for request in ("StartRecord", "PauseRecord", "ResumeRecord", "StopRecord"):
        obs.ask(request)
        time.sleep(0.7)
    marks = [message for message in told if isinstance(message, Marked)]
    until(lambda: [mark.text for mark in told if isinstance(mark, Marked)][-1:] == ["OBS recording stopped"], "the end")
    marks = [message for message in told if isinstance(message, Marked)]
    assert [mark.text for mark in marks] == [
        f"OBS recording {state}" for state in ("started", "paused", "resumed", "stopped")
    ]
    times = [mark.at for mark in marks]
    assert times == sorted(times)
    assert 7.0 < times[0] < times[-1] < 20.0


@pytest.mark.real
@pytest.mark.parametrize(("password", "title"), [(":wrong@", "OBS refuses the password"), ("", "OBS wants a password")])
def test_a_wrong_password_is_said_plainly_and_once(obs: ObsStudio, opened: Opened, password: str, title: str) -> None:
    output, told = opened(f"ws://{password}{obs.address.shown}")
    until(lambda: told, "the message")
    output.handle(line(0, "Not seen"))
    time.sleep(0.5)
    (failure,) = failures(told)
    assert failure.title == title
    assert "Show Connect Info" in failure.message
    assert "wrong" not in failure.message


@pytest.mark.real
def test_a_scene_that_is_not_there_is_told_with_those_that_are(obs: ObsStudio, opened: Opened) -> None:
    _, told = opened(f"{obs.url}/Nowhere")
    until(lambda: told, "the message")
    (failure,) = failures(told)
    assert failure.title == "OBS has no scene “Nowhere”"
    assert "It has: Scene" in failure.message


@pytest.mark.real
def test_the_text_goes_to_the_scene_that_was_named(obs: ObsStudio, opened: Opened) -> None:
    obs.ask("CreateScene", sceneName="Half time")
    output, told = opened(f"{obs.url}/Half%20time")
    output.handle(line(0, "Half time"))
    until(lambda: "Courtside captions" in names(obs, "Half time"), "the source")
    assert told == []


def text(obs: ObsStudio) -> str:
    """What the source says."""
    return obs.ask("GetInputSettings", inputName="Courtside captions")["inputSettings"].get("text", "")


def names(obs: ObsStudio, scene: str = "Scene") -> list[str]:
    """What is in a scene."""
    return [item["sourceName"] for item in obs.ask("GetSceneItemList", sceneName=scene)["sceneItems"]]


@pytest.fixture
def peer() -> Iterator[ObsPeer]:
    """One that records and streams, and can do everything."""
    peer = ObsPeer()
    yield peer
    peer.close()


def test_big_moments_and_marks_become_chapters_and_lines_go_out_as_captions(peer: ObsPeer, opened: Opened) -> None:
    output, told = opened(peer.url)
    until(lambda: len(peer.asked) >= 6, "the connection")
    output.handle(line(0, "Harbour pass it back."))
    output.handle(line(20, "In orange, Harbour score! 1-0."))
    output.handle(line(21, "What a goal that was."))
    output.handle(Marked(22.0, "look here"))
    output.handle(Marked(23.0, "OBS recording paused"))
    output.handle(CommandSent(Steer(persona="hype"), 0.0))
    output.handle(line(50, "What a moment for Union."))
    until(lambda: len(peer.of("CreateRecordChapter", "chapterName")) == 3, "the chapters")
    chapters = peer.of("CreateRecordChapter", "chapterName")
    assert chapters == ["In orange, Harbour score! 1-0.", "look here", "What a moment for Union."]
    assert peer.of("SendStreamCaption", "captionText")[1] == "In orange, Harbour score! 1-0."
    assert len(peer.of("SendStreamCaption", "captionText")) == 4
    assert told == []


@pytest.mark.parametrize(
    ("code", "why"), [(204, "this OBS is older than 30.2"), (702, "this recording's format has none")]
)
def test_an_obs_without_chapters_is_told_once(peer: ObsPeer, opened: Opened, code: int, why: str) -> None:
    peer.refused["CreateRecordChapter"] = code
    output, told = opened(peer.url)
    until(lambda: len(peer.asked) >= 6, "the connection")
    for number in (0, 20, 40):
        output.handle(line(number, "A goal!"))
    until(lambda: len(peer.of("CreateRecordChapter", "chapterName")) == 3, "the chapters")
    time.sleep(0.2)
    (failure,) = failures(told)
    assert failure.title == "OBS makes no chapters"
    assert failure.message.startswith(f"{why}. Chapters need OBS 30.2 and Hybrid MP4")


@pytest.mark.real
def test_debians_obs_says_that_it_makes_no_chapters(obs: ObsStudio, opened: Opened) -> None:
    output, told = opened(obs.url)
    until(lambda: "Courtside captions" in names(obs), "the source")
    output.handle(line(0, "Ready"))
    until(obs.text_is_seen, "the line")
    version = obs.ask("GetVersion")
    obs.ask("StartRecord")
    try:
        until(lambda: [mark for mark in told if isinstance(mark, Marked)], "the recording")
        output.handle(line(20, "A goal!"))
        if "CreateRecordChapter" not in version["availableRequests"]:
            until(lambda: failures(told), "that there are none")
            assert [failure.title for failure in failures(told)] == ["OBS makes no chapters"]
    finally:
        obs.ask("StopRecord")
