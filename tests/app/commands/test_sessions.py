"""`courtside sessions`: everything about recorded sessions without a window."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.session import notes
from app.session.events import read_session
from core.data.jsonl import SampleFile
from core.messages import Line
from tests.app.library.sessions import DAY_S, FIRST, record, said


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of three sessions, the one the environment names."""
    root = tmp_path / "sessions"
    record(root / "2026-01-05 12-00-00 arena-7", FIRST, ["A fine goal by Keller!", "", "Saved."])
    record(root / "2026-01-06 12-00-00 screen", FIRST + DAY_S, ["The own goal."], source="screen:1", name="screen:1")
    record(root / "2026-01-07 12-00-00 match", FIRST + 2 * DAY_S, ["=1+1", "x" * 3000], source="match.mp4")
    monkeypatch.setenv("COURTSIDE_SESSIONS_DIR", str(root))
    return root


def objects(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    """What `sessions WORDS --json` printed; it must have gone well."""
    assert main(["sessions", *words, "--json"]) == 0
    return [json.loads(text) for text in capsys.readouterr().out.splitlines()]


def test_list(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = objects(capsys, "list")
    assert [Path(entry["path"]).name for entry in listed] == sorted((path.name for path in visible(root)), reverse=True)
    assert {entry["type"] for entry in listed} == {"session"}
    assert [entry["lines"] for entry in listed] == [2, 1, 2]
    assert [entry["source"] for entry in objects(capsys, "list", "--since", "2026-01-06")] == ["match.mp4", "screen:1"]
    assert [entry["source"] for entry in objects(capsys, "list", "--limit", "1")] == ["match.mp4"]
    assert main(["sessions", "list", "--source", "screen"]) == 0
    assert capsys.readouterr().out == "2026-01-06 12:00     00:01       1 lines  screen:1\n"


def visible(root: Path) -> list[Path]:
    return [path for path in root.iterdir() if path.is_dir()]


def test_search(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hits = objects(capsys, "search", "goal")
    assert [hit["text"] for hit in hits] == ["The own goal.", "A fine goal by Keller!"]
    assert [hit["text"][start:end] for hit in hits for start, end in hit["spans"]] == ["goal", "goal"]
    assert [hit["text"] for hit in objects(capsys, "search", "goal", "2026-01-05")] == ["A fine goal by Keller!"]
    assert main(["sessions", "search", "nowhere"]) == 0
    assert "nothing found" in capsys.readouterr().err


def test_a_stretch_that_ends_before_it_begins_and_one_without_a_word(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for action in (["show"], ["export", "--to", "srt"], ["report"]):
        words = ["sessions", action[0], "2026-01-05", *action[1:]]
        assert main([*words, "--from", "2", "--until", "1"]) == 2
        assert "--from is not before --until" in capsys.readouterr().err
        assert main([*words, "--from", "50"]) == 0
        assert "nothing was said there" in capsys.readouterr().err


def test_show(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes.mark(root / "2026-01-05 12-00-00 arena-7", 1.5, "look")
    assert main(["sessions", "show", "2026-01-05"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "arena:7",
        "   00:00  A fine goal by Keller!",
        "   00:01  > mark: look",
        "   00:02  Saved.",
    ]
    kinds = [entry["type"] for entry in objects(capsys, "show", "2026-01-05")]
    assert kinds == ["settings", "line", "line", "line", "mark"]
    assert len(objects(capsys, "show", "2026-01-05", "--from", "1", "--until", "0:02")) == 3


def test_a_damaged_session_is_shown_and_the_damage_said(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (root / "2026-01-07 12-00-00 match" / "events.jsonl").open("ab") as file:
        file.write(b"\0" * 100 + b"\n" + json.dumps(said(2, "After.")).encode() + b"\n")
    assert main(["sessions", "show"]) == 0
    shown = capsys.readouterr()
    assert "After." in shown.out
    assert "line 4, is damaged and left out (zeroes)" in shown.err


@pytest.mark.parametrize("form", ["srt", "vtt", "ass", "csv", "jsonl", "md", "html", "edl", "otio"])
def test_export(root: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, form: str) -> None:
    out = tmp_path / f"a.{form}"
    entry = objects(capsys, "export", "latest", "--to", form, "--out", str(out))[0]
    assert entry == {"type": "export", "form": form, "path": str(out)}
    assert objects(capsys, "export", "--to", form)[0]["text"] == out.read_bytes().decode()
    assert main(["export", str(root / "2026-01-07 12-00-00 match"), "--to", form]) == 0
    assert capsys.readouterr().out == out.read_bytes().decode()


def test_export_of_a_stretch(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sessions", "export", "2026-01-05", "--to", "csv", "--from", "1"]) == 0
    assert capsys.readouterr().out == "start,end,text\n2.000,4.000,Saved.\n"
    assert main(["export", "2026-01-05", "--to", "csv", "--clock", "wall", "--until", "12:00:01"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("43200.000,")


def test_report(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(objects(capsys, "report", "2026-01-05")[0]["path"])
    assert path == root / "2026-01-05 12-00-00 arena-7" / "report.html"
    assert "A fine goal by Keller!" in path.read_text("utf-8")


WRONG = [
    (["show", "none"], 1, "No such session"),
    (["show", "2026-01"], 2, "Several sessions"),
    (["search", "!?"], 2, "Nothing to search for"),
    (["list", "--since", "tomorrow"], 2, "Unknown day"),
    (["prune"], 2, "Nothing to prune by"),
    (["rerun", "2026-01-06"], 1, "no longer there"),
    (["rerun", "2026-01-07"], 1, "no longer there"),
    (["rerun", "2026-01-05", "--from", "99"], 1, "Nothing to run again"),
]


@pytest.mark.parametrize(("words", "status", "why"), WRONG, ids=[" ".join(words) for words, _, _ in WRONG])
def test_bad_input_is_one_line(
    root: Path, capsys: pytest.CaptureFixture[str], words: list[str], status: int, why: str
) -> None:
    assert main(["sessions", *words]) == status
    error = capsys.readouterr().err
    assert why in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("words", [["bogus"], [], ["prune", "--older-than", "x"], ["export", "--to", "doc"]])
def test_wrong_use(root: Path, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["sessions", *words])
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def pruned(root: Path, environment: dict[str, str], *words: str) -> list[str]:
    """The folders that `sessions prune` names, with a trash of its own."""
    env = {**environment, "COURTSIDE_SESSIONS_DIR": str(root), "XDG_DATA_HOME": str(root.parent / "data")}
    command = [sys.executable, "-m", "app", "sessions", "prune", "--json", *words]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return [json.loads(text)["folder"] for text in done.stdout.splitlines()]


def test_prune_puts_into_the_trash_only_when_told(root: Path, plain_environment: dict[str, str]) -> None:
    before = visible(root)
    assert len(pruned(root, plain_environment, "--older-than", "2w", "--keep", "1")) == 2
    assert visible(root) == before
    assert pruned(root, plain_environment, "--larger-than", "2k") == ["2026-01-07 12-00-00 match"]
    with (before[0] / "events.jsonl").open("ab"):  # under way: it stays
        assert before[0].name not in pruned(root, plain_environment, "--keep", "0")
    assert len(pruned(root, plain_environment, "--keep", "1", "--yes")) == 2
    assert [path.name for path in visible(root)] == ["2026-01-07 12-00-00 match"]
    trashed = list((root.parent / "data" / "Trash" / "files").glob("*/events.jsonl"))
    assert len(trashed) == 2
    assert pruned(root, plain_environment, "latest", "--yes") == ["2026-01-07 12-00-00 match"]


def test_rerun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COURTSIDE_SESSIONS_DIR", str(tmp_path))
    assert main(["watch", "arena:3", "--pace", "max", "--seconds", "4", "--session", str(tmp_path), "--json"]) == 0
    first = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    again = objects(capsys, "rerun", "latest", "--compare")
    lines = [[entry["text"] for entry in entries if entry["type"] == "line"] for entries in (first, again)]
    assert lines[0] == lines[1]
    folder = Path(next(entry["path"] for entry in again if entry["type"] == "rerun"))
    comparison = again[-1]
    assert (comparison["type"], comparison["same"], comparison["pairs"]) == ("comparison", 1, 1)
    settings = read_session(folder).settings
    assert settings["source"] == "arena:3"
    assert "arena-3" in settings["origin"]
    stretch = objects(capsys, "rerun", "latest", "--from", "2", "--until", "4", "--mode", "window")
    starts = [entry["start"] for entry in stretch if entry["type"] == "line"]
    assert starts == [2.0, 3.0]
    assert stretch[0] == {"type": "gap", "start": 0.0, "end": 2.0, "reason": "before the stretch"}


def test_a_reader_that_stops_and_a_terminal_without_the_letters(root: Path, plain_environment: dict[str, str]) -> None:
    record(root / "2026-01-08 long", FIRST + 3 * DAY_S, [f"Über {number} ⚽ " * 20 for number in range(3000)])
    env = {**plain_environment, "COURTSIDE_SESSIONS_DIR": str(root), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "app", "sessions", "show"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as shown:
        assert shown.stdout is not None
        assert shown.stderr is not None
        assert shown.stdout.readline() == "arena:7\n"
        assert "\\xdcber 0 \\u26bd" in shown.stdout.readline()
        shown.stdout.close()
        assert shown.stderr.read() == "courtside: Cut off: nobody reads the output any more\n"
        assert shown.wait() == 1


@pytest.mark.timeout(180)
def test_a_corrected_session_becomes_training_lines_by_one_command(
    tmp_path: Path, plain_environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Recorded with its video, corrected as the player does it, built, and checked against its pictures."""
    root = tmp_path / "sessions"
    command = [sys.executable, "-m", "app", "watch", "arena:5", "--pace", "max", "--seconds", "40", "--record"]
    subprocess.run([*command, "--session", str(root)], env=plain_environment, check=True, capture_output=True)
    (folder,) = (path for path in root.iterdir() if path.is_dir())
    spoken = read_session(folder).lines
    changed, taken_out = spoken[1], spoken[2]
    notes.correct(folder, changed, "A heron walks over the pitch.")
    notes.correct(folder, taken_out, "")
    out = tmp_path / "lines"
    assert main(["data", "build", str(root), "--out", str(out)]) == 0
    (lines,) = (path for path in out.glob("*_with_seeks.jsonl") if path.stat().st_size)
    samples = list(SampleFile(lines))
    assert len(samples) == 2

    def words_in(line: Line) -> set[str]:
        said = [[w.text for w in sample.words if line.start < w.end <= line.end] for sample in samples]
        return {" ".join(words) for words in said if words}

    assert words_in(changed) == {"A heron walks over the pitch."}
    assert words_in(taken_out) == set()
    assert words_in(spoken[0]) == {spoken[0].text}
    capsys.readouterr()
    assert main(["data", "check", str(lines), "--root", str(root), "--decode"]) == 0
