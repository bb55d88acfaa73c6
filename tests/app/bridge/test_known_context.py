"""What a model is told beforehand keeps its parts apart."""

from __future__ import annotations

from app.bridge.known_context import KnownContext
from core.messages import Ask, Steer


def test_others_words_stand_behind_the_viewers_and_are_replaced_by_newer_ones() -> None:
    context = KnownContext("a match", "a match\nReds are Harbour")
    first = context.whole(context.added("chat: hi"))
    assert first == Steer(context="a match\nReds are Harbour\nchat: hi")
    assert context.whole(context.added("chat: bye")) == Steer(context="a match\nReds are Harbour\nchat: bye")


def test_the_viewers_words_change_and_others_stay() -> None:
    context = KnownContext("", "old")
    context.whole(context.added("chat: hi"))
    assert context.whole(Steer("q", "new", "me")) == Steer("q", "new\nchat: hi", "me")
    assert context.whole(context.added("")) == Steer(context="new")


def test_what_is_no_context_stays_as_it_is() -> None:
    context = KnownContext("a match", "a match")
    for command in (Ask("who?"), Steer("shorter")):
        assert context.whole(command) is command
