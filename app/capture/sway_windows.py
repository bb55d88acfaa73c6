"""The windows that sway shows, as its own socket tells them: the one Wayland desktop here that says which they are."""

from __future__ import annotations

import json
import os
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from app.capture.rectangles import Rectangle, intersection
from app.capture.window_identity import program_names
from app.ignore_list import IgnoreList, WindowIdentity

SOCKET = "SWAYSOCK"
MAGIC = b"i3-ipc"
HEAD = struct.Struct("=II")  # length, kind
GET_TREE = 4
PATIENCE_S = 1.0
LINGER_S = 0.5
"""For so long after it was last seen a window still counts: pictures come a little later than the word of them."""


class SwayWindows:
    """Belongs to one thread. Only what is on a workspace that can be seen counts.

    Attributes:
        lost: sway does not answer any more, and nothing is known.
    """

    def __init__(self, ignored: Callable[[], IgnoreList]) -> None:
        """ignored: the list as it is now. Raises OSError where sway does not answer."""
        self.lost = False
        self._ignored = ignored
        self._seen_at = -LINGER_S
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(PATIENCE_S)
        try:
            self._socket.connect(os.environ.get(SOCKET, ""))
            self._tree()
        except (OSError, ValueError) as error:
            self._socket.close()
            raise OSError(f"sway does not answer ({error})") from error

    def private_seen(self, area: Rectangle | None) -> bool:
        """Whether a window that must not be watched can be seen in that part of the desktop (None: anywhere), or could
        a moment ago; also where that cannot be told for once."""
        try:
            tree = self._tree()
        except (OSError, ValueError):
            self.lost = True
            return True
        ignored = self._ignored()
        now = time.monotonic()
        for window in _windows(tree):
            if _is_seen(window, area) and ignored.matches(_identity(window)):
                self._seen_at = now
        return now - self._seen_at < LINGER_S

    def close(self) -> None:
        self._socket.close()

    def _tree(self) -> dict[str, Any]:
        """Raises OSError, ValueError."""
        self._socket.sendall(MAGIC + HEAD.pack(0, GET_TREE))
        length, _ = HEAD.unpack(self._received(len(MAGIC) + HEAD.size)[len(MAGIC) :])
        tree = json.loads(self._received(length))
        if not isinstance(tree, dict):
            raise ValueError("no tree")
        return tree

    def _received(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            piece = self._socket.recv(size - len(data))
            if not piece:
                raise OSError("it hung up")
            data += piece
        return bytes(data)


def sway_windows(ignored: Callable[[], IgnoreList]) -> SwayWindows | None:
    """None on another desktop, or where sway does not answer."""
    if not os.environ.get(SOCKET):
        return None
    with suppress(OSError):
        return SwayWindows(ignored)
    return None


def _windows(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All that show something."""
    children = [*node.get("nodes", ()), *node.get("floating_nodes", ())]
    if node.get("pid") and not children:
        yield node
    for child in children:
        yield from _windows(child)


def _is_seen(window: dict[str, Any], area: Rectangle | None) -> bool:
    if not window.get("visible", True):
        return False
    rect = window.get("rect", {})
    place = tuple(int(rect.get(side, 0)) for side in ("x", "y", "width", "height"))
    return area is None or intersection((place[0], place[1], place[2], place[3]), area) is not None


def _identity(window: dict[str, Any]) -> WindowIdentity:
    """Of a Wayland program by its app_id, of one through Xwayland by its class."""
    told = window.get("window_properties") or {}
    classes = (window.get("app_id"), told.get("class"), told.get("instance"))
    return WindowIdentity(
        (str(window["name"]),) if window.get("name") else (),
        tuple(str(name) for name in classes if name),
        program_names(int(window["pid"])),
    )
