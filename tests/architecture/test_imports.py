"""Who may import whom, and what starting light means."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

LOADED = """
import importlib, json, pkgutil, sys
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    for info in pkgutil.walk_packages(getattr(module, "__path__", []), name + "."):
        try:
            importlib.import_module(info.name)
        except ModuleNotFoundError as error:
            if error.name != "triton":  # comes with a CUDA build of torch, and only the GPU's own modules ask for it
                raise
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def loaded(checkout: Path, *modules: str) -> set[str]:
    """The top-level packages that importing modules (and all inside them) brings in."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *modules], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_contracts_hold(checkout: Path) -> None:
    command = Path(sys.executable).with_name("lint-imports")
    if not command.is_file():
        pytest.skip("import-linter is not installed")
    done = subprocess.run([command, "--no-cache"], cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("contract", "listed"),
    [
        ("sources are peers", "app/capture/spec.py"),
        ("outputs are peers", "app/outputs/kinds.py"),
        ("programmes are peers", "core/programmes/catalogue.py"),
    ],
)
def test_the_contract_of_a_seam_names_all_that_is_listed(checkout: Path, contract: str, listed: str) -> None:
    contracts = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    named = next(set(found["modules"]) for found in contracts if found["name"] == contract)
    package = listed.rpartition("/")[0].replace("/", ".")
    assert {f"{package}.{name}" for name in listed_modules(checkout / listed)} <= named


def listed_modules(file: Path) -> set[str]:
    """The modules whose objects stand in KINDS, or the names in NAMES."""
    tree = ast.parse(file.read_text("utf-8"))
    values = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    if "NAMES" in values:
        return set(ast.literal_eval(values["NAMES"]))
    kinds = {name.id for name in ast.walk(values["KINDS"]) if isinstance(name, ast.Name)}
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {str(node.module).rpartition(".")[2] for node in froms if kinds & {alias.name for alias in node.names}}


LIGHT = [
    "core.types",
    "core.cache.policy",
    "core.cache.slot_table",
    "core.config",
    "core.video.chunker",
    "core.programmes",
    "app.cli",
    "app.bench.sections",
]


def test_light_modules_load_no_torch(checkout: Path) -> None:
    assert not loaded(checkout, *LIGHT) & {"torch", "transformers", "PySide6", "av"}


def test_application_loads_no_torch(checkout: Path) -> None:
    pytest.importorskip("PySide6")
    assert not loaded(checkout, "app.main") & {"torch", "transformers"}


BARE = ["core.engine", "core.model", "core.prompt", "core.cache", "core.programmes"]


def test_engine_runs_on_a_bare_machine(checkout: Path) -> None:
    assert not loaded(checkout, *BARE) & {"PySide6", "mss", "av", "sounddevice", "platformdirs", "rich", "psutil"}


def test_measuring_runs_on_a_bare_machine(checkout: Path) -> None:
    pytest.importorskip("transformers")  # which loads rich and psutil itself where they are
    assert not loaded(checkout, "core.eval") & {"PySide6", "mss", "av", "sounddevice", "platformdirs"}


def test_watch_needs_no_extras_for_the_arena(checkout: Path) -> None:
    modules = [
        "app.commands.watch",
        "app.bridge.stream",
        "app.capture.arena",
        "app.capture.frames",
        "app.session.recorder",
    ]
    assert not loaded(checkout, *modules) & {"PySide6", "mss", "av", "sounddevice", "platformdirs", "pysubs2", "rich"}
