"""Every kind of window of the application, open: for tests of all of them, and for their pictures in docs/."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import app.window
from app.main import Courtside
from app.window.own_window import OwnWindow


def kinds() -> set[type[OwnWindow]]:
    """Of all modules, whoever opens them."""
    for module in pkgutil.iter_modules(app.window.__path__):
        importlib.import_module(f"app.window.{module.name}")
    return _opened(OwnWindow)


def _opened(kind: type[OwnWindow]) -> set[type[OwnWindow]]:
    """Those that others are made from are none of their own."""
    return {leaf for made in kind.__subclasses__() for leaf in _opened(made)} or {kind}


def open_all(courtside: Courtside, first: Path, second: Path) -> dict[str, OwnWindow]:
    """By the name of its picture. `first` and `second`: two sessions of the same footage."""
    actions = courtside.window.user_actions
    library = courtside.library
    for action in (actions.show_models, actions.show_outputs, actions.show_settings, actions.show_first_page):
        action.trigger()
    for action in (actions.style_overlay, actions.show_library):
        action.trigger()
    library.open_session(first)
    library.open_comparison(first, second)
    library.open_rerun(first, 0.0)
    courtside.outputs.open_voices()
    courtside.sources.open()
    windows = {
        "main": courtside.window,
        "settings": courtside.preferences.window,
        "models": courtside.models.window,
        "first-page": courtside.models.first_page,
        "outputs": courtside.outputs.window,
        "voices": courtside.outputs.voices,
        "captions-style": courtside.captions.window,
        "sources": courtside.sources.gallery,
        "library": library.library,
        "player": library.players[first],
        "comparison": library.comparisons[0],
        "rerun": library.reruns[0],
    }
    return {name: window for name, window in windows.items() if window is not None}
