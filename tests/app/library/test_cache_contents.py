"""What is told of a cache is what the engine's own ledger held."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path

import pytest
import torch

from app.library.cache_contents import CacheContents, CacheHistory
from app.session.events import Session, read_session
from core.assets import BUNDLED
from core.config import Mode, resolve
from core.engine.engine import Engine
from core.eval.episode_stream import direct_stream
from core.messages import Line, Steer
from core.model.checkpoint import load
from core.programmes.catalogue import find
from core.prompt.ledger import SpanKind
from tests.app.library.sessions import FIRST, record

CPU = torch.device("cpu")
SMALL = {"sink_tokens": 24, "text_window_tokens": 20, "text_rounds": 3, "vision_window_s": 5.0, "window_reset_s": 15.0}
CHANGED = "Football tonight. In red, Alder play. In blue, Birch play."
"""The context from round 20 on."""


def what_the_ledger_held(engine: Engine) -> tuple[str, int, int]:
    """The whole of `previous text`, the first round with a picture, the first round with words in its turn."""
    spans = engine.context.ledger.spans
    previous = next(span.tokens for span in spans if span.kind is SpanKind.PREVIOUS_TEXT)
    first = {kind: min(s.round for s in spans if s.kind is kind) for kind in (SpanKind.VISION, SpanKind.TIME)}
    text = engine.checkpoint.tokenizer.decode(list(previous))
    return "".join(text.split()), first[SpanKind.VISION], first[SpanKind.TIME]


@pytest.mark.parametrize("mode", ["streaming", "window"])
def test_it_is_what_the_engine_held(tmp_path: Path, mode: Mode) -> None:
    config = resolve({"context": "Football tonight. In white, Mercer play.", "device": "cpu", "mode": mode, **SMALL})
    engine = Engine(load(Path(BUNDLED), CPU, torch.float32), config, CPU)
    events: list[dict[str, object]] = [{"type": "settings", "started_at": FIRST, **asdict(config)}]
    held = []
    for number, chunk in enumerate(direct_stream(find("football"), 5, 40, 2.0, True).chunks):
        if number == 20 and mode == "streaming":
            engine.apply(Steer(None, CHANGED))
            events.append({"type": "steer", "query": None, "context": CHANGED})
        lines = [message for message in engine.step(chunk) if isinstance(message, Line)]
        events += [{"type": "line", **asdict(line)} for line in lines]
        held.append(what_the_ledger_held(engine))
    folder = record(tmp_path / "one", FIRST, [])
    (folder / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    history = CacheHistory(read_session(folder))
    told = [history.at(number) for number in range(len(held))]
    assert [as_held(contents) for contents in told[:20]] == held[:20]
    assert [contents and (contents.vision_from, contents.text_from) for contents in told] == [h[1:] for h in held]
    if mode == "streaming":
        assert told[-1] is not None
        assert told[-1].sink_tokens == 24
        assert told[-1].sink.startswith("Football tonight. In red, Alder play.")
        assert held[-1][0].startswith("Footballtonight.Inred,Alderplay.")


def as_held(contents: CacheContents | None) -> tuple[str, int, int] | None:
    if contents is None:
        return None
    return "".join((contents.sink + contents.window).split()), contents.vision_from, contents.text_from


def session(tmp_path: Path, **settings: object) -> Session:
    return read_session(record(tmp_path / "old", FIRST, [f"word{n} and more." for n in range(40)], **settings))


def test_a_session_whose_checkpoint_is_not_here_is_counted_by_words(tmp_path: Path) -> None:
    cache = {"mode": "streaming", "sink_tokens": 8, "text_window_tokens": 8, "text_rounds": 16, "vision_window_s": 16}
    contents = CacheHistory(session(tmp_path, model="owner/not-here", cache=cache, chunk_s=1.0)).at(30)
    assert contents == CacheContents(
        round=30,
        mode="streaming",
        vision_from=15,
        vision_start=15.0,
        text_from=15,
        sink="Harbour (orange) v Union (blue) word0",
        window="word13 and more. word14 and more.",
        sink_tokens=8,
        window_tokens=8,
        exact=False,
    )


@pytest.mark.parametrize("cache", [None, 3, {"mode": "none", "sink_tokens": "x"}, {"text_rounds": -5}])
def test_odd_settings(tmp_path: Path, cache: object) -> None:
    history = CacheHistory(session(tmp_path, cache=cache, model=7, context=[], chunk_s=0))
    contents = history.at(39)
    assert contents is not None
    assert contents.exact
    assert history.at(40) is None


def test_hours_in_it_is_known_as_soon_as_at_the_start(tmp_path: Path) -> None:
    """In the window's thread, at each step: a frame of the screen is 16 ms."""
    texts = [f"Line {number} of many, and so on." for number in range(36_000)]
    history = CacheHistory(read_session(record(tmp_path / "one", FIRST, texts)))
    history.at(1)
    began = time.thread_time()
    held = history.at(35_999)
    assert time.thread_time() - began < 0.016
    assert held is not None
    assert held.window.endswith("Line 35983 of many, and so on.")
    assert held.sink.startswith("Harbour (orange) v Union (blue)")
