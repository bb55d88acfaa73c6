"""German is complete, fits its English, and every window speaks it."""

from __future__ import annotations

import re
import shutil
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QWidget

from app.settings import Settings
from app.translation import install_language, tr
from app.window.phase import Phase
from core.assets import TRANSLATIONS
from tests.app.library.sessions import FIRST, record
from tests.every_window import open_all

GERMAN = TRANSLATIONS / "courtside_de.ts"
SHARED = {"lines", "full"}
"""Also a figure of a session and a mode of the cache, which the command line says, too."""
SAY = "from PySide6.QtCore import QCoreApplication; from app.translation import install_language, tr; "
SAY += "application = QCoreApplication([]); kept = install_language(%r); print(tr('Start watching'))"


def texts(path: Path) -> dict[str, str]:
    """English to the other language."""
    messages = ElementTree.parse(path).iter("message")
    return {m.findtext("source", ""): m.findtext("translation", "") for m in messages}


def tool(name: str) -> str:
    return str(Path(sys.executable).with_name(f"pyside6-{name}"))


def test_no_text_of_the_code_is_missing_and_none_is_left_over(checkout: Path, tmp_path: Path) -> None:
    again = tmp_path / GERMAN.name
    shutil.copy(GERMAN, again)
    makefile = (checkout / "Makefile").read_text("utf-8")
    (options,) = re.findall(r"pyside6-lupdate (.*) -ts \S+", makefile)
    subprocess.run([tool("lupdate"), *options.split(), "-ts", str(again)], check=True, cwd=checkout)
    assert set(texts(again)) == set(texts(GERMAN)), "run make translations, and translate what is new"
    unfinished = [m for m in ElementTree.parse(again).iter("translation") if m.get("type") or not m.text]
    assert unfinished == []


def test_what_is_shipped_is_made_of_the_texts(tmp_path: Path) -> None:
    made = tmp_path / "made.qm"
    subprocess.run([tool("lrelease"), "-silent", str(GERMAN), "-qm", str(made)], check=True)
    assert made.read_bytes() == GERMAN.with_suffix(".qm").read_bytes(), "run make translations"


@pytest.mark.parametrize(("english", "german"), texts(GERMAN).items())
def test_the_places_for_values_are_the_same(english: str, german: str) -> None:
    def places(text: str) -> list[tuple[str | None, str | None]]:
        return sorted((name, form) for _, name, form, _ in string.Formatter().parse(text) if name is not None)

    assert places(english) == places(german)
    assert english[:1].isspace() == german[:1].isspace()
    assert english[-1:].isspace() == german[-1:].isspace()


@pytest.mark.parametrize(
    ("language", "system", "said"),
    [
        ("auto", "de_AT.UTF-8", "Zusehen beginnen"),
        ("auto", "fr_FR.UTF-8", "Start watching"),
        ("de", "C", "Zusehen beginnen"),
        ("en", "de_DE.UTF-8", "Start watching"),
    ],
)
def test_the_language_is_the_systems_or_the_one_chosen(
    plain_environment: dict[str, str], language: str, system: str, said: str
) -> None:
    environment = {**plain_environment, "LANG": system, "LC_ALL": system}
    command = [sys.executable, "-c", SAY % language]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == said


@pytest.fixture
def in_german(qapp) -> Iterator[None]:
    installed = install_language("de")
    assert installed
    yield
    for translator in installed:
        QCoreApplication.removeTranslator(translator)


def written(window: QWidget) -> set[str]:
    """Whatever of it a person reads or hears."""
    found = {window.windowTitle()}
    for part in window.findChildren(QWidget):
        found |= {part.toolTip(), part.accessibleName(), part.accessibleDescription()}
        match part:
            case QLabel() | QAbstractButton():
                found.add(part.text())
            case QLineEdit():
                found.add(part.placeholderText())
            case QComboBox():
                found |= {part.itemText(index) for index in range(part.count())}
    return found


def test_every_window_speaks_german(in_german: None, opened, qtbot, tmp_path: Path) -> None:
    sessions = [record(tmp_path / "sessions" / name, FIRST, ["", "Harbour win it back"]) for name in ("one", "two")]
    courtside = opened(settings=Settings(language="en"))  # the fixture has installed German
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE)
    windows = open_all(courtside, *sessions)
    english = {source for source, german in texts(GERMAN).items() if german != source} - SHARED
    left = {name: sorted(written(window) & english) for name, window in windows.items()}
    assert {name: found for name, found in left.items() if found} == {}
    assert tr("Live") in courtside.window.status.text()
    assert courtside.window.user_actions.start.toolTip() == "Zusehen beginnen"
    assert "Vorlage" in written(windows["captions-style"])
    courtside.preferences.close()
