"""How a commentator speaks: style, words, limits, language, request, read from a small TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta, ValidationError, convert

from core.config import QUERY
from core.errors import UsageError
from core.messages import Steer

Verbosity = Literal["quiet", "normal", "talkative"]
SILENCE_THRESHOLDS: dict[Verbosity, float | None] = {"quiet": 0.4, "normal": None, "talkative": 0.95}
"""Probability of silence from which it is silent; None leaves it to the model."""
CONTEXT = "{style}\n{vocabulary}\n{never_say}\n{language}\n{known}"
"""What is left empty leaves no line."""


@dataclass(frozen=True, slots=True)
class PersonaFile:
    """What may stand in a persona's file; everything but the style may be left out.

    Attributes:
        style: who speaks, and how. vocabulary: words it likes. never_say: words it never says.
        big_words: words and phrases in its lines that tell a big moment: a chapter in OBS's recording.
        words_per_minute: silent once this much was said in the last minute. verbosity: how readily it speaks.
        language: of what it says. query: its standing request.
        context: template of what it is told beforehand, with {style}, {vocabulary}, {never_say}, {language} and {known}
            (what the viewer and the source know).
    """

    style: str
    vocabulary: tuple[str, ...] = ()
    never_say: tuple[str, ...] = ()
    big_words: tuple[str, ...] = ()
    words_per_minute: Annotated[float, Meta(gt=0, le=1000)] | None = None
    verbosity: Verbosity = "normal"
    language: str = ""
    query: str = ""
    context: str = CONTEXT


@dataclass(frozen=True, slots=True)
class Persona:
    """A persona's file and its name.

    Attributes:
        name: the file's, without the ending. path: where it lies.
    """

    name: str
    path: Path
    file: PersonaFile

    def limits(self) -> dict[str, Any]:
        """How much it says, as fields of `core.config.SamplingConfig`."""
        threshold = SILENCE_THRESHOLDS[self.file.verbosity]
        return {"words_per_minute": self.file.words_per_minute, "silence_threshold": threshold, **self.bans()}

    def bans(self) -> dict[str, Any]:
        """What it never says, in the same way: as it is written, and with a capital letter at the beginning."""
        words = (word for said in self.file.never_say for word in (said, said[:1].upper() + said[1:]))
        return {"bad_words": tuple(dict.fromkeys(words))}

    def steer(self, known: str, query: str = "", *, bundled: bool) -> Steer:
        """Request and context. `known`: by viewer and source. `query`: the viewer's own request, instead of this one's.

        The bundled model gets neither: it was trained with one request, knows names alone and follows no style.
        """
        if bundled:
            return Steer(query or QUERY, known, self.name)
        return Steer(query or self.file.query or QUERY, self.context(known), self.name)

    def context(self, known: str) -> str:
        file = self.file
        parts = {
            "style": file.style.strip(),
            "vocabulary": f"Words you like: {', '.join(file.vocabulary)}." if file.vocabulary else "",
            "never_say": f"Never say: {', '.join(file.never_say)}." if file.never_say else "",
            "language": f"Speak {file.language}." if file.language else "",
            "known": known.strip(),
        }
        written = file.context.format(**parts)
        return "\n".join(line.strip() for line in written.splitlines() if line.strip())


def read_persona(path: Path) -> Persona:
    """Raises UsageError that names the file and what is wrong with it."""
    try:
        written = tomllib.loads(path.read_bytes().decode("utf-8"))
        file = _checked(written)
        persona = Persona(path.stem, path, file)
        persona.context("")
    except OSError as error:
        raise UsageError("The persona cannot be read", f"{path}: {error.strerror}") from error
    except KeyError as error:
        raise UsageError("Impossible persona", f"{path}: the context has no {{{error.args[0]}}}") from error
    except (ValueError, IndexError, AttributeError) as error:
        raise UsageError("Impossible persona", f"{path}: {error}") from error
    return persona


def _checked(written: Mapping[str, Any]) -> PersonaFile:
    """Raises ValueError."""
    unknown = set(written) - {known.name for known in fields(PersonaFile)}
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    try:
        return convert(dict(written), PersonaFile)
    except ValidationError as error:
        raise ValueError(str(error)) from error
