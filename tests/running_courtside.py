"""The application as a user runs it, and other programs beside it: each a process of its own, told and heard."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from app.settings import Settings
from app.settings_file import SettingsFile
from tests.titled_windows import TitledWindow, titled_windows
from tests.waiting import PATIENCE_S, until

ROOT = Path(__file__).resolve().parent.parent
TITLE = "Courtside"
CAPTIONS = "Captions — Courtside"
"""Qt adds the name of the application."""
QUICKLY_S = 10.0


class HeardProgram:
    """A program of the tests that says what reaches it, a line each.

    Attributes:
        heard: what it has said so far.
    """

    def __init__(self, file: str, environment: dict[str, str]) -> None:
        self.heard: list[str] = []
        command = [sys.executable, str(ROOT / "tests" / file)]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=quiet, text=True)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.until("ready")

    def until(self, line: str) -> None:
        until(lambda: any(said.startswith(line) for said in self.heard), f"{line}; heard: {self.heard}")

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE_S)
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.heard.append(line.strip())


class RunningCourtside:
    """`courtside` with a home of its own, on a screen."""

    def __init__(self, home: Path, screen: Any, settings: Settings, environment: dict[str, str]) -> None:
        config = home / "courtside"
        SettingsFile(config).save(settings)
        self.sessions = home / "sessions"
        own = {"COURTSIDE_CONFIG_DIR": str(config), "COURTSIDE_SESSIONS_DIR": str(self.sessions)}
        runtime = home / "run"
        runtime.mkdir(mode=0o700)
        self._environment = {**screen.environment(), **environment, **own, "XDG_RUNTIME_DIR": str(runtime)}
        self._environment |= {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        self._screen = screen
        command = [sys.executable, "-m", "app"]
        self._process = subprocess.Popen(command, env=self._environment, stderr=subprocess.PIPE, text=True)
        until(lambda: self._answers("status"), "it does not answer")

    def ctl(self, *words: str) -> str:
        """What `courtside ctl` prints; it must go well."""
        done = self._run("ctl", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def status(self) -> dict[str, Any]:
        return dict(json.loads(self.ctl("status", "--json")))

    def run(self, *words: str) -> str:
        """What another command prints; it must go well."""
        done = self._run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, title_in_front: str) -> None:
        """Ctrl+R in its window; then the other program is in front again."""
        self.ctl("raise")
        self.bring_to_front(TITLE)
        self._xdotool("key", "ctrl+r")
        until(lambda: self.status()["phase"] != "idle", "it did not start")
        self.bring_to_front(title_in_front)
        until(lambda: self.status()["phase"] == "live", f"it did not come live: {self.status()}")

    def bring_to_front(self, title: str) -> None:
        self._xdotool("windowactivate", "--sync", str(self._window(title).number))

    def press(self, *keys: str) -> None:
        """Keys of the keyboard, whoever has it."""
        self._xdotool("key", "--clearmodifiers", *keys)

    def type_question(self, text: str) -> None:
        """In its window."""
        self.bring_to_front(TITLE)
        self.press("ctrl+k")
        self._xdotool("type", "--delay", "20", text)
        self.press("Return")

    def captions_place(self) -> tuple[int, int, int, int]:
        """x, y, width, height of the band on the screen."""
        return self._window(CAPTIONS).place

    def close(self) -> str:
        """Ends it as a logout does; what it said on stderr."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        _, said = self._process.communicate(timeout=PATIENCE_S)
        return said

    def _answers(self, *words: str) -> bool:
        assert self._process.poll() is None, "it has ended"
        return self._run("ctl", *words).returncode == 0

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "app", *words]
        return subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=PATIENCE_S)

    def _window(self, title: str) -> TitledWindow:
        until(lambda: titled_windows(self._screen.display, title), f"no window “{title}” is seen", QUICKLY_S)
        return titled_windows(self._screen.display, title)[-1]

    def _xdotool(self, *words: str) -> str:
        end = time.monotonic() + QUICKLY_S
        while True:
            done = subprocess.run(["xdotool", *words], env=self._environment, capture_output=True, text=True)
            if done.returncode == 0:
                return done.stdout
            assert time.monotonic() < end, f"xdotool {' '.join(words)}: {done.stderr}"
            time.sleep(0.1)


def environment_of(screen: Any) -> dict[str, str]:
    """What another program needs to appear there."""
    return {**screen.environment(), "LIBGL_ALWAYS_SOFTWARE": "1", "SDL_VIDEODRIVER": "x11", "PYTHONPATH": str(ROOT)}
