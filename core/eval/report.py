"""The HTML report of an evaluation: headings, paragraphs, tables and pictures in one file that loads nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from core.data.atomic import write_text
from core.eval.report_charts import short

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light dark; --line: #8884; --good: #0a7d33; --bad: #c2261c; --quiet: #777; }
@media (prefers-color-scheme: dark) { :root { --good: #4ade80; --bad: #f87171; } }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .4rem; } p { max-width: 46rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .8rem 0; }
th, td { border-bottom: 1px solid var(--line); padding: .2rem .7rem .2rem 0; text-align: right; }
th:first-child, td:first-child { text-align: left; white-space: nowrap; } th { font-weight: 600; }
figure { margin: 1rem 0; } figcaption { color: var(--quiet); } svg { max-width: 100%; width: 40rem; }
.good { color: var(--good); } .bad { color: var(--bad); } code { overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
"""


class Report:
    """A page that is written from top to bottom. All text given to it is shown as it is, never as markup."""

    def __init__(self, title: str, command: str) -> None:
        """command: what makes the page again."""
        self.title = title
        self._parts = [f"<h1>{escape(title)}</h1>", f"<p><code>{escape(command)}</code></p>"]

    def heading(self, text: str) -> None:
        """Begin a section."""
        self._parts.append(f"<h2>{escape(text)}</h2>")

    def paragraph(self, text: str) -> None:
        """A paragraph of plain text."""
        self._parts.append(f"<p>{escape(text)}</p>")

    def items(self, texts: Sequence[str]) -> None:
        """A list of plain texts."""
        self._parts.append(f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>")

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table whose first column names its rows."""
        head = "".join(f"<th>{escape(name)}</th>" for name in columns)
        body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
        self._parts.append(f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>')

    def figures(self, records: Mapping[str, Mapping[str, Any]]) -> None:
        """Figures as the command's last line has them, with interval and goal; coloured by whether that is reached."""
        rows = "".join(_figure_row(name, record) for name, record in records.items())
        head = "<th>figure</th><th>value</th><th>95 %</th><th>unit</th><th>goal</th>"
        self._parts.append(f'<div class="wide"><table><tr>{head}</tr>{rows}</table></div>')

    def picture(self, svg: str, caption: str = "") -> None:
        """A picture of `core.eval.report_charts`, put into the page itself."""
        below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
        self._parts.append(f"<figure>{svg}{below}</figure>")

    def html(self) -> str:
        """The page so far."""
        head = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            '<meta name="viewport" content="width=device-width">'
            f"<title>{escape(self.title)}</title><style>{STYLE}</style></head><body>"
        )
        return "\n".join([head, *self._parts, "</body></html>", ""])

    def write(self, path: Path) -> None:
        """Write the page, whole or not at all. Raises DataError."""
        write_text(path, self.html())


def _figure_row(name: str, record: Mapping[str, Any]) -> str:
    value = record["value"]
    goal = record["goal"]
    sign = "≤" if record["better"] == "lower" else "≥"
    kind = ""
    if goal is not None:
        reached = value <= goal if record["better"] == "lower" else value >= goal
        kind = "good" if reached else "bad"
    spread = "" if record["low"] == record["high"] else f"{short(record['low'])} to {short(record['high'])}"
    wanted = "" if goal is None else f"{sign} {short(goal)}"
    return (
        f'<tr><td>{escape(name)}</td><td class="{kind}">{short(value)}</td><td>{spread}</td>'
        f"<td>{escape(record['unit'])}</td><td>{wanted}</td></tr>"
    )
