"""Real errors of PyAV, in words."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from core.video.av_errors import AV_WORDS, is_want_of_resources, reason

av = pytest.importorskip("av")


def said(address: str) -> str:
    with pytest.raises((av.error.FFmpegError, OSError)) as caught:
        av.open(address, timeout=1.0)
    return reason(caught.value)


def test_addresses_and_files_that_fail(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no video " * 50)
    assert said("nonsense://place") == "this kind of address is not supported"
    assert said("http://127.0.0.1:9/") == "nothing answers at that address"
    assert said(str(tmp_path / "text.mp4")) == "the data are damaged or of no known kind"
    assert said(str(tmp_path / "none.mp4")) == "no such file or directory"


def test_every_word_is_for_an_error_that_there_is() -> None:
    assert not [name for name in AV_WORDS if not hasattr(av.error, name)]


def test_no_library_wording() -> None:
    assert reason(av.error.ExitError(0x54495845, "Immediate exit requested")) == "no answer in time"


def test_a_want_of_resources_is_no_fault_of_the_data() -> None:
    assert is_want_of_resources(MemoryError())
    assert is_want_of_resources(BlockingIOError(errno.EAGAIN, "no thread"))
    assert is_want_of_resources(av.error.MemoryError(errno.ENOMEM, "no memory"))
    assert not is_want_of_resources(av.error.InvalidDataError(errno.EIO, "damaged"))
