"""Secrets of addresses: kept where only this user reads them, and nowhere else."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app.folders import config_folder
from app.kept_secrets import FILE_NAME, keep_secret, recall_secret
from core.errors import SourceError

SPEC = "rtsp://cam:s3cr/et@x@host/live?token=s3cret"

keyring = pytest.importorskip("keyring")


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring that forgets at the end of the process."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


def test_without_a_keyring_a_file_of_this_user_keeps_it() -> None:
    shown = keep_secret(SPEC)
    assert "s3cr" not in shown
    assert recall_secret(shown) == SPEC
    path = config_folder() / FILE_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert keep_secret("http://a:b@host/") == "http://…@host/"
    assert recall_secret(shown) == SPEC


def test_a_keyring_keeps_it_instead() -> None:
    before = keyring.get_keyring()
    ours = MemoryKeyring()
    keyring.set_keyring(ours)
    try:
        shown = keep_secret(SPEC)
        assert recall_secret(shown) == SPEC
        assert SPEC in ours.kept.values()
        assert not (config_folder() / FILE_NAME).exists()
    finally:
        keyring.set_keyring(before)


@pytest.mark.parametrize("spec", ["arena:3", "window:Notes…", "rtsp://host/live", "/films/a@b…c.mp4"])
def test_what_has_no_secret_is_left_alone(spec: str) -> None:
    assert keep_secret(spec) == spec
    assert recall_secret(spec) == spec
    assert not (config_folder() / FILE_NAME).exists()


def test_one_that_is_not_known_any_more_is_told() -> None:
    with pytest.raises(SourceError, match="type it again"):
        recall_secret("rtsp://…@host/live")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}'])
def test_a_damaged_file_knows_nothing(text: str, tmp_path: Path) -> None:
    config_folder().mkdir(parents=True)
    (config_folder() / FILE_NAME).write_text(text)
    with pytest.raises(SourceError):
        recall_secret("rtsp://…@host/live")
    assert recall_secret(keep_secret(SPEC)) == SPEC
