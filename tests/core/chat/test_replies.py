from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.chat.endpoint import ChatEndpoint, EndpointSettings, Reply
from core.chat.replies import ReplyCache
from core.errors import EndpointError

MESSAGES = [{"role": "user", "content": "Göl?"}]
REPLY = Reply("ja ✓", 3, 2)


def endpoint(model: str = "small", **settings: Any) -> ChatEndpoint:
    return ChatEndpoint(EndpointSettings("http://host/v1", model, **settings))


def test_what_was_asked_once_is_known(tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path / "replies")
    assert cache.get(endpoint(), MESSAGES) is None
    cache.put(endpoint(), MESSAGES, REPLY)
    assert ReplyCache(tmp_path / "replies").get(endpoint(), MESSAGES) == REPLY
    assert not list(tmp_path.rglob("*.part"))


def test_another_question_is_another(tmp_path: Path) -> None:
    cache = ReplyCache(tmp_path)
    cache.put(endpoint(), MESSAGES, REPLY)
    assert cache.get(endpoint("large"), MESSAGES) is None
    assert cache.get(endpoint(temperature=0.5), MESSAGES) is None
    assert cache.get(endpoint(), [{"role": "user", "content": "Gol?"}]) is None
    assert cache.get(endpoint(patience_s=1.0), MESSAGES) == REPLY


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"text": "x"}'])
def test_a_damaged_file_is_asked_anew(tmp_path: Path, content: bytes) -> None:
    cache = ReplyCache(tmp_path)
    cache.put(endpoint(), MESSAGES, REPLY)
    next(tmp_path.rglob("*.json")).write_bytes(content)
    assert cache.get(endpoint(), MESSAGES) is None


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EndpointError, match="Cannot keep the answers"):
        ReplyCache(tmp_path / "file").put(endpoint(), MESSAGES, REPLY)
