"""`courtside install-desktop`: Courtside in this user's menu of applications, for installs that lie outside of it.

`pip install --user` and a distribution's package put these files where the desktop looks; pipx and an environment of
its own cannot.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from core.assets import DESKTOP_FILES, ICON
from core.errors import CourtsideError, UsageError

ENTRY = "courtside.desktop"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--remove", action="store_true", help="take it out again")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Returns 0. Raises UsageError on another system than Linux, CourtsideError where the disk refuses."""
    if sys.platform != "linux":
        raise UsageError("Nothing to install", "menus of this kind are Linux desktops' own")
    placed = places(data_home())
    for source, place in placed.items():
        try:
            if args.remove:
                place.unlink(missing_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(_text(source), "utf-8")
        except OSError as error:
            raise CourtsideError("The menu cannot be changed", f"{place}: {error.strerror}") from error
    print("\n".join(f"{'removed' if args.remove else 'written'}: {place}" for place in placed.values()))
    return 0


def data_home() -> Path:
    """XDG_DATA_HOME, or its default."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def places(share: Path) -> dict[Path, Path]:
    """Each file that comes with Courtside, and where a desktop looks for it below a `share` folder."""
    return {
        DESKTOP_FILES / ENTRY: share / "applications" / ENTRY,
        DESKTOP_FILES / "courtside.metainfo.xml": share / "metainfo" / "courtside.metainfo.xml",
        ICON: share / "icons" / "hicolor" / "scalable" / "apps" / "courtside.svg",
    }


def _text(source: Path) -> str:
    """The file as it is; the entry calls this very installation, which need not be on the desktop's path."""
    text = source.read_text("utf-8")
    if source.name != ENTRY:
        return text
    program = Path(sys.executable).with_name("courtside")
    named = str(program) if program.is_file() else "courtside"
    text = text.replace("\nTryExec=courtside", f"\nTryExec={named}")
    return text.replace("\nExec=courtside", f"\nExec={_quoted(named)}")


def _quoted(path: str) -> str:
    """As a desktop entry writes an argument: in quotation marks where it has a blank or another reserved character."""
    if all(letter.isalnum() or letter in "/._-+@" for letter in path):
        return path
    escaped = path.replace("\\", "\\\\\\\\").replace('"', '\\\\"').replace("`", "\\\\`").replace("$", "\\\\$")
    return f'"{escaped.replace("%", "%%")}"'
