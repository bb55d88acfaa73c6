"""What an X11 window tells of itself, and which program shows it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.ignore_list import WindowIdentity

MAX_BELONGING = 4
"""Windows above a dialog that are asked for their title."""
NAMES = ("_NET_WM_NAME", "WM_NAME")
IDENTIFYING = (*NAMES, "WM_CLASS", "WM_TRANSIENT_FOR", "_NET_WM_PID")
"""Properties that an identity is read from."""


class IdentityReader:
    """Reads identities over a connection of python-xlib. Belongs to one thread."""

    def __init__(self, display: Any) -> None:
        self._display = display
        self._asks_server = display.has_extension("X-Resource")

    def read(self, window: Any) -> WindowIdentity:
        """Raises XError when the window has gone."""
        return WindowIdentity(self._titles(window), self._classes(window), program_names(self.process_id(window)))

    def process_id(self, window: Any) -> int:
        """Of the program, as the server knows it, else as that says itself; 0 where neither does.

        The server is right about programs in a container, too, whose own number is another one here.
        """
        if self._asks_server:
            from Xlib.ext import res

            reply = self._display.res_query_client_ids([{"client": window.id, "mask": res.LocalClientPIDMask}])
            for found in reply.ids:
                if found.value:
                    return int(found.value[0])
        return self.number(window, "_NET_WM_PID")

    def number(self, window: Any, name: str) -> int:
        """A property that is one number; 0 where there is none."""
        from Xlib import X

        found = window.get_full_property(self._display.intern_atom(name), X.AnyPropertyType)
        return int(found.value[0]) if found is not None and found.format == 32 and len(found.value) else 0

    def _titles(self, window: Any) -> tuple[str, ...]:
        """Its own title, and of a dialog those of the windows that it belongs to."""
        from Xlib import error

        titles = [self._text(window, name) for name in NAMES]
        with suppress(error.XError):  # what it belongs to has gone
            for _ in range(MAX_BELONGING):
                above = self.number(window, "WM_TRANSIENT_FOR")
                if not above:
                    break
                window = self._display.create_resource_object("window", above)
                titles += [self._text(window, name) for name in NAMES]
        return tuple(title for title in titles if title)

    def _classes(self, window: Any) -> tuple[str, ...]:
        return tuple(part for part in self._text(window, "WM_CLASS").split("\0") if part)

    def _text(self, window: Any, name: str) -> str:
        from Xlib import X

        found = window.get_full_property(self._display.intern_atom(name), X.AnyPropertyType)
        if found is None or not found.value:
            return ""
        return found.value if isinstance(found.value, str) else bytes(found.value).decode("utf-8", "replace")


def program_names(process: int) -> tuple[str, ...]:
    """Names of the executable of a process, of the script it runs, and the options that it was started with."""
    names: list[str] = []
    folder = Path("/proc", str(process))
    with suppress(OSError):
        names.append(os.path.basename(os.readlink(folder / "exe")).removesuffix(" (deleted)"))
    with suppress(OSError):
        names.append((folder / "comm").read_text("utf-8", "replace").strip())
    with suppress(OSError):
        words = (folder / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        names += [os.path.basename(word) for word in words[:2] if not word.startswith("-")]
        names += [word for word in words[1:] if word.startswith("-")]
    return tuple(dict.fromkeys(name for name in names if name))
