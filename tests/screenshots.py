"""Pictures of every window for docs/screenshots: `make screenshots`, on a virtual screen.

The demo match is watched by the bundled model; its recording is what the windows of sessions show. One process for each
scale, since Qt takes that at its start; light and dark in one, changed live.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.main import Courtside
    from app.window.own_window import OwnWindow

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
SCREEN = (1440, 900)
SCALES = (1, 2)
LOOKS = ("dark", "light")
IN_CONTRAST = ("main", "settings")
RECORDED_S = 40
LINES = 5
COLOURS = 96
VIDEO = "video.mkv"
MODEL = "Qwen/Qwen2.5-VL-7B-Instruct"
"""Shown in the window of models."""
PATIENCE_S = 240.0


def main() -> None:
    """Records two sessions, then takes the pictures at each scale."""
    with tempfile.TemporaryDirectory() as work:
        sessions = Path(work, "sessions")
        for seed in (1, 2):
            words = ["watch", "arena:7", "--seconds", str(RECORDED_S), "--seed", str(seed), "--session", str(sessions)]
            command = [sys.executable, "-m", "app", *words, "--temperature", "0.7", "--record"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        for scale in SCALES:
            width, height = (scale * side for side in SCREEN)
            environment = {
                **os.environ,
                "QT_SCALE_FACTOR": str(scale),
                "HOME": work,
                "COURTSIDE_SESSIONS_DIR": str(sessions),
                "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            }
            screen = ["xvfb-run", "-a", "-s", f"-screen 0 {width}x{height}x24"]
            subprocess.run(
                [*screen, sys.executable, "-m", "tests.screenshots", str(scale)], check=True, env=environment
            )


def take(scale: int) -> None:
    """Every window in both looks."""
    from dataclasses import replace

    from PySide6.QtWidgets import QApplication

    from app import theme
    from app.folders import sessions_folder
    from app.main import Courtside
    from app.settings import Settings
    from app.settings_file import SettingsFile
    from tests.every_window import open_all

    application = QApplication(["courtside"])
    application.setQuitOnLastWindowClosed(False)
    theme.apply(application)
    first, second = sorted(folder for folder in sessions_folder().iterdir() if folder.is_dir())[:2]
    file = SettingsFile()
    file.save(Settings(theme="dark", first_page_seen=True, record=False, commentator_open=True))
    courtside = Courtside(file)
    courtside.open()
    _until(application, lambda: courtside.window.transcript.rowCount() >= LINES)
    windows = open_all(courtside, first, second)
    _until(application, lambda: courtside.library.players[first].entries.rowCount() > 0)
    _settle(application, 4.0)
    windows["models"].select(MODEL)
    for look in LOOKS:
        courtside.preferences.change(replace(courtside.preferences.current(), theme=look))
        _settle(application, 1.5)
        for name, window in windows.items():
            _keep(window.grab().toImage(), f"{name}-{look}-{100 * scale}")
        _keep(courtside.overlay.grab().toImage(), f"captions-{look}-{100 * scale}")
        if scale == 1:
            _keep_contrast(application, courtside, windows, look)
    _keep_film(application, courtside, first / VIDEO, scale)
    courtside.close()
    _settle(application, 0.5)
    application.processEvents()
    os._exit(0)  # the windows' C++ parts go with the process


def _keep_film(application: object, courtside: Courtside, film: Path, scale: int) -> None:
    """The main window going back and forth in a film: the live stream goes on with it."""
    from dataclasses import replace

    courtside.window.picker.choose(str(film))
    courtside.switching.switch()
    _until(application, lambda: courtside.window.film_bar.isVisible() and courtside.window.film_bar.slider.value() > 0)
    for look in LOOKS:
        courtside.preferences.change(replace(courtside.preferences.current(), theme=look))
        _settle(application, 1.5)
        _keep(courtside.window.grab().toImage(), f"film-{look}-{100 * scale}")


def _keep_contrast(application: object, courtside: Courtside, windows: dict[str, OwnWindow], look: str) -> None:
    """Some windows in high contrast."""
    from dataclasses import replace

    before = courtside.preferences.current()
    courtside.preferences.change(replace(before, contrast="high"))
    _settle(application, 1.5)
    for name in IN_CONTRAST:
        _keep(windows[name].grab().toImage(), f"{name}-contrast-{look}-100")
    courtside.preferences.change(before)
    _settle(application, 1.0)


def _until(application: object, condition: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        _settle(application, 0.05)


def _settle(application: object, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        application.processEvents()  # type: ignore[attr-defined]
        time.sleep(0.01)


def _keep(image: object, name: str) -> None:
    """As a PNG of a few colours, which is a third of the size."""
    from PIL import Image
    from PySide6.QtGui import QImage

    assert isinstance(image, QImage)
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    picture = Image.frombytes("RGBA", (plain.width(), plain.height()), bytes(plain.constBits()))
    ground = Image.new("RGB", picture.size, (96, 110, 128))
    ground.paste(picture, mask=picture.getchannel("A"))
    FOLDER.mkdir(exist_ok=True)
    ground.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    take(int(sys.argv[1])) if sys.argv[1:] else main()
