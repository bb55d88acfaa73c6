"""A phrasebook says no sentence twice within its time, and reads any text back."""

from __future__ import annotations

from random import Random

from core.programmes.phrasebook import APART_S, Phrasebook, Teller, ordinal, with_article

BOOK = Phrasebook(
    {"fall": ("{Who} falls.", "Down goes {who}, {n}."), "fall/again": ("{Who} falls again.",)},
    {"who": "cat|old cat", "n": r"\d+"},
    {"fall": "tumbles"},
    "who",
)


def test_a_sentence_comes_again_only_after_its_time() -> None:
    teller = Teller(BOOK, Random(1))
    slots = {"who": "cat", "n": "2"}
    said = [teller.say(["fall"], slots, float(second)) for second in range(3)]
    assert set(said[:2]) == {"Cat falls.", "Down goes cat, 2."}
    assert said[2] == ""
    assert teller.say(["fall"], slots, APART_S + 2.0) in said[:2]


def test_the_first_mood_with_a_fresh_sentence_is_taken() -> None:
    teller = Teller(BOOK, Random(1))
    assert teller.say(["fall/again", "fall"], {"who": "cat"}, 0.0) == "Cat falls again."
    assert teller.say(["fall/again", "fall"], {"who": "cat"}, 1.0) == "Cat falls."


def test_a_phrase_whose_slot_is_not_filled_is_passed_over() -> None:
    assert {Teller(BOOK, Random(n)).say(["fall"], {"who": "cat"}, 0.0) for n in range(8)} == {"Cat falls."}


def test_sentences_are_read_in_order_with_their_slots() -> None:
    read = BOOK.read("Down goes old cat, 12. What a day! cat falls again.")
    assert [(one.kind, dict(one.slots)) for one in read] == [
        ("fall", {"who": "old cat", "n": "12"}),
        ("fall", {"who": "cat"}),
    ]


def test_other_words_are_read_by_keyword_and_name() -> None:
    assert [(one.kind, dict(one.slots)) for one in BOOK.read("The cat tumbles badly")] == [("fall", {"who": "cat"})]
    assert BOOK.read("The dog sleeps.") == []


def test_small_words() -> None:
    assert [ordinal(number) for number in (0, 1, 20, 21)] == [None, "first", "twentieth", None]
    assert with_article("imp") == "an imp"
    assert with_article("zombie") == "a zombie"
