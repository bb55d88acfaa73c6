"""No secret of an address is shown."""

from __future__ import annotations

import pytest

from app.addresses import shown_address, split_address


@pytest.mark.parametrize(
    ("spec", "shown"),
    [
        ("rtsp://user:s3cret@cam.local:554/live", "rtsp://…@cam.local:554/live"),
        ("http://cam:s3cret@x@127.0.0.1/mjpeg", "http://…@127.0.0.1/mjpeg"),
        ("http://cam:s3cret/x?y#z@127.0.0.1/mjpeg", "http://…@127.0.0.1/mjpeg"),
        ("https://host/live?token=s3cret", "https://host/live?…"),
        ("https://host/live?mail=a@s3cret", "https://…@s3cret"),
        ("https://host/live#s3cret", "https://host/live#…"),
        ("https://host/live;jsessionid=s3cret", "https://host/live;…"),
        ("rtmp://host/app/s3cret", "rtmp://host/app/…"),
        ("srt://host:9000?passphrase=s3cret&streamid=a", "srt://host:9000?…"),
        ("HTTP://U:s3cret@HOST/a", "http://…@HOST/a"),
        ("udp://127.0.0.1:5000", "udp://127.0.0.1:5000"),
        ("window:Mail to a@b", "window:Mail to a@b"),
        ("/films/a@b?c.mp4", "/films/a@b?c.mp4"),
        ("file:///films/a@b.mp4", "file:///films/a@b.mp4"),
    ],
)
def test_what_is_shown(spec: str, shown: str) -> None:
    assert shown_address(spec) == shown
    assert shown_address(shown) == shown


def test_the_parts_of_an_address() -> None:
    assert split_address(" RTSP://Host/Path ") == ("rtsp", "Host/Path")
    assert split_address("screen:1") is None
