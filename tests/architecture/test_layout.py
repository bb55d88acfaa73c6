"""What a stranger can rely on when reading the tree."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

MOST_LINES = 400


def sources(checkout: Path, *folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((checkout / folder).rglob("*.py"))]


def test_every_init_is_empty(checkout: Path) -> None:
    full = [p for p in sources(checkout, "core", "app") if p.name == "__init__.py" and p.read_bytes()]
    assert not full


def test_every_folder_of_code_is_a_package(checkout: Path) -> None:
    folders = {path.parent for path in sources(checkout, "core", "app")}
    assert not [folder for folder in folders if not (folder / "__init__.py").is_file()]


def test_core_never_prints(checkout: Path) -> None:
    printing = [
        f"{path.relative_to(checkout)}:{node.lineno}"
        for path in sources(checkout, "core")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "breakpoint")
    ]
    assert not printing


def test_no_file_is_long(checkout: Path) -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in sources(checkout, "core", "app", "tests")}
    assert not {str(path): lines for path, lines in lengths.items() if lines > MOST_LINES}


def test_tests_are_no_packages(checkout: Path) -> None:
    """They are collected by path (`--import-mode=importlib`), so two may share a name."""
    assert not list((checkout / "tests").rglob("__init__.py"))


def test_the_ci_script_can_be_run(checkout: Path) -> None:
    listed = subprocess.run(["bash", "-n", checkout / ".ci" / "run"], capture_output=True, check=False)
    assert listed.returncode == 0
    assert (checkout / ".ci" / "run").stat().st_mode & 0o111
