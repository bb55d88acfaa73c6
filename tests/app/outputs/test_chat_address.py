"""How a chat is named."""

from __future__ import annotations

import pytest

from app.outputs.chat_address import TWITCH, ChatAddress, parse_chat
from core.errors import UsageError


@pytest.mark.parametrize("text", ["Some_Body", "#some_body", " some_body ", "https://www.twitch.tv/some_body"])
def test_a_channel_alone_is_twitchs_with_tls(text: str) -> None:
    assert parse_chat(text) == ChatAddress(TWITCH, 6697, True, "some_body")


def test_another_server_has_an_address() -> None:
    assert parse_chat("ircs://irc.example/Talk") == ChatAddress("irc.example", 6697, True, "talk")
    assert parse_chat("irc://127.0.0.1:7000/#talk") == ChatAddress("127.0.0.1", 7000, False, "talk")


@pytest.mark.parametrize(
    "text", ["", "two words", "a\r\nPRIVMSG #a :hi", "ftp://a/b", "ircs://a", "irc://a:b/c", "https://example/a"]
)
def test_anything_else_is_wrong_use(text: str) -> None:
    with pytest.raises(UsageError, match="Impossible chat"):
        parse_chat(text)
