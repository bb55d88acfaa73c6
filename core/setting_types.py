"""Whether a value, from a file or a person, is of the type that a setting has."""

from __future__ import annotations

from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from core.errors import UsageError

MAX_NUMBER = 1e15
"""Of any setting, so that no time and no size made of it overflows."""


def typed(name: str, value: Any, hint: Any) -> Any:
    """The value of a setting, a list as a tuple. Raises UsageError, naming both, where it is not what `hint` says."""
    value = tuple(value) if isinstance(value, list) else value
    if not _fits(value, hint):
        raise UsageError("Impossible setting", f"{name} is {value!r:.40}, and must be {_in_words(hint)}")
    return value


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value is of a type that a setting may have; a whole number is a float, too, and True no number."""
    parts = get_args(hint)
    if get_origin(hint) is Literal:
        return value in parts
    if get_origin(hint) in (Union, UnionType):
        return any(_fits(value, part) for part in parts)
    if get_origin(hint) is tuple:
        if not isinstance(value, tuple):
            return False
        kinds = parts[:1] * len(value) if parts[-1] is ... else parts
        return len(value) == len(kinds) and all(map(_fits, value, kinds))
    if hint is bool or isinstance(value, bool):
        return hint is bool and isinstance(value, bool)
    if hint is float:
        return isinstance(value, int | float) and abs(value) < MAX_NUMBER  # neither NaN nor Inf
    return isinstance(value, hint)


def _in_words(hint: Any) -> str:
    """A type as people call it."""
    parts = get_args(hint)
    if get_origin(hint) is Literal:
        return "one of " + ", ".join(parts)
    if get_origin(hint) is tuple:
        return f"a list ({', '.join('...' if part is ... else _in_words(part) for part in parts)})"
    names = {int: "a whole number", float: "a number", bool: "true or false", str: "a text", type(None): "left out"}
    return names[hint] if hint in names else " or ".join(map(_in_words, parts))
