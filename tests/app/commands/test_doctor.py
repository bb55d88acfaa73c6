"""The doctor, on this machine and on machines where something is wrong."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from app import cli
from app.capture.source_kind import Check
from app.commands import doctor
from app.commands.doctor import table
from app.outputs.obs import OBS

STATES = {"ok", "missing", "limited"}


@pytest.fixture(autouse=True)
def whole_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sound drivers and the like are asked for real; the model is another test's."""
    monkeypatch.setattr(doctor, "CHECKS", tuple(look for look in doctor.CHECKS if look is not doctor.bundled_model))


def test_every_part_says_what_was_found(virtual_screen: Any) -> None:
    parts = {part.name: part for part in doctor.run_checks()}
    assert {"Python", "Memory", "PyTorch", "Screen capture", "Compositor", "Window manager", "Sessions"} <= set(parts)
    assert {"Window toolkit", "Window capture", "Cameras", "Video files", "Sound"} <= set(parts)
    assert {"Overlay page", "OBS", "Voice"} <= set(parts)
    assert all(part.state in STATES and part.why for part in parts.values())
    assert all(part.fix for part in parts.values() if part.state == "missing")
    assert parts["Screen capture"].state == "ok"
    assert f"{virtual_screen.width} x {virtual_screen.height}" in parts["Screen capture"].why
    assert parts["Window manager"].why == "Openbox"
    assert parts["Compositor"].state == "ok"


def test_obs_that_is_not_there_is_one_command_away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    (row,) = OBS.checks()
    assert row.fix.startswith("apt install obs-studio")
    (tmp_path / "obs").write_text("#!/bin/sh\n")
    (tmp_path / "obs").chmod(0o755)
    (row,) = OBS.checks()
    assert row.fix.startswith("Start OBS once")


def test_without_a_display_the_rest_still_works(no_display: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "MISSING  Screen capture" in out
    assert "-> log in to a desktop" in out


def test_json_is_one_object(capsys: pytest.CaptureFixture[str], no_display: None) -> None:
    assert cli.main(["doctor", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is True
    assert {"name", "state", "why", "fix", "needed"} == set(told["parts"][0])


def test_a_broken_main_path_is_status_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(doctor, "is_installed", lambda name: name not in ("torch", "transformers"))
    monkeypatch.setattr(doctor, "CHECKS", (doctor.pytorch,))
    assert doctor.run(as_json=False) == 1
    assert "-> pip install torch transformers" in capsys.readouterr().out


def test_a_model_that_is_not_there_is_broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("core.assets.BUNDLED", tmp_path)
    (part,) = doctor.bundled_model()
    assert (part.state, part.needed) == ("missing", True)


def test_the_table_puts_the_fix_under_its_part() -> None:
    text = table([Check("A", "ok", "fine"), Check("Longer", "missing", "not there", "get it")])
    assert text.splitlines() == ["ok       A       fine", "MISSING  Longer  not there", " " * 17 + "-> get it"]


def test_a_terminal_gets_colours_and_its_own_width(checkout: Path) -> None:
    import pty
    import subprocess
    import sys

    script = (
        "from app.commands import doctor; from app.capture.source_kind import Check;"
        "doctor.run_checks = lambda: [Check('A', 'ok', 'fine'), Check('B', 'limited', 'slow', 'buy a faster [one]')];"
        "doctor.run(as_json=False)"
    )
    master, slave = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(checkout), "TERM": "xterm-256color", "COLUMNS": "60"}
    subprocess.run([sys.executable, "-c", script], env=environment, stdout=slave, check=True)
    os.close(slave)
    shown = os.read(master, 65536).decode()
    os.close(master)
    assert "\x1b[32mok" in shown
    assert "-> buy a faster [one]" in shown  # not taken for markup
