"""The time line of a session as SVG: lines, silence, pauses, gaps, drops, marks, and curves of age and chunk time."""

from __future__ import annotations

from collections.abc import Iterator

from app.library.cues import Stretch, cues, markers
from app.session.events import Session
from app.session.records import clock
from app.session.timeline import Timeline

WIDTH = 1000
LANES_TOP = 18
LANE = 26
CURVE = 44
MAX_POINTS = 500
TICKS = 6
CURVES = (
    ("age of a line", "age"),
    ("time per chunk", "compute_s"),
    ("tokens in the cache", "kv_tokens"),
    ("memory of the engine", "rss_bytes"),
)


def chart(session: Session, stretch: Stretch) -> str:
    """One SVG element; its colours come from the page's style sheet."""
    first, last = span(session, stretch)
    scale = WIDTH / (last - first)

    def x(at: float) -> float:
        return round((min(max(at, first), last) - first) * scale, 1)

    curves = [found for label, name in CURVES if (found := curve(session, stretch, name, label))]
    height = LANES_TOP + 2 * LANE + len(curves) * (CURVE + 16)
    parts = [f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="time line">']
    parts += _axis(first, last)
    parts += [_bar(x(start), x(end), kind) for start, end, kind in bars(session, stretch)]
    parts += [_dot(x(at), kind) for at, kind in dots(session, stretch)]
    for number, (label, points) in enumerate(curves):
        top = LANES_TOP + 2 * LANE + number * (CURVE + 16)
        parts += _curve(label, [(x(at), value) for at, value in points], top)
    return "\n".join([*parts, "</svg>"])


def span(session: Session, stretch: Stretch) -> tuple[float, float]:
    """Seconds of the clock asked for that the picture shows."""
    clocks = Timeline(session)
    rounds = [event for event in session.events if event["type"] == "line"]
    begin = clocks.told(min((event["start"] for event in rounds), default=0.0), stretch.clock)
    end = clocks.told(max((event["end"] for event in rounds), default=1.0), stretch.clock)
    first = begin if stretch.start is None else stretch.start
    last = end if stretch.until is None else stretch.until
    return first, max(last, first + 1.0)


def _axis(first: float, last: float) -> Iterator[str]:
    for number in range(TICKS + 1):
        place = round(number * WIDTH / TICKS)
        anchor = "start" if number == 0 else "end" if number == TICKS else "middle"
        at = first + number * (last - first) / TICKS
        yield f'<line class="axis" x1="{place}" x2="{place}" y1="{LANES_TOP}" y2="{LANES_TOP + LANE}"/>'
        yield f'<text x="{place}" y="12" text-anchor="{anchor}">{clock(at)}</text>'


def bars(session: Session, stretch: Stretch) -> Iterator[tuple[float, float, str]]:
    """Start, end and kind (line, pause, gap) of what lasts; what is in none of them is silence."""
    clocks = Timeline(session)
    for cue in cues(session, stretch):
        yield cue.start, cue.end, "line"
    for event in session.events:
        if event["type"] == "gap":
            kind = "pause" if event["reason"] == "paused" else "gap"
            yield clocks.told(event["start"], stretch.clock), clocks.told(event["end"], stretch.clock), kind


def dots(session: Session, stretch: Stretch) -> Iterator[tuple[float, str]]:
    """Time and kind (drop, jump, mark, note, question) of what is a moment."""
    clocks = Timeline(session)
    for event in session.events:
        if event["type"] == "drop" and stretch.holds(at := clocks.told(event["media_time"], stretch.clock)):
            yield at, "drop"
        elif event["type"] == "jump" and event["at"] > 0:
            yield clocks.told(event["at"], stretch.clock), "jump"
    for mark in markers(session, stretch):
        yield mark.at, mark.kind


def curve(session: Session, stretch: Stretch, name: str, label: str) -> tuple[str, list[tuple[float, float]]] | None:
    """A curve's label, with its largest value, and its points, thinned to the largest of neighbours."""
    clocks = Timeline(session)
    ends = {event["round"]: event for event in session.events if event["type"] == "line"}
    if name == "age":
        found = [(event["end"], event["shown_at"] - event["captured_at"]) for event in ends.values()]
    else:
        stats = [event for event in session.events if event["type"] == "stats" and event["round"] in ends]
        found = [(ends[event["round"]]["end"], event.get(name)) for event in stats]
    told = [(clocks.told(at, stretch.clock), value) for at, value in found if isinstance(value, int | float)]
    points = sorted((at, float(value)) for at, value in told if stretch.holds(at) and 0 <= value < 1e15)
    if len(points) < 2:
        return None
    step = -(-len(points) // MAX_POINTS)
    thinned = [max(points[n : n + step], key=lambda point: point[1]) for n in range(0, len(points), step)]
    largest = max(value for _, value in points)
    return f"{label}, at most {_value(name, largest)}", thinned


def _value(name: str, value: float) -> str:
    if name == "rss_bytes":
        return f"{value / 1e9:.2f} GB"
    return f"{value:,.0f}" if name == "kv_tokens" else f"{value:.2f} s"


def _bar(left: float, right: float, kind: str) -> str:
    width = max(1.0, right - left)
    return f'<rect class="{kind}" x="{left}" y="{LANES_TOP}" width="{width:.1f}" height="{LANE - 4}"/>'


def _dot(place: float, kind: str) -> str:
    return f'<circle class="{kind}" cx="{place}" cy="{LANES_TOP + LANE + 8}" r="4"><title>{kind}</title></circle>'


def _curve(label: str, points: list[tuple[float, float]], top: float) -> list[str]:
    largest = max(value for _, value in points) or 1.0
    told = " ".join(f"{place},{top + 16 + CURVE * (1 - value / largest):.1f}" for place, value in points)
    return [f'<text x="0" y="{top + 11}">{label}</text>', f'<polyline class="curve" points="{told}"/>']
