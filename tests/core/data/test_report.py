from __future__ import annotations

import json
from pathlib import Path

from core.chat.cost import Cost
from core.data.finding import Finding
from core.data.report import Report, Row, reported_root


def report() -> Report:
    rows = [
        Row("a|b.mp4", (Finding("offset", "3.0 s too late throughout"),), 7200.0, 9000, {"keep": 5, "delete": 1}),
        Row("c.mp4", (Finding("zero_bytes", "0 bytes"),), 0.0, 0),
        *(Row(f"{number}.mp4", (Finding("no_audio", "no sound track"),), 60.0, 100) for number in range(30)),
    ]
    rows[0].chunks = 599
    rows[0].samples = 400
    return Report(Path("/videos"), rows, {"check": {}, "cut": {}}, Cost(3, 100, 20))


def test_totals_count_what_is_used() -> None:
    totals = report().totals()
    assert (totals["recordings"], totals["used"], totals["left_out"]) == (32, 31, 1)
    assert (totals["words"], totals["chunks"], totals["samples"]) == (12000, 599, 400)
    assert totals["sentences"] == {"keep": 5, "delete": 1}
    assert totals["findings"] == {"offset": 1, "zero_bytes": 1, "no_audio": 30}


def test_every_left_out_recording_is_named() -> None:
    text = report().text()
    assert "31 of 32 recordings are used (2.50 h, 12000 words); 1 are left out." in text
    assert "  - c.mp4: 0 bytes" in text
    assert "Chunks: 400 written of 599" in text
    assert "Annealing" not in text
    assert "and 10 more: see report.json" in text
    assert "a\\|b.mp4" in text
    assert len(report().as_json()["recordings"]) == 32


def test_the_root_is_found_again(tmp_path: Path) -> None:
    assert reported_root(tmp_path) is None
    report().save(tmp_path)
    assert reported_root(tmp_path) == Path("/videos")
    assert json.loads((tmp_path / "report.json").read_text())["recordings"][1]["used"] is False
    assert "## Left out" in (tmp_path / "report.md").read_text()
    (tmp_path / "report.json").write_text("[]")
    assert reported_root(tmp_path) is None
