"""Results that survive a kill, claims that end with their process, settings that are not mixed."""

import subprocess
import sys

import pytest

from core.errors import UsageError
from core.eval.results_folder import ResultsFolder, checkpoint_digest

SETTINGS = {"seconds": 60, "modes": ["full"]}
HOLD = """
import sys, time
from pathlib import Path
from core.eval.results_folder import ResultsFolder
with ResultsFolder(Path(sys.argv[1]), {"seconds": 60, "modes": ["full"]}).claimed("one") as mine:
    print(mine, flush=True)
    time.sleep(60)
"""


def test_what_is_saved_is_there_for_the_next_run(tmp_path):
    ResultsFolder(tmp_path, SETTINGS).save("a b", {"value": 1})
    again = ResultsFolder(tmp_path, SETTINGS)
    assert (again.load("a b"), again.load("other")) == ({"value": 1}, None)


def test_a_damaged_result_counts_as_none(tmp_path):
    folder = ResultsFolder(tmp_path, SETTINGS)
    folder.save("one", {"value": 1})
    (tmp_path / "results" / "one.json").write_text('{"value"', "utf-8")
    assert folder.load("one") is None


def test_results_of_other_settings_are_not_mixed(tmp_path):
    ResultsFolder(tmp_path, SETTINGS)
    with pytest.raises(UsageError, match=r"of seconds 60, not 90"):
        ResultsFolder(tmp_path, SETTINGS | {"seconds": 90})


def test_a_claim_is_one_process_alone_and_ends_with_it(tmp_path):
    folder = ResultsFolder(tmp_path, SETTINGS)
    other = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout.readline() == "True\n"
        with folder.claimed("one", wait=False) as mine:
            assert not mine
        with folder.claimed("two", wait=False) as mine:
            assert mine
    finally:
        other.kill()
        other.communicate()
    with folder.claimed("one", wait=False) as mine:
        assert mine


def test_another_checkpoint_has_another_digest(tmp_path):
    (tmp_path / "config.json").write_text("{}", "utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"\0" * 3_000_000)
    before = checkpoint_digest(tmp_path)
    assert before == checkpoint_digest(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"\0" * 2_999_999 + b"\1")
    assert checkpoint_digest(tmp_path) != before
