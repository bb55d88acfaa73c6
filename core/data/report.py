"""What became of every recording, as JSON and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from core.chat.cost import Cost
from core.data.atomic import read_json, write_json, write_text
from core.data.finding import FATAL, WARNINGS, Finding

REPORT = "report.json"
REPORT_TEXT = "report.md"
EXAMPLES = 20
"""Recordings named for one kind of finding in the readable report; the JSON names all."""


@dataclass(slots=True)
class Row:
    """One recording.

    Attributes:
        seconds, words: of the recording, as checked.
        sentences: by "keep", "edit", "delete", "nonsense". reasons: edited and deleted ones by reason.
        changes: [seconds, action, before, after] of the first sentences that were changed.
        chunks: of 24 s there are. samples: those of them that were written.
        pieces: for annealing there are. kept_pieces: those of them that were written.
    """

    name: str
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    words: int = 0
    sentences: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    changes: tuple[tuple[float, str, str, str], ...] = ()
    chunks: int = 0
    samples: int = 0
    pieces: int = 0
    kept_pieces: int = 0
    nonsense_pieces: int = 0
    split: str = ""

    @property
    def used(self) -> bool:
        return not any(finding.fatal for finding in self.findings)


@dataclass(slots=True)
class Report:
    """A run of one or more steps.

    Attributes:
        root: the data set's root: the videos' paths are relative to it.
        settings: of the steps, by step.
        cost: of the requests made by this run.
    """

    root: Path
    rows: list[Row]
    settings: dict[str, Any] = field(default_factory=dict)
    cost: Cost = field(default_factory=Cost)

    def totals(self) -> dict[str, Any]:
        used = [row for row in self.rows if row.used]
        sums = ("seconds", "words", "chunks", "samples", "pieces", "kept_pieces", "nonsense_pieces")
        return {
            "recordings": len(self.rows),
            "used": len(used),
            "left_out": len(self.rows) - len(used),
            **{name: sum(getattr(row, name) for row in used) for name in sums},
            "sentences": dict(sum((Counter(row.sentences) for row in used), Counter())),
            "findings": dict(Counter(finding.kind for row in self.rows for finding in row.findings)),
        }

    def as_json(self) -> dict[str, Any]:
        return {
            "root": str(self.root),
            "totals": self.totals(),
            "cost": asdict(self.cost),
            "settings": self.settings,
            "recordings": [asdict(row) | {"used": row.used} for row in self.rows],
        }

    def summary(self) -> str:
        """Totals and findings, for people, as Markdown."""
        return "\n".join([*self._head(), *self._findings()]) + "\n"

    def text(self) -> str:
        """The summary, and every recording in a table."""
        return self.summary() + "\n".join(self._recordings()) + "\n"

    def save(self, out: Path) -> None:
        """Write `report.json` and `report.md`. Raises DataError."""
        write_json(out / REPORT, self.as_json())
        write_text(out / REPORT_TEXT, self.text())

    def _head(self) -> list[str]:
        totals = self.totals()
        lines = [
            f"# Training data from {self.root}",
            "",
            f"{totals['used']} of {totals['recordings']} recordings are used"
            f" ({totals['seconds'] / 3600:.2f} h, {totals['words']} words); {totals['left_out']} are left out.",
        ]
        if totals["sentences"]:
            counts = totals["sentences"]
            shares = ", ".join(f"{counts.get(name, 0)} {name}" for name in ("keep", "edit", "delete"))
            lines.append(f"Sentences: {shares}; {counts.get('nonsense', 0)} kept because an answer made no sense.")
        if "cut" in self.settings:
            lines.append(f"Chunks: {totals['samples']} written of {totals['chunks']} (the rest have too few words).")
        if "stage2" in self.settings:
            nonsense = f"; {totals['nonsense_pieces']} left out because an answer made no sense"
            lines.append(f"Annealing pieces: {totals['kept_pieces']} kept of {totals['pieces']}{nonsense}.")
        if self.cost.requests:
            lines.append(f"Asked: {self.cost.told(None).partition(' (')[0]}.")
        return lines

    def _findings(self) -> list[str]:
        lines = []
        for title, kinds in (("Left out", FATAL), ("Used, but look at it", WARNINGS)):
            found = [(row.name, finding) for row in self.rows for finding in row.findings if finding.kind in kinds]
            if not found:
                continue
            lines += ["", f"## {title}", ""]
            for kind, meaning in kinds.items():
                lines += _of_kind(kind, meaning, [(name, f) for name, f in found if f.kind == kind])
        return lines

    def _recordings(self) -> list[str]:
        columns = ["recording", "s", "words", "keep/edit/delete", "samples", "pieces", "part"]
        lines = ["", "## Recordings", "", "| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
        for row in self.rows:
            counts = "/".join(str(row.sentences.get(name, 0)) for name in ("keep", "edit", "delete"))
            cells = [row.name, f"{row.seconds:.0f}", row.words, counts, row.samples, row.kept_pieces]
            cells.append(row.split if row.used else "left out")
            lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
        return lines


def _of_kind(kind: str, meaning: str, found: Sequence[tuple[str, Finding]]) -> list[str]:
    if not found:
        return []
    lines = [f"- **{kind}** ({len(found)}): {meaning}"]
    lines += [f"  - {name}: {finding.message}" for name, finding in found[:EXAMPLES]]
    if len(found) > EXAMPLES:
        lines.append(f"  - and {len(found) - EXAMPLES} more: see {REPORT}")
    return lines


def reported_root(out: Path) -> Path | None:
    """The root that a report beside training files names; None where there is none."""
    found = read_json(out / REPORT)
    root = found.get("root") if isinstance(found, dict) else None
    return Path(root) if isinstance(root, str) else None
