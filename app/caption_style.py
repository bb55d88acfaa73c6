"""How the captions on the screen look, as `[captions]` in the settings has it. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Annotated, Any, Literal

from msgspec import Meta, ValidationError, convert

from app.texts import noop
from core.errors import UsageError

Colour = Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$")]
Share = Annotated[float, Meta(ge=0, le=1)]
Alignment = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class CaptionStyle:
    """What a user may change of the caption band.

    Attributes:
        font: family, "" for the one of the interface. pixels: size of the letters; 0: as large as the band allows.
        colour, outline_colour, plate: of letters, their outline, and what lies below them, as #rrggbb.
        opacity: of the plate. outline: width, as a share of the size.
        lines: how many may stand there at once. hold_s: seconds for which each stays at least.
    """

    font: str = ""
    pixels: Annotated[int, Meta(ge=0, le=200)] = 0
    colour: Colour = "#ffffff"
    outline_colour: Colour = "#000000"
    plate: Colour = "#080a0e"
    opacity: Share = 0.78
    outline: Annotated[float, Meta(ge=0, le=0.2)] = 0.06
    lines: Annotated[int, Meta(ge=1, le=8)] = 5
    hold_s: Annotated[float, Meta(ge=1, le=60)] = 3.0
    align: Alignment = "left"


PRESETS: dict[str, CaptionStyle] = {
    noop("Standard"): CaptionStyle(),
    noop("High contrast"): CaptionStyle(colour="#ffff00", plate="#000000", opacity=1.0, outline=0.0),
    noop("No plate"): CaptionStyle(opacity=0.0, outline=0.12),
    noop("One line"): CaptionStyle(lines=1, align="centre"),
    noop("Big, for slides"): CaptionStyle(pixels=56, lines=2, hold_s=6.0, align="centre", opacity=0.9),
}


def caption_style(written: Mapping[str, Any]) -> CaptionStyle:
    """The table of the settings. Raises UsageError that names what makes no sense."""
    unknown = set(written) - {known.name for known in fields(CaptionStyle)}
    if unknown:
        raise UsageError("Unknown setting", f"[captions]: {', '.join(sorted(unknown))}")
    try:
        return convert(dict(written), CaptionStyle)
    except ValidationError as error:
        raise UsageError("Impossible setting", f"[captions]: {error}") from error


def written_style(style: CaptionStyle) -> dict[str, Any]:
    """What differs from the defaults, as it goes into the settings."""
    defaults = asdict(CaptionStyle())
    return {name: value for name, value in asdict(style).items() if value != defaults[name]}
