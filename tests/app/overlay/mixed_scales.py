"""A program of its own, since Qt reads scale factors once: two monitors with their own, and what our windows do.

`python -m tests.app.overlay.mixed_scales FACTOR FACTOR`; its last line is what was seen, as JSON. All rectangles are in
pixels of the X screen, those of X itself and ours beside each other.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

from app.capture.virtual_screen import some_screen

WIDTH = 1280
HEIGHT = 800
PATIENCE_S = 20.0
Rect = Sequence[int]


def main(factors: list[str]) -> None:
    os.environ.pop("DISPLAY", None)
    os.environ["QT_SCREEN_SCALE_FACTORS"] = ";".join(factors)
    with some_screen((2 * WIDTH, HEIGHT), compositor=True):
        for name, left, output in (("left", 0, "screen"), ("right", WIDTH, "none")):
            monitor = f"{WIDTH}/300x{HEIGHT}/190+{left}+0"
            subprocess.run(["xrandr", "--setmonitor", name, monitor, output], check=True, stderr=subprocess.DEVNULL)
        import shiboken6
        from PySide6.QtWidgets import QApplication

        application = QApplication(sys.argv[:1])
        seen = {"band": band(application), "region": regions(application), "window": window(application)}
        print(json.dumps(seen), flush=True)
        shiboken6.delete(application)  # before its X server goes


def band(application: Any) -> list[dict[str, Any]]:
    """The captions on each monitor, hidden and shown again, dragged to the other one, and what the model gets."""
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QColor

    from app.capture.mask_test import marker_colour, tried
    from app.overlay.band import CaptionBand
    from app.overlay.monitor_places import MonitorPlaces
    from app.overlay.place import WindowPlace

    made = CaptionBand(WindowPlace(), MonitorPlaces())
    found = []
    for screen in application.screens():
        corner = screen.geometry().topLeft()
        made.show()
        made.place_at((corner.x() + 60, corner.y() + 90, 300, 100))
        until(application, lambda screen=screen: made.screen() is screen)
        made.hide()
        settle(application)
        made.show()
        settle(application)
        entry: dict[str, Any] = {"ours": made.place.rects()[0], "x": x_rect(int(made.winId()))}
        entry["scale"] = made.devicePixelRatioF()
        colour = marker_colour()
        made.set_marker(QColor(*colour))
        with ThreadPoolExecutor(1) as looking:
            verdict = looking.submit(tried, colour, made.place.rects()[0], made.place.rects, threading.Event())
            until(application, verdict.done)
        made.set_marker(None)
        found.append({**entry, "mask": verdict.result().name})
    made.set_moving(True)
    settle(application)
    x, y, width, height = made.place.rects()[0]
    start = (x + width // 2, y + height // 2)
    drag(application, start, (start[0] - WIDTH + 100, start[1] + 60))
    made.set_moving(False)
    settle(application)
    left_half = QRect(0, 0, WIDTH, HEIGHT).contains(QRect(*made.place.rects()[0]))
    found.append({"ours": made.place.rects()[0], "x": x_rect(int(made.winId())), "on_left": left_half})
    found[-1]["last"] = made.places.last
    made.close()
    return found


def regions(application: Any) -> list[dict[str, Any]]:
    """Drawn on each monitor, and over both, with a real mouse."""
    from app.window.region_selector import RegionSelector

    found = []
    for start, end in (((300, 200), (700, 500)), ((1500, 150), (2100, 650)), ((1000, 300), (1600, 500))):
        chosen: list[Rect] = []
        selector = RegionSelector()
        selector.chosen.connect(chosen.append)
        selector.open()
        until(application, lambda selector=selector: all(s.windowHandle().isExposed() for s in selector.sheets))
        settle(application)
        covered = [x_rect(int(sheet.winId())) for sheet in selector.sheets]
        drag(application, start, end)
        until(application, lambda chosen=chosen: bool(chosen))
        found.append({"drawn": [*start, end[0] - start[0], end[1] - start[1]], "chosen": chosen[0], "sheets": covered})
    return found


def window(application: Any) -> list[dict[str, Any]]:
    """A window with a frame on each monitor."""
    from app.window.own_window import OwnWindow

    found = []
    for screen in application.screens():
        made = OwnWindow("framed")
        corner = screen.geometry().topLeft()
        made.setGeometry(corner.x() + 40, corner.y() + 60, 320, 200)
        made.show()
        until(application, lambda made=made: made.windowHandle().isExposed())
        settle(application)
        made.move(corner.x() + 70, corner.y() + 80)
        settle(application)
        found.append({"ours": made.place.rects()[0], "x": x_rect(int(made.winId()), framed=True)})
        made.close()
    return found


def x_rect(window_id: int, *, framed: bool = False) -> Rect:
    """Where X has a window, or the frame that the window manager put round it."""
    from Xlib.display import Display

    with closing(Display()) as display:
        root = display.screen().root
        found = display.create_resource_object("window", window_id)
        while framed and (parent := found.query_tree().parent) != root:
            found = parent
        shape = found.get_geometry()
        there = root.translate_coords(found, 0, 0)
        return there.x, there.y, shape.width, shape.height


def drag(application: Any, start: tuple[int, int], end: tuple[int, int]) -> None:
    """With the left button, in steps, as a hand does."""
    steps = 12
    point(application, start)
    subprocess.run(["xdotool", "mousedown", "1"], check=True)
    settle(application, 0.1)
    for step in range(1, steps + 1):
        x, y = (round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True))
        point(application, (x, y))
    subprocess.run(["xdotool", "mouseup", "1"], check=True)
    settle(application)


def point(application: Any, where: tuple[int, int]) -> None:
    subprocess.run(["xdotool", "mousemove", "--sync", *map(str, where)], check=True)
    settle(application, 0.05)


def settle(application: Any, seconds: float = 0.5) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        application.processEvents()
        time.sleep(0.01)


def until(application: Any, condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end
        application.processEvents()
        time.sleep(0.01)


if __name__ == "__main__":
    main(sys.argv[1:])
