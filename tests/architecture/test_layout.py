"""What a stranger can rely on when reading the tree."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

MAX_LINES = 300
MAX_LINES_OF_TESTS = 400
MAX_LINES_OF_A_FUNCTION = 50


CODE = ("app", "core", "courtside")
SEEN = (ast.Call, ast.Assign, ast.FunctionDef, ast.AsyncFunctionDef)
"""Kinds of nodes that a test here asks for."""


def sources(checkout: Path, *folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((checkout / folder).rglob("*.py"))]


def nodes(checkout: Path, *folders: str) -> Iterator[tuple[str, ast.AST]]:
    """The nodes of the syntax trees, with file and line."""
    for path in sources(checkout, *folders):
        for node in every_node(path):
            yield f"{path.relative_to(checkout)}:{getattr(node, 'lineno', 0)}", node


@cache
def every_node(path: Path) -> tuple[ast.AST, ...]:
    """Of one file; three tests read them."""
    return tuple(node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, SEEN))


def test_every_init_is_empty(checkout: Path) -> None:
    full = [p for p in sources(checkout, "core", "app") if p.name == "__init__.py" and p.read_bytes()]
    assert not full


def test_every_folder_of_code_is_a_package(checkout: Path) -> None:
    folders = {path.parent for path in sources(checkout, "core", "app")}
    assert not [folder for folder in folders if not (folder / "__init__.py").is_file()]


def test_core_never_prints(checkout: Path) -> None:
    printing = [
        where
        for where, node in nodes(checkout, "core")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "breakpoint")
    ]
    assert not printing


@pytest.mark.parametrize(("folders", "most"), [(CODE, MAX_LINES), (("tests",), MAX_LINES_OF_TESTS)])
def test_no_file_is_long(checkout: Path, folders: tuple[str, ...], most: int) -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in sources(checkout, *folders)}
    assert not {str(path): lines for path, lines in lengths.items() if lines > most}


def test_no_function_is_long(checkout: Path) -> None:
    long = [
        f"{where}: {node.name}, {lines} lines"
        for where, node in nodes(checkout, *CODE)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_LINES_OF_A_FUNCTION
    ]
    assert not long


def test_one_assignment_a_line(checkout: Path) -> None:
    parallel = [
        where
        for where, node in nodes(checkout, *CODE)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Tuple)
        and any(isinstance(target, ast.Tuple) for target in node.targets)
    ]
    assert not parallel


def test_tests_are_no_packages(checkout: Path) -> None:
    """They are collected by path (`--import-mode=importlib`), so two may share a name."""
    assert not list((checkout / "tests").rglob("__init__.py"))


def test_the_ci_script_can_be_run(checkout: Path) -> None:
    listed = subprocess.run(["bash", "-n", checkout / ".ci" / "run"], capture_output=True, check=False)
    assert listed.returncode == 0
    assert (checkout / ".ci" / "run").stat().st_mode & 0o111


def test_make_test_runs_every_folder_of_tests(checkout: Path) -> None:
    halves = re.findall(r"^TESTS_OF_\w+ := (.+)$", (checkout / "Makefile").read_text("utf-8"), re.MULTILINE)
    folders = {"/".join(path.relative_to(checkout).parts[:2]) for path in (checkout / "tests").rglob("test_*.py")}
    assert sorted(" ".join(halves).split()) == sorted(folders)
