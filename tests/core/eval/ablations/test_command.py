"""`courtside eval ablations`, whole: figures, report, resuming after kill -9, several processes."""

import argparse
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from core.errors import UsageError
from core.eval.ablations import command

SEED = "100000"
WORDS = ("--seeds", SEED, "--seconds", "12", "--device", "cpu")


def options(tiny_checkpoint, out, *words):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args([*WORDS, "--model", str(tiny_checkpoint), "--out", str(out), *words])


def started(tiny_checkpoint, out, *words, launcher=()):
    line = [sys.executable, *launcher, "-m", "app", "eval", "ablations", *WORDS, "--model", str(tiny_checkpoint)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([*line, "--out", str(out), *words], env=environment, start_new_session=True, **pipes)


def test_all_groups_give_figures_a_report_and_verdicts(tiny_checkpoint, tmp_path, capsys):
    result = command.run(options(tiny_checkpoint, tmp_path, "--models", f"no-overlap={tiny_checkpoint}"))
    json.dumps(result)
    found = result["figures"]
    for name in ("streaming", "full", "window", "recompute", "native", "vision_0s", "vision_32s", "sink_0", "text_1024",
                 "text_all", "model_no-overlap"):  # fmt: skip
        assert {f"{name}_event_f1", f"{name}_chunk_compute", f"{name}_kv_bytes"} <= set(found)
    assert found["recompute_prefill_tokens"]["value"] > 2 * found["streaming_prefill_tokens"]["value"]
    assert found["full_kv_tokens"]["value"] >= found["vision_1s_kv_tokens"]["value"]
    absent = [verdict for verdict in result["verdicts"] if verdict["holds"] is None]
    assert [verdict["claim"] for verdict in absent] == ["Training without moved words is clearly worse"]
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "recompute_chunk_compute" in page
    assert str(tmp_path) not in page
    assert not list((tmp_path / "frames").iterdir())
    assert "report:" in capsys.readouterr().err


def test_a_killed_run_keeps_what_was_finished(tiny_checkpoint, tmp_path):
    words = ("--groups", "modes")
    first = started(tiny_checkpoint, tmp_path, *words)
    while not list((tmp_path / "results").glob("*.json")):
        assert first.poll() is None, first.communicate()
        time.sleep(0.01)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "results").glob("*.json")}
    result = command.run(options(tiny_checkpoint, tmp_path, *words))
    assert len(list((tmp_path / "results").glob("*.json"))) == 5
    assert all(path.stat().st_mtime_ns == changed for path, changed in kept.items())
    assert "native_event_f1" in result["figures"]


def test_two_processes_of_accelerate_share_the_work(tiny_checkpoint, tmp_path):
    launcher = ("-m", "accelerate.commands.launch", "--cpu", "--num_processes", "2", "--num_machines", "1",
                "--mixed_precision", "no", "--dynamo_backend", "no")  # fmt: skip
    process = started(tiny_checkpoint, tmp_path, "--groups", "modes", launcher=launcher)
    said, told = process.communicate()
    assert process.returncode == 0, told
    assert len(said.splitlines()) == 1
    assert "native_event_f1" in json.loads(said)["figures"]
    watched = [line for line in told.splitlines() if " over football " in line]
    assert len(watched) == len(set(watched)) == 5


def test_results_of_other_settings_are_refused(tiny_checkpoint, tmp_path):
    command.run(options(tiny_checkpoint, tmp_path, "--groups", "models"))
    with pytest.raises(UsageError, match="of seconds 12, not 13"):
        command.run(options(tiny_checkpoint, tmp_path, "--groups", "models", "--seconds", "13"))


def test_more_groups_and_seeds_go_on_from_what_there_is(tiny_checkpoint, tmp_path, capsys):
    command.run(options(tiny_checkpoint, tmp_path, "--groups", "models"))
    capsys.readouterr()
    command.run(options(tiny_checkpoint, tmp_path, "--groups", "models", "--seeds", "100000-100001"))
    assert [line for line in capsys.readouterr().err.splitlines() if " over " in line] == [
        "streaming over football 100001"
    ]


def test_workers_share_the_work(tiny_checkpoint, tmp_path):
    result = command.run(options(tiny_checkpoint, tmp_path, "--groups", "models", "--workers", "2"))
    assert "streaming_event_f1" in result["figures"]


def test_too_few_seconds_are_refused(capsys):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--seconds", "5"])
    assert "at least 12 seconds" in capsys.readouterr().err
