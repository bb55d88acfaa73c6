"""What a published benchmark found: figures for the last line, and a report to read."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.data.atomic import write_json
from core.eval.published.figures import Record, figure
from core.eval.published.run import Run, tell
from core.eval.published.skipped import KINDS
from core.eval.report import Report

REPORT = "report.html"
RESULT = "result.json"
EXAMPLES = 50
"""Things left out that the report names; the JSON names all."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report; its first column names the rows."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Result:
    """What was found.

    Attributes:
        figures: as in the last line. tables: for the report. pictures: SVGs for it, each with its caption.
    """

    figures: Mapping[str, Record]
    tables: Sequence[Table] = ()
    pictures: Sequence[tuple[str, str]] = ()


def finished(run: Run, title: str, evaluate: Callable[[Run], Result | None]) -> dict[str, Any]:
    """Evaluate, write `result.json` and `report.html`, and return what the last line says.

    Only the first process of a run reports. Raises CourtsideError.
    """
    result = evaluate(run)
    if result is None:
        return {"figures": {}}
    skipped = run.skipped.counts()
    name = run.args.what.replace("-", "_")
    figures = dict(result.figures) | {f"{name}_left_out": figure(float(sum(skipped.values())), "items", "lower")}
    found = {"figures": figures, "model": run.name, "settings": _settings(run), "judge": run.judging}
    found["skipped"] = skipped
    write_json(run.out / RESULT, found | {"left_out": run.skipped.records()})
    _report(run, title, result, figures).write(run.out / REPORT)
    tell(f"Written to {run.out / REPORT}")
    return found


def _settings(run: Run) -> dict[str, Any]:
    """The options of the run that are no secrets and no places."""
    hidden = {"run", "key_env", "yes", "price", "parallel", "timeout_s", "patience_s", "judge"}
    return {name: _plain(value) for name, value in sorted(vars(run.args).items()) if name not in hidden}


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | float | bool | None):
        return value
    return [str(one) for one in value] if isinstance(value, list | tuple) else str(value)


def _report(run: Run, title: str, result: Result, figures: Mapping[str, Record]) -> Report:
    report = Report(f"{title}: {run.name}", shlex.join(["courtside", *sys.argv[1:]]))
    report.figures(figures)
    if run.judging:
        report.paragraph(", ".join(f"{name} {value}" for name, value in run.judging.items()))
    for svg, caption in result.pictures:
        report.picture(svg, caption)
    for table in result.tables:
        report.heading(table.title)
        report.table(table.columns, [[str(cell) for cell in row] for row in table.rows])
    if run.skipped.items:
        report.heading("Left out")
        counts = {kind: count for kind, count in run.skipped.counts().items() if count}
        report.items([f"{count} x {kind}: {KINDS[kind]}" for kind, count in counts.items()])
        report.items([f"{item.where}: {item.why}" for item in run.skipped.items[:EXAMPLES]])
    return report
