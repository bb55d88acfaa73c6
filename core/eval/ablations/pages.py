"""The results of the ablations for people: the HTML report, and a section and a picture for the documentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.data.atomic import write_text
from core.errors import UsageError
from core.eval import metrics
from core.eval.ablations.outcome import PARTS, Summary
from core.eval.ablations.variant import GROUPS, Variant
from core.eval.ablations.verdict import Verdict, quality
from core.eval.metrics import Counts
from core.eval.programmes import ALL
from core.eval.report import Report
from core.eval.report_charts import Bar, Series, bars, curves, plane, short

COLUMNS = (
    "variant", "quality", "event F1", "who", "facts", *(f"facts, part {n + 1}" for n in range(PARTS)),
    "chunk s", "p95 s", "last part s", "prefill tokens", "KV tokens", "KV MB", "peak MB",
)  # fmt: skip
QUALITY = "Quality is the mean of event F1 (within 1 s), who named right and facts told right."
BEGIN = "<!-- ablations: made by the command, not by hand -->"
END = "<!-- end of ablations -->"


def row(label: str, summary: Summary) -> list[str]:
    """A variant's cells, as COLUMNS names them."""
    counts = summary.total(ALL)
    shares = [quality(counts), metrics.f1(counts), metrics.who_right(counts), metrics.facts_right(counts)]
    parts = [summary.total(f"part {n + 1}") for n in range(PARTS)]
    cost = summary.cost
    seconds = (cost.chunk_s, cost.chunk_p95_s, cost.parts_s[-1])
    return [
        label,
        *(f"{share:.3f}" for share in shares),
        *(f"{metrics.facts_right(part):.3f}" if part.facts else "" for part in parts),
        *(f"{value:.4f}" for value in seconds),
        short(round(cost.prefill_tokens, 1)),
        short(cost.kv_tokens),
        f"{cost.kv_bytes / 1e6:,.1f}",
        f"{cost.peak_bytes / 1e6:,.0f}",
    ]


def report(
    command: str,
    variants: Sequence[Variant],
    found: Mapping[str, Summary],
    failed: Mapping[str, str],
    verdicts: Sequence[Verdict],
    records: Mapping[str, Mapping[str, Any]],
) -> Report:
    """The whole page. failed: why a variant has no result, by its name."""
    page = Report("Ablations: what the cache keeps, and what that costs", command)
    page.heading("Verdict")
    page.items([str(verdict) for verdict in verdicts])
    page.paragraph(QUALITY)
    if failed:
        page.items([f"{name} failed: {why}" for name, why in failed.items()])
    for group, about in GROUPS.items():
        mine = [v for v in variants if v.group == group and v.name in found]
        if mine:
            page.heading(f"{group}: {about}")
            page.table(COLUMNS, [row(v.label, found[v.name]) for v in mine])
            for svg in _charts(mine, found):
                page.picture(svg)
    page.heading("Quality against compute")
    page.picture(_plane(variants, found))
    page.heading("All figures")
    page.figures(records)
    return page


def _charts(mine: Sequence[Variant], found: Mapping[str, Summary]) -> list[str]:
    facts = [Series(v.label, _parts_right(found[v.name])) for v in mine]
    seconds = [Series(v.label, tuple(enumerate(found[v.name].cost.parts_s, 1))) for v in mine]
    return [
        bars("Quality", [_bar(v, found[v.name]) for v in mine]),
        curves("Facts told right", "part of the run", facts, most_y=1.05),
        curves("Median seconds a chunk", "part of the run", seconds),
    ]


def _parts_right(summary: Summary) -> tuple[tuple[float, float], ...]:
    parts = [(n + 1, summary.total(f"part {n + 1}")) for n in range(PARTS)]
    return tuple((number, metrics.facts_right(counts)) for number, counts in parts if counts.facts)


def _bar(variant: Variant, summary: Summary) -> Bar:
    low, high = metrics.interval(summary.samples(ALL), quality)
    return Bar(variant.label, quality(sum(summary.samples(ALL), Counts())), low, high, variant.group)


def _plane(variants: Sequence[Variant], found: Mapping[str, Summary]) -> str:
    shown = [v for v in variants if v.name in found and v.group in ("modes", "models")]
    points = [Series(v.label, ((found[v.name].cost.chunk_s, quality(found[v.name].total(ALL))),)) for v in shown]
    return plane("Quality", "median seconds a chunk", points, most_y=1.05)


def overview(variants: Sequence[Variant], found: Mapping[str, Summary]) -> str:
    """One picture with the quality of every variant."""
    return bars("Quality, by what is kept", [_bar(v, found[v.name]) for v in variants if v.name in found])


def write_section(
    path: Path, command: str, variants: Sequence[Variant], found: Mapping[str, Summary], verdicts: Sequence[Verdict]
) -> None:
    """Write table, verdict and picture into a Markdown page, between its two marks; the picture lies beside it.

    Raises UsageError where the page has no such marks, DataError where it cannot be written.
    """
    try:
        before, begin, rest = path.read_text("utf-8").partition(BEGIN)
    except OSError as error:
        raise UsageError("No such page", f"{path}: {error.strerror or error}") from error
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise UsageError("No place on the page", f"{path} needs a line {BEGIN} and a line {END}")
    picture = path.with_name("ablations.svg")
    write_text(picture, overview(variants, found))
    cells = [row(v.label, found[v.name]) for v in variants if v.name in found]
    table = [COLUMNS, ["---", *["---:"] * (len(COLUMNS) - 1)], *cells]
    parts = [
        f"`{command}`",
        "\n".join(f"| {' | '.join(line)} |" for line in table),
        f"![Quality of every variant]({picture.name})",
        "\n".join(f"- {verdict}" for verdict in verdicts),
    ]
    body = "\n\n".join(parts)
    write_text(path, f"{before}{BEGIN}\n\n{body}\n\n{END}{after}")
