"""A real Chromium without a window, driven over its DevTools protocol."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

QUIET = """--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking
--disable-component-update --disable-sync --hide-scrollbars --window-size=1280,720 --remote-debugging-port=0"""
PATIENCE_S = 30.0


class Page:
    """One tab."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._numbers = count(1)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(PATIENCE_S))
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def open(self, url: str) -> None:
        self.call("Page.navigate", url=url)
        self.until("document.readyState === 'complete'")

    def evaluate(self, script: str) -> Any:
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def until(self, script: str, patience_s: float = PATIENCE_S) -> None:
        """Waits until an expression is true."""
        end = time.monotonic() + patience_s
        while not self.evaluate(script):
            assert time.monotonic() < end, f"{script}; the page shows {self.evaluate('document.body.innerText')!r}"
            time.sleep(0.03)

    def lines(self) -> list[str]:
        """What the overlay page shows."""
        return self.evaluate("[...document.querySelectorAll('.line:not(.leaving)')].map((line) => line.textContent)")

    def picture(self, path: Path) -> None:
        """A PNG of the tab, its background left transparent."""
        self.call("Emulation.setDefaultBackgroundColorOverride", color={"r": 0, "g": 0, "b": 0, "a": 0})
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))


@contextmanager
def chromium_page(profile: Path) -> Iterator[Page]:
    """A tab of a browser with a profile of its own. Skips the test where there is no Chromium."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("needs Chromium (Debian: chromium)")
    from websockets.sync.client import connect

    command = [program, *QUIET.split(), f"--user-data-dir={profile}", "about:blank"]
    browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with connect(_tab(profile), max_size=None) as socket:
            yield Page(socket)
    finally:
        browser.terminate()
        browser.wait(PATIENCE_S)


def _tab(profile: Path) -> str:
    """The address of the first tab's DevTools."""
    told = profile / "DevToolsActivePort"
    end = time.monotonic() + PATIENCE_S
    while not (told.is_file() and "\n" in told.read_text()):
        assert time.monotonic() < end, "Chromium did not start"
        time.sleep(0.05)
    port = told.read_text().split()[0]
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}/json/list", timeout=PATIENCE_S) as answer:
        tabs = json.load(answer)
    return next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
