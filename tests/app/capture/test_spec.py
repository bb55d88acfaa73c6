"""Sources that need no screen: what SOURCE means, the arena, files, folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.capture.source import CaptureOptions
from app.capture.spec import KINDS, USAGE, open_source, shows_again
from core.errors import SourceError, UsageError


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("arena", "arena:0"),
        ("arena:7", "arena:7"),
        ("screen", "screen:1"),
        ("screen:2", "screen:2"),
        ("region:-10,20,300,200", "region:-10,20,300,200"),
        ("camera", "camera:0"),
        ("camera:3", "camera:3"),
        ("window:A title: with a colon", "window:A title: with a colon"),
        ("rtsp://user:secret@camera.local/live", "rtsp://…@camera.local/live"),
        ("udp://127.0.0.1:5000", "udp://127.0.0.1:5000"),
        ("https://example.org/a.m3u8", "https://example.org/a.m3u8"),
    ],
)
def test_every_form_of_source(spec: str, name: str) -> None:
    assert open_source(spec, CaptureOptions()).name == name


@pytest.mark.parametrize(
    "spec", ["", "nothing", "arena:", "arena:-1", "screen:0", "region:1,2,3", "region:0,0,0,9", "ftp"]
)
def test_an_unknown_form_names_the_right_ones(spec: str) -> None:
    with pytest.raises(UsageError):
        open_source(spec, CaptureOptions())


def test_the_readme_tells_of_every_kind(checkout: Path) -> None:
    told = " ".join((checkout / "README.md").read_text("utf-8").replace("`", "").split())
    assert not [kind.usage for kind in KINDS if kind.usage not in told]
    assert all(kind.usage in USAGE for kind in KINDS)


def test_every_entry_of_the_windows_list_is_a_source() -> None:
    entries = [entry for kind in KINDS for entry in kind.entries(2)]
    specs = [entry.spec for entry in entries if entry.then == "start"]
    assert specs == ["arena", "screen:1", "screen:2", "camera"]
    assert all(open_source(spec, CaptureOptions()).name for spec in specs)


def test_a_path_that_looks_like_a_form_is_still_found(video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    video.rename(video.with_name("match"))
    monkeypatch.chdir(video.parent)
    assert open_source("match", CaptureOptions()).name == "match"


@pytest.mark.parametrize("spec", ["none.mp4", "frames:none", "/no/such/file"])
def test_what_is_not_there_is_said_before_any_model_loads(spec: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceError, match="No such"):
        open_source(spec, CaptureOptions())


def test_what_shows_the_same_pictures_again(video: Path, tmp_path: Path) -> None:
    again = ("arena", "arena:7", "freedoom:1", "desktop:2", f"frames:{tmp_path}", str(video))
    assert all(shows_again(spec) for spec in again)
    gone = (
        "screen:1",
        "camera:0",
        "window:Firefox",
        "http://127.0.0.1/",
        f"frames:{tmp_path}/none",
        "none.mp4",
        "",
        ".",
    )
    assert not any(shows_again(spec) for spec in gone)


def test_a_file_as_an_address(tmp_path: Path) -> None:
    (tmp_path / "a film.mp4").write_bytes(b"")
    for scheme in ("file", "FILE"):
        source = open_source(f"{scheme}://{tmp_path}/a%20film.mp4", CaptureOptions())
        assert source.name == "a film.mp4"
    assert shows_again(f"file://{tmp_path}/a%20film.mp4")


@pytest.mark.parametrize("spec", ["srt://host:9?passphrase=a", "ftp://host/film", "rtsp://"])
def test_an_address_that_cannot_be_watched_is_told_with_those_that_can(spec: str) -> None:
    with pytest.raises(UsageError, match=r"rtsp"):
        open_source(spec, CaptureOptions())


@pytest.mark.parametrize("spec", ["RTSP://host/a", "rtmp://host/a/key", "tcp://u:key@host:9", "HTTPS://host/a"])
def test_every_scheme_in_any_case(spec: str) -> None:
    name = open_source(spec, CaptureOptions()).name
    assert name.startswith(spec.partition(":")[0].lower() + "://")
    assert "key" not in name


@pytest.mark.parametrize("spec", ["rtsp:/me:s3cret@host/live", "RTMP:host/app/s3cret", "http:me:s3cret@host"])
def test_an_address_that_lacks_a_slash_is_told_without_its_secret(spec: str) -> None:
    with pytest.raises(UsageError, match="with two slashes") as caught:
        open_source(spec, CaptureOptions())
    assert "s3cret" not in str(caught.value)
