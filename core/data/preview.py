"""A page to look at: samples as the model will see them, round by round, with their pictures. One HTML file."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

import numpy as np

from core.data.check_samples import find_video
from core.data.clip import clip_frames
from core.data.rounds import Round, rounds
from core.data.sample import Sample
from core.errors import SourceError

WIDTH = 176
"""Pixels of a picture on the page."""
FPS = 2.0
PREVIOUS = 600
"""Characters of `previous` shown at its start and at its end."""
ABOUT = (
    "A row is a round: what the user turn says, its pictures, and what the assistant is to write. "
    "“ ...” closes every round and is all of a silent one. A question stands below its time."
)
STYLE = """
:root { color-scheme: light dark; --line: #8884; --said: #0a7d33; --quiet: #888; --asked: #b45309; }
@media (prefers-color-scheme: dark) { :root { --said: #4ade80; --asked: #fbbf24; } }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 2.5rem 0 .3rem; overflow-wrap: anywhere; }
.about { color: var(--quiet); margin: 0 0 .6rem; } .previous { border-left: 3px solid var(--line); padding-left: .8rem;
white-space: pre-wrap; overflow-wrap: anywhere; } .cut { color: var(--quiet); }
table { border-collapse: collapse; width: 100%; } td { border-top: 1px solid var(--line); padding: .35rem .5rem;
vertical-align: top; } td.time { width: 11rem; font-variant-numeric: tabular-nums; }
td.frames { white-space: nowrap; width: 1%; } img { display: inline-block; margin-right: 3px; border-radius: 3px; }
code { white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.45 ui-monospace, monospace; }
td.time code { white-space: nowrap; overflow-wrap: normal; }
.said { color: var(--said); } .quiet { color: var(--quiet); } .asked { color: var(--asked); } .bad { color: #dc2626; }
"""


def page(title: str, samples: Iterable[tuple[int, Sample]], root: Path) -> Iterator[str]:
    """The page in pieces, one a sample.

    Args:
        samples: (line of the file from 1, sample). root: the videos' paths are relative to it.
    """
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f'<p class="about">{ABOUT}</p>'
    )
    for number, sample in samples:
        yield _sample(number, sample, root)
    yield "</body></html>\n"


def _sample(number: int, sample: Sample, root: Path) -> str:
    seen = list(rounds(sample))
    silent = sum(not round_.words for round_ in seen)
    about = (
        f"line {number} · {sample.start:g} to {sample.end:g} s · {len(seen)} rounds, {silent} of them silent · "
        f"{len(sample.words)} words"
    )
    pictures, problem = _pictures(sample, root)
    rows = "".join(_round(round_, pictures[2 * k : 2 * k + 2]) for k, round_ in enumerate(seen))
    query = f'<p class="about">Query (not used in training): {escape(sample.query)}</p>' if sample.query else ""
    return (
        f'<h2>{escape(sample.video)}</h2><p class="about">{escape(about)}</p>{query}{problem}'
        f'<p class="previous"><b>previous text</b>\n{_previous(sample.previous)}</p><table>{rows}</table>'
    )


def _previous(text: str) -> str:
    if not text:
        return '<span class="cut">(empty)</span>'
    if len(text) <= 2 * PREVIOUS:
        return escape(text)
    left_out = f'<span class="cut"> … {len(text) - 2 * PREVIOUS} characters … </span>'
    return escape(text[:PREVIOUS]) + left_out + escape(text[-PREVIOUS:])


def _pictures(sample: Sample, root: Path) -> tuple[list[str], str]:
    """Pictures at 2 a second, and what to say where there are none."""
    try:
        frames = clip_frames(find_video(root, sample.video), sample.start, sample.end, FPS)
    except SourceError as error:
        return [], f'<p class="bad">{escape(str(error))}</p>'
    return [_picture(frame) for frame in frames], ""


def _picture(frame: np.ndarray) -> str:
    from PIL import Image

    height = max(1, round(frame.shape[0] * WIDTH / frame.shape[1]))
    data = io.BytesIO()
    Image.fromarray(frame).resize((WIDTH, height)).save(data, "JPEG", quality=72)
    encoded = base64.b64encode(data.getvalue()).decode("ascii")
    return f'<img width="{WIDTH}" height="{height}" alt="" src="data:image/jpeg;base64,{encoded}">'


def _round(seen: Round, pictures: list[str]) -> str:
    asked = f'<br><span class="asked">{escape(seen.question)}</span>' if seen.question else ""
    kind = "said" if seen.words or seen.answer else "quiet"
    return (
        f'<tr><td class="time"><code>Time={seen.start:.1f}-{seen.end:.1f}s</code>{asked}</td>'
        f'<td class="frames">{"".join(pictures)}</td><td><code class="{kind}">{escape(seen.text)}</code></td></tr>'
    )
