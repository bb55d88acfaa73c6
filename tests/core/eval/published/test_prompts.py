"""The wording, and another one from a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.errors import DataError
from core.eval.published.prompts import VERSION, Prompts


def test_values_are_put_in_as_they_are() -> None:
    text = Prompts().fill("inf_streams_judge_user", reference="$a costs $5", a="one", b="$reference")
    assert text == "Reference transcript:\n$a costs $5\n\nCandidate A:\none\n\nCandidate B:\n$reference\n"


def test_a_file_replaces_what_it_names_and_is_seen_in_the_version(tmp_path: Path) -> None:
    path = tmp_path / "prompts.json"
    path.write_text(json.dumps({"ovo_rec": "Count: $activity"}))
    prompts = Prompts.read(path)
    assert prompts.fill("ovo_rec", activity="jump") == "Count: jump"
    assert prompts.wording["ovo_ssr"] == Prompts().wording["ovo_ssr"]
    assert prompts.version.startswith("file:")
    assert Prompts.read(None).version == VERSION


@pytest.mark.parametrize("content", ['{"ovo_rek": "x"}', '{"ovo_rec": 1}', "[]", "{", None])
def test_a_file_that_is_none_is_refused(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "prompts.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(DataError):
        Prompts.read(path)
