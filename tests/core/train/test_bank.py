"""Chunks drawn for training: what the context says, what is to be learnt, and what is shown."""

import numpy as np
import pytest

from core.arena.commentator import parse_score
from core.arena.kit import Fixture
from core.cache.positions import contiguous
from core.prompt.special import STOP_MARK
from core.train.bank import PAINTED_ROWS, Bank
from core.train.collate import collate
from core.train.mistakes import forget, slip
from core.train.shape import MERGED_GRID, SINK_TOKENS, TEXT_WINDOW_TOKENS
from core.train.transcript import Answer, trimmed
from core.train.view import draw_view

ROUND_TOKENS = int(np.prod(MERGED_GRID))


@pytest.fixture(scope="module")
def drawn(bank):
    return [bank.draw() for _ in range(40)]


def test_the_tokens_are_the_engines(scribe):
    template = scribe.template
    answers = [Answer("Harbour kick off."), Answer("")]
    encoded = scribe.encode("Harbour v Union.", [], 0.0, answers, first=True)
    spans = template.opening("Harbour v Union.")
    for number, answer in enumerate(answers):
        spans += template.turn(number, number, number + 1, MERGED_GRID, "" if number else "Commentate on this match")
        words = template.encode(f" {answer.said}") if answer.said else ()
        spans += template.answer(number, (*words, *template.special.stop_mark, template.special.im_end))
    assert encoded.ids.tolist() == [token for span in spans for token in span.tokens]
    assert np.array_equal(encoded.positions, contiguous(spans))
    assert (encoded.ids[encoded.visual] == template.special.video_pad).all()
    assert len(encoded.visual) == 2 * ROUND_TOKENS


def test_the_loss_sees_the_answers_and_nothing_else(scribe, tokenizer):
    encoded = scribe.encode(
        "", [], 5.0, [Answer("Foul by Union."), Answer(""), Answer("Wide by Union.", False)], first=False
    )
    assert np.array_equal(encoded.ids[encoded.answer_at + 1], encoded.answer_ids)
    said = tokenizer.decode(encoded.answer_ids.tolist(), skip_special_tokens=False)
    assert said == f" Foul by Union.{STOP_MARK}<|im_end|>{STOP_MARK}<|im_end|>"
    quiet = encoded.answer_weight[encoded.answer_round == 1]
    assert quiet.tolist() == pytest.approx([0.5, 0.1])


def test_previous_text_keeps_its_ends():
    whole = tuple(range(1000))
    assert trimmed(whole) == whole[:SINK_TOKENS] + whole[-TEXT_WINDOW_TOKENS:]
    assert trimmed(whole[:300]) == whole[:300]


def test_a_name_that_cannot_be_copied_from_a_line_weighs_more(scribe):
    lines = [Answer("In red, Harbour score!"), Answer("In red, Harbour shoot!")]
    weights = {}
    for earlier in ([], ["In red, Harbour kick off."]):
        encoded = scribe.encode("In red, Harbour.", earlier, 0.0, lines, first=not earlier)
        name = scribe.template.encode(" Harbour")[-1]
        weights[bool(earlier)] = encoded.answer_weight[encoded.answer_ids == name].tolist()
    assert weights == {False: [6.0, 1.0], True: [1.0, 1.0]}


def test_chunks_say_who_plays_and_show_what_happens(drawn, tokenizer):
    for chunk in drawn:
        text = tokenizer.decode(chunk.encoded.ids.tolist(), skip_special_tokens=False)
        assert chunk.fixture.context() in text
        assert chunk.rows.shape == (48, PAINTED_ROWS, 10)
        assert len(chunk.lines) == 24
    openings = [text for chunk in drawn if "Commentate" in (text := tokenizer.decode(chunk.encoded.ids.tolist()))]
    assert 10 < len(openings) < 30
    assert all("Time=0.0-1.0s" in text for text in openings)


def test_scores_follow_from_what_was_said(drawn, tokenizer):
    """A goal adds one to the last score in the context; a stream begins at nothing, whatever the match had come to."""
    for chunk in drawn:
        whole = tokenizer.decode(chunk.encoded.ids.tolist())
        before = whole.split("\nuser")[0]
        score = (0, 0) if "Commentate" in whole else parse_score(before, chunk.fixture)
        for line in chunk.lines:
            told = parse_score(line, chunk.fixture)
            if told and score:
                assert 0 <= told[0] - score[0] + told[1] - score[1] <= 1, (before, line)
            score = told or score


def test_a_batch_is_padded_on_the_right(drawn):
    rng = np.random.default_rng(0)
    batch = collate(drawn[:3], [draw_view(rng, 2, 2) for _ in range(3)], 2304)
    assert batch["ids"].shape == (3, 2304)
    flat = batch["ids"].flatten()
    assert (flat[batch["answer_at"].long() + 1] == batch["answer_ids"]).all()
    assert batch["visual"].shape == (3 * 24 * ROUND_TOKENS,)
    assert batch["colour"].shape == (3, 3, 4)


def test_mistakes_never_take_the_score_away():
    fixture, rng = Fixture(1), np.random.default_rng(0)
    name = fixture.names[0]
    goal, foul = f"Goal for {name}! {fixture.score_text((1, 0))}.", f"Foul by {name}."
    for _ in range(200):
        assert goal in forget([foul, goal, foul], fixture, rng)
        changed = slip([Answer(goal), Answer(foul), Answer("")], fixture, rng)
        assert changed[0] == Answer(goal)
        assert all(answer.learnt or answer.said != goal for answer in changed)


def test_the_same_seed_draws_the_same_chunks(scribe):
    first, second = (Bank(scribe, np.random.default_rng(3), range(50), 6).draw() for _ in range(2))
    assert np.array_equal(first.encoded.ids, second.encoded.ids)
    assert np.array_equal(first.rows, second.rows)
