"""The pages: a report that loads nothing, and a section between two marks."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from core.errors import UsageError
from core.eval.ablations.outcome import Cost, Summary
from core.eval.ablations.pages import BEGIN, END, report, write_section
from core.eval.ablations.variant import variants
from core.eval.ablations.verdict import verdicts
from core.eval.metrics import Counts

COUNTS = Counts(events=9, claims=9, hits=9, facts=10, facts_right=9)
SUMMARY = Summary(({"all": COUNTS, "part 1": COUNTS},), Cost(0.03, 0.04, 50.5, 1000, 2e6, 3e6, (0.03,) * 6))
CHOSEN = variants(["modes"], {}, 60)
FOUND = {"streaming": SUMMARY, "recompute": SUMMARY}


def test_the_report_has_tables_charts_verdicts_and_failures():
    page = report("courtside eval", CHOSEN, FOUND, {"full": "Out of memory"}, verdicts(FOUND), {}).html()
    for shown in ("does not hold", "full failed: Out of memory", "Facts told right", "<td>50.5</td>", "<svg"):
        assert shown in page


def test_the_section_is_replaced_and_nothing_else(tmp_path: Path):
    page = tmp_path / "evaluation.md"
    page.write_text(f"# Before\n\n{BEGIN}\nstale words\n{END}\n\nafter\n", "utf-8")
    for _ in range(2):
        write_section(page, "courtside eval", CHOSEN, FOUND, verdicts(FOUND))
    text = page.read_text("utf-8")
    assert text.startswith(f"# Before\n\n{BEGIN}\n\n`courtside eval`\n\n| variant | quality |")
    assert text.endswith(f"{END}\n\nafter\n")
    assert text.count("| recompute |") == 1
    assert "stale" not in text
    assert ElementTree.parse(tmp_path / "ablations.svg").getroot().tag.endswith("svg")


def test_a_page_without_marks_is_left_as_it_is(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text("text", "utf-8")
    with pytest.raises(UsageError, match="No place on the page"):
        write_section(page, "c", CHOSEN, FOUND, [])
    with pytest.raises(UsageError, match="No such page"):
        write_section(tmp_path / "none.md", "c", CHOSEN, FOUND, [])
    assert page.read_text("utf-8") == "text"
