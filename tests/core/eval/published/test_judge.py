"""How votes are read, and what two of them make of a pair."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.chat.endpoint import ChatEndpoint, EndpointSettings
from core.chat.replies import ReplyCache
from core.eval.published.judge import TRIES, Judge, Judged, Pair, Side, read_vote
from tests.chat_server import ChatServer, chat_server
from tests.core.eval.published.judges import always_a, nearer

PAIR = Pair("clip", "video", "Harbour score.", "Harbour score!", "A dull game.")


@pytest.mark.parametrize(
    ("answer", "vote"),
    [
        ("A", "A"),
        (" “B”.", "B"),
        ("**A**", "A"),
        ("Answer: B", "B"),
        ("The better candidate is A.", "A"),
        ("The candidate is dull.", None),
        ("<think>B is dull.</think>\nA", "A"),
        ("B. It is livelier than A.", "B"),
        ("Commentary A is better aligned with the human commentary", "A"),
        ("Commentary A is dull, Commentary B is better aligned with the human commentary.", "B"),
        ("Commentary A is better aligned. No, Commentary B is better aligned.", None),
        ("A tie", None),
        ("Both A and B", None),
        ("Neither", None),
        ("", None),
        ("I cannot judge this.", None),
        ("a commentary", None),
    ],
)
def test_a_vote_is_read_where_it_is_clear(answer: str, vote: Side | None) -> None:
    assert read_vote(answer) == vote


@pytest.mark.parametrize(
    ("ab", "ba", "votes", "winner"),
    [
        ("A", "A", (2, 0), "A"),
        ("B", "B", (0, 2), "B"),
        ("A", "B", (1, 1), "equal"),
        ("A", None, (0, 0), ""),
        (None, "A", (0, 0), ""),
        (None, None, (0, 0), ""),
    ],
)
def test_two_votes_make_a_winner(ab: Side | None, ba: Side | None, votes: tuple[int, int], winner: str) -> None:
    judged = Judged(PAIR, ab, ba)
    assert (judged.votes, judged.winner) == (votes, winner)


def judge(server: ChatServer, folder: Path) -> Judge:
    endpoint = ChatEndpoint(EndpointSettings(server.url, "rules", pauses_s=(0.01,)))

    def question(reference: str, a: str, b: str) -> list[dict[str, str]]:
        text = f"Reference transcript:\n{reference}\n\nCandidate A:\n{a}\n\nCandidate B:\n{b}\n"
        return [{"role": "system", "content": "judge"}, {"role": "user", "content": text}]

    return Judge(endpoint, ReplyCache(folder), question, parallel=2)


def test_each_order_is_asked_and_turned_back(tmp_path: Path) -> None:
    with chat_server(nearer) as server:
        [judged] = judge(server, tmp_path).judge([PAIR])
        shown = [request["messages"][1]["content"] for request in server.asked]
    assert (judged.ab, judged.ba) == ("A", "A")
    assert sorted("Candidate A:\nHarbour" in text for text in shown) == [False, True]
    with chat_server(always_a) as server:
        [judged] = judge(server, tmp_path / "other").judge([PAIR])
    assert (judged.ab, judged.ba) == ("A", "B")


def test_sense_is_kept_and_nonsense_is_not(tmp_path: Path) -> None:
    answers = iter(["well", "B", "hm", "hm", "hm"])
    with chat_server(lambda system, user: next(answers)) as server:
        first = judge(server, tmp_path)
        first.parallel = 1
        [judged] = first.judge([PAIR])
        assert (judged.ab, judged.ba) == ("B", None)
        assert first.cost.requests == len(server.asked) == 2 + TRIES
        server.answer = always_a
        second = judge(server, tmp_path)
        [judged] = second.judge([PAIR])
        assert (judged.ab, judged.ba) == ("B", "B")
        assert second.cost.requests == 1


def test_the_cost_is_known_before(tmp_path: Path) -> None:
    with chat_server(nearer) as server:
        asker = judge(server, tmp_path)
        expected = asker.expected([PAIR, PAIR], 3)
        assert not server.asked
    assert expected.requests == 2 * 2 * 3
    assert expected.prompt_tokens > 100
