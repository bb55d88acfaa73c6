"""Courtside in a desktop's menu."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import main
from app.commands.install_desktop import places

FOLDER = Path("assets/desktop")


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path / "share"


def entry(file: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(file, "utf-8")
    return parser["Desktop Entry"]


def test_it_is_put_into_the_menu_and_taken_out_again(share: Path, capsys) -> None:
    assert main(["install-desktop"]) == 0
    written = [Path(line.removeprefix("written: ")) for line in capsys.readouterr().out.splitlines()]
    assert set(written) == set(places(share).values())
    assert all(file.stat().st_size > 100 for file in written)
    assert entry(share / "applications" / "courtside.desktop")["Icon"] == "courtside"
    assert main(["install-desktop", "--remove"]) == 0
    assert not any(file.exists() for file in written)
    assert main(["install-desktop", "--remove"]) == 0


def test_the_entry_starts_this_installation(share: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "my $programs"
    folder.mkdir()
    (folder / "courtside").touch()
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    assert main(["install-desktop"]) == 0
    written = entry(share / "applications" / "courtside.desktop")
    assert written["TryExec"] == str(folder / "courtside")
    assert written["Exec"] == '"' + str(folder / "courtside").replace("$", "\\\\$") + '"'


def test_a_disk_that_refuses_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    (tmp_path / "share").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert main(["install-desktop"]) == 1
    assert capsys.readouterr().err.startswith("courtside: The menu cannot be changed: ")


@pytest.mark.real
def test_desktops_accept_the_files(checkout: Path, share: Path) -> None:
    if shutil.which("desktop-file-validate") is None or shutil.which("appstreamcli") is None:
        pytest.skip("needs desktop-file-validate and appstreamcli (Debian: desktop-file-utils appstream)")
    assert main(["install-desktop"]) == 0
    for file in (checkout / FOLDER / "courtside.desktop", share / "applications" / "courtside.desktop"):
        done = subprocess.run(["desktop-file-validate", file], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "")
    metainfo = checkout / FOLDER / "courtside.metainfo.xml"
    done = subprocess.run(["appstreamcli", "validate", "--no-net", metainfo], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
