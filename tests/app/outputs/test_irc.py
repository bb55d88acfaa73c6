"""Lines of IRC, as servers write them."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.outputs.irc import IrcMessage, IrcReader, parse_irc

TAGS = "@badges=moderator/1;display-name=Ann;emotes= "


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f"{TAGS}:ann!ann@ann.tmi PRIVMSG #Talk :hi :) there", IrcMessage("PRIVMSG", "ann", "talk", "hi :) there")),
        (":tmi.example 001 me :Welcome", IrcMessage("001", "", "", "Welcome")),
        ("PING :tmi.example", IrcMessage("PING", "", "", "tmi.example")),
        (":tmi.example RECONNECT", IrcMessage("RECONNECT")),
        ("@a=b", IrcMessage("")),
        (":", IrcMessage("")),
        ("", IrcMessage("")),
    ],
)
def test_a_line_is_a_message(line: str, message: IrcMessage) -> None:
    assert parse_irc(line) == message


@given(st.text())
def test_no_line_is_an_error(line: str) -> None:
    parse_irc(line)


def test_lines_are_put_together_and_one_without_end_is_left_out() -> None:
    server, client = socket.socketpair()
    with server, client:
        server.sendall(b":a!a@a PRIVMSG #t :o" + b"x" * 9)
        server.sendall(b"\r\n:a!a@a PRIVMSG #t :" + b"y" * 40_000 + b"\r\nPING :on\r\n:a!a@a PRIVMSG #t :\xff\n")
        server.shutdown(socket.SHUT_WR)
        texts = [message.text for message in IrcReader(client, "t").messages()]
        assert texts == ["oxxxxxxxxx", "on", "\ufffd"]
        assert server.recv(100) == b"PONG :on\r\n"


def test_a_server_that_is_silent_is_asked_and_then_given_up() -> None:
    server, client = socket.socketpair()
    with server, client:
        client.settimeout(0.1)
        with pytest.raises(TimeoutError):
            list(IrcReader(client, "t").messages())
        assert server.recv(100) == b"PING :courtside\r\n"
