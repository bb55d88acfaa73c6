"""A stream, or a stored film, from the network as a source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.addresses import SCHEMES, shown_address, split_address
from app.capture.live_video import LiveVideo
from app.capture.returning import ReturningSource
from app.capture.source_kind import SourceKind
from core.errors import SourceError, UsageError

if TYPE_CHECKING:
    from app.capture.source import CaptureOptions


class NetworkSource(LiveVideo):
    """A stream from the network. Its name never shows a password, a token or a key."""

    def __init__(self, url: str, options: CaptureOptions, *, again: bool = False) -> None:
        """url: its scheme in lower case. again: it was live before, so that it is now."""
        scheme = url.partition(":")[0]
        ffmpeg_options = {"fpsprobesize": "0", "analyzeduration": "1000000"}  # pictures have their time of arrival
        if not scheme.startswith("http"):
            ffmpeg_options["fflags"] = "nobuffer"
        if scheme.startswith("rtsp"):
            ffmpeg_options["rtsp_transport"] = "tcp"  # a lost packet costs a picture; TCP loses none
        live = True if again or not scheme.startswith("http") else None
        super().__init__(shown_address(url), options, _quoted_login(url), ffmpeg_options=ffmpeg_options, live=live)

    def not_opened(self, why: str) -> SourceError:
        return SourceError("Cannot open the stream", f"{self.name}: {why}")


def _quoted_login(url: str) -> str:
    """The address with what FFmpeg takes for separators quoted in the password."""
    scheme, rest = url.split("://", 1)
    login, at, place = rest.rpartition("@")
    if not at or "?" in login:
        return url
    return f"{scheme}://{re.sub('[/@?#]', lambda found: f'%{ord(found[0]):02X}', login)}@{place}"


def _open(spec: str, options: CaptureOptions) -> ReturningSource | None:
    parts = split_address(spec)
    if parts is None:
        _refuse_slip(spec)
        return None
    if parts[0] == "file":
        return None
    scheme, rest = parts
    if scheme not in SCHEMES:
        raise UsageError("Unknown source", f"{scheme}:// is not supported; these are: {', '.join(SCHEMES)}, file")
    if not rest:
        raise UsageError("Unknown source", f"{scheme}:// needs an address, as in {scheme}://192.168.1.20/live")
    url = f"{scheme}://{rest}"
    return ReturningSource(lambda again: NetworkSource(url, options, again=again), moves=True)


def _refuse_slip(spec: str) -> None:
    """An address that lacks a slash is no file's name: what it holds must not be told. Raises UsageError."""
    scheme, colon, _ = spec.strip().lower().partition(":")
    if colon and scheme in SCHEMES:
        raise UsageError("Unknown source", f"an address is written {scheme}://HOST, with two slashes")


NETWORK = SourceKind("an rtsp, rtmp, http or udp URL", _open)
