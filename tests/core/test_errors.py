"""The error tree: what a person reads, and the exit status."""

from __future__ import annotations

import pickle

import pytest

from core import errors

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.CourtsideError)]


@pytest.mark.parametrize("kind", KINDS)
def test_it_reads_as_title_and_message(kind: type[errors.CourtsideError]) -> None:
    assert str(kind("No camera", "plug one in")) == "No camera: plug one in"
    assert str(kind("No camera")) == "No camera"
    assert kind.exit_status == (2 if kind is errors.UsageError else 1)


@pytest.mark.parametrize("kind", KINDS)
def test_it_crosses_from_one_process_to_another(kind: type[errors.CourtsideError]) -> None:
    there = pickle.loads(pickle.dumps(kind("No camera", "plug one in")))
    assert (type(there), there.title, there.message) == (kind, "No camera", "plug one in")
