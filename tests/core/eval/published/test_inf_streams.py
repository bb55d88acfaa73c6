"""`courtside eval inf-streams` as users run it, on recorded matches, with judges behind a real server."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from core.eval import command
from tests.chat_server import ChatServer, chat_server, free_address
from tests.core.eval.published.conftest import GAME_S, SEEDS, Command
from tests.core.eval.published.judges import always_a, nearer, nonsense
from tests.core.eval.published.small_sets import write_lines

SEGMENTS = 4  # two games, from 10 s to 30 s, 10 s each


def command_words(games: Path, out: Path, model: Path) -> list[object]:
    what = ["inf-streams", "--data", games, "--out", out, "--model", model, "--device", "cpu", "--name", "tiny"]
    return [*what, "--start-s", 10, "--segment-s", 10, "--min-words", 0, "--query", "Commentate"]


@pytest.fixture
def words(games: Path, tmp_path: Path, tiny_checkpoint: Path) -> list[object]:
    """The command on the small set."""
    return command_words(games, tmp_path / "out", tiny_checkpoint)


@pytest.fixture(scope="session")
def made_answers(recorded_games: Path, tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the command makes of the small set without a judge."""
    out = tmp_path_factory.mktemp("answers") / "out"
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    words = command_words(recorded_games, out, tiny_checkpoint)
    assert command.run(parser.parse_args([str(word) for word in words]))["figures"]
    return out


@pytest.fixture
def answered(made_answers: Path, tmp_path: Path, words: list[object]) -> list[object]:
    """The command, after an earlier run has made the answers."""
    shutil.copytree(made_answers, tmp_path / "out")
    return words


def judged_by(server: ChatServer) -> list[object]:
    return ["--judge", server.url, "--judge-model", "rules", "--patience-s", 30]


def add_answers(games: Path, name: str, texts: dict[str, list[list[Any]]]) -> None:
    """Answers of another model: (start, end, text) by video."""
    records = []
    for video, content in texts.items():
        items = [{"response": said, "start_time": start, "end_time": end} for start, end, said in content]
        records.append({"video": video, "chunk_start": 0, "chunk_end": GAME_S, "items": items})
    write_lines(games / "model_answers" / name / "merged_result.jsonl", records)


def truth(games: Path) -> dict[str, list[list[Any]]]:
    lines = (games / "eval_all_metadata.jsonl").read_text().splitlines()
    return {Path(game["video"]).name: game["content"][1:] for game in map(json.loads, lines)}


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_from_the_data_set_to_scores_and_a_report(
    games: Path, tmp_path: Path, words: list[object], evaluate: Command
) -> None:
    add_answers(games, "human", truth(games))
    with chat_server(nearer) as server:
        done = evaluate(*words, *judged_by(server))
    assert done.value("inf_streams_judged") == SEGMENTS
    assert done.value("inf_streams_win_rate") == 0.0, "a random model is not as near to the truth as the truth"
    assert done.value("inf_streams_tiny_chunked_10s_VS_human_losses") == 1.0
    assert done.value("inf_streams_left_out") == 0
    assert done.found["judge"]["model"] == "rules"
    assert done.found["judge"]["prompts"] == "courtside-1"
    assert done.found["judge"]["requests"] == len(server.asked) <= 2 * 2 * SEGMENTS, "the same question is asked once"
    assert f"about {2 * 2 * SEGMENTS} requests" in done.stderr.partition("tiny 1 of")[0], "the cost is said first"
    scores = records(tmp_path / "out" / "model_scores" / "tiny_VS_human" / "score_segments.jsonl")
    assert scores[0]["winner"] == "B"
    assert scores[0]["votes"] == {"A": 0, "B": 2}
    assert scores[0]["judge"] == {"model": "rules", "prompts": "courtside-1", "vote_ab": "B", "vote_ba": "B"}
    summary = json.loads((tmp_path / "out" / "model_scores" / "tiny_VS_human" / "score_results.json").read_text())
    assert summary["global"] == {"A": 0, "B": 2 * SEGMENTS, "win_rate_A": 0.0, "win_rate_B": 1.0}
    assert "score_segments" not in (tmp_path / "out" / "report.html").read_text()
    assert "win rate of tiny" in (tmp_path / "out" / "report.html").read_text()


def test_unbroken_and_chunked_answers_are_whole_and_apart(made_answers: Path) -> None:
    for name, pieces in (("tiny", 2), ("tiny_chunked_10s", SEGMENTS)):
        folder = made_answers / "model_answers" / name
        assert len(records(folder / "result_0.jsonl")) == pieces
        merged = records(folder / "merged_result.jsonl")
        assert [line["video"] for line in merged] == [f"match_{seed}.mp4" for seed in SEEDS]
        for line in merged:
            assert (line["chunk_start"], line["chunk_end"]) == (10, GAME_S)
            assert [item["end_time"] for item in line["items"]] == list(range(11, GAME_S + 1)), "nothing twice"


def test_a_judge_that_sees_the_position_alone_gives_ties(
    games: Path, answered: list[object], evaluate: Command
) -> None:
    add_answers(games, "human", truth(games))
    with chat_server(always_a) as server:
        done = evaluate(*answered, *judged_by(server))
    assert done.value("inf_streams_ties") == 1.0
    assert done.value("inf_streams_win_rate") == 0.5
    assert done.value("inf_streams_wins") == 0.0


def test_nonsense_is_never_a_win_and_is_asked_again(
    games: Path, tmp_path: Path, answered: list[object], evaluate: Command
) -> None:
    add_answers(games, "human", truth(games))
    with chat_server(nonsense) as server:
        done = evaluate(*answered, *judged_by(server), "--runs", "infinite")
        assert done.code == 1
        assert "The judge makes no sense" in done.stderr.splitlines()[-1]
        scores = records(tmp_path / "out" / "model_scores" / "tiny_VS_human" / "score_segments.jsonl")
        assert [score["winner"] for score in scores] == [""] * SEGMENTS
        server.answer = nearer
        asked = len(server.asked)
        done = evaluate(*answered, *judged_by(server), "--runs", "infinite")
        assert len(server.asked) - asked == 2 * SEGMENTS
    assert done.value("inf_streams_judged") == SEGMENTS
    assert "tiny 1 of" not in done.stderr, "the answers were there already"


def test_an_endpoint_that_fails_now_and_then_is_waited_for(
    games: Path, answered: list[object], evaluate: Command
) -> None:
    add_answers(games, "human", truth(games))
    with chat_server(nearer) as server:
        server.statuses = [429, 500, 503]
        server.headers = {"Retry-After": "0"}
        done = evaluate(*answered, *judged_by(server), "--runs", "infinite")
    assert done.value("inf_streams_judged") == SEGMENTS
    assert done.value("inf_streams_unjudged") == 0
    assert "trying again" in done.stderr


def test_an_endpoint_that_hangs_is_asked_again(games: Path, answered: list[object], evaluate: Command) -> None:
    add_answers(games, "human", truth(games))
    hung = []

    def late_once(system: str, user: str) -> str:
        if not hung:
            hung.append(user)
            time.sleep(3)
        return nearer(system, user)

    with chat_server(late_once) as server:
        done = evaluate(*answered, *judged_by(server), "--runs", "infinite", "--timeout-s", 1)
    assert done.value("inf_streams_judged") == SEGMENTS
    assert "no answer in time" in done.stderr


def test_an_endpoint_that_is_down_ends_the_run_and_the_next_one_goes_on(
    games: Path, answered: list[object], evaluate: Command
) -> None:
    add_answers(games, "human", truth(games))
    down = ["--judge", free_address(), "--judge-model", "rules", "--patience-s", 0]
    done = evaluate(*answered, *down, "--runs", "infinite")
    assert done.code == 1
    assert done.stderr.splitlines()[-1].startswith("courtside: The endpoint does not answer")
    with chat_server(nearer) as server:
        server.refuse_after = 3
        once = ("--runs", "infinite")
        done = evaluate(*answered, *judged_by(server), *once, "--patience-s", 0, "--parallel", 1)
        assert done.code == 1
        server.refuse_after = None
        done = evaluate(*answered, *judged_by(server), *once)
    assert done.found["judge"]["requests"] == 2 * SEGMENTS - 3, "what was answered is not paid for twice"
    assert done.value("inf_streams_judged") == SEGMENTS


def test_what_cannot_be_used_is_named_and_the_rest_goes_on(games: Path, words: list[object], evaluate: Command) -> None:
    whole = truth(games)
    first, second = whole
    add_answers(games, "human", {first: [said for said in whole[first] if not 10 < said[1] <= 20], second: []})
    with (games / "eval_all_metadata.jsonl").open("a") as file:
        file.write('{"video": "videos/gone.mp4", "content": [[0, 30, "words"]]}\nno line\n')
        file.write('{"video": "videos/damaged.mp4", "content": [[0, 30, "words"]]}\n{"video": "x", "content": []}\n')
        file.write(json.dumps({"video": f"videos/{first}", "content": [[0, 50, "words"]]}).replace(first, "long.mp4"))
    (games / "videos" / "damaged.mp4").write_bytes(b"no video" * 100)
    (games / "videos" / "long.mp4").write_bytes((games / "videos" / first).read_bytes())
    with chat_server(nearer) as server:
        done = evaluate(*words, *judged_by(server), "--runs", "infinite")
    assert done.value("inf_streams_judged") == 1
    skipped = done.found["skipped"]
    assert (skipped["bad_line"], skipped["missing_video"], skipped["undecodable"], skipped["too_short"]) == (2, 1, 1, 1)
    assert "eval_all_metadata.jsonl, line 4: " in done.stderr
    assert "eval_all_metadata.jsonl, line 6: 'content' is no list" in done.stderr
    assert f"human: {first} 10-20 s: nothing covers this segment" in done.stderr
    assert "long.mp4 has no picture at 30.0 s" in done.stderr


def test_it_goes_on_after_kill_9(
    made_answers: Path, tmp_path: Path, words: list[object], evaluate: Command, environment: dict[str, str]
) -> None:
    killed = [sys.executable, "-m", "app", "eval", *map(str, words)]
    process = subprocess.Popen(
        killed, env=environment, cwd=environment["PYTHONPATH"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    answers = tmp_path / "out" / "model_answers" / "tiny_chunked_10s" / "result_0.jsonl"
    until = time.monotonic() + 120
    while not (answers.is_file() and answers.read_bytes().count(b"\n")) and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = answers.read_bytes()
    assert left.count(b"\n") < SEGMENTS, "it was killed in the middle"
    with answers.open("ab") as file:
        file.write(b'{"video": "torn')
    done = evaluate(*words)
    assert done.code == 0, done.stderr
    assert answers.read_bytes().startswith(left[: left.rfind(b"\n") + 1])
    assert len(records(answers)) == SEGMENTS
    straight = evaluate(*words[:3], "--out", tmp_path / "straight", *words[5:])
    assert straight.code == 0
    name = Path("model_answers") / "tiny_chunked_10s" / "merged_result.jsonl"
    assert (tmp_path / "straight" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()


def test_two_processes_share_the_games(tmp_path: Path, words: list[object], environment: dict[str, str]) -> None:
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    done = subprocess.run(
        [*launch, "-m", "app", "eval", *map(str, words)],
        env=environment, cwd=environment["PYTHONPATH"], capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["figures"]["inf_streams_segments"]["value"] == SEGMENTS
    folder = tmp_path / "out" / "model_answers" / "tiny"
    assert [len(records(folder / f"result_{rank}.jsonl")) for rank in (0, 1)] == [1, 1]
    assert len(records(folder / "merged_result.jsonl")) == 2


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (
            ["--judge", "http://127.0.0.1:1/v1"],
            "give --judge-model NAME",
        ),
        (["--judge-model", "rules"], "No endpoint: --judge-model"),
        (["--judge", "ftp://x", "--judge-model", "rules"], "Not an endpoint"),
        (["--against", "nowhere"], "No such answers"),
        (["--runs", "sideways"], "is none of infinite, chunked"),
        (["--judge", "http://judge.invalid/v1", "--judge-model", "rules"], "say --yes to send these requests"),
    ],
)
def test_wrong_use_is_refused_before_anything_is_generated(
    more: list[str], told: str, words: list[object], evaluate: Command, tmp_path: Path
) -> None:
    done = evaluate(*words, *more)
    assert done.code == 2
    assert told in done.stderr
    assert not (tmp_path / "out" / "model_answers").exists()


def test_answers_of_other_settings_are_not_mixed(answered: list[object], evaluate: Command) -> None:
    done = evaluate(*answered, "--runs", "infinite", "--temperature", "0.5")
    assert done.code == 2
    assert "Other settings" in done.stderr
    assert "0.5" in done.stderr
