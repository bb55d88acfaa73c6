"""What lets a desktop share the same screen or window again without asking, kept for each SOURCE."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from app.folders import config_folder

FILE_NAME = "shared-screens.json"


class RestoreTokens:
    """A small file that only this user can read; one that cannot be read or written means being asked again."""

    def __init__(self, folder: Path | None = None) -> None:
        self._path = (folder or config_folder()) / FILE_NAME

    def get(self, source: str) -> str:
        """The token of a SOURCE, "" where there is none."""
        return self._all().get(source, "")

    def set(self, source: str, token: str) -> None:
        """From now on this one; "" forgets it."""
        kept = {name: value for name, value in self._all().items() if name != source}
        if token:
            kept[source] = token
        part = self._path.with_suffix(".part")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
                json.dump(kept, out)
            part.replace(self._path)

    def _all(self) -> dict[str, str]:
        try:
            kept = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(kept, dict):
            return {}
        return {name: token for name, token in kept.items() if isinstance(token, str)}
