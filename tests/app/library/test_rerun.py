"""What a rerun takes from a session, and where its footage is found."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.library.compare import Pair, pairs, side_by_side
from app.library.comparison import comparison
from app.library.figures import figures
from app.library.library import Library
from app.library.rerun import footage, planned
from app.personas.folders import find_persona
from app.session.events import Session, read_session
from core.assets import BUNDLED
from core.config import QUERY
from core.errors import SessionError, UsageError
from core.messages import Ask, Steer
from tests.app.library.sessions import FIRST, record, said


def session(tmp_path: Path, **settings: object) -> Session:
    return read_session(record(tmp_path / "one", FIRST, ["One.", "Two.", "Three."], **settings))


def test_settings_are_those_of_the_session_but_for_the_changes(tmp_path: Path) -> None:
    cache = {"mode": "window", "sink_tokens": 99}
    old = session(tmp_path, cache=cache, sampling={"seed": 5, "bad_words": ["no"]}, query="Say it", mood="calm")
    config = planned(old, {"seed": 6, "top_p": None}).config
    assert (config.cache.mode, config.cache.sink_tokens) == ("window", 99)
    assert (config.sampling.seed, config.sampling.bad_words) == (6, ("no",))
    assert (config.query, config.context) == ("Say it", "Harbour (orange) v Union (blue)")
    with pytest.raises(UsageError, match="Unknown setting"):
        planned(old, {"colour": 1})


def test_what_was_asked_is_asked_again(tmp_path: Path) -> None:
    question = {"type": "question", "text": "Who?", "asked_at": 1.0}
    steer = {"type": "steer", "query": "Be brief", "context": None}
    events = ({"type": "settings", "source": "arena"}, said(0, "a"), question, said(1, "b"), steer, said(2, "c"))
    old = Session(tmp_path, events, False)
    assert planned(old, {}).commands == ((1.0, Ask("Who?")), (2.0, Steer("Be brief", None)))
    assert planned(old, {}, start=2.0).commands == ((2.0, Steer("Be brief", None)),)


def test_another_persona_speaks(tmp_path: Path) -> None:
    """What the earlier one brought goes: its part of the context, its request, its limits; the rest stays."""
    deadpan = find_persona("deadpan")
    known = "Harbour (orange) v Union (blue)"
    steered = deadpan.steer(known, bundled=False)
    sampling = {"seed": 5, "temperature": 0.3, **deadpan.limits()}
    settings = {"model": str(BUNDLED), "context": steered.context, "query": steered.query, "persona": "deadpan"}
    old = session(tmp_path, **settings, sampling=sampling)
    assert deadpan.context("") in str(old.settings["context"])
    hype = find_persona("hype")
    config = planned(old, {"temperature": 0.5}, persona="hype").config
    assert config.persona == "hype"
    assert (config.context, config.query) == (hype.context(known), hype.steer(known, bundled=False).query)
    assert (config.sampling.seed, config.sampling.temperature) == (5, 0.5)
    assert config.sampling.bad_words == hype.limits()["bad_words"]
    plain = planned(old, {}, persona="").config
    assert (plain.persona, plain.context, plain.query) == ("", known, QUERY)
    assert planned(old, {}).config.persona == "deadpan"
    with pytest.raises(UsageError, match="No such persona"):
        planned(old, {}, persona="nobody")


def test_reruns_of_one_session_can_be_told_apart(tmp_path: Path) -> None:
    """By what is different in each; that of a rerun counts from the first session."""
    old = session(tmp_path, sampling={"seed": 5})
    assert planned(old, {}, persona="hype").name == "rerun of arena:7 with hype"
    assert planned(old, {"seed": 5}).name == "rerun of arena:7"
    first = planned(old, {"mode": "full"}, start=1.0, until=2.0)
    assert first.name == "rerun of arena:7 with mode full, 00:01 to 00:02"
    made = record(tmp_path / "made", FIRST, ["One."], **{"name": first.name, "origin": first.origin, **first.told})
    with closing(Library(tmp_path)) as library:
        library.update()
        rows = {row.folder: row for row in library.sessions()}
    assert (rows["made"].title, rows["made"].source) == (first.name, "arena:7")
    assert planned(read_session(made), {"seed": 6}).name == "rerun of arena:7 with mode full, seed 6"


def test_a_rerun_from_before_they_were_named_is_told_apart_as_well(tmp_path: Path) -> None:
    film = tmp_path / "one" / "video.mkv"
    record(tmp_path / "old", FIRST, ["One."], origin="one", persona="hype", source=str(film))
    with closing(Library(tmp_path)) as library:
        library.update()
        (row,) = library.sessions()
    assert (row.title, row.source) == ("rerun of arena:7 with bundled, hype", "video of one")
    assert read_session(tmp_path / "old").title == row.title


def test_a_persona_taken_up_live_is_not_taken_up_again_by_another(tmp_path: Path) -> None:
    steer = {"type": "steer", "query": "Be brief", "context": "x", "persona": "hype"}
    events = ({"type": "settings", "source": "arena"}, said(0, "a"), steer, said(1, "b"))
    old = Session(tmp_path, events, False)
    assert len(planned(old, {}).commands) == 1
    assert planned(old, {}, persona="deadpan").commands == ()


def test_footage(tmp_path: Path) -> None:
    assert footage(session(tmp_path)) == "arena:7"
    for source in ("screen:1", "camera", str(tmp_path / "gone.mp4"), "rtsp://x/y"):
        with pytest.raises(SessionError, match="no longer there"):
            footage(session(tmp_path / source.replace("/", "-"), source=source))
    film = tmp_path / "film.mp4"
    film.touch()
    assert footage(session(tmp_path / "film", source=str(film))) == str(film)
    jumped = session(tmp_path / "jumped", source=str(film))
    with pytest.raises(SessionError, match="not watched from start to end"):
        footage(replace(jumped, events=(*jumped.events, {"type": "jump", "at": 0.0, "to": 5.0})))
    kept = session(tmp_path / "kept", source="screen:1")
    (kept.folder / "video.mkv").write_bytes(b"pictures")
    assert footage(kept) == str(kept.folder / "video.mkv")


def test_events_told_apart(tmp_path: Path) -> None:
    lines = ["Goal! Union 1, Harbour 0.", "Goal! Union 2, Harbour 0.", "", "goal: union 3 HARBOUR 1", "Saved.", "Tor!"]
    told = figures(read_session(record(tmp_path / "one", FIRST, lines)))
    assert told.told_apart == 3


def test_both_on_one_time_line(tmp_path: Path) -> None:
    first = session(tmp_path / "a", model="owner/big", persona="hype", sampling={"seed": 7})
    record(tmp_path / "b", FIRST, ["One.", "", "Drei.", "Four."])
    compared = comparison(first.folder, tmp_path / "b")
    assert compared.names == ("arena:7  ·  owner/big  ·  hype  ·  seed 7", "arena:7  ·  bundled")
    assert compared.same == 1
    assert [view.span for view in compared.views] == [(0.0, 4.0)] * 2
    assert [view.dots for view in compared.views] == [[(1.0, "difference"), (2.0, "difference")]] * 2
    told = {name: values for name, *values in compared.figures}
    assert told["words"] == ["3 (60 a minute)", "3 (45 a minute)"]
    assert told["events told apart"] == ["3", "3"]


def test_two_sessions_side_by_side(tmp_path: Path) -> None:
    first = session(tmp_path / "a")
    second = read_session(record(tmp_path / "b", FIRST, ["One.", "", "Drei.", "Four."]))
    found = pairs(first, second)
    assert found == [Pair(0.0, "One.", "One."), Pair(1.0, "Two.", ""), Pair(2.0, "Three.", "Drei.")]
    assert [pair.same for pair in found] == [True, False, False]
    assert ["≠" in text for text in side_by_side(found)] == [False, True, True]
