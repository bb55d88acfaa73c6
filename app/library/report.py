"""A report of a session: one HTML file that needs nothing else, runs nothing, and shows words as words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import escape
from string import Template

from app.colours import Look, Role, value
from app.library.chart import chart
from app.library.cues import Cue, Marker, Stretch, cues, markers
from app.library.figures import figures, in_words
from app.library.pictures import chosen, pictures
from app.session.events import Session
from app.session.plain_text import clean
from app.session.records import clock
from app.session.timeline import Timeline, start_of

MAX_PICTURES = 60

PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>$title</title>
<style>
:root { color-scheme: light dark; $light }
@media (prefers-color-scheme: dark) { :root { $dark } }
body { background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p, .muted { color: var(--muted); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: .5rem; }
dl div { background: var(--card); border: 1px solid var(--edge); border-radius: .6rem; padding: .5rem .8rem; }
dt { color: var(--muted); font-size: .8rem; } dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--muted); font: 11px system-ui, sans-serif; }
.line { fill: var(--accent); } .gap { fill: var(--alarm); opacity: .35; } .pause { fill: var(--muted); opacity: .25; }
.drop, .jump, .error { fill: var(--alarm); } .mark { fill: var(--mark); } .question, .note { fill: var(--note); }
.curve { fill: none; stroke: var(--accent); stroke-width: 1.5; } .axis { stroke: var(--edge); }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: .6rem; }
figure { margin: 0; } img { width: 100%; border-radius: .4rem; display: block; }
figcaption { color: var(--muted); font-size: .8rem; }
table { border-collapse: collapse; width: 100%; }
td { border-top: 1px solid var(--edge); padding: .35rem .5rem; vertical-align: top; overflow-wrap: anywhere; }
td:first-child { white-space: nowrap; color: var(--muted); font-variant-numeric: tabular-nums; width: 1%; }
tr.mark td + td { color: var(--mark); } tr.question td + td, tr.note td + td { color: var(--note); }
.said { color: var(--muted); text-decoration: line-through; display: block; font-size: .85rem; }
li { color: var(--alarm); }
</style>
</head>
<body>
<h1>$title</h1>
<p>$summary</p>
<dl>
$figures
</dl>
<h2>Time line</h2>
$chart
$pictures
<h2>Transcript</h2>
<table>
$rows
</table>
$damage
</body>
</html>
""")


def report(session: Session, stretch: Stretch) -> str:
    """Figures, a time line, pictures where there are any, and the transcript."""
    title = _text(session.title)
    return PAGE.substitute(
        title=title,
        light=_colours(Look.LIGHT),
        dark=_colours(Look.DARK),
        summary=_text(" · ".join(_summary(session))),
        figures="\n".join(_figure(name, value) for name, value in in_words(figures(session))),
        chart=chart(session, stretch),
        pictures=_pictures(session, stretch),
        rows="\n".join(_rows(session, stretch)),
        damage=_damage(session.damage),
    )


def _colours(look: Look) -> str:
    """The table of colours as variables of the page."""
    return " ".join(f"--{role}: {value(role, look)};" for role in Role)


def _summary(session: Session) -> Iterator[str]:
    started_at = start_of(session)
    if started_at:
        yield f"{datetime.fromtimestamp(started_at):%Y-%m-%d %H:%M:%S}"
    yield f"{clock(figures(session).length_s)} long"
    settings = session.settings
    for name in ("source", "model", "persona"):
        if isinstance(value := settings.get(name), str) and value:
            yield f"{name} {value}"
    yield from session.tags


def _figure(name: str, value: str) -> str:
    return f"<div><dt>{_text(name)}</dt><dd>{_text(value)}</dd></div>"


def _pictures(session: Session, stretch: Stretch) -> str:
    clocks = Timeline(session)
    told = [(clocks.told(picture.at, stretch.clock), picture) for picture in pictures(session.folder)]
    shown = chosen([picture for at, picture in told if stretch.holds(at)], MAX_PICTURES)
    figures = [
        f'<figure><img src="{url}" alt="at {when}"><figcaption>{when}</figcaption></figure>'
        for picture in shown
        if (url := picture.as_data_url()) and (when := clock(clocks.told(picture.at, stretch.clock)))
    ]
    return f'<h2>Pictures</h2>\n<div class="pictures">\n{"".join(figures)}\n</div>' if figures else ""


def _rows(session: Session, stretch: Stretch) -> list[str]:
    said = {event["round"]: event["text"] for event in session.events if event["type"] == "line"}
    rows = [(cue.start, 1, _line_row(cue, said)) for cue in cues(session, stretch)]
    rows += [(mark.at, 0, _mark_row(mark)) for mark in markers(session, stretch)]
    return [row for _, _, row in sorted(rows, key=lambda entry: entry[:2])]


def _line_row(cue: Cue, said: dict[int, str]) -> str:
    original = said.get(cue.line.round, cue.line.text)
    corrected = "" if original == cue.line.text else f'<span class="said">{_text(original)}</span>'
    number = cue.line.round
    return f'<tr id="round-{number}"><td>{clock(cue.start)}</td><td>{_text(cue.text)}{corrected}</td></tr>'


def _mark_row(mark: Marker) -> str:
    text = f"{mark.kind}: {mark.text}" if mark.text else mark.kind
    return f'<tr class="{mark.kind}"><td>{clock(mark.at)}</td><td>{_text(text)}</td></tr>'


def _damage(damage: tuple[str, ...]) -> str:
    if not damage:
        return ""
    return (
        "<h2>What could not be read</h2>\n<ul>\n" + "\n".join(f"<li>{_text(note)}</li>" for note in damage) + "\n</ul>"
    )


def _text(text: str) -> str:
    return escape(clean(text))
