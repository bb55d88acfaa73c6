"""Which sections run."""

import argparse

import pytest

from core.errors import UsageError
from core.eval.bench import command


def options(*words):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(words)


def test_an_unknown_section_is_refused():
    with pytest.raises(UsageError, match="machine, chunk"):
        command.run(options("--only", "chunk,lunch"))


def test_sections_run_in_their_own_order():
    assert command.chosen(options("--only", "peer,machine"), {}) == ["machine", "peer"]
    assert command.chosen(options(), {"start": lambda bench: iter(())})[-1] == "start"
    assert "start" not in command.chosen(options("--shape", "7b"), {"start": lambda bench: iter(())})
