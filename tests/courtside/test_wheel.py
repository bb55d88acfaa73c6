"""The wheel, built from this checkout and installed into an environment of its own, outside the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="the build backend comes with the extra `dev`")
pytest.importorskip("build", reason="the build front end comes with the extra `dev`")

TIMEOUT_S = 120.0
FOREIGN = "raise RuntimeError('a package of somebody else was imported')\n"


@pytest.fixture(scope="module")
def built(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the sdist and the wheel that `make dist` makes."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, checkout]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it, and modules of somebody else called `app` and `core` beside it.

    Libraries are those of the environment that runs the test, so nothing is downloaded. Its `.pth` files, and with
    them this checkout, stay unseen: Python only reads those of an environment's own folder.
    """
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, with_pip=False, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(environment), "platbase": str(environment)}))
    (packages / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    for name in ("app", "core"):
        (packages / f"{name}.py").write_text(FOREIGN)
    install = ["--python", environment / "bin" / "python", "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run([sys.executable, "-m", "pip", *install], timeout=TIMEOUT_S, check=True)
    return environment


def run(installed: Path, folder: Path, *words: str, program: str = "courtside") -> subprocess.CompletedProcess[str]:
    """A program of the environment, run in `folder` with nothing of this process's Python settings."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH")}
    command = [str(installed / "bin" / program), *words]
    return subprocess.run(command, cwd=folder, env=kept, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)


def test_the_wheel_has_one_top_level_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith((".dist-info", ".data"))} == {"courtside"}


def test_an_install_has_what_a_desktop_looks_for(installed: Path) -> None:
    assert sorted(file.name for file in (installed / "share").rglob("*courtside*")) == [
        "courtside.desktop",
        "courtside.metainfo.xml",
        "courtside.svg",
    ]


def test_the_wheel_has_every_file_the_code_needs(checkout: Path, wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "app", "core", "assets"], cwd=checkout, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    readme_only = ("assets/bench/", "assets/screenshot")
    needed = [name for name in listed.stdout.splitlines() if not name.startswith(readme_only)]
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    assert not [name for name in needed if f"courtside/{name}" not in packed and (checkout / name).exists()]


def test_the_sdist_can_be_tested(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    assert {"Makefile", "pyproject.toml", "THIRD_PARTY.md", "tests/conftest.py"} <= packed


def test_its_version_is_the_projects(installed: Path, tmp_path: Path, wheel: Path) -> None:
    done = run(installed, tmp_path, "--version")
    assert done.stdout == f"courtside {wheel.name.split('-')[1]}\n", done.stderr


def test_other_programs_of_the_environment_see_neither_app_nor_core_of_ours(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-c", "import courtside, core", program="python")
    assert "a package of somebody else was imported" in done.stderr


def test_it_comments_for_two_seconds(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "watch", "arena:3", "--seconds", "2", "--pace", "max", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [entry for entry in map(json.loads, done.stdout.splitlines()) if entry["type"] == "line"]
    assert [line["round"] for line in lines] == [0, 1]
    assert "".join(line["text"] for line in lines)


def test_processes_it_spawns_find_its_modules(installed: Path, tmp_path: Path) -> None:
    """`--workers 2` replays each match in a spawned process, as the window runs its engine in one."""
    words = ["--only", "football", "--seeds", "100000-100001", "--seconds", "4", "--workers", "2"]
    done = run(installed, tmp_path, "-m", "courtside", "eval", "programmes", *words, program="python")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["figures"]["football_event_f1"]["value"] == 1.0


@pytest.mark.slow
def test_its_window_opens_and_comments(installed: Path, tmp_path: Path) -> None:
    """On a virtual screen, with the engine in a spawned process: measured from launch to the first caption."""
    if shutil.which("Xvfb") is None:
        pytest.skip("needs Xvfb")
    done = run(installed, tmp_path, "bench", "--device", "cpu", "--quick", "--only", "start")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["figures"]["launch_to_caption"]["value"] > 0
