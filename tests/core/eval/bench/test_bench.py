"""The measuring itself: small, on the CPU, so that every line has run before it meets a GPU."""

import argparse
import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
import tqdm

from app.cli import main
from core.errors import UsageError
from core.eval.bench import command, plot
from core.eval.bench.bench import NEW_TOKENS, Bench, RunConfig
from core.eval.bench.chunk import read_bytes
from core.eval.bench.endurance import windows
from core.eval.bench.figure import Figure, percentile, single, spread
from core.eval.bench.frames import PingPongFrames
from core.eval.bench.plot import Curve
from core.eval.bench.random_model import MODEL_SPECS, random_checkpoint
from core.eval.bench.timed_rounds import TOO_SLOW_S, rounds, too_slow
from core.eval.bench.workload import QUICK
from core.model.config import parse

tqdm.tqdm.monitor_interval = 0  # transformers' progress bars would leave a thread behind
CPU = torch.device("cpu")


@pytest.fixture
def threads():
    """The bench takes half the cores; the tests that follow want them back."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture
def bench(threads):
    return Bench("cpu", "tiny", "", QUICK, ends_at=float("inf"))


def options(*words):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(words)


def test_percentiles_are_samples():
    samples = [float(n) for n in range(100, 0, -1)]
    assert [percentile(samples, p) for p in (1, 5, 50, 99, 100)] == [1.0, 5.0, 50.0, 99.0, 100.0]
    assert percentile([7.0], 99) == 7.0


def test_a_figure_knows_whether_its_goal_is_reached():
    assert single("slow", 2.0, "s", 1.0).row().endswith("missed")
    assert single("fast", 0.5, "s", 1.0).reached()
    assert not single("few", 2.0, "fps", 8.0, "higher").reached()
    assert spread("of three", [3.0, 1.0, 2.0], "s") == Figure("of three", 2.0, "s", 1.0, 3.0)


def test_every_section_runs_on_random_weights(threads, capsys, tmp_path):
    drawn = tmp_path / "curves" / "sweep.svg"
    assert main(["bench", "--shape", "tiny", "--quick", "--plot", str(drawn)]) == 0
    out = capsys.readouterr().out.splitlines()
    figures = json.loads(out[-1])["figures"]
    assert len(out) == len(figures) + 2  # the columns' names and the line of JSON
    assert all(set(f) == {"value", "unit", "low", "high", "goal", "better"} for f in figures.values())
    assert all(f["low"] <= f["value"] <= f["high"] for f in figures.values())
    wanted = {"machine_copy", "chunk_2fps_fp32", "chunk_8fps_fp32_p99", "decode_bandwidth_fp32", "faster_chunk_fp32"}
    wanted |= {
        "maxfps_fp32",
        "maxfps_dropping_fp32",
        "kv_8fps_fp32",
        "compact_and_turn_fp32",
        "same_lines_bf16_fast_and_plain",
        "longest_full",
    }
    assert wanted <= set(figures)
    assert len(ElementTree.parse(drawn).findall(".//{*}polyline")) == 6


def test_a_checkpoint_is_measured_with_full_lines_and_with_natural_ones(threads, capsys):
    for _ in range(3):  # medians of three chunks, maybe beside other jobs
        assert main(["bench", "--quick", "--only", "chunk,peer"]) == 0
        *rows, told = capsys.readouterr().out.splitlines()
        figures = json.loads(told)["figures"]
        natural = next(row for row in rows if row.startswith("chunk_natural "))
        assert 0 < float(re.search(r"\(([\d.]+) tokens a chunk", natural)[1]) < NEW_TOKENS
        assert figures["faster_chunk_fp32"]["goal"] == 2.5
        if figures["chunk_natural"]["value"] < figures["chunk_2fps_fp32"]["value"]:
            return
    pytest.fail("natural lines are shorter and yet not faster")


def test_endurance_tells_growth_from_none(threads, capsys):
    assert main(["bench", "--quick", "--endure", "40"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])["figures"]
    assert figures["endure_kv_growth"]["value"] == 0.0
    assert figures["full_kv_growth"]["value"] > 0.5


def test_a_section_that_breaks_leaves_the_others_their_turn(threads, capsys):
    def broken(bench):
        yield single("before", 1.0, "s")
        raise RuntimeError("the device was lost")

    result = command.run(options("--quick", "--only", "first,second"), {"first": broken, "second": broken})
    assert result["failed"] == dict.fromkeys(("first", "second"), "RuntimeError: the device was lost")
    assert list(result["figures"]) == ["before"]
    assert capsys.readouterr().err.count("Traceback") == 2


def test_an_unknown_section_is_refused():
    with pytest.raises(UsageError, match="machine, chunk"):
        command.run(options("--only", "chunk,lunch"))


def test_sections_run_in_their_own_order():
    assert command.chosen(options("--only", "peer,machine"), {}) == ["machine", "peer"]
    assert command.chosen(options(), {"start": lambda bench: iter(())})[-1] == "start"
    assert "start" not in command.chosen(options("--shape", "7b"), {"start": lambda bench: iter(())})


def test_nothing_is_begun_once_the_time_is_over(threads, capsys):
    assert command.run(options("--quick", "--shape", "tiny", "--minutes", "0")) == {"figures": {}}
    assert "out of time" in capsys.readouterr().err


def test_random_weights_never_end_a_line_early(bench):
    done = bench.run(RunConfig("fp32", 2))
    assert {r.stats.new_tokens for r in done.rounds} == {NEW_TOKENS}
    assert bench.run(RunConfig("fp32", 2)) is done


def test_the_windows_are_full_where_the_steady_state_begins(bench):
    steady = [r.stats.kv_tokens for r in bench.run(RunConfig("fp32", 2)).steady]
    assert len(steady) == QUICK.steady
    assert max(steady) - min(steady) <= 8  # a time stamp has more digits now and then


def test_a_token_reads_every_weight_but_the_other_embeddings():
    config = parse(MODEL_SPECS["tiny"].raw)
    decoder = random_checkpoint(MODEL_SPECS["tiny"], CPU, torch.bfloat16).model.decoder
    qkv = (config.heads + 2 * config.kv_heads) * config.head_dim
    layer = config.hidden * (qkv + config.heads * config.head_dim + 3 * config.intermediate) + qkv + 2 * config.hidden
    assert read_bytes(decoder) == 2 * (config.layers * layer + config.hidden + config.vocab * config.hidden)


def test_the_7b_shape_has_its_published_size():
    config = parse(MODEL_SPECS["7b"].raw)
    assert config.kv_bytes_per_token(2) == 2 * 28 * 4 * 128 * 2
    assert config.raw_key_bytes_per_token(2) == 28 * 4 * 128 * 2
    width, height = MODEL_SPECS["7b"].size
    assert width * height // 28**2 == 720


def test_minutes_2_to_12_stand_against_the_last_ten():
    assert windows(12_000) == (slice(120, 720), slice(11_400, 12_000))
    assert windows(8) == (slice(2, 4), slice(6, 8))


def test_a_film_runs_at_the_matchs_pace_and_never_jumps():
    ping_pong = PingPongFrames(7, 12, (112, 56))
    assert ping_pong.frames.shape == (7, 56, 112, 3)
    ping_pong.frames = np.arange(7)
    shown = [list(ping_pong.chunk(n, 12).frames) for n in range(2)]
    assert shown == [[0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1], [0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1]]
    assert ping_pong.chunk(0, 3).frames == (0, 4, 4)


def test_only_two_slow_rounds_in_a_row_are_hopeless(bench):
    quick = next(rounds(bench.engine(RunConfig("fp32", 2)), bench.looped, 2, 1))
    slow = replace(quick, wall_s=TOO_SLOW_S + 1)
    assert too_slow([quick, quick, slow, slow])
    assert not too_slow([quick, slow, quick, slow])
    assert not too_slow([slow, slow, slow])


def test_curves_stay_inside_their_panel():
    curves = [Curve("time | fps", "full", ((1.0, 0.1), (24.0, 30.0))), Curve("time | fps", "streaming", ((1.0, 0.2),))]
    root = ElementTree.fromstring(plot.svg(curves, 1.0))
    ys = [float(p.split(",")[1]) for line in root.findall(".//{*}polyline") for p in line.get("points").split()]
    assert all(0 <= y <= plot.PANEL[1] for y in ys)
