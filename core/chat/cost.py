"""What asking an endpoint will cost, said before it is asked."""

from __future__ import annotations

from dataclasses import dataclass

CHARACTERS_PER_TOKEN = 4.0
"""Of English text, roughly, in the vocabularies of today's models."""


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens."""

    prompt: float
    completion: float


@dataclass(frozen=True, slots=True)
class Cost:
    """Requests and tokens, estimated or counted."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.requests + other.requests,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
        )

    def dollars(self, price: Price) -> float:
        return (self.prompt_tokens * price.prompt + self.completion_tokens * price.completion) / 1e6

    def told(self, price: Price | None) -> str:
        """In one line, for people."""
        tokens = f"{self.requests} requests, {self.prompt_tokens} tokens in, {self.completion_tokens} out"
        return f"{tokens}, {self.dollars(price):.2f} $" if price else f"{tokens} (--price IN,OUT tells what that costs)"


def tokens_of(text: str) -> int:
    """Roughly how many tokens a text has."""
    return round(len(text) / CHARACTERS_PER_TOKEN) + 1
