"""A session in every form: words stay words, whatever they hold."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.library.cues import Stretch, cues
from app.library.export import FORMS, exported, save
from app.session import notes
from app.session.events import Session, read_session
from app.session.recorder import Recorder
from core.errors import SessionError
from core.messages import Ask, CommandSent, Drop, Gap, Line, Message, Paused, Resumed

BEGAN = time.monotonic() + 3600.0
"""Stamps lie behind the start of a session, as they do: what lies hours before it may be yesterday."""


def line(start: float, text: str, number: int = 0) -> Line:
    return Line(number, start, start + 1, text, BEGAN + start, BEGAN + 0.2 + start, (1, 2))


def record(root: Path, *messages: Message) -> Path:
    recorder = Recorder(root, "arena:7", {"source": "arena:7", "fps": 2.0})
    for message in messages:
        recorder.handle(message)
    recorder.close()
    return recorder.folder


def session_of(lines: list[Line]) -> Session:
    fields = [{name: getattr(line, name) for name in Line.__slots__} for line in lines]
    return Session(Path("s"), tuple({"type": "line", **field} for field in fields), False)


def test_cues_last_for_reading_and_end_with_the_next() -> None:
    lines = [line(0, "one two"), line(1, "a b c d e f g h i j"), line(30, "x " * 9)]
    found = cues(session_of(lines))
    assert [(cue.start, cue.end) for cue in found] == [(0, 1), (1, 5), (30, pytest.approx(33.6))]
    assert cues(session_of([])) == []


@given(starts=st.lists(st.integers(0, 500), unique=True, max_size=20).map(sorted))
def test_cues_never_overlap(starts: list[int]) -> None:
    found = cues(session_of([line(start, "some words of comment", start) for start in starts]))
    assert [cue.start for cue in found] == starts
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert all(cue.start < cue.end <= cue.start + 2 for cue in found)


@pytest.fixture
def awkward(tmp_path: Path) -> Path:
    """A session whose words are markup in every form."""
    return record(
        tmp_path,
        line(3661.5, 'A <b>"save"</b> & {\\i1}more, 1--> 2'),
        line(3670, "*two* #1 [x](y) | `z`\nnext", 1),
        line(3671, "", 2),
    )


def test_srt(awkward: Path) -> None:
    text = exported(read_session(awkward), "srt")
    first, second = text.strip().split("\n\n")
    assert first.splitlines()[:2] == ["1", "01:01:01,500 --> 01:01:03,900"]
    words = first.splitlines()[2]
    assert not set(words) & set("<>{}")  # a player would take <b> and {\\i1} for markup
    assert "save" in words
    assert second.splitlines()[1:] == ["01:01:10,000 --> 01:01:12,400", "*two* #1 [x](y) | `z` next"]


def test_vtt(awkward: Path) -> None:
    text = exported(read_session(awkward), "vtt")
    assert text.startswith("WEBVTT\n")
    assert "01:01:01.500 --> 01:01:03.900" in text
    assert 'A &lt;b&gt;"save"&lt;/b&gt; &amp; {\\i1}more, 1--&gt; 2' in text
    assert text.count("-->") == 2


def test_markdown(awkward: Path) -> None:
    text = exported(read_session(awkward), "md")
    assert text.startswith("# arena:7\n")
    assert "- **1:01:01** A \\<b\\>" in text
    assert "\\*two\\* \\#1 \\[x\\](y) \\| \\`z\\` next" in text


def test_csv(awkward: Path) -> None:
    rows = list(csv.reader(io.StringIO(exported(read_session(awkward), "csv"))))
    assert rows[0] == ["start", "end", "text"]
    assert rows[1][2] == 'A <b>"save"</b> & {\\i1}more, 1--> 2'
    assert rows[2] == ["3670.000", "3672.400", "*two* #1 [x](y) | `z`\nnext"]


def test_an_export_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="Cannot write"):
        save("text", tmp_path / "none" / "a.srt")


NASTY = [
    "=1+1",
    '=HYPERLINK("http://evil.example","click")',
    "-5 degrees tonight",
    "@SUM(A1)",
    "\t=2+2",
    "\uff1d1+1",
    "File saved to C:\\New\\notes",
    "D:\\n_files\\h_data",
    "00:00:01.000 --> 00:00:02.000",
    "<b>bold</b> & <i>it</i>",
    "{\\an8}top {\\p1}m 0 0",
    "line one\n\nline two\r\nthree",
    "مرحبا 2-1",
    "\U0001f469\u200d\U0001f467 GOAL",
    "\x1b]0;pwned\x07\x1b[31mred\x1b[0m",
    "NUL\x00char",
    "\u2028sep\u2029",
    "NOTE this is not a cue",
    "1\n2",
    "   ",
    "| pipe | `code` [link](http://x) <script>alert(1)</script>",
    "1. first\n# heading",
]
SPOKEN = [text for text in NASTY if text.strip()]


@pytest.fixture
def nasty(tmp_path: Path) -> Session:
    """A session whose lines try to be something else, three seconds apart."""
    lines = [line(3.0 * number, text, number) for number, text in enumerate(NASTY)]
    return read_session(record(tmp_path, *lines))


def flat(text: str) -> str:
    return " ".join("".join(char for char in text if ord(char) >= 32 or char in "\n\t\r").split())


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_nasty_words_can_be_written_and_has_no_control_character(nasty: Session, form: str) -> None:
    text = exported(nasty, form)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)
    text.encode("utf-8")


@pytest.mark.parametrize("form", ["srt", "vtt"])
def test_one_cue_a_line_as_a_player_reads_it(nasty: Session, form: str) -> None:
    blocks = exported(nasty, form).removeprefix("WEBVTT\n\n").strip().split("\n\n")
    assert len(blocks) == len(SPOKEN)
    stamps = [block.splitlines()[-2] for block in blocks]
    assert all(len(block.splitlines()) == (3 if form == "srt" else 2) for block in blocks)
    assert all(re.fullmatch(r"[0-9:.,]{12} --> [0-9:.,]{12}", stamp) for stamp in stamps)
    assert any("File saved to C:\\New\\notes" in block for block in blocks)


def test_a_player_of_ass_shows_every_line_in_one_row(nasty: Session, tmp_path: Path) -> None:
    import av

    save(exported(nasty, "ass"), tmp_path / "s.ass")
    with av.open(str(tmp_path / "s.ass")) as container:
        shown = [event for packet in container.demux() for event in packet.decode()]
    texts = [subtitle.dialogue.decode() for subtitle in shown]
    assert len(texts) == len(SPOKEN)
    assert not [text for text in texts if re.search(r"[{}]|\\\\[Nnh]|\n", text)]
    assert any("C:\\\u2060New\\\u2060notes" in text for text in texts)


def test_no_cell_is_a_formula(nasty: Session) -> None:
    rows = list(csv.reader(io.StringIO(exported(nasty, "csv"))))
    cells = [row[2] for row in rows[1:]]
    assert len(cells) == len(SPOKEN)
    assert not [cell for cell in cells if cell[0] in "=+-@\t\r\n\uff1d"]
    assert cells[0] == "'=1+1"
    assert cells[2] == "'-5 degrees tonight"


def test_json_lines_are_as_said(nasty: Session) -> None:
    entries = [json.loads(text) for text in exported(nasty, "jsonl").splitlines()]
    assert [entry["text"] for entry in entries] == SPOKEN


def test_a_page_runs_nothing(nasty: Session) -> None:
    text = exported(nasty, "html")
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "default-src 'none'" in text
    assert not re.search(r"(?:src|href)=.?(?!.?data:)", text.partition("<body>")[2])


def test_an_edl_has_one_marker_an_event(nasty: Session) -> None:
    text = exported(nasty, "edl")
    assert text.startswith("TITLE: arena:7\nFCM: NON-DROP FRAME\n")
    assert len(re.findall(r"^\d{3}  001      V     C        00:", text, re.MULTILINE)) == len(SPOKEN)
    assert len(re.findall(r"^ \|C:ResolveColorBlue \|M:[^|\n]+ \|D:\d+$", text, re.MULTILINE)) == len(SPOKEN)
    assert "00:00:03:00 00:00:03:01" in text


def test_otio_is_read_by_its_own_library(nasty: Session) -> None:
    otio = pytest.importorskip("opentimelineio")
    read = otio.adapters.read_from_string(exported(nasty, "otio"), "otio_json")
    markers = read.tracks.markers
    assert len(markers) == len(SPOKEN)
    assert markers[1].marked_range.start_time.to_seconds() == 3.0
    assert markers[6].name == "File saved to C:\\New\\notes"


@pytest.fixture
def paused(tmp_path: Path) -> Path:
    """Two lines with a pause of twenty seconds between, a mark, a note, a question and a correction."""
    folder = record(
        tmp_path,
        line(0, "Before."),
        CommandSent(Ask("Who leads?"), 51.0),
        Paused(10),
        Resumed(30),
        Gap(10, 30, "paused"),
        Drop("behind", 2, 31.0),
        line(30, "Afer.", 1),
    )
    notes.mark(folder, 31.0, "the goal")
    notes.note(folder, "of the whole")
    notes.correct(folder, line(30, "", 1), "After.")
    return folder


def test_pauses_are_not_on_the_video(paused: Path) -> None:
    assert [(cue.start, cue.text) for cue in cues(read_session(paused))] == [(0.0, "Before."), (10.0, "After.")]


def test_the_wall_clock_is_the_time_of_day(paused: Path) -> None:
    session = read_session(paused)
    stretch = Stretch("wall")
    first, second = cues(session, stretch)
    assert second.start - first.start == pytest.approx(30.0)
    assert 0 <= first.start < 2 * 86_400


def test_a_stretch_keeps_its_times(paused: Path) -> None:
    session = read_session(paused)
    assert [cue.text for cue in cues(session, Stretch(start=5.0))] == ["After."]
    assert [cue.text for cue in cues(session, Stretch(until=10.0))] == ["Before."]
    assert "00:00:10,000" in exported(session, "srt", Stretch(start=5.0))


def test_marks_questions_and_corrections(paused: Path) -> None:
    session = read_session(paused)
    assert "- **0:11** *mark* the goal" in exported(session, "md").replace("00:11", "0:11")
    entries = [json.loads(text) for text in exported(session, "jsonl").splitlines()]
    assert entries[1]["said"] == "Afer."
    assert [(entry["type"], entry["at"]) for entry in entries[2:]] == [("question", 1.0), ("mark", 11.0)]
    page = exported(session, "html")
    assert '<span class="said">Afer.</span>' in page
    assert 'class="pause"' in page
    assert 'class="drop"' in page


def test_pictures_stand_inside_the_report(paused: Path) -> None:
    from PIL import Image

    (paused / "thumbnails").mkdir()
    for name in ("0.000.jpg", "31.000.png", "cover.jpg"):
        Image.new("RGB", (32, 18), "red").save(paused / "thumbnails" / name)
    page = exported(read_session(paused), "html")
    assert page.count('<img src="data:image/') == 2
    assert "<figcaption>00:11</figcaption>" in page


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_session_in_every_form(tmp_path: Path, form: str) -> None:
    (tmp_path / "events.jsonl").write_bytes(b"")
    exported(read_session(tmp_path), form)
