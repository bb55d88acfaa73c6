"""The JSONL line of the published training data (mit-han-lab/Inf-Stream-Train, chenjoya/Live-WhisperX-526K).

    [{"role": "user", "content": [
        {"type": "video", "video": PATH, "video_start": S, "video_end": S},
        {"type": "text", "text": TITLE, "previous": TEXT}]},
     {"role": "assistant", "content": [
        {"type": "text_stream", "text_stream": [[START, END, WORD], ...], "qa_stream": [[START, TIME, Q, A], ...]}]}]

As in the published reader: `previous` may sit on either user item (the last one holds), `qa_stream` may be missing, the
`type` of the assistant's item is not looked at, and names this file does not know are passed over.
"""

from __future__ import annotations

import json
import math
from typing import Any

from core.data.sample import QuestionAnswer, Sample, Word
from core.errors import DataError


def read(line: str | bytes) -> Sample:
    """The sample in one line. Raises DataError, whose message says which part is not as it should be."""
    try:
        user, assistant = _messages(json.loads(_decoded(line)))
        video, text = _user_items(user)
        stream = _assistant_item(assistant)
    except ValueError as error:  # of json, of utf-8 and of the checks below
        raise DataError("Not a training sample", _one_line(error)) from error
    return _sample(video, text, stream)


def is_seek_list(line: str | bytes) -> bool:
    """Whether the line is the list of byte offsets that some published files end with."""
    try:
        found = json.loads(_decoded(line))
    except ValueError:
        return False
    return isinstance(found, list) and all(isinstance(offset, int) for offset in found)


def write(sample: Sample) -> str:
    """The line, without its line break."""
    text = {"type": "text", "text": sample.query, "previous": sample.previous}
    video = {"type": "video", "video": sample.video, "video_start": sample.start, "video_end": sample.end}
    stream: dict[str, Any] = {"type": "text_stream", "text_stream": [list(word) for word in sample.words]}
    if sample.qa_stream:
        stream["qa_stream"] = [list(question) for question in sample.qa_stream]
    messages = [{"role": "user", "content": [video, text]}, {"role": "assistant", "content": [stream]}]
    return json.dumps(messages, ensure_ascii=False, separators=(",", ":")).translate(_LINE_BREAKS)


_LINE_BREAKS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}
"""Characters that JSON leaves as they are but that some readers take for the end of a line."""


def _decoded(line: str | bytes) -> str:
    return line if isinstance(line, str) else line.decode("utf-8")


def _messages(found: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    if not isinstance(found, list) or len(found) != 2 or not all(isinstance(message, dict) for message in found):
        raise ValueError("it is no list of two messages")
    roles = [message.get("role") for message in found]
    if roles != ["user", "assistant"]:
        raise ValueError(f"its messages are of {roles[0]!r} and {roles[1]!r}, not of 'user' and 'assistant'")
    return found[0], found[1]


def _user_items(message: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    items = message.get("content")
    if not isinstance(items, list) or len(items) != 2 or not all(isinstance(item, dict) for item in items):
        raise ValueError("the user's content is no list of a video and a text")
    if "video" not in items[0]:
        raise ValueError("the user's first item has no 'video'")
    return items[0], items[1]


def _assistant_item(message: dict[str, Any]) -> dict[str, Any]:
    items = message.get("content")
    if not isinstance(items, list) or not items or not isinstance(items[0], dict) or "text_stream" not in items[0]:
        raise ValueError("the assistant's first item has no 'text_stream'")
    return items[0]


def _sample(video: dict[str, Any], text: dict[str, Any], stream: dict[str, Any]) -> Sample:
    previous = text.get("previous", video.get("previous"))
    try:
        sample = Sample(
            video=_text(video["video"], "video"),
            start=_seconds(video.get("video_start"), "video_start"),
            end=_seconds(video.get("video_end"), "video_end"),
            query=_text(text.get("text", ""), "text"),
            previous=_text(previous or "", "previous"),
            words=tuple(_word(entry) for entry in _entries(stream, "text_stream")),
            qa_stream=tuple(_question(entry) for entry in _entries(stream, "qa_stream")),
        )
        if not sample.video:
            raise ValueError("'video' names no file")
        if not 0 <= sample.start < sample.end:
            raise ValueError(f"'video_end' {sample.end:g} is not after 'video_start' {sample.start:g}")
    except ValueError as error:
        raise DataError("Not a training sample", str(error)) from error
    return sample


def _entries(stream: dict[str, Any], name: str) -> list[Any]:
    entries = stream.get(name) or []
    if not isinstance(entries, list):
        raise ValueError(f"{name!r} is no list")
    return entries


def _word(entry: Any) -> Word:
    if not isinstance(entry, list) or len(entry) != 3:
        raise ValueError(f"{_shown(entry)} in 'text_stream' is not [start, end, word]")
    end = _seconds(entry[1], "the end of a word")
    start = end if entry[0] is None else _seconds(entry[0], "the start of a word")
    return Word(start, end, _text(entry[2], "a word"))


def _question(entry: Any) -> QuestionAnswer:
    if not isinstance(entry, list) or len(entry) != 4:
        raise ValueError(f"{_shown(entry)} in 'qa_stream' is not [start, time, question, answer]")
    time = _seconds(entry[1], "the time of a question")
    start = _seconds(entry[0], "the start") if isinstance(entry[0], int | float) else time
    return QuestionAnswer(start, time, _text(entry[2], "a question"), _text(entry[3], "an answer"))


def _seconds(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{name!r} is {_shown(value)}, not a number of seconds")
    return float(value)


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name!r} is {_shown(value)}, not a text")
    return value


def _shown(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=True)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
