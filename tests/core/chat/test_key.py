from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.chat.key import endpoint_key
from core.errors import EndpointError

LOCAL = "http://localhost:8000/v1"
OPENAI = "https://api.openai.com/v1"
KEYRING = """
class errors:
    class KeyringError(Exception):
        pass
def get_password(service, name):
    if name == "locked":
        raise errors.KeyringError
    return {("courtside", "judge.example"): "from the keyring"}.get((service, name))
"""


@pytest.fixture(autouse=True)
def _keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A keyring of this test's own, as the library of that name offers it."""
    (tmp_path / "keyring.py").write_text(KEYRING)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "keyring", raising=False)
    for name in ("COURTSIDE_API_KEY", "OPENAI_API_KEY", "MINE"):
        monkeypatch.delenv(name, raising=False)
    yield
    sys.modules.pop("keyring", None)


def test_none_anywhere() -> None:
    assert endpoint_key(LOCAL) == ""
    assert endpoint_key("http://locked/v1") == ""


def test_the_variable_that_is_named_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINE", " mine\n")
    monkeypatch.setenv("COURTSIDE_API_KEY", "ours")
    assert endpoint_key(LOCAL, "MINE") == "mine"
    assert endpoint_key("http://judge.example/v1") == "ours"


def test_a_variable_that_is_not_set() -> None:
    with pytest.raises(EndpointError, match="MINE is not set"):
        endpoint_key(LOCAL, "MINE")


def test_the_key_of_openai_goes_to_openai_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "theirs")
    assert endpoint_key(OPENAI) == "theirs"
    assert endpoint_key(LOCAL) == ""


def test_the_keyring() -> None:
    assert endpoint_key("https://judge.example:8443/v1") == "from the keyring"
