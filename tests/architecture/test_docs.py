"""What the documents say of the project is so: names and links lead somewhere, the log's index is complete."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
NAMED = re.compile(r"`((?:app|assets|core|courtside|docs|tests)/[\w./-]*)`")
PLACEHOLDER = re.compile(r"[A-Z]{2,}|core/a/")
"""In a name that stands for many files: `core/programmes/NAME/`, `core/a/b.py`."""
ENTRY = re.compile(r"\d{4}-\d{2}-\d{2}-[a-z0-9-]+\.md")
TREE = re.compile(r"( *)(\S+(?: \S+)*) {2,}\S")
"""A line of the tree: indentation, names with single spaces between them, then what they are."""


def documents(checkout: Path) -> list[Path]:
    return [*sorted(checkout.glob("*.md")), *sorted((checkout / "docs").rglob("*.md"))]


def tree(checkout: Path) -> set[str]:
    """Every path that the tree in ARCHITECTURE.md names, folders with "/" at the end."""
    block = (checkout / "ARCHITECTURE.md").read_text("utf-8").split("```")[1]
    paths = set()
    folders: list[str] = []
    for line in block.strip("\n").splitlines():
        match = TREE.match(line) or re.match(r"( *)(\S+)$", line)
        assert match, f"not a line of the tree: {line}"
        parents = folders[: len(match[1]) // 2]
        names = match[2].split(" ")
        paths |= {"".join(parents) + name for name in names}
        folders = [*parents, names[0]]
    return paths


def test_every_name_in_the_tree_exists(checkout: Path) -> None:
    named = tree(checkout)
    assert len(named) > 20
    missing = [name for name in named if not (checkout / name).exists()]
    assert not missing
    assert not [name for name in named if name.endswith("/") != (checkout / name).is_dir()]


def test_every_package_is_in_the_tree_and_has_its_paragraph(checkout: Path) -> None:
    modules = [path for root in ("core", "app") for path in (checkout / root).rglob("*.py")]
    holders = {path.parent for path in modules if path.name != "__init__.py"}
    packages = {folder.relative_to(checkout).as_posix() for folder in holders}
    assert packages
    assert {f"{package}/" for package in packages} <= tree(checkout)
    told = (checkout / "docs" / "architecture.md").read_text("utf-8")
    assert not [package for package in packages if f"`{package}`" not in told]


def test_every_file_named_in_a_document_exists(checkout: Path) -> None:
    current = [path for path in documents(checkout) if path.parent.name != "log"]  # entries name what was there then
    missing = [
        f"{path.relative_to(checkout)}: {name}"
        for path in current
        for name in NAMED.findall(path.read_text("utf-8"))
        if not (checkout / name).exists() and not PLACEHOLDER.search(name)
    ]
    assert not missing


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
    index = (folder / "README.md").read_text("utf-8").splitlines()
    entries = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    assert entries
    assert not [path.name for path in entries if not ENTRY.fullmatch(path.name)]
    titles = {path: path.read_text("utf-8").splitlines()[0].removeprefix("# ") for path in entries}
    lines = [f"| {path.name[:10]} | [{title}]({path.name}) |" for path, title in titles.items()]
    assert not [line for line in lines if line not in index]


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "THIRD_PARTY.md"])
def test_the_root_has_its_documents(checkout: Path, name: str) -> None:
    assert (checkout / name).read_text("utf-8").startswith("# ")


IMPORTED_AS = {
    "Pillow": "PIL",
    "PySide6-Essentials": "PySide6",
    "nvidia-ml-py": "pynvml",
    "python-xlib": "Xlib",
    "tensorboard": "torch.utils.tensorboard",
    "huggingface_hub": "huggingface_hub",
}
WITHOUT_IMPORT = {"build", "hatchling", "import-linter", "mypy", "pytest-qt", "pytest-timeout", "ruff"}
"""Tools, and plug-ins that pytest finds."""


def requirements(checkout: Path) -> set[str]:
    project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [entry for group in project["optional-dependencies"].values() for entry in group]
    return {re.match(r"[\w-]+", entry)[0] for entry in [*project["dependencies"], *extras]}


def test_every_requirement_is_imported(checkout: Path) -> None:
    files = [path for folder in ("app", "core", "tests") for path in (checkout / folder).rglob("*.py")]
    code = "\n".join(path.read_text("utf-8") for path in files)
    needed = requirements(checkout) - WITHOUT_IMPORT
    modules = {name: IMPORTED_AS.get(name, name.replace("-", "_")) for name in needed}
    unused = [
        name for name, module in modules.items() if not re.search(rf"(import|from|importorskip\(\")\s*{module}\b", code)
    ]
    assert not unused


def test_every_requirement_has_its_licence_told(checkout: Path) -> None:
    told = set(re.findall(r"`([\w-]+)`", (checkout / "THIRD_PARTY.md").read_text("utf-8")))
    assert not requirements(checkout) - told


def test_the_guide_names_every_file_that_knows_the_model_family(checkout: Path) -> None:
    """Training and evaluation aside: a second family need not be trained or compared to be run."""
    guide = (checkout / "CONTRIBUTING.md").read_text("utf-8").partition("## How to add a model family")[2]
    files = [path for folder in ("core", "app") for path in (checkout / folder).rglob("*.py")]
    names = {path.relative_to(checkout).as_posix(): path.read_text("utf-8") for path in files}
    knowing = {
        name for name, code in names.items() if re.search(r"^\s*(from|import) core\.model\.qwen2_5_vl", code, re.M)
    }
    asked = {name for name in knowing if not name.startswith(("core/train/", "core/eval/", "core/model/qwen2_5_vl/"))}
    assert asked
    assert not [name for name in asked if f"`{name}`" not in guide]


def test_the_changelog_begins_with_the_version(checkout: Path) -> None:
    project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]
    newest = re.search(r"^## (.+)$", (checkout / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == project["version"]


def test_every_promise_names_a_test_that_exists(checkout: Path) -> None:
    texts = [(checkout / name).read_text("utf-8") for name in ("docs/security.md", "README.md")]
    promises = [promise for text in texts for promise in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)]
    assert len(promises) > 30
    assert not [(file, name) for file, name in promises if f"def {name}(" not in (checkout / file).read_text("utf-8")]
