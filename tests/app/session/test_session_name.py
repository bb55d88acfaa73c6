"""What sessions are called."""

from __future__ import annotations

from app.session.session_name import changed, rerun_name, session_name, stretch_name


def test_a_session_is_called_as_it_was_recorded_else_as_its_folder() -> None:
    assert session_name({"name": "arena:7"}, "2026-01-05 x") == "arena:7"
    assert session_name({"name": ""}, "2026-01-05 x") == "2026-01-05 x"
    assert session_name({"name": 7}, "2026-01-05 x") == "2026-01-05 x"


def test_a_rerun_that_did_not_say_so_is_told_by_what_spoke() -> None:
    old = {"name": "arena:7", "origin": "2026-01-05 x", "model": "/models/Big", "persona": "hype"}
    assert session_name(old, "y") == "rerun of arena:7 with Big, hype"
    assert session_name({"name": "arena:7", "origin": "x", "persona": None}, "y") == "rerun of arena:7 with bundled"
    named = {"name": "rerun of arena:7", "origin": "x", "rerun_of": "arena:7"}
    assert session_name(named, "y") == "rerun of arena:7"


def test_only_what_is_different_is_told() -> None:
    before = {"model": "", "persona": "hype", "seed": 3, "mode": "streaming", "greedy": True, "context": "A"}
    asked = {"model": "owner/Big-7B", "persona": "", "seed": 3, "mode": "full", "top_p": None, "greedy": False}
    changes = changed({**asked, "context": "B", "bad_words": ("no", "never")}, before)
    assert list(changes.values()) == [
        "Big-7B", "no persona", "mode full", "not greedy", "another context", "bad words no never",
    ]  # fmt: skip
    assert rerun_name("cup", {"seed": "seed 3"}, stretch_name(30.0, 90.0)) == "rerun of cup with seed 3, 00:30 to 01:30"
    assert rerun_name("cup", {}, stretch_name(30.0, None)) == "rerun of cup, from 00:30"
    assert rerun_name("cup", {}, stretch_name(0.0, None)) == "rerun of cup"
