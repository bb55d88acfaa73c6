"""Whatever is declared as a setting is in the list, with words, and takes what it should and nothing else."""

from __future__ import annotations

from dataclasses import fields

import pytest

from app.outputs.kinds import KINDS
from app.setting_list import TABLES, Setting, setting_list
from app.settings import Settings
from core.errors import UsageError

REMEMBERED = {
    "first_page_seen",
    "overlay_rect",
    "overlay_monitor",
    "overlay_places",
    "window_rect",
    "window_maximized",
    "columns",
    "commentator_open",
    "file_start_s",
}


def named(*path: str) -> Setting:
    return next(setting for setting in setting_list() if setting.path == path)


def test_every_setting_is_listed_or_chosen_nowhere() -> None:
    listed = {setting.path[0] for setting in setting_list()}
    assert listed == {known.name for known in fields(Settings)} - REMEMBERED
    assert set(TABLES) <= listed


def test_every_option_of_every_output_is_listed() -> None:
    listed = {setting.path for setting in setting_list()}
    options = {("outputs", kind.table, known.name) for kind in KINDS if kind.options for known in fields(kind.options)}
    assert options
    assert options <= listed


def test_every_setting_is_told_in_words() -> None:
    untold = [s.path for s in setting_list() if not (s.text.title and s.text.description) or s.group in ("", "More")]
    assert untold == []


def test_paths_are_told_once() -> None:
    paths = [setting.path for setting in setting_list()]
    assert len(set(paths)) == len(paths)


@pytest.mark.parametrize("setting", setting_list(), ids=lambda setting: ".".join(setting.path))
def test_the_default_is_what_settings_have_and_may_be_chosen(setting: Setting) -> None:
    assert setting.value(Settings()) == setting.default
    assert setting.value(setting.changed(Settings(), setting.default)) == setting.default


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        (("theme",), "light", {"theme": "light"}),
        (("words_per_minute",), 60.0, {"words_per_minute": 60.0}),
        (("words_per_minute",), None, {"words_per_minute": None}),
        (("models",), ["a/b", "c/d"], {"models": ("a/b", "c/d")}),
        (("captions", "lines"), 2, {"captions": {"lines": 2}}),
        (("keys", "panic"), "Ctrl+Alt+Q", {"keys": {"panic": "Ctrl+Alt+Q"}}),
        (("outputs", "speech", "rate"), 1.2, {"outputs": {"speech": {"on": False, "rate": 1.2}}}),
        (("outputs", "page", "on"), True, {"outputs": {"page": {"on": True}}}),
    ],
)
def test_a_change_is_the_settings_of_then(path: tuple[str, ...], value: object, found: dict[str, object]) -> None:
    changed = named(*path).changed(Settings(), value)
    assert changed == Settings(**found)
    assert named(*path).value(changed) == (tuple(value) if isinstance(value, list) else value)


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("theme",), "purple", "Invalid enum value 'purple'"),
        (("fps",), 0.0, "> 0"),
        (("captions", "colour"), "red", "regex"),
        (("outputs", "speech", "rate"), "fast", "float"),
        (("outputs", "text_file", "on"), True, "path"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(path: tuple[str, ...], value: object, told: str) -> None:
    with pytest.raises(UsageError) as refused:
        named(*path).changed(Settings(), value)
    assert told in refused.value.message


def test_an_output_that_is_on_is_held_to_its_own_limits() -> None:
    on = Settings(outputs={"speech": {"on": True}})
    with pytest.raises(UsageError, match="rate"):
        named("outputs", "speech", "rate").changed(on, 17.0)
