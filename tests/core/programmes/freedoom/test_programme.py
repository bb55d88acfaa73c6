"""What is said of Freedoom: every kind of event, no sentence twice within two minutes, few words, true facts."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import closing
from importlib.util import find_spec

import numpy as np
import pytest

from core.programmes.freedoom.commentator import ITEM_KINDS, MASS, ORDER, UNTOLD
from core.programmes.freedoom.level import BOTS
from core.programmes.freedoom.names import MONSTERS, WEAPONS
from core.programmes.freedoom.phrases import BOOK, PHRASES
from core.programmes.freedoom.programme import Freedoom, mention_of
from core.programmes.phrasebook import APART_S, SLOT, filled, with_article
from core.programmes.stream import Round, rounds

WITH_VIZDOOM = pytest.mark.skipif(
    find_spec("vizdoom") is None,
    reason="ViZDoom is not installed: pip install -e '.[train]'",
)
SMALL = (252, 140)
SEEDS = range(100_000, 100_003)
SECONDS = 130
VICTIMS = {"frag": BOTS, "kill": MONSTERS.values(), "death": (*BOTS, *MONSTERS.values()), "switch": WEAPONS.values()}


@pytest.fixture(scope="module")
def watched() -> dict[int, list[Round]]:
    pytest.importorskip("vizdoom")
    return {seed: list(rounds(lambda seed: Freedoom(seed, SMALL), [seed], SECONDS, 2)) for seed in SEEDS}


@WITH_VIZDOOM
@pytest.mark.slow
def test_many_seeds_have_every_kind_of_event_and_few_words() -> None:
    met: Counter[str] = Counter()
    words = []
    for one in rounds(lambda seed: Freedoom(seed, SMALL), range(100_000, 100_024), 240, 1):
        met.update(event.kind for event in one.events)
        words.append(len(one.line.split()))
    assert set(met) == set(ORDER)
    assert 4 <= sum(words) * 60 / len(words) <= 25


@WITH_VIZDOOM
def test_no_sentence_comes_twice_within_two_minutes(watched: dict[int, list[Round]]) -> None:
    for heard in watched.values():
        said: dict[str, float] = {}
        for one in heard:
            for sentence in re.findall(r"[^.!?]+[.!?]", one.line):
                text = sentence.strip().lower()
                assert one.start_s - said.get(text, -APART_S - 1) > APART_S - 1, text
                said[text] = one.start_s


@WITH_VIZDOOM
def test_a_line_fits_into_its_second(watched: dict[int, list[Round]]) -> None:
    assert max(len(one.line.split()) for heard in watched.values() for one in heard) <= 14


@WITH_VIZDOOM
def test_the_same_seed_gives_the_same_frames_and_lines(watched: dict[int, list[Round]]) -> None:
    seed = SEEDS[0]
    again = rounds(lambda seed: Freedoom(seed, SMALL), [seed], 20, 2)
    for one, other in zip(watched[seed], again, strict=False):
        assert one.line == other.line
        assert np.array_equal(one.frames, other.frames)


@WITH_VIZDOOM
def test_pictures_have_the_size_asked_for() -> None:
    with closing(Freedoom(5, (300, 200))) as episode:
        assert episode.frame(0.0).shape == (200, 300, 3)
        assert episode.frame(0.5).std() > 10


@WITH_VIZDOOM
def test_questions_are_answered_by_what_holds(watched: dict[int, list[Round]]) -> None:
    with closing(Freedoom(SEEDS[0], SMALL)) as episode:
        for second in range(60):
            episode.frame(float(second))
        asked = {question.text: question.answer for question in episode.questions(60.0)}
        moment = episode.moments(0.0, 60.0)[-1]
        count = moment.frags[0]
        told = sum(event.kind == "kill" for event in episode.events(0.0, 60.0))
    kind = "frags" if "How many frags?" in asked else "kills"
    assert f" {count if kind == 'frags' else told} {kind}" in asked[f"How many {kind}?"]
    assert WEAPONS[moment.weapon] in asked["What weapon?"]
    assert asked["What did I miss?"].endswith(".")


@WITH_VIZDOOM
def test_memory_keeps_the_last_minutes_only() -> None:
    with closing(Freedoom(SEEDS[1], SMALL)) as episode:
        episode.frame(140.0)
        assert not episode.moments(0.0, 15.0)
        assert episode.moments(100.0, 140.0)


def names_for(mood: str) -> list[str]:
    """What may stand in a mood's `who`."""
    kind = mood.partition("/")[0]
    if mood in ("death", "death/nth"):
        return [""]
    if mood == "death/by":
        return list(MONSTERS.values())
    if mood in ("death/by-player", "death/again-by"):
        return list(BOTS)
    items = [name for name, item_kind in ITEM_KINDS.items() if item_kind == kind and name not in UNTOLD]
    return [*VICTIMS.get(kind, items)] or [""]


@pytest.mark.parametrize("mood", PHRASES)
def test_every_phrase_reads_back_as_what_it_tells(mood: str) -> None:
    for who in names_for(mood):
        slots = {"me": "Ada", "n": "12", "m": "3", "gun": "shotgun", "rival": "Bond", "nth": "third"}
        if who:
            slots |= {"who": who, "a_who": who if who in MASS or who in BOTS else with_article(who)}
        for phrase in PHRASES[mood]:
            text = SLOT.sub(lambda slot: filled(slot.group(1), slots), phrase)  # noqa: B023 (used at once)
            assert [(m.kind, m.who) for m in map(mention_of, BOOK.read(text))] == [(mood.partition("/")[0], who)], text


@pytest.mark.parametrize(
    ("text", "kind", "who"),
    [
        ("Zombie, that was the third kill here.", "kill", "zombie"),
        ("Great, a large health refill makes it full health!", "health", "large health refill"),
        ("He now switches over to the minigun", "switch", "minigun"),
    ],
)
def test_mixed_words_are_read_by_what_they_name(text: str, kind: str, who: str) -> None:
    assert [(m.kind, m.who) for m in map(mention_of, BOOK.read(text))] == [(kind, who)]
