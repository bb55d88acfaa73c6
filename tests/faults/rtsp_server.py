"""An RTSP server of GStreamer; run with the system's Python, which has its bindings.

    /usr/bin/python3 rtsp_server.py PORT [USER PASSWORD]

Serves rtsp://127.0.0.1:PORT/camera, to whoever logs in as that. Reads pictures of H.264 from standard input, each as
the monotonic nanoseconds of its presentation (8 bytes), its length (4) and its bytes; those that come while nobody
watches are dropped.
"""

from __future__ import annotations

import struct
import sys
import threading
from typing import Any

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstApp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstApp, GstRtspServer  # noqa: E402, F401 (GstApp gives appsrc its methods)

HEAD = struct.Struct(">qI")
PIPELINE = (
    "( appsrc name=pictures is-live=true format=time caps=video/x-h264,stream-format=byte-stream,alignment=au"
    " ! rtph264pay name=pay0 pt=96 config-interval=-1 )"
)


class Feed:
    """Hands what comes from standard input to whichever pipeline runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._source: Any = None

    def into(self, _factory: object, media: Any) -> None:
        """A first client has come."""
        with self._lock:
            self._source = media.get_element().get_by_name("pictures")
        media.connect("unprepared", self._over)

    def _over(self, _media: object) -> None:
        with self._lock:
            self._source = None

    def push(self, shown_ns: int, data: bytes) -> None:
        with self._lock:
            source = self._source
        if source is None or not source.get_base_time():
            return
        buffer = Gst.Buffer.new_wrapped(data)
        buffer.pts = max(shown_ns - source.get_base_time(), 0)  # GStreamer's clock is the monotonic one
        source.push_buffer(buffer)


def guard(server: Any, factory: Any, user: str, password: str) -> None:
    """Nobody else may watch."""
    token = GstRtspServer.RTSPToken()
    token.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, user)
    auth = GstRtspServer.RTSPAuth()
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_role(user)
    for permission in (
        GstRtspServer.RTSP_PERM_MEDIA_FACTORY_ACCESS,
        GstRtspServer.RTSP_PERM_MEDIA_FACTORY_CONSTRUCT,
    ):
        permissions.add_permission_for_role(user, permission, True)
    factory.set_permissions(permissions)


def main() -> None:
    Gst.init(None)
    feed = Feed()
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(sys.argv[1])
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(PIPELINE)
    factory.set_shared(True)
    factory.connect("media-configure", feed.into)
    if sys.argv[2:]:
        guard(server, factory, *sys.argv[2:])
    server.get_mount_points().add_factory("/camera", factory)
    server.attach(None)
    loop = GLib.MainLoop()
    threading.Thread(target=loop.run, daemon=True).start()
    print("serves", flush=True)
    while head := sys.stdin.buffer.read(HEAD.size):
        shown_ns, size = HEAD.unpack(head)
        feed.push(shown_ns, sys.stdin.buffer.read(size))


if __name__ == "__main__":
    main()
