"""Nothing is sent without consent; asked at a real terminal."""

from __future__ import annotations

import os
import sys

import pytest

from core.chat.consent import confirm_cost, is_local
from core.chat.cost import Cost
from core.errors import UsageError

COST = Cost(2, 1000, 100)


def asked(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """`answer` is what somebody types."""
    keyboard, terminal = os.openpty()
    os.write(keyboard, answer)
    try:
        with os.fdopen(terminal) as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            confirm_cost("judge", COST, None, "http://judge.invalid/v1", yes=False)
    finally:
        os.close(keyboard)


def test_yes_at_the_terminal_is_consent(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked(b"Yes\n", monkeypatch)
    assert "judge: about 2 requests, 1000 tokens in, 100 out" in capsys.readouterr().err


@pytest.mark.parametrize("answer", [b"n\n", b"\n", b"\x04"])
def test_anything_else_is_none(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="nothing was asked"):
        asked(answer, monkeypatch)


def test_nobody_is_asked_for_what_costs_nothing_or_is_agreed(capsys: pytest.CaptureFixture[str]) -> None:
    confirm_cost("judge", Cost(), None, "http://judge.invalid/v1", yes=False)
    assert capsys.readouterr().err == ""
    confirm_cost("judge", COST, None, "http://judge.invalid/v1", yes=True)
    assert "Go on?" not in capsys.readouterr().err


def test_endpoints_on_this_machine() -> None:
    assert is_local("http://localhost:8000/v1")
    assert is_local("http://[::1]/v1")
    assert not is_local("https://api.openai.com/v1")
