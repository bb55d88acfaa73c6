"""What is remembered from one start of the window to the next. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, get_type_hints

from msgspec import Meta, ValidationError, convert

from app.ignore_list import PRIVATE_CLASSES, PRIVATE_PROGRAMS, PRIVATE_TITLES, IgnoreList
from app.texts import noop
from core.errors import UsageError

Rect = tuple[int, int, int, int]
Options = TypeVar("Options")

Place = Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]
Length = Annotated[int, Meta(ge=0, le=1_000_000)]
PlacedRect = tuple[Place, Place, Length, Length]


def described(text: str, title: str = "", group: str = "", unit: str = "", *, long: bool = False) -> Any:
    """What a setting means: its comment in `settings.toml`, and its row in the window of settings.

    `title`: what a person calls it. `group`: under which heading it stands. `long`: several lines of text.
    """
    return Meta(description=text, extra={"title": title, "group": group, "unit": unit, "long": long})


def remembered(text: str) -> Any:
    """Something that is kept but chosen nowhere, such as where a window was."""
    return Meta(description=text, extra={"remembered": True})


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of one user on one machine, as `settings.toml` holds them; None is left out there.

    What each of them means is its description, which stands above it in the file. `outputs` has a table for each output
    that can be switched on, as that output understands it (`output_options`).
    """

    source: Annotated[
        str,
        described(
            noop("the SOURCE last watched: arena, screen:1, window:TITLE, a file, ..."),
            noop("Source"),
            noop("Watching"),
        ),
    ] = "arena"
    context: Annotated[
        str, described(noop("what the commentator is told beforehand"), noop("Context"), noop("Commentator"), long=True)
    ] = ""
    persona: Annotated[
        str, described(noop('who speaks: the name of a persona, "" for none'), noop("Persona"), noop("Commentator"))
    ] = ""
    query: Annotated[
        str, described(noop('the standing request; "" is the usual one'), noop("Standing request"), noop("Commentator"))
    ] = ""
    words_per_minute: Annotated[
        Annotated[float, Meta(ge=0, le=1000)] | None,
        described(
            noop("silent once this much was said in the last minute"),
            noop("Most words a minute"),
            noop("Commentator"),
            noop("words a minute"),
        ),
    ] = None
    silence_threshold: Annotated[
        Annotated[float, Meta(ge=0, le=1)] | None,
        described(
            noop("silent when silence has at least this probability"),
            noop("Silent from"),
            noop("Commentator"),
            noop("probability, 0 to 1"),
        ),
    ] = None
    memory_limit_mb: Annotated[
        Annotated[int, Meta(ge=1, le=10_000_000)] | None,
        described(noop("most megabytes for weights and KV cache"), noop("Memory limit"), noop("Model"), noop("MB")),
    ] = None
    drop_repeats: Annotated[
        Annotated[float, Meta(ge=0, le=255)] | None,
        described(
            noop("steps of 255 below which a part of the picture counts as seen; 0: none does"),
            noop("Drop what repeats"),
            noop("Model"),
            noop("steps of 255"),
        ),
    ] = None
    model: Annotated[
        str, described(noop('checkpoint directory or hub id; "" is the bundled one'), noop("Model"), noop("Model"))
    ] = ""
    first_page_seen: Annotated[bool, remembered("whether the first page has been shown")] = False
    models: Annotated[
        tuple[str, ...],
        described(noop("further models in the list of models"), noop("Further models"), noop("Model"), long=True),
    ] = ()
    voices: Annotated[
        tuple[str, ...],
        described(noop("further voices in the list of voices"), noop("Further voices"), noop("Commentator"), long=True),
    ] = ()
    dtype: Annotated[
        Literal["auto", "bfloat16", "fp8", "float32"],
        described(noop("auto, bfloat16, fp8 or float32"), noop("Number format"), noop("Model")),
    ] = "auto"
    fps: Annotated[
        Annotated[float, Meta(gt=0, le=60)] | None,
        described(
            noop("frames a second given to the model"), noop("Frames a second"), noop("Model"), noop("frames a second")
        ),
    ] = None
    size: Annotated[
        str,
        described(
            noop('size of the pictures given to the model: WxH or native; "" is as trained'),
            noop("Picture size"),
            noop("Model"),
            noop("pixels"),
        ),
    ] = ""
    vision_window_s: Annotated[
        Annotated[float, Meta(gt=0, le=600)] | None,
        described(
            noop("seconds of pictures that the model remembers"), noop("Pictures remembered"), noop("Model"), noop("s")
        ),
    ] = None
    camera_size: Annotated[
        Annotated[str, Meta(pattern=r"^(\d{1,5}x\d{1,5})?$")],
        described(
            noop('what a camera is asked for: WxH; "" is any'), noop("Camera size"), noop("Watching"), noop("pixels")
        ),
    ] = ""
    camera_fps: Annotated[
        Annotated[float, Meta(gt=0, le=240)] | None,
        described(
            noop("pictures a second that a camera is asked for"),
            noop("Camera rate"),
            noop("Watching"),
            noop("pictures a second"),
        ),
    ] = None
    microphone: Annotated[
        str,
        described(
            noop('a part of the name of the microphone for spoken questions; "" is the system\'s'),
            noop("Microphone"),
            noop("Commentator"),
        ),
    ] = ""
    file_speed: Annotated[
        Annotated[float, Meta(ge=0.1, le=16)],
        described(
            noop("how many times as fast video files are played"),
            noop("Speed of films"),
            noop("Watching"),
            noop("times"),
        ),
    ] = 1.0
    file_start_s: Annotated[
        Annotated[float, Meta(ge=0, lt=1e9)], remembered("the second at which the video file last watched begins")
    ] = 0.0
    ignore_titles: Annotated[
        tuple[str, ...],
        described(
            noop("windows with one of these in their title are never watched; * is anything"),
            noop("Titles never watched"),
            noop("Private windows"),
            long=True,
        ),
    ] = PRIVATE_TITLES
    ignore_classes: Annotated[
        tuple[str, ...],
        described(
            noop("nor those of these classes, as xprop tells WM_CLASS"),
            noop("Classes never watched"),
            noop("Private windows"),
            long=True,
        ),
    ] = PRIVATE_CLASSES
    ignore_programs: Annotated[
        tuple[str, ...],
        described(
            noop("nor those of these executables, or started with such an option"),
            noop("Programs never watched"),
            noop("Private windows"),
            long=True,
        ),
    ] = PRIVATE_PROGRAMS
    record: Annotated[
        bool, described(noop("whether a session folder is written"), noop("Record sessions"), noop("Watching"))
    ] = True
    overlay_on_start: Annotated[
        bool,
        described(
            noop("whether captions appear on the screen when a stream starts"),
            noop("Captions at the start"),
            noop("Captions on the screen"),
        ),
    ] = True
    overlay_gauges: Annotated[
        bool,
        described(
            noop("whether one line below the captions shows the main gauges"),
            noop("Gauges on the screen"),
            noop("Captions on the screen"),
        ),
    ] = False
    overlay_rect: Annotated[PlacedRect | None, remembered("x, y, width, height of the captions on the screen")] = None
    theme: Annotated[
        Literal["auto", "light", "dark"],
        described(noop("colours: auto (as the desktop), light or dark"), noop("Theme"), noop("Look")),
    ] = "auto"
    contrast: Annotated[
        Literal["auto", "normal", "high"],
        described(noop("contrast: auto (as the desktop), normal or high"), noop("Contrast"), noop("Look")),
    ] = "auto"
    motion: Annotated[
        Literal["auto", "full", "reduced"],
        described(
            noop("whether captions slide and fade: auto (as the desktop), full or reduced"),
            noop("Motion"),
            noop("Look"),
        ),
    ] = "auto"
    gauges: Annotated[
        Annotated[int, Meta(ge=0, le=4)],
        described(
            noop("how much the gauges show: 0 nothing, 1 one line, 2 the usual, 3 more, 4 all"),
            noop("Gauges"),
            noop("Look"),
        ),
    ] = 2
    overlay_places: Annotated[
        Mapping[str, PlacedRect], remembered("the captions on each monitor, from its corner, by its name and size")
    ] = field(default_factory=dict)
    overlay_monitor: Annotated[str, remembered("the monitor that the captions were put on last")] = ""
    language: Annotated[
        Literal["auto", "en", "de"],
        described(
            noop("of the windows: auto (as the system), en or de; from the next start on"),
            noop("Language"),
            noop("Look"),
        ),
    ] = "auto"
    window_rect: Annotated[PlacedRect | None, remembered("x, y, width, height of the window's inside")] = None
    window_maximized: Annotated[bool, remembered("whether the window filled the screen")] = False
    columns: Annotated[tuple[Length, Length] | None, remembered("widths of picture and transcript in pixels")] = None
    commentator_open: Annotated[bool, remembered("whether the commentator panel is unfolded")] = False
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
