"""The last log lines hold what happened, and nothing that a person wrote."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from core.log_tail import KEPT, LogTail, last_lines, without_private

SECRET = "hunter2"


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    tail = LogTail()
    logger = logging.getLogger("core.here")
    logger.setLevel(logging.INFO)
    logging.getLogger().addHandler(tail)
    yield logger
    logging.getLogger().removeHandler(tail)


def test_the_last_lines_are_kept_and_no_more(log: logging.Logger) -> None:
    for number in range(2 * KEPT):
        log.info("round %d", number)
    assert len(last_lines()) == KEPT
    assert last_lines()[-1].endswith(f"INFO core.here: round {2 * KEPT - 1}")


def test_of_an_exception_its_kind_is_kept(log: logging.Logger) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        log.info("it failed", exc_info=True)
    assert last_lines()[-1].endswith("it failed (ValueError)")


def test_others_are_heard_from_warnings_on(log: logging.Logger) -> None:
    other = logging.getLogger("somebody.else")
    other.setLevel(logging.INFO)
    other.info("nothing of ours")
    assert last_lines() == []


@pytest.mark.parametrize(
    "text",
    [
        f"rtsp://cam:{SECRET}@host/1 is lost",
        f"http://host/stream?token={SECRET}",
        f"“{SECRET}” cannot be opened",
        f"no window '{SECRET}' and \"{SECRET}\"",
        f"password: {SECRET}",
        f"Token {SECRET}",
        f"cannot write /home/{SECRET}/file",
        f"cannot write ~/{SECRET}",
        f"two\nlines with key={SECRET}",
    ],
)
def test_nothing_private_stays(text: str) -> None:
    said = without_private(text)
    assert SECRET not in said
    assert "\n" not in said


@pytest.mark.parametrize(
    "text", ["the engine ended in round 12, before its first word: its process crashed (SIGSEGV)", "fp8 and/or bf16"]
)
def test_plain_words_stay(text: str) -> None:
    assert without_private(text) == text
