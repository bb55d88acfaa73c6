from __future__ import annotations

import json

import pytest

from core.data.cleaning_prompt import clean_messages, live_messages, read_live, read_verdicts
from core.data.sample import Word
from core.data.transcript import spread
from core.data.verdict import deleted, kept, rewritten

SENTENCES = [
    tuple(spread(["Vegga", "scores!"], 10, 12)),
    tuple(spread(["Brought", "to", "you."], 12, 14)),
    tuple(spread(["Okoro", "celebrates."], 14, 15)),
]
GOOD = {
    "sentences": [
        {"n": 1, "do": "edit", "text": "Vega scores one!"},
        {"n": 2, "do": "delete"},
        {"n": 3, "do": "keep"},
    ]
}


def test_the_question_names_every_sentence() -> None:
    system, user = clean_messages("Cup\nfinal", SENTENCES)
    assert system["role"] == "system"
    assert user["content"].splitlines() == [
        "Title: Cup final",
        "1. [10.0-12.0] Vegga scores!",
        "2. [12.0-14.0] Brought to you.",
        "3. [14.0-15.0] Okoro celebrates.",
    ]
    assert live_messages("Cup", SENTENCES)[0] != system


@pytest.mark.parametrize(
    "around",
    ["{}", "```json\n{}\n```", "<think>{{maybe}}</think>\n{}", "Here you are:\n{}\nAnything else?"],
)
def test_an_answer_however_it_is_dressed(around: str) -> None:
    verdicts, nonsense = read_verdicts(around.format(json.dumps(GOOD)), SENTENCES)
    assert nonsense == 0
    assert verdicts == [rewritten(SENTENCES[0], "Vega scores one!"), deleted("endpoint"), kept(SENTENCES[2])]


def test_a_bare_list() -> None:
    assert read_verdicts(json.dumps(GOOD["sentences"]), SENTENCES)[1] == 0


def test_new_words_share_the_time_of_the_sentence() -> None:
    words = read_verdicts(json.dumps(GOOD), SENTENCES)[0][0].words
    assert words == (Word(10, 10 + 2 / 3, "Vega"), Word(10 + 2 / 3, 10 + 4 / 3, "scores"), Word(10 + 4 / 3, 12, "one!"))


def test_the_same_words_are_no_edit() -> None:
    reply = json.dumps({"sentences": [{"n": 1, "do": "edit", "text": " Vegga  scores! "}]})
    assert read_verdicts(reply, SENTENCES)[0][0] == kept(SENTENCES[0])


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "I cannot help with that.",
        "{",
        "[1, 2, 3]",
        "{}",
        '{"sentences": "all"}',
        '{"sentences": [1, null, {"n": "1", "do": "delete"}]}',
        '{"sentences": [{"n": 0, "do": "delete"}, {"n": 4, "do": "delete"}, {"n": true, "do": "delete"}]}',
        '{"sentences": [{"n": 1, "do": "destroy"}, {"n": 2, "do": "edit"}, {"n": 3, "do": "edit", "text": " "}]}',
        json.dumps({"sentences": [{"n": 1, "do": "edit", "text": "on and on " * 20}]}),
    ],
)
def test_nonsense_changes_nothing_and_is_counted(reply: str) -> None:
    assert read_verdicts(reply, SENTENCES) == ([kept(sentence) for sentence in SENTENCES], 3)


def test_what_is_missing_is_kept() -> None:
    reply = json.dumps({"sentences": [{"n": 2, "do": "delete"}, {"n": 2, "do": "keep"}]})
    assert read_verdicts(reply, SENTENCES) == ([kept(SENTENCES[0]), deleted("endpoint"), kept(SENTENCES[2])], 2)


@pytest.mark.parametrize(
    ("reply", "live"),
    [
        ('{"live": [1, 3]}', {1, 3}),
        ('{"live": []}', set()),
        ('{"live": [4]}', None),
        ('{"live": "all"}', None),
        ("no", None),
        ("[1]", None),
    ],
)
def test_live_sentences(reply: str, live: set[int] | None) -> None:
    assert read_live(reply, 3) == live
