"""A recording never depends on stdin, stdout or stderr: closed, full, read no more, or without the letters."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.session.events import Session, read_session

SECONDS = 3
PATIENCE_S = 90


def watched(
    redirections: str, root: Path, environment: dict[str, str], checkout: Path, options: str = ""
) -> subprocess.CompletedProcess[str]:
    """`courtside watch` in a shell, with its streams as the shell's REDIRECTIONS say."""
    words = f"watch arena:3 --size 224x112 --pace max --seconds {SECONDS} --greedy --session '{root}' {options}"
    line = f"'{sys.executable}' -m app {words} {redirections}"
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        env=environment,
        cwd=checkout,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def only_session(root: Path) -> Session:
    (folder,) = root.iterdir()
    return read_session(folder)


@pytest.mark.parametrize(
    ("redirections", "options"),
    [
        (">&- 2>&-", ""),
        ("<&- >&- 2>&-", "--json"),
        ("<&-", "--control"),
        (">/dev/full", ""),
        ("2>/dev/full >/dev/full", "--json"),
        ("| true", ""),
        ("2>&1 | true", "--json"),
    ],
)
def test_the_session_is_whole(
    redirections: str, options: str, tmp_path: Path, plain_environment: dict[str, str], checkout: Path
) -> None:
    done = watched(redirections, tmp_path / "sessions", plain_environment, checkout, options)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    session = only_session(tmp_path / "sessions")
    assert not session.damage
    assert sum(event["type"] == "line" for event in session.events) == SECONDS
    assert session.events[-1]["type"] == "closed"


def test_letters_that_a_terminal_has_not(tmp_path: Path, plain_environment: dict[str, str], checkout: Path) -> None:
    """A line with quotes, an arrow and a face on a Latin-1 terminal: by their numbers; as they are in the session."""
    script = """
import sys
from pathlib import Path
from app import cli
from app.commands import watch
from app.outputs.fanout import Fanout
from app.outputs.text_printer import TextPrinter
from app.session.recorder import Recorder
from core.messages import Finished, Line

def say(args):
    outputs = Fanout([TextPrinter(lambda: sys.exit("nobody reads"))])
    outputs.add(Recorder(Path(sys.argv[3]), "latin", {}, outputs.handle))
    for message in (Line(0, 0, 1, "“Möwen” → 😀", 1.0, 1.1), Line(1, 1, 2, "and on", 2.0, 2.1), Finished(2)):
        outputs.handle(message)
    return 0

watch.run = say
sys.exit(cli.main(sys.argv[1:3]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, "watch", "arena:3", tmp_path / "sessions"],
        env={**plain_environment, "PYTHONIOENCODING": "iso-8859-1", "PYTHONUTF8": "0"},
        cwd=checkout,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.stdout.decode("latin-1") == "00:00  \\u201cMöwen\\u201d \\u2192 \\U0001f600\n00:01  and on\n", (
        done.stderr
    )
    assert [line.text for line in only_session(tmp_path / "sessions").lines] == ["“Möwen” → 😀", "and on"]


def test_a_folder_that_cannot_be_had_is_one_line(
    tmp_path: Path, plain_environment: dict[str, str], checkout: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    done = watched("", tmp_path / "file", plain_environment, checkout)
    assert done.returncode == 0
    why = f"{tmp_path / 'file'}: File exists. The commentary goes on without it."
    assert done.stderr.splitlines() == [f"courtside: The session cannot be written: {why}"]
    assert "Axton" in done.stdout
