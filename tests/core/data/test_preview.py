from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.data.preview import page
from core.data.sample import QuestionAnswer, Sample, Word
from tests.core.data.test_clip import number_shown

EVIL = '<script>document.title="got you"</script><img src=x onerror=alert(1)>"\'&'


def made(sample: Sample, root: Path) -> str:
    return "".join(page("train.jsonl", [(3, sample)], root))


def test_rounds_as_the_model_will_see_them(make_video: Callable[..., Path], tmp_path: Path) -> None:
    make_video("game.mp4", seconds=30)
    words = (Word(10.2, 10.9, "He"), Word(11.0, 12.0, "scores!"))
    sample = Sample("game.mp4", 10, 14, "Cup", "Hello there.", words, (QuestionAnswer(12, 12.5, "Who?", "Vega."),))
    html = made(sample, tmp_path)
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    assert [re.findall(r"<code[^>]*>(.*?)</code>", row, re.DOTALL) for row in rows] == [
        ["Time=10.0-11.0s", " He ..."],
        ["Time=11.0-12.0s", " scores! ..."],
        ["Time=12.0-13.0s", "Vega.\n ..."],
        ["Time=13.0-14.0s", " ..."],
    ]
    assert "Who?" in rows[2]
    assert "Hello there." in html
    shown = [Image.open(io.BytesIO(base64.b64decode(data))) for data in re.findall(r"base64,([^\"]+)", html)]
    assert [number_shown(np.asarray(image)) for image in shown] == [(80 + 4 * k) % 12 for k in range(8)]


def test_text_is_text(make_video: Callable[..., Path], tmp_path: Path) -> None:
    make_video("game.mp4", seconds=5)
    sample = Sample("game.mp4", 0, 4, EVIL, EVIL, (Word(0, 1, EVIL),), (QuestionAnswer(1, 1.5, EVIL, EVIL),))
    html = made(sample, tmp_path)
    assert "<script" not in html
    assert "onerror=alert" in html  # as text
    assert not re.search(r"<[^>]*onerror", html)
    assert "default-src 'none'" in html


def test_a_video_that_is_gone_is_said(tmp_path: Path) -> None:
    html = made(Sample("<b>gone</b>.mp4", 0, 2), tmp_path)
    assert "No such video" in html
    assert "<b>gone" not in html
    assert html.count("Time=") == 2


def test_long_previous_text_is_shortened(tmp_path: Path) -> None:
    html = made(Sample("gone.mp4", 0, 1, previous="first " + "middle " * 900 + "last"), tmp_path)
    assert "first " in html
    assert "last</p>" in html
    assert html.count("middle") < 300


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium here")
def test_a_browser_shows_it_and_runs_nothing(make_video: Callable[..., Path], tmp_path: Path) -> None:
    make_video("game.mp4", seconds=5)
    sample = Sample("game.mp4", 0, 4, EVIL, EVIL, (Word(0, 1, EVIL),))
    (tmp_path / "page.html").write_text(made(sample, tmp_path))
    picture = np.asarray(Image.open(browse(tmp_path, f"--screenshot={tmp_path / 'page.png'}")[1]).convert("L"))
    greys = {number: int((abs(picture.astype(int) - (20 + 18 * number)) <= 6).sum()) for number in (0, 4, 8)}
    whole = 176 * 117  # pixels of a picture; all eight are in the window only if no row is higher than they are
    assert [round(count / whole) for count in greys.values()] == [3, 3, 2]
    assert "<title>train.jsonl</title>" in browse(tmp_path, "--dump-dom")[0]


def browse(folder: Path, wanted: str) -> tuple[str, Path]:
    """Standard output, and where a screenshot would lie."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    command = ["chromium", *options, "--window-size=1000,1000", wanted, f"file://{folder / 'page.html'}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout, folder / "page.png"
