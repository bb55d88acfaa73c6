"""What a session is called before anybody gives it a title; a rerun by what was different in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from app.session.records import Record, clock

TEXTS = ("context", "query")
"""Settings that are too long to be told."""


def session_name(settings: Record, folder: str) -> str:
    """The name that it was recorded under, else the folder's; reruns of old did not tell what they are."""
    name = settings.get("name")
    told = name if isinstance(name, str) and name else folder
    if "origin" not in settings or "rerun_of" in settings:
        return told
    persona = settings.get("persona")
    known = {"model": model_name(settings.get("model")), "persona": persona if isinstance(persona, str) else ""}
    return rerun_name(told, {setting: words for setting, words in known.items() if words})


def rerun_name(of: str, changes: Mapping[str, str], stretch: str = "") -> str:
    """Of a rerun of the session called `of`. changes: setting -> in words, as `changed` gives them."""
    words = ", ".join(changes.values())
    told = f"rerun of {of} with {words}" if words else f"rerun of {of}"
    return f"{told}, {stretch}" if stretch else told


def changed(asked: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, str]:
    """In words what is asked for and was not so before, by setting; None is not asked for."""
    differing = {name: value for name, value in asked.items() if value is not None and before.get(name) != value}
    return {name: _in_words(name, value) for name, value in differing.items()}


def stretch_name(start: float, until: float | None) -> str:
    """Of a part of a session; "" for the whole."""
    if until is not None:
        return f"{clock(start)} to {clock(until)}"
    return f"from {clock(start)}" if start else ""


def model_name(model: object) -> str:
    """The last part of a model's path or id; “bundled” for none."""
    return PurePath(str(model)).name if model else "bundled"


def _in_words(name: str, value: Any) -> str:
    words = name.replace("_", " ")
    match value:
        case _ if name == "model":
            return model_name(value)
        case _ if name in TEXTS:
            return f"another {words}"
        case "":
            return f"no {words}"
        case bool():
            return words if value else f"not {words}"
        case tuple() | list():
            return f"{words} {' '.join(map(str, value))}"
    return str(value) if name == "persona" else f"{words} {value}"
