"""Options of commands that ask an endpoint."""

from __future__ import annotations

import argparse

import pytest

from core.chat.cost import Price
from core.chat.options import add_request_options, is_asked, request_settings
from core.errors import UsageError


def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--judge")
    parser.add_argument("--judge-model")
    add_request_options(parser.add_argument_group("judging"), parallel=8, patience_s=60.0)
    return parser.parse_args(words)


def test_an_endpoint_is_asked_with_what_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "s3cret")
    args = options("--key-env", "MY_KEY", "--price", "2,8", "--timeout-s", "5")
    settings = request_settings(args, "http://judge.invalid/v1", "rules")
    assert (settings.key, settings.timeout_s, settings.patience_s) == ("s3cret", 5.0, 60.0)
    assert (args.price, args.parallel) == (Price(2.0, 8.0), 8)


def test_an_endpoint_and_its_model_are_given_together() -> None:
    assert not is_asked(options(), "--judge", "--judge-model")
    assert is_asked(options("--judge", "http://a", "--judge-model", "b"), "--judge", "--judge-model")
    with pytest.raises(UsageError, match="give --judge-model NAME"):
        is_asked(options("--judge", "http://a"), "--judge", "--judge-model")
    with pytest.raises(UsageError, match="give --judge URL"):
        is_asked(options("--judge-model", "b"), "--judge", "--judge-model")


@pytest.mark.parametrize("price", ["2", "a,b", "-1,2", ""])
def test_a_price_that_makes_no_sense(price: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options(f"--price={price}")
    assert "--price" in capsys.readouterr().err
