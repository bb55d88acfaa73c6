"""An rtsp, http or udp stream as a source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.capture.live_video import LiveVideo
from app.capture.source_kind import SourceKind
from core.errors import SourceError

if TYPE_CHECKING:
    from app.capture.source import CaptureOptions


class NetworkSource(LiveVideo):
    """A stream from the network. Its name never shows a password."""

    def __init__(self, url: str, options: CaptureOptions) -> None:
        stored = url.startswith("http")  # or in pieces of some seconds (HLS), which is the same for us
        ffmpeg_options = {} if stored else {"fflags": "nobuffer"}
        if url.startswith("rtsp"):
            ffmpeg_options["rtsp_transport"] = "tcp"  # a lost packet costs a picture; TCP loses none
        super().__init__(re.sub(r"://[^/@]*@", "://", url), options, url, ffmpeg_options=ffmpeg_options, paced=stored)

    def not_opened(self, why: str) -> SourceError:
        return SourceError("Cannot open the stream", f"{self.name}: {why}")


def _open(spec: str, options: CaptureOptions) -> NetworkSource | None:
    return NetworkSource(spec, options) if re.match(r"(rtsp|rtsps|http|https|udp)://", spec) else None


NETWORK = SourceKind("an rtsp, http or udp URL", _open)
