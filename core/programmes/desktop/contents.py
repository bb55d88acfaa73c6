"""What stands in each program's window."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

from PIL import ImageDraw

from core.programmes.desktop.state import Job, Screen, Window
from core.programmes.desktop.theme import Colour, Theme, font

Box = tuple[int, int, int, int]
Pen = ImageDraw.ImageDraw
GREEN: Colour = (30, 160, 70)
RED: Colour = (205, 40, 45)
LINES_PER_S = 1.6
BEND_S = 1.5  # before and after a crossing
SPAN_S = 24.0  # of the plot's axis
WORDS = (
    "main", "run", "open", "read", "write", "list", "item", "value", "index", "count", "parse", "load", "save", "next",
    "send", "user", "name", "path", "data",
)  # fmt: skip
STEPS = ("compiling", "linking", "checking", "loading", "writing", "fetching", "packing")


def terminal(pen: Pen, box: Box, window: Window, screen: Screen, theme: Theme, time_s: float) -> None:
    """Commands, their lines as they come, and a bar with the outcome."""
    pen.rectangle(_corners(box), fill=theme.terminal)
    lines: list[tuple[str, Colour | None]] = []
    for job in window.jobs:
        lines += _job_lines(job, window.seed, time_s)
    step = theme.text + 3
    room = max(1, (box[3] - 6) // step)
    for number, (text, bar) in enumerate((lines or [("$", None)])[-room:]):
        top = box[1] + 3 + number * step
        if bar is not None:
            pen.rectangle((box[0], top - 1, box[0] + box[2], top + step - 2), fill=bar)
        ink = (255, 255, 255) if bar is not None else theme.terminal_ink
        pen.text((box[0] + 5, top - 1), text, font=font(theme.text), fill=ink)


def _job_lines(job: Job, seed: int, time_s: float) -> list[tuple[str, Colour | None]]:
    rng = Random(f"{seed} {job.started}")
    shown = int((min(time_s, job.until) - job.started) * LINES_PER_S)
    lines: list[tuple[str, Colour | None]] = [(f"$ {job.name}", None)]
    lines += [(f"{rng.choice(STEPS)} {rng.choice(WORDS)}.{rng.choice(WORDS)}", None) for _ in range(max(0, shown))]
    if job.outcome:
        lines.append((f"{job.name.upper()} {job.outcome.upper()}", GREEN if job.outcome == "passed" else RED))
        lines.append(("$", None))
    return lines


def plot(pen: Pen, box: Box, window: Window, screen: Screen, theme: Theme, time_s: float) -> None:
    """A curve that runs to the right edge, and its limit as a red line."""
    left, top, width, height = box
    pen.rectangle(_corners(box), fill=theme.paper)
    middle = top + height / 2
    pen.line((left + 8, top + 6, left + 8, top + height - 8, left + width - 6, top + height - 8), fill=theme.ink)
    pen.line((left + 8, middle, left + width - 6, middle), fill=RED, width=2)
    points = []
    for number in range(73):
        at = time_s - SPAN_S * (1 - number / 72)
        value = curve(screen, window.seed, at)
        points.append((left + 8 + (width - 20) * number / 72, middle - value * (height / 2 - 10)))
    pen.line(points, fill=theme.accent, width=3)
    x, y = points[-1]
    pen.ellipse((x - 4, y - 4, x + 4, y + 4), fill=theme.accent)


def curve(screen: Screen, seed: int, time_s: float) -> float:
    """The curve's height over its limit, -1 to 1; its sign is the side it is on."""
    before = [crossing for crossing in screen.crossings if crossing[0] <= time_s]
    after = [crossing for crossing in screen.crossings if crossing[0] > time_s]
    if before:
        side = before[-1][1]
    elif after:
        side = "below" if after[0][1] == "above" else "above"
    else:
        side = screen.side
    nearest = min((abs(time_s - at) for at, _ in (*before[-1:], *after[:1])), default=math.inf)
    wave = 0.55 + 0.2 * math.sin(time_s * 0.9 + seed % 7) + 0.12 * math.sin(time_s * 2.3 + seed % 5)
    return (wave if side == "above" else -wave) * min(1.0, nearest / BEND_S)


def editor(pen: Pen, box: Box, window: Window, screen: Screen, theme: Theme, time_s: float) -> None:
    """Numbered lines of code; one more every few seconds."""
    pen.rectangle(_corners(box), fill=theme.paper)
    rng = Random(window.seed)
    inks = [theme.ink, theme.accent, GREEN, (170, 110, 30)]
    step = theme.text + 2
    room = (box[3] - 4) // step
    written = 4 + int(max(0.0, time_s - window.opened) / 3.5) % 40
    rows = [
        (rng.randrange(0, 4) * 10, rng.choice(WORDS) + " " + rng.choice(WORDS), rng.choice(inks)) for _ in range(44)
    ]
    first = max(0, written - room)
    for place, (indent, text, ink) in enumerate(rows[first : first + min(written, room)]):
        top = box[1] + 2 + place * step
        pen.text((box[0] + 4, top), str(first + place + 1), font=font(theme.text - 1), fill=(140, 140, 140))
        pen.text((box[0] + 26 + indent, top), text, font=font(theme.text), fill=ink)


def browser(pen: Pen, box: Box, window: Window, screen: Screen, theme: Theme, time_s: float) -> None:
    """An address, a picture and a column of text."""
    left, top, width, height = box
    rng = Random(window.seed)
    pen.rectangle(_corners(box), fill=(252, 252, 252))
    pen.rectangle((left, top, left + width, top + 16), fill=(228, 230, 234))
    pen.rounded_rectangle((left + 40, top + 3, left + width - 12, top + 13), 5, fill=(255, 255, 255))
    pen.rectangle((left + 8, top + 24, left + width // 2, top + 24 + height // 2), fill=_colour(rng))
    for row in range((height - 30) // 9):
        end = left + width // 2 + 10 + rng.randrange(40, max(41, width // 2 - 14))
        pen.line((left + width // 2 + 10, top + 28 + row * 9, end, top + 28 + row * 9), fill=(120, 120, 124), width=2)


def files(pen: Pen, box: Box, window: Window, screen: Screen, theme: Theme, time_s: float) -> None:
    """Folders in rows."""
    pen.rectangle(_corners(box), fill=theme.paper)
    rng = Random(window.seed)
    for row in range(max(1, box[3] // 46)):
        for column in range(max(1, box[2] // 48)):
            left = box[0] + 12 + column * 48
            top = box[1] + 8 + row * 46
            tint = (236, 190, 80) if rng.random() < 0.75 else (200, 205, 215)
            pen.rectangle((left, top + 4, left + 28, top + 24), fill=tint)
            pen.rectangle((left, top, left + 12, top + 5), fill=tint)
            pen.line((left, top + 30, left + 26, top + 30), fill=theme.ink, width=2)


def mail(pen: Pen, box: Box, window: Window, screen: Screen, theme: Theme, time_s: float) -> None:
    """A list of senders, each with a round picture and two lines."""
    pen.rectangle(_corners(box), fill=theme.paper)
    rng = Random(window.seed)
    for row in range(max(1, box[3] // 26)):
        top = box[1] + 4 + row * 26
        pen.ellipse((box[0] + 6, top, box[0] + 24, top + 18), fill=_colour(rng))
        pen.line((box[0] + 32, top + 5, box[0] + 80 + rng.randrange(60), top + 5), fill=theme.ink, width=3)
        pen.line((box[0] + 32, top + 14, box[0] + 110 + rng.randrange(90), top + 14), fill=(140, 140, 144), width=2)


def calendar(pen: Pen, box: Box, window: Window, screen: Screen, theme: Theme, time_s: float) -> None:
    """A month, some days with something on."""
    left, top, width, height = box
    pen.rectangle(_corners(box), fill=theme.paper)
    rng = Random(window.seed)
    for row in range(5):
        for column in range(7):
            x = left + 4 + column * (width - 8) / 7
            y = top + 4 + row * (height - 8) / 5
            day = (x, y, x + (width - 8) / 7 - 2, y + (height - 8) / 5 - 2)
            pen.rectangle(day, outline=(150, 150, 156), fill=_colour(rng) if rng.random() < 0.2 else None)


def player(pen: Pen, box: Box, window: Window, screen: Screen, theme: Theme, time_s: float) -> None:
    """Music as moving bars, and how far it is."""
    left, top, width, height = box
    pen.rectangle(_corners(box), fill=(14, 14, 18))
    for bar in range(14):
        loud = 0.5 + 0.5 * math.sin(time_s * (1.2 + bar % 5 * 0.4) + bar * 1.7 + window.seed % 11)
        x = left + 12 + bar * (width - 24) / 14
        pen.rectangle((x, top + height - 24 - loud * (height - 40), x + 9, top + height - 24), fill=theme.accent)
    pen.line((left + 12, top + height - 10, left + width - 12, top + height - 10), fill=(90, 90, 96), width=3)
    done = (time_s / 180 + window.seed % 97 / 97) % 1.0
    pen.line(
        (left + 12, top + height - 10, left + 12 + done * (width - 24), top + height - 10),
        fill=(240, 240, 244),
        width=3,
    )


def _corners(box: Box) -> tuple[int, int, int, int]:
    return box[0], box[1], box[0] + box[2] - 1, box[1] + box[3] - 1


def _colour(rng: Random) -> Colour:
    return rng.randrange(60, 230), rng.randrange(60, 230), rng.randrange(60, 230)


CONTENTS: dict[str, Callable[[Pen, Box, Window, Screen, Theme, float], None]] = {
    "terminal": terminal,
    "editor": editor,
    "browser": browser,
    "file manager": files,
    "plot": plot,
    "mail": mail,
    "calendar": calendar,
    "player": player,
}
