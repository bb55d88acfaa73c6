"""Draws a session's screen: wallpaper, panel, windows, dialogs, pointer."""

from __future__ import annotations

import math
from functools import cached_property

from PIL import Image, ImageDraw

from core.programmes.desktop.contents import CONTENTS, GREEN, RED, Box, Pen
from core.programmes.desktop.state import PANEL, Dialog, Screen, Window
from core.programmes.desktop.theme import SIZE, Theme, font

DIALOG = (210, 84)
CLOSE_RED = (226, 84, 76)


class Painter:
    """Draws the screens of one session, each whole.

    Args:
        seed: where the pointer wanders.
    """

    def __init__(self, theme: Theme, seed: int) -> None:
        self._theme = theme
        self._seed = seed

    def draw(self, screen: Screen, time_s: float) -> Image.Image:
        """The screen at a time: RGB, of SIZE."""
        image = self._ground.copy()
        pen = ImageDraw.Draw(image)
        self._panel(pen, screen)
        for number, window in enumerate(screen.windows):
            self._window(pen, window, screen, time_s, on_top=number == len(screen.windows) - 1)
        for number, dialog in enumerate(screen.dialogs):
            self._dialog(pen, dialog, time_s, number)
        self._pointer(pen, time_s)
        return image

    @cached_property
    def _ground(self) -> Image.Image:
        first, second = self._theme.sky
        ground = Image.new("RGB", SIZE)
        pen = ImageDraw.Draw(ground)
        for row in range(SIZE[1]):
            share = row / SIZE[1]
            mixed = tuple(round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
            pen.line((0, row, SIZE[0], row), fill=mixed)
        return ground

    def _panel(self, pen: Pen, screen: Screen) -> None:
        """A bar at an edge, with a square for each window."""
        across = self._theme.panel != "left"
        top = SIZE[1] - PANEL + 4 if self._theme.panel == "bottom" else 0
        bar = (0, top, SIZE[0], top + PANEL - 4) if across else (0, 0, PANEL - 4, SIZE[1])
        pen.rectangle(bar, fill=self._theme.bar)
        for number in range(len(screen.windows)):
            at = 8 + number * 24
            square = (at, bar[1] + 4, at + 16, bar[1] + 16) if across else (3, at, 16, at + 14)
            pen.rectangle(square, fill=self._theme.accent, outline=self._theme.bar_ink)

    def _window(self, pen: Pen, window: Window, screen: Screen, time_s: float, on_top: bool) -> None:
        left, top, width, height = window.box
        theme = self._theme
        pen.rectangle((left + 3, top + 3, left + width + 3, top + height + 3), fill=(12, 12, 14))
        self._frame(pen, window.box, window.program.title(), on_top)
        inside: Box = (left + 1, top + theme.title_height, width - 2, height - theme.title_height - 1)
        CONTENTS[window.program](pen, inside, window, screen, theme, time_s)

    def _frame(self, pen: Pen, box: Box, title: str, on_top: bool) -> None:
        left, top, width, height = box
        theme = self._theme
        edge = theme.accent if on_top else (110, 110, 116)
        pen.rounded_rectangle((left, top, left + width, top + height), theme.rounded, fill=theme.bar, outline=edge)
        at_left = theme.buttons == "left"
        x = left + 8 if at_left else left + width - 16
        y = top + theme.title_height // 2
        pen.ellipse((x, y - 4, x + 8, y + 4), fill=CLOSE_RED)
        text_left = left + 24 if at_left else left + 8
        pen.text((text_left, y), title, font=font(theme.text + 2), fill=theme.bar_ink, anchor="lm")

    def _dialog(self, pen: Pen, dialog: Dialog, time_s: float, number: int) -> None:
        width, height = DIALOG
        box: Box = ((SIZE[0] - width) // 2 + 20 * number, (SIZE[1] - height) // 2 + 60 * number, width, height)
        left, top = box[:2]
        theme = self._theme
        pen.rectangle((left - 3, top - 3, left + width + 3, top + height + 3), fill=(12, 12, 14))
        failed = dialog.kind == "error"
        self._frame(pen, box, "Error" if failed else "Copy", on_top=True)
        pen.rectangle((left + 1, top + theme.title_height, left + width - 1, top + height - 1), fill=theme.paper)
        middle = top + theme.title_height + 22
        words = f"{dialog.who.title()} stopped" if failed else f"Copying {dialog.who}"
        if failed:
            pen.ellipse((left + 10, middle - 14, left + 38, middle + 14), fill=RED)
            pen.line((left + 17, middle - 7, left + 31, middle + 7), fill=(255, 255, 255), width=4)
            pen.line((left + 31, middle - 7, left + 17, middle + 7), fill=(255, 255, 255), width=4)
            pen.rounded_rectangle(
                (left + width - 58, top + height - 24, left + width - 10, top + height - 6), 4, fill=theme.accent
            )
        else:
            share = min(1.0, (time_s - dialog.opened) / max(0.1, dialog.until - dialog.opened))
            bar = (left + 12, top + height - 22, left + width - 12, top + height - 10)
            pen.rectangle(bar, outline=theme.ink)
            pen.rectangle((bar[0] + 1, bar[1] + 1, bar[0] + 1 + share * (bar[2] - bar[0] - 2), bar[3] - 1), fill=GREEN)
        text_left = left + 46 if failed else left + 12
        pen.text((text_left, middle), words, font=font(theme.text + 4), fill=theme.ink, anchor="lm")

    def _pointer(self, pen: Pen, time_s: float) -> None:
        phase = self._seed % 13
        x = SIZE[0] * (0.5 + 0.4 * math.sin(time_s * 0.23 + phase))
        y = SIZE[1] * (0.5 + 0.4 * math.sin(time_s * 0.31 + phase * 2))
        pen.polygon([(x, y), (x, y + 15), (x + 4, y + 11), (x + 10, y + 11)], fill=(255, 255, 255), outline=(0, 0, 0))
