from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chat_server import ChatServer, chat_server


@pytest.fixture
def server() -> Iterator[ChatServer]:
    """Answers "yes" to everything."""
    with chat_server(lambda system, user: "yes") as running:
        yield running
