"""Whether our own windows are found in pictures of a real screen, or not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from app.capture import mask_test
from app.capture.mask_test import MaskVerdict, marker_colour, tried
from app.settings import Settings

pytest.importorskip("mss")
pytest.importorskip("Xlib")


def test_a_patch_that_is_masked_is_kept_out(virtual_screen: Any) -> None:
    (row,) = mask_test.checks()
    assert (row.state, row.why) == ("ok", MaskVerdict.KEPT_OUT.value)


def test_a_mask_that_does_not_work_is_found(virtual_screen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.capture.own_window_mask.OwnWindowMask.cover", lambda *_: None)
    (row,) = mask_test.checks()
    assert (row.state, row.why) == ("limited", MaskVerdict.SHOWN.value)
    assert row.fix


def test_nothing_is_claimed_of_a_patch_that_never_came_up(virtual_screen: Any) -> None:
    area = (0, 0, 40, 40)
    assert tried(marker_colour(), area, lambda: [area], threading.Event()) is MaskVerdict.NOT_SEEN


@pytest.mark.parametrize("compositor", [True, False])
def test_the_captions_are_tried_when_a_screen_is_watched(
    opened: Callable[..., Any], qtbot: Any, monkeypatch: pytest.MonkeyPatch, compositor: bool
) -> None:
    if not compositor:
        monkeypatch.setattr("app.overlay.band.is_compositing", lambda: False)
        monkeypatch.setattr("app.capture.own_window_mask.has_compositor", lambda display: False)
    courtside = opened(settings=Settings(source="screen:1"))
    courtside.start()
    qtbot.waitUntil(lambda: "stay out of the picture" in courtside.window.status.text(), timeout=8000)
    assert courtside.window.status.text().count("Checked:") == 1
    before = courtside.overlay.frames
    qtbot.waitUntil(lambda: courtside.overlay.frames > before)  # the patch has gone again
    assert not courtside.window.banner.isVisible()


def test_captions_that_are_in_the_picture_are_told_of(
    opened: Callable[..., Any], qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.capture.own_window_mask.OwnWindowMask.cover", lambda *_: None)
    courtside = opened(settings=Settings(source="screen:1"))
    courtside.start()
    qtbot.waitUntil(courtside.window.banner.isVisible, timeout=8000)
    assert "captions are in the picture" in courtside.window.banner.text()


def test_nothing_is_tried_where_no_screen_is_watched(opened: Callable[..., Any], qtbot: Any) -> None:
    courtside = opened(settings=Settings(source="camera"))
    courtside.start()
    qtbot.wait(300)
    assert "out of the picture" not in courtside.window.status.text()
