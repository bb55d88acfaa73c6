"""The measuring itself: small, on the CPU, so that every line has run before it meets a GPU."""

import argparse
import json
from xml.etree import ElementTree

from app.cli import main
from core.eval.bench import command
from core.eval.bench.figure import single


def options(*words):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(words)


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


def test_a_section_that_breaks_leaves_the_others_their_turn(threads, capsys):
    def broken(bench):
        yield single("before", 1.0, "s")
        raise RuntimeError("the device was lost")

    result = command.run(options("--quick", "--only", "first,second"), {"first": broken, "second": broken})
    assert result["failed"] == dict.fromkeys(("first", "second"), "RuntimeError: the device was lost")
    assert list(result["figures"]) == ["before"]
    assert capsys.readouterr().err.count("Traceback") == 2


def test_nothing_is_begun_once_the_time_is_over(threads, capsys):
    assert command.run(options("--quick", "--shape", "tiny", "--minutes", "0")) == {"figures": {}}
    assert "out of time" in capsys.readouterr().err
