from __future__ import annotations

import pytest

from core.data.clean import Cleaned
from core.data.cut import CutSettings, chunk_count, cut, split
from core.data.rounds import rounds
from core.data.sample import QuestionAnswer, Word
from tests.core.data.speech import speech


def even(seconds: float, per_s: int = 3) -> tuple[Word, ...]:
    return tuple(Word(k / per_s, (k + 1) / per_s, f"w{k}") for k in range(round(seconds * per_s)))


def test_overlapping_chunks_with_what_was_said_before() -> None:
    samples = list(cut(Cleaned("g.mp4", 61.0, even(61)), "Cup", "Vega in white.", CutSettings()))
    assert [(s.start, s.end) for s in samples] == [(0, 24), (12, 36), (24, 48), (36, 60)]
    assert all(len(s.words) == 72 for s in samples)
    assert samples[0].previous == "Vega in white."
    assert samples[1].previous.split() == ["Vega", "in", "white.", *(f"w{k}" for k in range(36))]
    assert samples[1].words[0].text == "w36"
    assert samples[0].query == "Cup"


def test_no_word_is_lost_or_doubled_between_previous_and_the_chunk() -> None:
    words = tuple(speech(200))
    for sample in cut(Cleaned("g.mp4", 200.0, words), "", "", CutSettings(min_words=0)):
        said = [word.text for word in words if word.end <= sample.end]
        assert [*sample.previous.split(), *(word.text for word in sample.words)] == said
        heard = " ".join(r.words for r in rounds(sample)).split()
        assert heard == [word.text for word in sample.words]


def test_a_chunk_needs_two_words_a_second() -> None:
    words = even(16)  # 48 words
    assert [s.start for s in cut(Cleaned("g", 48, words), "", "", CutSettings())] == [0]
    assert list(cut(Cleaned("g", 48, words[1:]), "", "", CutSettings())) == []
    assert CutSettings(chunk_s=10).least_words() == 20


def test_a_chunk_of_a_session_needs_one() -> None:
    sparse = Cleaned("g", 96, even(1), heard=False)
    assert [s.start for s in cut(sparse, "", "", CutSettings())] == [0]
    assert [s.start for s in cut(sparse, "", "", CutSettings(min_words=0))] == [0, 12, 24, 36, 48, 60, 72]


@pytest.mark.parametrize(("end", "count"), [(0, 0), (23.9, 0), (24, 1), (35.9, 1), (36, 2), (61, 4)])
def test_chunks_lie_within_the_pictures(end: float, count: int) -> None:
    assert chunk_count(end, CutSettings()) == count


def test_questions_go_with_their_chunk() -> None:
    asked = (QuestionAnswer(11, 12, "Score?", "2-1"), QuestionAnswer(29, 30, "Who?", "Vega"))
    samples = list(cut(Cleaned("g", 48, even(48), asked), "", "", CutSettings()))
    assert [[q.question for q in s.qa_stream] for s in samples] == [["Score?"], ["Who?"], ["Who?"]]


def test_what_the_words_bring_along_comes_first() -> None:
    cleaned = Cleaned("g", 24, even(24), query="Commentate", context="In white, Hollow.")
    sample = next(cut(cleaned, "title", "context", CutSettings()))
    assert (sample.query, sample.previous) == ("Commentate", "In white, Hollow.")


def test_previous_may_keep_its_ends_alone() -> None:
    *_, last = cut(Cleaned("g", 120, even(120)), "", "Hello", CutSettings(previous_words=4))
    assert last.previous == "Hello w0 w1 w2 w3 w284 w285 w286 w287"


def test_words_out_of_order_end_in_order() -> None:
    words = (*even(24), Word(3, 30, "long"))
    first, *_ = cut(Cleaned("g", 48, words), "", "", CutSettings())
    assert all(word.end <= 24 for word in first.words)


def test_the_split_is_by_video_and_the_same_every_time() -> None:
    names = [f"{number}.mp4" for number in range(100)]
    valid = split(names, 0.05, seed=0)
    assert len(valid) == 5
    assert split(reversed(names), 0.05, seed=0) == valid
    assert split(names, 0.05, seed=1) != valid
    assert split(["one.mp4"], 0.5, 0) == frozenset()
    assert len(split(["one.mp4", "two.mp4"], 0.05, 0)) == 1
    assert len(split(["one.mp4", "two.mp4"], 1.0, 0)) == 1
    assert split(names, 0.0, 0) == frozenset()
