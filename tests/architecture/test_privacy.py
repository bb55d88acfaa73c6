"""Tests look at what is public, so that a private name can change without them."""

from __future__ import annotations

import ast
from pathlib import Path

ALLOWED = {
    ("tests/conftest.py", "_DummyThread"): "Python's own, which has no public name",
    ("tests/screenshots.py", "_exit"): "Python's own, which has no public name",
    ("tests/gpu/test_moved_prefix_attention.py", "_inductor"): "torch's own setting, which has no public name",
}


def test_tests_use_no_private_names_of_the_code(checkout: Path) -> None:
    used = {}
    for path in sorted((checkout / "tests").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        own = _own_names(tree)
        for node in ast.walk(tree):
            for name in _private_names(node):
                if name not in own:
                    used[path.relative_to(checkout).as_posix(), name] = node.lineno
    assert not {place: line for place, line in used.items() if place not in ALLOWED}
    assert not ALLOWED.keys() - used.keys(), "allowed, but not there any more"


def _own_names(tree: ast.AST) -> set[str]:
    """Names that the test file defines itself: functions, classes and attributes of `self`."""
    nodes = list(ast.walk(tree))
    defined = {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    attributes = {n.attr for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)
                  and n.value.id in ("self", "cls")}  # fmt: skip
    return defined | attributes


def _private_names(node: ast.AST) -> list[str]:
    """The private names that a node takes from somewhere else."""
    if isinstance(node, ast.Attribute):
        names = [node.attr]
    elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in ("app", "core"):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("setattr", "getattr")):
        told = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        names = [part for text in told for part in text.split(".")]
    else:
        names = []
    return [name for name in names if name.startswith("_") and not name.startswith("__")]
