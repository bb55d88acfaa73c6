"""How long a command takes to start: to its end, to its window, to its first caption."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.x_server import x_connection
from core.errors import SourceError

PATIENCE_S = 60.0
LOOKS_EVERY_S = 0.01
ROOT = Path(__file__).resolve().parent.parent.parent


def command() -> list[str]:
    """`courtside` as it is installed here, else from this checkout."""
    script = Path(sys.executable).with_name("courtside")
    return [str(script)] if script.is_file() else [sys.executable, "-m", "app"]


def seconds_to_end(*words: str) -> float:
    """Seconds that `courtside WORDS` takes."""
    begun = time.perf_counter()
    subprocess.run([*command(), *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def seconds_to_window_and_caption() -> tuple[float, float]:
    """Seconds from launch until the window is on the screen, and until the first line has been said."""
    with fresh_user() as (environment, sessions):
        begun = time.monotonic()
        process = subprocess.Popen(command(), cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        try:
            window = _when(process, "window", window_on_screen())
            caption = _when(process, "first caption", lambda: said_anything(sessions))
        finally:
            process.terminate()
            process.wait(PATIENCE_S)
    return window - begun, caption - begun


@contextmanager
def fresh_user() -> Iterator[tuple[dict[str, str], Path]]:
    """The environment of somebody who never ran the application, and where their sessions go."""
    with TemporaryDirectory(prefix="courtside-bench-") as folder:
        sessions = Path(folder) / "sessions"
        own = {"COURTSIDE_CONFIG_DIR": str(Path(folder) / "config"), "COURTSIDE_SESSIONS_DIR": str(sessions)}
        yield {**os.environ, **own}, sessions


def _when(process: subprocess.Popen[bytes], what: str, there: Callable[[], bool]) -> float:
    """Monotonic seconds at which it was there. Raises SourceError when the process ends or it takes too long."""
    end = time.monotonic() + PATIENCE_S
    while not there():
        if process.poll() is not None or time.monotonic() > end:
            raise SourceError("No start to measure", f"there was no {what}")
        select.select([], [], [], LOOKS_EVERY_S)
    return time.monotonic()


def window_on_screen() -> Callable[[], bool]:
    """Tells whether a window of ours is on the screen."""
    display = x_connection()

    def there() -> bool:
        if not any(_is_ours(window) for window in _tree(display.screen().root, 2)):
            return False
        display.close()
        return True

    return there


def _tree(window: Any, depth: int) -> Iterator[Any]:
    """The windows in `window`, and in those, `depth` deep; one that goes meanwhile is left out."""
    from Xlib.error import XError

    try:
        children = window.query_tree().children if depth else []
    except XError:
        return
    for child in children:
        yield child
        yield from _tree(child, depth - 1)


def _is_ours(window: Any) -> bool:
    from Xlib import X
    from Xlib.error import XError

    try:
        kind = window.get_wm_class()
        return bool(kind) and "courtside" in kind[0].lower() and window.get_attributes().map_state == X.IsViewable
    except XError:
        return False


def said_anything(sessions: Path) -> bool:
    """Whether any session has a line with words in it."""
    for file in sessions.glob("*/events.jsonl"):
        with closing(file.open(encoding="utf-8")) as lines:
            if any(_spoken(line) for line in lines if line.endswith("\n")):
                return True
    return False


def _spoken(line: str) -> bool:
    entry = json.loads(line)
    return entry.get("type") == "line" and bool(entry.get("text"))
