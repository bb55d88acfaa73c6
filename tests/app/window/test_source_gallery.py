"""Choosing what to watch among pictures of it, with the keyboard and the mouse."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.settings import Settings
from app.window.source_gallery import SourceGallery


@pytest.fixture
def courtside(opened: Callable[..., Any]) -> Any:
    return opened(settings=Settings(source="camera"))


@pytest.fixture
def gallery(courtside: Any, other_program: Callable[[str], Any], qtbot: Any) -> SourceGallery:
    other_program("#3366cc")
    courtside.window.user_actions.choose_source.trigger()
    made = courtside.sources.gallery
    qtbot.waitUntil(lambda: made.thumbnails.count() >= 2, timeout=8000)
    return made


def test_enter_chooses_what_is_selected_and_esc_closes(courtside: Any, gallery: SourceGallery, qtbot: Any) -> None:
    assert gallery.thumbnails.current_spec() == "screen:1"
    qtbot.keyClick(gallery.thumbnails, Qt.Key.Key_Right)
    spec = gallery.thumbnails.current_spec()
    assert spec.startswith("window:0x")
    qtbot.keyClick(gallery.thumbnails, Qt.Key.Key_Return)
    assert courtside.window.picker.spec() == spec
    assert courtside.sources.gallery is None
    courtside.sources.open()
    qtbot.keyClick(courtside.sources.gallery, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: courtside.sources.gallery is None)


def test_what_is_selected_stays_so_while_pictures_change(gallery: SourceGallery, qtbot: Any) -> None:
    gallery.thumbnails.setCurrentRow(1)
    spec = gallery.thumbnails.current_spec()
    before = gallery.thumbnails.item(0).icon().cacheKey()
    qtbot.waitUntil(lambda: gallery.thumbnails.item(0).icon().cacheKey() != before, timeout=8000)
    assert gallery.thumbnails.current_spec() == spec


def test_it_is_among_our_own_windows(courtside: Any, gallery: SourceGallery, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: set(gallery.place.rects()) <= set(courtside.own_windows()))
    assert gallery.place.rects()


def test_camera_and_file_options_reach_the_settings(courtside: Any, gallery: SourceGallery, qtbot: Any) -> None:
    gallery.camera_size.setCurrentIndex(gallery.camera_size.findData("1280x720"))
    gallery.camera_rate.setCurrentIndex(gallery.camera_rate.findData(30.0))
    gallery.speed.setCurrentIndex(gallery.speed.findData(2.0))
    gallery.speed.activated.emit(0)
    settings = courtside.settings
    assert (settings.camera_size, settings.camera_fps, settings.file_speed) == ("1280x720", 30.0, 2.0)


def test_an_address_is_taken_as_it_is(courtside: Any, gallery: SourceGallery, qtbot: Any) -> None:
    gallery.address.setText(" rtsp://camera.local/live ")
    qtbot.keyClick(gallery.address, Qt.Key.Key_Return)
    assert courtside.window.picker.spec() == "rtsp://camera.local/live"


def test_a_region_is_drawn_over_the_screen(
    courtside: Any, gallery: SourceGallery, qtbot: Any, virtual_screen: Any
) -> None:
    qtbot.mouseClick(gallery.region, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: courtside.sources.selector is not None)
    assert not courtside.window.isVisible()
    qtbot.waitUntil(lambda: courtside.sources.selector.sheets[0].windowHandle().isExposed())
    virtual_screen.drag((300, 200), (620, 380))
    qtbot.waitUntil(lambda: courtside.window.picker.spec() == "region:300,200,320,180")
    assert courtside.window.isVisible()


def test_esc_ends_the_drawing_and_the_windows_are_back(
    courtside: Any, gallery: SourceGallery, qtbot: Any, virtual_screen: Any
) -> None:
    gallery.region.click()
    qtbot.waitUntil(lambda: courtside.sources.selector is not None)
    qtbot.waitUntil(lambda: courtside.sources.selector.sheets[0].windowHandle().isExposed())
    subprocess.run(["xdotool", "key", "Escape"], env=virtual_screen.environment(), check=True)
    qtbot.waitUntil(lambda: courtside.sources.selector is None)
    assert courtside.window.isVisible()
    assert gallery.isVisible()


def test_every_control_has_a_name_for_a_screen_reader(gallery: SourceGallery) -> None:
    fields = (gallery.thumbnails, gallery.camera, gallery.camera_size, gallery.camera_rate, gallery.speed)
    buttons = (gallery.region, gallery.watch_camera, gallery.browse, gallery.open_address)
    assert all(part.accessibleName() for part in (*fields, *buttons, gallery.address))
