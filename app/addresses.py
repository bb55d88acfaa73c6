"""Addresses of streams: which ones there are, and how they are shown without what opens them for others."""

from __future__ import annotations

import re

SCHEMES = ("rtsp", "rtsps", "rtmp", "rtmps", "http", "https", "udp", "rtp", "tcp")
"""Those of live streams that the FFmpeg in PyAV's wheel opens (it lacks SRT), in lower case."""
ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*)://(.*)", re.IGNORECASE | re.DOTALL)
HIDDEN = "…"
KEYED = ("rtmp", "rtmps")
"""Schemes whose last part of the path is the key to the stream."""


def split_address(spec: str) -> tuple[str, str] | None:
    """The scheme in lower case and what stands behind `://`; None for what is no address."""
    match = ADDRESS.fullmatch(spec.strip())
    return None if match is None else (match[1].lower(), match[2])


def shown_address(spec: str) -> str:
    """The address without user, password, query, fragment and stream key; anything else as it is.

    A password may hold any character, `/` and `@` too: all before the last @ goes.
    """
    parts = split_address(spec)
    if parts is None:
        return spec
    scheme, rest = parts
    if scheme == "file":
        return spec
    login, at, place = rest.rpartition("@")
    place, mark = re.fullmatch(r"([^?#;]*)([?#;]?).*", place, re.DOTALL).groups()  # type: ignore[union-attr]
    if scheme in KEYED and place.count("/") > 1:
        place = place.rpartition("/")[0] + "/" + HIDDEN
    return f"{scheme}://{HIDDEN + at if login else ''}{place}{mark + HIDDEN if mark else ''}"
