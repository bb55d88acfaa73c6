"""`courtside eval BENCHMARK`: the list of benchmarks."""

import argparse

import pytest

from core.eval import command, programmes_command


def test_a_benchmark_runs_with_its_own_options_and_what_the_application_adds(monkeypatch):
    asked = []
    monkeypatch.setattr(programmes_command, "run", lambda args, *more: asked.append((args.seconds, more)) or {})
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    command.run(parser.parse_args(["programmes", "--seconds", "7"]), "stream")
    assert asked == [(7, ("stream",))]


@pytest.mark.parametrize("name", command.BENCHMARKS)
def test_every_benchmark_tells_its_options(name, capsys):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    with pytest.raises(SystemExit) as end:
        parser.parse_args([name, "--help"])
    assert end.value.code == 0
    assert "--" in capsys.readouterr().out


def test_an_unknown_benchmark_is_refused(capsys):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["nonsense"])
    assert "nonsense" in capsys.readouterr().err
