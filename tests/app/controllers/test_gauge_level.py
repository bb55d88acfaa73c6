"""How much the gauges show, in the window and on the screen: by the keys, from the settings, and kept."""

from __future__ import annotations

from dataclasses import replace

from app.settings import Settings


def test_the_key_goes_round_and_the_settings_know(opened) -> None:
    courtside = opened(settings=Settings(source="screen:1", gauges=3))
    strip = courtside.window.strip
    assert strip.level == 3
    shown = []
    for _ in range(5):
        courtside.window.user_actions.gauges.trigger()
        shown.append(courtside.preferences.current().gauges)
    assert shown == [4, 0, 1, 2, 3]
    courtside.preferences.change(replace(courtside.preferences.current(), gauges=1))
    assert (strip.level, len(strip.tiles())) == (1, 0)
    strip.meters.words = 9
    courtside.window.user_actions.reset_gauges.trigger()
    assert strip.meters.words == 0


def test_the_line_on_the_screen_comes_by_the_key_and_goes_with_the_stream(opened, qtbot) -> None:
    courtside = opened(settings=Settings(source="screen:1"))
    actions = courtside.window.user_actions
    actions.overlay_gauges.trigger()
    assert courtside.preferences.current().overlay_gauges
    assert courtside.overlay.gauges == ()  # nothing is watched yet
    courtside.start()
    qtbot.waitUntil(lambda: any(gauge.endswith(" old") for gauge in courtside.overlay.gauges))
    courtside.preferences.change(replace(courtside.preferences.current(), overlay_gauges=False))
    assert courtside.overlay.gauges == ()
    assert not actions.overlay_gauges.isChecked()
    actions.overlay_gauges.trigger()
    assert courtside.overlay.gauges
    courtside.stop()
    qtbot.waitUntil(lambda: courtside.session is None)
    assert courtside.overlay.gauges == ()
