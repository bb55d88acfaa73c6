from __future__ import annotations

from core.chat.cost import Cost, Price, tokens_of


def test_costs_add_up_and_are_told() -> None:
    cost = Cost(2, 1_000_000, 100_000) + Cost(1, 500_000, 0)
    assert cost == Cost(3, 1_500_000, 100_000)
    assert cost.dollars(Price(2.0, 8.0)) == 3.8
    assert cost.told(Price(2.0, 8.0)) == "3 requests, 1500000 tokens in, 100000 out, 3.80 $"
    assert "--price" in cost.told(None)


def test_tokens_of_a_text() -> None:
    assert tokens_of("") == 1
    assert tokens_of("word " * 80) == 101
