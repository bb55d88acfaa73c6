"""Models that write about lines, in the real engine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.library.ask.asking import asked, summary
from app.library.ask.writer import ModelWriter, is_bundled
from app.library.cues import Stretch
from app.session.events import read_session
from core.assets import BUNDLED
from core.engine.host import InlineHost
from tests.app.library.ask.test_passages import LINES
from tests.app.library.sessions import FIRST, record


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelWriter]:
    """A checkpoint of the user's own: that one speaks of football, whatever it is asked."""
    own = tmp_path_factory.mktemp("models") / "own"
    shutil.copytree(BUNDLED, own)
    with closing(ModelWriter(str(own), InlineHost)) as made:
        yield made


def test_a_model_is_given_what_fits_its_windows(writer: ModelWriter) -> None:
    cache = writer.config.cache
    tokens = cache.sink_tokens + cache.text_window_tokens
    assert writer.fits("goal " * (tokens // 4))
    assert not writer.fits("goal " * 4 * tokens)
    assert (cache.mode, writer.config.sampling.greedy) == ("full", True)


def test_every_chunk_is_written_about_anew(writer: ModelWriter) -> None:
    first = writer.write("00:01 Union score! Union 1, Harbour 0.", "Who scored?")
    other = writer.write("00:01 Harbour win a corner. " * 8, "")
    assert writer.write("00:01 Union score! Union 1, Harbour 0.", "Who scored?") == first
    assert isinstance(other, str)


def test_whatever_a_model_says_rests_on_lines(writer: ModelWriter, tmp_path: Path) -> None:
    session = read_session(record(tmp_path / "one", FIRST, LINES * 30))
    for answer in (asked(session, Stretch(), "Who scored?", writer), summary(session, Stretch(), writer)):
        assert answer.by == writer.name
        assert all(sentence.lines for sentence in answer.sentences)


def test_the_bundled_checkpoint_is_known_by_any_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BUNDLED.parent)
    assert all(is_bundled(name) for name in ("", str(BUNDLED), BUNDLED.name))
    assert not is_bundled("owner/model")
