from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data import published
from core.data.sample import QuestionAnswer, Sample, Word
from core.errors import DataError

VIDEO = {"type": "video", "video": "nba/a.mp4", "video_start": 12, "video_end": 36.0}
TEXT = {"type": "text", "text": "Bulls at Suns", "previous": "tip-off"}
STREAM = {"type": "text_stream", "text_stream": [[12.0, 12.4, "He"], [12.4, 13.1, "scores"]]}


def line(video: Any = VIDEO, text: Any = TEXT, stream: Any = STREAM) -> str:
    return json.dumps([{"role": "user", "content": [video, text]}, {"role": "assistant", "content": [stream]}])


def test_a_published_line() -> None:
    sample = published.read(line())
    assert sample == Sample(
        "nba/a.mp4", 12.0, 36.0, "Bulls at Suns", "tip-off", (Word(12.0, 12.4, "He"), Word(12.4, 13.1, "scores"))
    )


def test_previous_on_the_video_and_another_type_and_unknown_names() -> None:
    """What the published reader takes as well."""
    text = {"type": "text", "text": "q"}
    stream = {**STREAM, "type": "text", "qa_stream": [[0, 20.0, "Score?", "2-1"]], "category": "sports"}
    sample = published.read(line({**VIDEO, "previous": "before"}, text, stream))
    assert sample.previous == "before"
    assert sample.qa_stream == (QuestionAnswer(0.0, 20.0, "Score?", "2-1"),)


def test_the_text_item_holds_where_both_have_previous() -> None:
    assert published.read(line({**VIDEO, "previous": "first"}, TEXT)).previous == "tip-off"


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("{", "Expecting"),
        ("[]", "list of two messages"),
        ("[1, 2]", "list of two messages"),
        (line().replace("assistant", "system"), "'system'"),
        (line(video={"type": "image"}), "no 'video'"),
        (line(video={**VIDEO, "video": 3}), "'video' is 3"),
        (line(video={**VIDEO, "video": ""}), "names no file"),
        (line(video={**VIDEO, "video_end": None}), "'video_end' is null"),
        (line(video={**VIDEO, "video_end": True}), "'video_end' is true"),
        (line(video={**VIDEO, "video_end": 12}), "not after"),
        (line(video={**VIDEO, "video_start": -1}), "not after"),
        (line(text={"type": "text", "text": ["q"]}), "'text' is"),
        (line(stream={"type": "text", "text": "hi"}), "no 'text_stream'"),
        (line(stream={"text_stream": [[1, 2]]}), r"\[1, 2\] in 'text_stream'"),
        (line(stream={"text_stream": [[1, "2", "x"]]}), "the end of a word"),
        (line(stream={"text_stream": [[1, float("nan"), "x"]]}), "the end of a word"),
        (line(stream={"text_stream": {"a": 1}}), "'text_stream' is no list"),
        (line(stream={**STREAM, "qa_stream": [["q"]]}), "qa_stream"),
        ("[5, 90, 1200]", "list of two messages"),
    ],
)
def test_what_is_wrong_is_said(bad: str, told: str) -> None:
    with pytest.raises(DataError, match=told) as error:
        published.read(bad)
    assert "\n" not in str(error.value)


def test_a_line_that_is_no_utf8() -> None:
    with pytest.raises(DataError, match="utf-8"):
        published.read(b"\xff\xfe" + line().encode())


seconds = st.floats(0, 1e5).map(lambda s: round(s, 3))
texts = st.text(st.characters(codec="utf-8"), max_size=30)
samples = st.builds(
    lambda start, length, **rest: Sample(start=start, end=start + length, **rest),
    start=seconds,
    length=st.floats(1, 64),
    video=texts.filter(bool),
    query=texts,
    previous=texts,
    words=st.lists(st.builds(Word, seconds, seconds, texts), max_size=5).map(tuple),
    qa_stream=st.lists(st.builds(QuestionAnswer, seconds, seconds, texts, texts), max_size=2).map(tuple),
)


@given(samples)
def test_what_is_written_is_read_again(sample: Sample) -> None:
    written = published.write(sample)
    assert len(written.splitlines()) == 1
    assert published.read(written) == sample


def test_written_in_the_published_form() -> None:
    sample = published.read(line())
    assert json.loads(published.write(sample)) == json.loads(line())
