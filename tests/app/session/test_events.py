"""Damaged sessions: a record that cannot be read is lost alone, and said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.session.events import NOTES, parse, read_session
from app.session.journal import EVENTS
from app.session.recorder import Recorder
from app.session.records import encoded
from core.messages import Drop, Gap, Line, Paused, Resumed


def line(number: int, text: str) -> Line:
    return Line(number, float(number), number + 1.0, text, 50.0 + number, 50.2 + number)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What a recorder wrote, words of several scripts and every kind of record among it."""
    recorder = Recorder(tmp_path_factory.mktemp("whole"), "arena:7", {"source": "arena:7"})
    texts = ["Goal!", 'He says "{\\"type\\":1}" and {"type"', "Überraschung", "العالم ⚽", "a\\n\nb", ""]
    for number in range(24):
        recorder.handle(line(number, texts[number % len(texts)]))
        at = number + 0.5
        recorder.handle([Drop("behind", 2, at), Gap(at, 99, "dropped"), Paused(at), Resumed(at)][number % 4])
    recorder.close()
    return (recorder.folder / EVENTS).read_bytes()


def kept(events: list[dict[str, object]]) -> list[str]:
    return [json.dumps(event, sort_keys=True) for event in events]


def test_a_whole_session_has_no_damage(whole: bytes) -> None:
    events, damage = parse(whole)
    assert len(events) == whole.count(b"\n")
    assert not damage


@settings(max_examples=300)
@given(data=st.data())
def test_a_flipped_byte_loses_its_own_record_alone(whole: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(whole) - 2))
    value = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[at]))
    before = kept(parse(whole)[0])
    hurt = whole[:at] + bytes([value]) + whole[at + 1 :]
    number = whole.count(b"\n", 0, at)
    after = kept(parse(hurt)[0])
    later = before[number + 1 :]
    assert after[:number] == before[:number]
    assert after[len(after) - len(later) :] == later
    assert len(after) <= len(before)


@settings(max_examples=200)
@given(data=st.data())
def test_a_zeroed_block_loses_what_it_covers_alone(whole: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(whole) - 2))
    end = min(len(whole) - 1, at + data.draw(st.integers(1, 700)))
    hurt = whole[:at] + b"\0" * (end - at) + whole[end:]
    before = kept(parse(whole)[0])
    first = whole.count(b"\n", 0, at)
    last = whole.count(b"\n", 0, end)
    events, damage = parse(hurt)
    after = set(kept(events))
    lost = [event for event in before[:first] + before[last + 1 :] if event not in after]
    assert not lost
    assert damage or whole[at:end] == b"\n"


@given(data=st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    events, _ = parse(data)
    assert all(isinstance(event["type"], str) for event in events)


ODD = [
    (b'{"type":"line","round":1}', "line without a proper start"),
    (b'{"type":"line","round":true,"start":0,"end":1,"text":"x","captured_at":0,"shown_at":0}', "proper round"),
    (b'{"type":"line","round":1,"start":NaN,"end":1,"text":"x","captured_at":0,"shown_at":0}', "proper start"),
    (b'{"type":"line","round":1,"start":1e999,"end":1,"text":"x","captured_at":0,"shown_at":0}', "proper start"),
    (b'{"type":"gap","start":"a","end":2,"reason":"x"}', "gap without a proper start"),
    (b'{"type":7}', "is no record"),
    (b"[1,2]", "is no record"),
    (b"12", "is no record"),
    (b'{"type":"line","text":"\xff"}', "no UTF-8"),
    (b"\0" * 512, "zeroes"),
    (b"[" * 100_000, "nested too deeply"),
    (b'{"type":"settings","n":' + b"9" * 5000 + b"}", "."),
]


@pytest.mark.parametrize(("odd", "why"), ODD, ids=[why for _, why in ODD])
def test_what_is_wrong_is_said_and_the_rest_is_there(odd: bytes, why: str) -> None:
    good = encoded({"type": "question", "text": "Who?", "asked_at": 1.0})
    events, damage = parse(good + odd + b"\n" + good)
    assert [event["text"] for event in events] == ["Who?", "Who?"]
    assert [number for number, _ in damage] == [2]
    assert why in damage[0][1] or why == "."


def test_what_is_unknown_is_kept(tmp_path: Path) -> None:
    new = {"type": "weather", "sky": ["blue"]}
    extra = {**json.loads(encoded({"type": "line", **line_fields("Hello")})), "mood": "calm"}
    (tmp_path / EVENTS).write_bytes(encoded({"type": "settings", "version": 99}) + encoded(new) + encoded(extra))
    session = read_session(tmp_path)
    assert session.events[1] == new
    assert [line.text for line in session.lines] == ["Hello"]
    assert session.damage == (
        "A newer version of Courtside wrote this session: what this one does not know is left out",
    )


def line_fields(text: str) -> dict[str, object]:
    return {"round": 0, "start": 0.0, "end": 1.0, "text": text, "captured_at": 1.0, "shown_at": 2.0, "tokens": [1]}


def test_an_empty_session_and_one_without_settings(tmp_path: Path) -> None:
    (tmp_path / EVENTS).write_bytes(b"")
    empty = read_session(tmp_path)
    assert (empty.events, empty.lines, empty.cut, empty.damage) == ((), [], False, ())
    assert empty.title == tmp_path.name
    (tmp_path / EVENTS).write_bytes(encoded({"type": "line", **line_fields("Hello")}))
    assert [line.text for line in read_session(tmp_path).lines] == ["Hello"]


def test_a_lone_surrogate_can_be_written_again(tmp_path: Path) -> None:
    (tmp_path / EVENTS).write_text(json.dumps({"type": "line", **line_fields("a\ud83d!")}) + "\n")
    assert read_session(tmp_path).lines[0].text == "a?!"


def test_damage_names_the_file_and_the_line(tmp_path: Path) -> None:
    (tmp_path / EVENTS).write_bytes(encoded({"type": "settings"}) + b"\0\0\0\n")
    (tmp_path / NOTES).write_bytes(b"oops\n")
    assert read_session(tmp_path).damage == (
        "events.jsonl, line 2, is damaged and left out (zeroes)",
        "notes.jsonl, line 1, is damaged and left out (no JSON)",
    )
    (tmp_path / EVENTS).write_bytes(b"x\n" * 1000)
    assert read_session(tmp_path).damage[-2] == "events.jsonl: 995 more records are damaged and left out"
