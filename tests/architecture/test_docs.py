"""What the documents say of the project is so: links lead somewhere, the log's index is complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
ENTRY = re.compile(r"\d{4}-\d{2}-\d{2}-[a-z0-9-]+\.md")


def documents(checkout: Path) -> list[Path]:
    return [*sorted(checkout.glob("*.md")), *sorted((checkout / "docs").rglob("*.md"))]


def test_every_link_leads_to_a_file(checkout: Path) -> None:
    broken = [
        f"{path.relative_to(checkout)}: {target}"
        for path in documents(checkout)
        for target in LINK.findall(path.read_text("utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert not broken


def test_every_experiment_has_a_date_a_title_and_its_line_in_the_index(checkout: Path) -> None:
    folder = checkout / "docs" / "log"
    index = (folder / "README.md").read_text("utf-8")
    entries = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    assert entries
    misnamed = [path.name for path in entries if not ENTRY.fullmatch(path.name)]
    assert not misnamed
    titles = {path: path.read_text("utf-8").splitlines()[0] for path in entries}
    expected = [f"| {path.name[:10]} | [{title.removeprefix('# ')}]({path.name}) |" for path, title in titles.items()]
    assert not [line for line in expected if line not in index.splitlines()]


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "THIRD_PARTY.md"])
def test_the_root_has_its_documents(checkout: Path, name: str) -> None:
    assert (checkout / name).read_text("utf-8").startswith("# ")
