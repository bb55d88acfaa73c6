"""From a folder of recordings to training lines, step by step; each result is kept, so that a run goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from core.chat.cost import Cost
from core.data import anneal, clean, cut
from core.data.anneal import AnnealSettings, Selected
from core.data.check import Checked, CheckSettings, check
from core.data.clean import Asking, Cleaned
from core.data.cleaning_prompt import VERSION
from core.data.cut import CutSettings
from core.data.jsonl import write_samples
from core.data.progress import progress
from core.data.published import read, write
from core.data.recordings import Recording
from core.data.report import Report, Row
from core.data.sample import Sample
from core.data.step import WORK, Stored, run_all
from core.errors import DataError

Agree = Callable[[str, Cost], None]
"""Told what a step will cost before it asks anybody; raises where that is not wanted."""
LOCK = "lock"
FG = "fg"
"""Folder and name of the annealing files, as published."""


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """Of all steps."""

    check: CheckSettings = field(default_factory=CheckSettings)
    cut: CutSettings = field(default_factory=CutSettings)
    anneal: AnnealSettings = field(default_factory=AnnealSettings)


class Build:
    """The steps over the recordings of one folder, in order: check, clean, cut, stage2.

    Attributes:
        out: where files and kept results go.
        report: of the steps that were run.
    """

    def __init__(
        self,
        root: Path,
        recordings: list[Recording],
        out: Path,
        settings: BuildSettings,
        asking: Asking | None = None,
        workers: int = 2,
    ) -> None:
        """asking: a language model that cleans and chooses; None: the rules. workers: videos looked at at once."""
        self.out = out
        self.report = Report(root.resolve(), [Row(recording.name) for recording in recordings])
        self._recordings = recordings
        self._settings = settings
        self._asking = asking
        self._workers = workers
        work = out / WORK
        self._checked: Stored[Checked] = Stored(work / "check", Checked.as_json, Checked.from_json)
        self._cleaned: Stored[Cleaned] = Stored(work / "clean", Cleaned.as_json, Cleaned.from_json)
        self._selected: Stored[Selected] = Stored(work / "stage2", _selected_as_json, _selected_from_json)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Only one command at a time works in an output folder. Raises DataError for a second one."""
        from filelock import FileLock, Timeout

        try:
            (self.out / WORK).mkdir(parents=True, exist_ok=True)
            with FileLock(self.out / WORK / LOCK, timeout=0):
                yield
        except Timeout as error:
            raise DataError("Busy", f"another command is at work in {self.out}") from error
        except OSError as error:
            raise DataError("Cannot write", f"{self.out}: {error.strerror or error}") from error

    def check(self) -> None:
        """Step 1: look at every recording. Raises DataError where none can be used."""
        self.report.settings["check"] = asdict(self._settings.check)
        with progress("check", len(self._recordings)) as advance:
            numbered = list(enumerate(self._recordings))
            run_all(numbered, self._check_one, self._workers, lambda item, row: self._take(item[0], row, advance))
        if not any(row.used for row in self.report.rows):
            raise DataError("Nothing to learn from", _why_none(self.report))

    def clean(self, agree: Agree) -> None:
        """Step 2: keep, edit or delete each sentence. Raises EndpointError when an endpoint stays away."""
        self.report.settings["clean"] = self._cleaner()
        missing = [pair for pair in self._used() if self._load_cleaned(pair[0]) is None]
        if self._asking:
            estimates = [clean.estimate(self._load_checked(r), r.title, self._asking) for r, _ in missing]
            agree("clean", sum(estimates, Cost()))
        with progress("clean", len(missing)) as advance:
            for recording, row in missing:
                cleaned, cost = clean.clean(self._load_checked(recording), recording.title, self._asking)
                self._cleaned.save(recording.key, self._clean_from(recording), cleaned)
                self.report.cost += cost
                advance(row.name)
        for recording, row in self._used():
            found = self._cleaned_of(recording)
            row.sentences = found.counts
            row.reasons = found.reasons
            row.changes = found.changes

    def cut(self) -> None:
        """Step 3: write `train_with_seeks.jsonl`, `valid_with_seeks.jsonl` and their seeks. Raises DataError."""
        settings = self._settings.cut
        self.report.settings["cut"] = asdict(settings)
        self._split()
        for part in ("train", "valid"):
            rows = [pair for pair in self._used() if pair[1].split == part]
            with progress(f"cut {part}", len(rows)) as advance:
                write_samples(self.out / f"{part}_with_seeks.jsonl", self._chunks(rows, advance))

    def stage2(self, agree: Agree) -> None:
        """Step 4: write `fg/train_fg_with_seeks.jsonl` and its kin. Raises EndpointError."""
        self.report.settings["stage2"] = asdict(self._settings.anneal) | {"selector": self._cleaner()}
        self._split()
        missing = [pair for pair in self._used() if self._load_selected(pair[0]) is None]
        if self._asking:
            settings = self._settings.anneal
            estimates = [anneal.estimate(self._cleaned_of(r), settings, r.title, self._asking) for r, _ in missing]
            agree("stage2", sum(estimates, Cost()))
        with progress("stage2", len(missing)) as advance:
            for recording, row in missing:
                self.report.cost += self._select(recording)
                advance(row.name)
        for part in ("train", "valid"):
            rows = [pair for pair in self._used() if pair[1].split == part]
            write_samples(self.out / FG / f"{part}_{FG}_with_seeks.jsonl", self._pieces(rows))

    def _used(self) -> list[tuple[Recording, Row]]:
        pairs = zip(self._recordings, self.report.rows, strict=True)
        return [(recording, row) for recording, row in pairs if row.used]

    def _take(self, number: int, row: Row, advance: Callable[[str], None]) -> None:
        self.report.rows[number] = row
        kinds = ", ".join(sorted({finding.kind for finding in row.findings}))
        advance(f"{row.name}: {kinds}" if kinds else row.name)

    def _check_one(self, item: tuple[int, Recording]) -> Row:
        recording = item[1]
        made_from = self._check_from(recording)
        checked = self._checked.load(recording.key, made_from)
        if checked is None:
            checked = check(recording, self._settings.check)
            self._checked.save(recording.key, made_from, checked)
        return Row(recording.name, checked.findings, checked.end, len(checked.words))

    def _select(self, recording: Recording) -> Cost:
        cleaned = self._cleaned_of(recording)
        selected, cost = anneal.select(
            cleaned,
            recording.title,
            recording.context,
            self._settings.anneal,
            self._asking,
            self._settings.cut.previous_words,
        )
        self._selected.save(recording.key, self._select_from(recording), selected)
        return cost

    def _split(self) -> None:
        settings = self._settings.cut
        valid = cut.split((row.name for _, row in self._used()), settings.valid_share, settings.seed)
        for _, row in self._used():
            row.split = "valid" if row.name in valid else "train"

    def _chunks(self, pairs: list[tuple[Recording, Row]], advance: Callable[[str], None]) -> Iterator[Sample]:
        for recording, row in pairs:
            cleaned = self._cleaned_of(recording)
            row.chunks = cut.chunk_count(cleaned.end, self._settings.cut)
            row.samples = 0
            for sample in cut.cut(cleaned, recording.title, recording.context, self._settings.cut):
                row.samples += 1
                yield sample
            advance(f"{row.name}: {row.samples} samples")

    def _pieces(self, pairs: Iterable[tuple[Recording, Row]]) -> Iterator[Sample]:
        for recording, row in pairs:
            selected = self._load_selected(recording)
            if selected is not None:
                row.pieces = selected.found
                row.kept_pieces = len(selected.samples)
                row.nonsense_pieces = selected.nonsense
                yield from selected.samples

    def _cleaner(self) -> Any:
        if self._asking is None:
            return "rules"
        endpoint = self._asking.endpoint.settings
        return {"url": endpoint.address(), "model": endpoint.model, "prompt": VERSION}

    def _check_from(self, recording: Recording) -> Any:
        return [recording.fingerprint(), asdict(self._settings.check)]

    def _clean_from(self, recording: Recording) -> Any:
        return [self._check_from(recording), recording.title, self._cleaner()]

    def _select_from(self, recording: Recording) -> Any:
        settings = [asdict(self._settings.anneal), self._settings.cut.previous_words, recording.context]
        return [self._clean_from(recording), settings]

    def _load_checked(self, recording: Recording) -> Checked:
        found = self._checked.load(recording.key, self._check_from(recording))
        return found if found is not None else check(recording, self._settings.check)

    def _load_cleaned(self, recording: Recording) -> Cleaned | None:
        return self._cleaned.load(recording.key, self._clean_from(recording))

    def _cleaned_of(self, recording: Recording) -> Cleaned:
        found = self._load_cleaned(recording)
        if found is None:
            raise DataError("Changed meanwhile", f"{recording.name} is not what was cleaned; run the command again")
        return found

    def _load_selected(self, recording: Recording) -> Selected | None:
        return self._selected.load(recording.key, self._select_from(recording))


def _selected_as_json(selected: Selected) -> Any:
    return {
        "found": selected.found,
        "nonsense": selected.nonsense,
        "samples": [write(sample) for sample in selected.samples],
    }


def _selected_from_json(found: Any) -> Selected:
    return Selected(found["found"], found["nonsense"], tuple(read(line) for line in found["samples"]))


def _why_none(report: Report) -> str:
    """Of the recordings that are all left out: the first reasons."""
    reasons = [f"{row.name}: {finding.message}" for row in report.rows for finding in row.findings if finding.fatal]
    more = f"; and {len(reasons) - 3} more" if len(reasons) > 3 else ""
    return "no recording can be used (" + "; ".join(reasons[:3]) + more + ")"
