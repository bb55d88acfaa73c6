from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.chat.cost import Cost
from core.chat.endpoint import ChatEndpoint, EndpointSettings
from core.chat.replies import ReplyCache
from core.data.check import Checked
from core.data.clean import Asking, Cleaned, clean, estimate, segmented
from core.data.sample import QuestionAnswer, Word
from core.data.transcript import spread, text_of
from core.errors import EndpointError
from tests.chat_server import ChatServer


def asking(server: ChatServer, folder: Path, **settings: float) -> Asking:
    quick = {"patience_s": 0.2} | settings
    chosen = EndpointSettings(server.url, "small", pauses_s=(0.01, 0.02), **quick)  # type: ignore[arg-type]
    return Asking(ChatEndpoint(chosen), ReplyCache(folder), parallel=2)


def said(*sentences: tuple[float, str]) -> Checked:
    words = [word for at, text in sentences for word in spread(text.split(), at, at + 2)]
    asked = QuestionAnswer(5, 6, "Score?", "2-1")
    return Checked("game.mp4", 400.0, tuple(words), (asked,), "Cup", "Vega in white.")


CHECKED = said(
    (10, "Vegga scores!"),
    (20, "Replay brought to you by Fizz."),
    (130, "Okoro passes."),
    (250, "Vegga again."),
)


def test_segments_of_two_minutes() -> None:
    assert [[text_of(s) for s in segment] for segment in segmented(CHECKED.words)] == [
        ["Vegga scores!", "Replay brought to you by Fizz."],
        ["Okoro passes."],
        ["Vegga again."],
    ]
    assert list(segmented(())) == []


def test_a_model_keeps_edits_and_deletes(server: ChatServer, tmp_path: Path) -> None:
    cleaned, cost = clean(CHECKED, "Cup", asking(server, tmp_path))
    assert text_of(cleaned.words) == "Vega scores! Okoro passes. Vega again."
    assert cleaned.words[0] == Word(10, 11, "Vega")
    assert cleaned.counts == {"keep": 1, "edit": 2, "delete": 1, "nonsense": 0}
    assert cleaned.changes[0] == (10, "edit", "Vegga scores!", "Vega scores!")
    assert cost.requests == 3 == len(server.asked)
    assert (cleaned.end, cleaned.qa_stream, cleaned.query) == (400.0, CHECKED.qa_stream, "Cup")
    assert Cleaned.from_json(json.loads(json.dumps(cleaned.as_json()))) == cleaned


def test_what_was_answered_is_not_asked_again(server: ChatServer, tmp_path: Path) -> None:
    first, _ = clean(CHECKED, "Cup", asking(server, tmp_path))
    assert estimate(CHECKED, "Cup", asking(server, tmp_path)) == Cost()
    assert clean(CHECKED, "Cup", asking(server, tmp_path)) == (first, Cost())
    assert len(server.asked) == 3


def test_the_estimate_is_near_what_it_costs(server: ChatServer, tmp_path: Path) -> None:
    expected = estimate(CHECKED, "Cup", asking(server, tmp_path))
    _, cost = clean(CHECKED, "Cup", asking(server, tmp_path))
    assert expected.requests == cost.requests
    assert expected.prompt_tokens == pytest.approx(cost.prompt_tokens, rel=0.05)
    assert cost.completion_tokens / 3 < expected.completion_tokens < cost.completion_tokens * 3


@pytest.mark.parametrize("garbage", ["", "As a language model I cannot.", '{"sentences": [{"n": 99, "do": "keep"}]}'])
def test_nonsense_keeps_the_words_and_is_counted_and_not_remembered(
    server: ChatServer, tmp_path: Path, garbage: str
) -> None:
    server.answer = lambda system, user: garbage
    cleaned, _ = clean(CHECKED, "Cup", asking(server, tmp_path))
    assert cleaned.words == CHECKED.words
    assert cleaned.counts == {"keep": 4, "edit": 0, "delete": 0, "nonsense": 4}
    assert not list(tmp_path.rglob("*.json"))


def test_an_endpoint_that_goes_away_keeps_what_it_answered(server: ChatServer, tmp_path: Path) -> None:
    server.refuse_after = 2
    with pytest.raises(EndpointError, match="does not answer"):
        clean(CHECKED, "Cup", asking(server, tmp_path))
    answered = len(list(tmp_path.rglob("*.json")))
    assert answered == 2
    server.refuse_after = None
    server.asked.clear()
    clean(CHECKED, "Cup", asking(server, tmp_path))
    assert len(server.asked) == 1


def test_by_the_rules() -> None:
    cleaned, cost = clean(CHECKED, "Cup", None)
    assert text_of(cleaned.words) == "Vegga scores! Okoro passes. Vegga again."
    assert (cleaned.counts["delete"], cleaned.reasons, cost) == (1, {"advert": 1}, Cost())


def test_a_sentence_in_front_of_which_words_overlap() -> None:
    checked = said((10, "one two three."), (10.5, "Four five six."))
    assert clean(checked, "", None)[0].counts["keep"] == 2
