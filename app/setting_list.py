"""Every setting that a person may change, as it is declared: what it is called, what it takes, what it is by default.

No Qt. The window of settings is made of this list, so a setting that is declared appears there by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, replace
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import Meta, ValidationError, convert

from app.caption_style import CaptionStyle
from app.outputs.kinds import KINDS
from app.remote.actions import ACTIONS
from app.remote.keys import DEFAULT_KEYS
from app.setting_texts import CAPTIONS, KEYS, OUTPUTS, TEXTS, SettingText, plain_title
from app.settings import Settings, output_options
from core.errors import UsageError

TABLES = ("captions", "keys", "outputs")
NEVER_ON: Mapping[str, Any] = {"on": False}
UNTOLD = ("raise", "status")
"""Actions that make no sense as keys."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    Attributes:
        path: where it stands in `settings.toml`: its name, behind those of its tables.
        group, text: heading, title, description and unit, in English.
        type: what it takes, without None. choices: the only values, empty where any will do.
        optional: whether it may be left out. long: several lines of text. is_colour: #rrggbb.
        default: where it is left out. options: the dataclass of its output's table, None for what is of no output.
    """

    path: tuple[str, ...]
    group: str
    text: SettingText
    type: Any
    default: Any
    choices: tuple[str, ...] = ()
    optional: bool = False
    long: bool = False
    is_colour: bool = False
    options: type | None = None

    def value(self, settings: Settings) -> Any:
        """What it is at present."""
        found: Any = getattr(settings, self.path[0])
        for name in self.path[1:-1]:
            found = found.get(name, NEVER_ON)
        return found.get(self.path[-1], self.default if self.path[-1] != "on" else True) if self.path[1:] else found

    def changed(self, settings: Settings, value: Any) -> Settings:
        """`settings` with that value. Raises UsageError for one that makes no sense."""
        try:
            taken = convert(value, self.type | None if self.optional else self.type)
        except ValidationError as error:
            raise UsageError("Impossible setting", str(error)) from error
        table = taken
        if self.path[1:]:
            table = _with(getattr(settings, self.path[0]), self.path[1:], taken)
        change: dict[str, Any] = {self.path[0]: table}
        found = replace(settings, **change)
        if self.options is not None and found.outputs[self.path[1]].get("on", True):
            output_options(found, self.path[1], self.options)
        return found


def setting_list() -> list[Setting]:
    """In the order in which they are declared."""
    return [*_plain(), *_captions(), *_outputs(), *_keys()]


def _plain() -> Iterator[Setting]:
    hints = get_type_hints(Settings, include_extras=True)
    for declared in fields(Settings):
        _, metas, _ = _unwrapped(hints[declared.name])
        extra = next((meta.extra for meta in metas if meta.extra), {})
        if declared.name in TABLES or extra.get("remembered"):
            continue
        description = next((meta.description for meta in metas if meta.description), "")
        text = SettingText(extra.get("title") or plain_title(declared.name), description or "", extra.get("unit", ""))
        group = extra.get("group") or "More"
        yield _setting((declared.name,), group, text, hints[declared.name], declared)


def _captions() -> Iterator[Setting]:
    yield from _of(CaptionStyle, ("captions",), CAPTIONS)


def _outputs() -> Iterator[Setting]:
    for kind in KINDS:
        if kind.options is not None:
            for setting in _of(kind.options, ("outputs", kind.table), OUTPUTS.get(kind.table, kind.table)):
                is_switch = setting.path[-1] == "on"
                yield replace(setting, options=kind.options, default=False if is_switch else setting.default)


def _keys() -> Iterator[Setting]:
    for action in ACTIONS.values():
        if action.name in UNTOLD or (action.takes and not action.choices):
            continue
        for name in [f"{action.name} {choice}" for choice in action.choices] or [action.name]:
            text = SettingText(plain_title(name.replace("-", " ")), action.purpose)
            yield Setting(("keys", name), KEYS, text, str, DEFAULT_KEYS.get(name, ""))


def _of(options: type, table: tuple[str, ...], group: str) -> Iterator[Setting]:
    """The fields of a frozen dataclass that a table is read as."""
    hints = get_type_hints(options, include_extras=True)
    for declared in fields(options):
        path = (*table, declared.name)
        text = TEXTS.get(path, SettingText(plain_title(declared.name), ""))
        yield _setting(path, group, text, hints[declared.name], declared)


def _setting(path: tuple[str, ...], group: str, text: SettingText, hint: Any, declared: Field[Any]) -> Setting:
    base, metas, optional = _unwrapped(hint)
    limits = [meta for meta in metas if not meta.extra]
    is_colour = any(meta.pattern and "a-f" in meta.pattern for meta in metas)
    for meta in limits:
        base = Annotated[base, meta]
    default = declared.default_factory() if declared.default_factory is not MISSING else declared.default
    plain, _, _ = _unwrapped(base)
    return Setting(
        path,
        group,
        text,
        base,
        "" if default is MISSING else default,
        tuple(get_args(plain)) if get_origin(plain) is Literal else (),
        optional,
        any(meta.extra and meta.extra.get("long") for meta in metas),
        is_colour,
    )


def _unwrapped(hint: Any) -> tuple[Any, list[Meta], bool]:
    """A type without what is said about it, that, and whether it may be None."""
    if get_origin(hint) is Annotated:
        inner, *said = get_args(hint)
        base, metas, optional = _unwrapped(inner)
        return base, [*metas, *(meta for meta in said if isinstance(meta, Meta))], optional
    if get_origin(hint) in (Union, UnionType) and NoneType in get_args(hint):
        base, metas, _ = _unwrapped(next(part for part in get_args(hint) if part is not NoneType))
        return base, metas, True
    return hint, [], False


def _with(table: Mapping[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """An output that was never on has no table; one that is made for another part of it stays off."""
    name, *rest = path
    return {**table, name: _with(table.get(name, NEVER_ON), tuple(rest), value) if rest else value}
