"""What is remembered from one start of the window to the next. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, get_type_hints

from msgspec import Meta, ValidationError, convert

from app.ignore_list import PRIVATE_CLASSES, PRIVATE_PROGRAMS, PRIVATE_TITLES, IgnoreList
from core.errors import UsageError

Rect = tuple[int, int, int, int]
Options = TypeVar("Options")

Place = Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]
Length = Annotated[int, Meta(ge=0, le=1_000_000)]
PlacedRect = tuple[Place, Place, Length, Length]


def described(text: str) -> Any:
    """A setting's comment in `settings.toml`."""
    return Meta(description=text)


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of one user on one machine, as `settings.toml` holds them; None is left out there.

    What each of them means is its description, which stands above it in the file. `outputs` has a table for each output
    that can be switched on, as that output understands it (`output_options`).
    """

    source: Annotated[str, described("the SOURCE last watched: arena, screen:1, window:TITLE, a file, ...")] = "arena"
    context: Annotated[str, described("what the commentator is told beforehand")] = ""
    persona: Annotated[str, described('who speaks: the name of a persona, "" for none')] = ""
    query: Annotated[str, described('the standing request; "" is the usual one')] = ""
    words_per_minute: Annotated[
        Annotated[float, Meta(ge=0, le=1000)] | None, described("silent once this much was said in the last minute")
    ] = None
    silence_threshold: Annotated[
        Annotated[float, Meta(ge=0, le=1)] | None, described("silent when silence has at least this probability")
    ] = None
    memory_limit_mb: Annotated[
        Annotated[int, Meta(ge=1, le=10_000_000)] | None, described("most megabytes for weights and KV cache")
    ] = None
    drop_repeats: Annotated[
        Annotated[float, Meta(ge=0, le=255)] | None,
        described("steps of 255 below which a part of the picture counts as seen; 0: none does"),
    ] = None
    model: Annotated[str, described('checkpoint directory or hub id; "" is the bundled one')] = ""
    first_page_seen: Annotated[bool, described("whether the first page has been shown")] = False
    models: Annotated[tuple[str, ...], described("further models in the list of models")] = ()
    dtype: Annotated[str, described("auto, bfloat16, fp8 or float32")] = "auto"
    fps: Annotated[Annotated[float, Meta(gt=0, le=60)] | None, described("frames a second given to the model")] = None
    size: Annotated[str, described('size of the pictures given to the model: WxH or native; "" is as trained')] = ""
    vision_window_s: Annotated[
        Annotated[float, Meta(gt=0, le=600)] | None, described("seconds of pictures that the model remembers")
    ] = None
    camera_size: Annotated[
        Annotated[str, Meta(pattern=r"^(\d{1,5}x\d{1,5})?$")], described('what a camera is asked for: WxH, or ""')
    ] = ""
    camera_fps: Annotated[
        Annotated[float, Meta(gt=0, le=240)] | None, described("pictures a second that a camera is asked for")
    ] = None
    file_speed: Annotated[
        Annotated[float, Meta(ge=0.1, le=16)], described("how many times as fast video files are played")
    ] = 1.0
    ignore_titles: Annotated[
        tuple[str, ...], described("windows with one of these in their title are never watched; * is anything")
    ] = PRIVATE_TITLES
    ignore_classes: Annotated[tuple[str, ...], described("nor those of these classes, as xprop tells WM_CLASS")] = (
        PRIVATE_CLASSES
    )
    ignore_programs: Annotated[
        tuple[str, ...], described("nor those of these executables, or started with such an option")
    ] = PRIVATE_PROGRAMS
    record: Annotated[bool, described("whether a session folder is written")] = True
    overlay_on_start: Annotated[bool, described("whether captions appear on the screen when a stream starts")] = True
    overlay_rect: Annotated[PlacedRect | None, described("x, y, width, height of the captions on the screen")] = None
    theme: Annotated[Literal["auto", "light", "dark"], described("colours: auto (as the desktop), light or dark")] = (
        "auto"
    )
    contrast: Annotated[
        Literal["auto", "normal", "high"], described("contrast: auto (as the desktop), normal or high")
    ] = "auto"
    motion: Annotated[
        Literal["auto", "full", "reduced"],
        described("whether captions slide and fade: auto (as the desktop), full or reduced"),
    ] = "auto"
    window_rect: Annotated[PlacedRect | None, described("x, y, width, height of the window's inside")] = None
    window_maximized: Annotated[bool, described("whether the window filled the screen")] = False
    columns: Annotated[tuple[Length, Length] | None, described("widths of picture and transcript in pixels")] = None
    commentator_open: Annotated[bool, described("whether the commentator panel is unfolded")] = False
    captions: Annotated[
        Mapping[str, Any], described("how the captions on the screen look: colour, pixels, lines, align, ...")
    ] = field(default_factory=dict)
    keys: Annotated[
        Mapping[str, str], described('keys for other programs\' windows: panic = "Ctrl+Alt+X"; "" is none')
    ] = field(default_factory=dict)
    outputs: Annotated[Mapping[str, Mapping[str, Any]], described("where the commentary goes besides the window")] = (
        field(default_factory=dict)
    )


def ignore_list(settings: Settings) -> IgnoreList:
    """Which windows of other programs must not be watched."""
    return IgnoreList(settings.ignore_titles, settings.ignore_classes, settings.ignore_programs)


def output_options(settings: Settings, name: str, options: type[Options]) -> Options | None:
    """The table `[outputs.NAME]` as that output's own frozen dataclass; None where there is none.

    Raises UsageError that names the key for a value that makes no sense, or a key that does not exist.
    """
    table = settings.outputs.get(name)
    if table is None:
        return None
    unknown = set(table) - {known.name for known in fields(options)}  # type: ignore[arg-type]
    if unknown:
        raise UsageError("Unknown setting", f"[outputs.{name}] in settings.toml: {', '.join(sorted(unknown))}")
    try:
        return convert(dict(table), options)
    except ValidationError as error:
        raise UsageError("Impossible setting", f"[outputs.{name}] in settings.toml: {error}") from error


def checked(name: str, value: Any) -> Any:
    """A value of that setting. Raises ValueError in words that name what was expected."""
    try:
        return convert(value, _types()[name])
    except ValidationError as error:
        raise ValueError(str(error)) from error


def description(name: str) -> str:
    """What a setting means, in one line."""
    return next(entry.description for entry in _types()[name].__metadata__ if entry.description)


@cache
def _types() -> dict[str, Any]:
    return get_type_hints(Settings, include_extras=True)
