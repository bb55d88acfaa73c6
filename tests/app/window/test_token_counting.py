"""What somebody types is counted as the engine counts it, and what is too long says so while it is typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from app.personas.folders import find_persona
from app.settings import Settings
from app.window.main_window import MainWindow
from app.window.token_counting import TokenCounting, TokenCounts
from app.window.token_label import TokenLabel
from core.config import CacheConfig, resolve
from core.model.token_counter import TokenCounter
from tests.waiting import until


@pytest.fixture
def window(qapp, qtbot) -> MainWindow:
    made = MainWindow(Settings(commentator_open=True))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.windowHandle().isExposed())
    return made


def said(window: QWidget) -> list[tuple[str, str]]:
    """The counts in sight, each with its style."""
    return [(found.text(), found.objectName()) for found in window.findChildren(TokenLabel) if found.isVisible()]


def test_the_context_is_counted_while_it_is_typed(window: MainWindow, qtbot) -> None:
    context = "Harbour (orange) v Union (blue). Names: Alva, Boyd."
    limit = resolve({}).cache.context_limit_tokens
    tokens = TokenCounter.of_model("").count(context)
    assert said(window) == []
    qtbot.keyClicks(window.commentator.context, context)
    qtbot.waitUntil(lambda: said(window) == [(f"{tokens} of {limit:,} tokens", "note")])
    window.commentator.context.clear()
    qtbot.waitUntil(lambda: said(window) == [])


def test_a_context_that_is_too_long_says_what_is_kept(window: MainWindow, qtbot) -> None:
    cache = resolve({}).cache
    window.commentator.context.setPlainText("Harbour against Union. " * 2000)
    kept = f": only the first {cache.sink_tokens} and the last {cache.text_window_tokens} are read"
    qtbot.waitUntil(lambda: any(text.endswith(kept) and style == "poor" for text, style in said(window)))


def test_a_question_is_counted_from_half_of_what_is_read(window: MainWindow, qtbot) -> None:
    window.question.setText("Who is that?")
    window.commentator.tokens.close()
    assert said(window) == []
    window.question.setText("é1ü" * 160)
    qtbot.waitUntil(lambda: said(window) != [])
    ((text, style),) = said(window)
    assert text.endswith("of 256 tokens: too long, it would be refused")
    assert style == "poor"


@pytest.mark.parametrize(("share", "style"), [(0.5, "note"), (0.95, "fair"), (1.0, "fair"), (1.01, "poor")])
def test_the_colour_warns_before_the_limit(qapp, qtbot, share: float, style: str) -> None:
    label = TokenLabel("context")
    qtbot.addWidget(label)
    cache = CacheConfig()
    label.show_counts(TokenCounts({"context": round(share * cache.context_limit_tokens)}, cache))
    assert label.objectName() == style
    assert ("are read" in label.text()) == (share > 1)


def test_what_a_persona_adds_is_counted(qapp) -> None:
    persona = find_persona("hype")
    counter = TokenCounter.of_model("")
    assert counter is not None
    alone = counter.count("Harbour v Union")
    assert counter.count(persona.steer("Harbour v Union", bundled=False).context or "") > alone


def test_a_model_that_is_not_there_yet_is_not_counted(qapp, qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    counting = TokenCounting()
    counts: list[TokenCounts] = []
    counting.counted.connect(counts.append)
    monkeypatch.setenv("HF_HUB_CACHE", str(Path("/nonexistent")))
    counting.set_model("nobody/no-such-model")
    counting.set_text("context", "Harbour")
    qtbot.waitUntil(lambda: bool(counts))
    counting.close()
    assert counts[-1].tokens == {}


def test_a_long_text_holds_no_window_up(qapp, qtbot) -> None:
    counting = TokenCounting()
    counts: list[TokenCounts] = []
    counting.counted.connect(counts.append)
    counting.set_text("context", "Harbour against Union. " * 50_000)
    qtbot.waitUntil(lambda: bool(counts))
    counting.close()
    assert counts[-1].tokens["context"] > 100_000


def test_counting_needs_no_torch() -> None:
    program = "import sys, app.window.token_counting; sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    until(lambda: subprocess.run([sys.executable, "-c", program], check=False).returncode == 0, patience_s=1)
