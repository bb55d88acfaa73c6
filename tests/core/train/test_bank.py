"""Chunks drawn for training: what the context says, what is to be learnt, and what is shown."""

import numpy as np
import pytest

from core.model.qwen2_5_vl.positions import contiguous_positions
from core.programmes.football.commentator import parse_score
from core.programmes.football.kit import Fixture
from core.prompt.special import STOP_MARK
from core.train.bank import CARRIED, PAINTED_ROWS, Bank, derived
from core.train.mistakes import forget, slip
from core.train.shape import MERGED_GRID
from core.train.transcript import FRONT_SEEN, Answer, Told

ROUND_TOKENS = int(np.prod(MERGED_GRID))


@pytest.fixture(scope="module")
def drawn(bank):
    return [bank.draw() for _ in range(40)]


def in_sight(encoded):
    """Ids of what a chunk's rounds see: what is kept of the front, and themselves."""
    return [*encoded.front.ids[encoded.kept].tolist(), *encoded.chunk.ids.tolist()]


def test_the_tokens_are_the_engines(scribe):
    template = scribe.template
    answers = [Answer("Harbour kick off."), Answer("")]
    encoded = scribe.encode("Harbour v Union.", [], [], 0.0, answers)
    spans = template.opening("Harbour v Union.")
    for number, answer in enumerate(answers):
        spans += template.user_turn(
            number, number, number + 1, MERGED_GRID, "" if number else "Commentate on this match"
        )
        words = template.encode(f" {answer.said}") if answer.said else ()
        spans += template.answer(number, (*words, *template.special.stop_mark, template.special.im_end))
    assert in_sight(encoded) == [token for span in spans for token in span.tokens]
    assert np.array_equal(
        np.concatenate((encoded.kept_positions, encoded.chunk.positions), 1), contiguous_positions(spans)
    )
    assert (encoded.chunk.ids[encoded.chunk.visual] == template.special.video_pad).all()
    assert len(encoded.chunk.visual) == 2 * ROUND_TOKENS


def test_the_loss_sees_the_answers_and_nothing_else(scribe, tokenizer):
    answers = [Answer("Foul by Union."), Answer(""), Answer("Wide by Union.", False)]
    encoded = scribe.encode("", [], [], 5.0, answers).chunk
    assert np.array_equal(encoded.ids[encoded.answer_at + 1], encoded.answer_ids)
    said = tokenizer.decode(encoded.answer_ids.tolist(), skip_special_tokens=False)
    assert said == f" Foul by Union.{STOP_MARK}<|im_end|>{STOP_MARK}<|im_end|>"
    quiet = encoded.answer_weight[encoded.answer_round == 1]
    assert quiet.tolist() == pytest.approx([0.5, 0.1])


def test_a_name_that_cannot_be_copied_from_a_line_weighs_more(scribe):
    lines = [Answer("In red, Harbour score!"), Answer("In red, Harbour shoot!")]
    weights = {}
    for earlier in ([], [Told(-3, "In red, Harbour kick off.")]):
        encoded = scribe.encode("In red, Harbour.", [], earlier, 9.0, lines).chunk
        name = scribe.template.encode(" Harbour")[-1]
        weights[bool(earlier)] = encoded.answer_weight[encoded.answer_ids == name].tolist()
    assert weights == {False: [6.0, 1.0], True: [1.0, 1.0]}


def test_chunks_say_who_plays_and_show_what_happens(drawn, tokenizer):
    for chunk in drawn:
        text = tokenizer.decode(in_sight(chunk.encoded), skip_special_tokens=False)
        assert chunk.fixture.context() in text
        assert chunk.rows.shape == (2 * (FRONT_SEEN + 24), PAINTED_ROWS, 10)
        assert len(chunk.lines) == 24
    openings = [text for chunk in drawn if "Commentate" in (text := tokenizer.decode(in_sight(chunk.encoded)))]
    assert 3 < len(openings) < 20
    assert all("Time=0.0-1.0s" in text for text in openings)


def test_scores_follow_from_what_was_said(drawn, tokenizer):
    """A goal adds one to the last score in the context; a stream begins at nothing, whatever the match had come to."""
    for chunk in drawn:
        whole = tokenizer.decode(in_sight(chunk.encoded))
        before = whole.split("\nuser")[0]
        score = (0, 0) if "Commentate" in whole else parse_score(before, chunk.fixture)
        for line in chunk.lines:
            told = parse_score(line, chunk.fixture)
            if told and score:
                assert 0 <= told[0] - score[0] + told[1] - score[1] <= 1, (before, line)
            score = told or score


def test_most_earlier_lines_were_said_in_rounds(drawn, tokenizer):
    rounds = [tokenizer.decode(chunk.encoded.front.ids.tolist()).count("\nuser") for chunk in drawn]
    assert max(rounds) == CARRIED
    assert min(rounds) == 0
    assert sum(count > FRONT_SEEN for count in rounds) > len(drawn) / 5
    pictures = [len(chunk.encoded.front.visual) for chunk in drawn]
    assert pictures == [min(FRONT_SEEN, count) * ROUND_TOKENS for count in rounds]


def test_earlier_scores_are_learnt_where_they_follow_from_earlier_ones(scribe, tokenizer):
    fixture = Fixture(1)
    name = fixture.names[0]
    score = {n: fixture.score_text((n, 0)) for n in range(4)}
    texts = [f"{name} score! {score[1]}.", f"Foul by {name}.", f"{name} win a corner. {score[1]}.",
             f"{name} win a corner. {score[3]}.", f"{name} shoot and score! {score[1]}."]  # fmt: skip
    lines = [Told(n - 9, text) for n, text in enumerate(texts)]
    assert [line.derivable for line in derived(lines, fixture, begun=True)] == [True, False, True, False, False]
    told = derived(lines, fixture, begun=False)
    assert [line.derivable for line in told] == [False, False, True, False, False]
    front = scribe.encode(fixture.context(), [], told, 9.0, [Answer("")]).front
    assert np.array_equal(front.ids[front.answer_at + 1], front.answer_ids)
    assert sorted(tokenizer.decode(front.answer_ids.tolist())) == ["0", "1"]
    assert set(front.answer_round.tolist()) == {2}


def test_mistakes_never_take_the_score_away():
    fixture = Fixture(1)
    rng = np.random.default_rng(0)
    name = fixture.names[0]
    goal = f"Goal for {name}! {fixture.score_text((1, 0))}."
    foul = f"Foul by {name}."
    for _ in range(200):
        kept = forget([Told(n - 3, text) for n, text in enumerate((foul, goal, foul))], fixture, rng)
        assert Told(-2, goal) in kept
        changed = slip([Answer(goal), Answer(foul), Answer("")], fixture, rng)
        assert changed[0] == Answer(goal)
        assert all(answer.learnt or answer.said != goal for answer in changed)


def test_the_same_seed_draws_the_same_chunks(scribe):
    first, second = (Bank(scribe, np.random.default_rng(3), range(50), 6).draw() for _ in range(2))
    assert in_sight(first.encoded) == in_sight(second.encoded)
    assert np.array_equal(first.rows, second.rows)
