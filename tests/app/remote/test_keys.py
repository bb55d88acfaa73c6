"""Keys as the settings name them."""

from __future__ import annotations

import pytest

from app.remote.keys import DEFAULT_KEYS, Combination, chosen_keys, parse_combination
from core.errors import UsageError


@pytest.mark.parametrize(
    ("text", "modifiers", "key"),
    [
        ("Ctrl+Alt+p", {"Ctrl", "Alt"}, "P"),
        ("super + F5", {"Super"}, "F5"),
        ("Control+Shift+PageUp", {"Ctrl", "Shift"}, "PageUp"),
    ],
)
def test_a_combination_is_read(text: str, modifiers: set[str], key: str) -> None:
    assert parse_combination(text) == Combination(frozenset(modifiers), key)


@pytest.mark.parametrize("text", ["P", "F5", "Shift+P", "Shift+F1"])
def test_a_bare_key_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="would be taken from every other program; add Ctrl, Alt or Super"):
        parse_combination(text)


@pytest.mark.parametrize("text", ["", "Ctrl+", "Hyper+P", "Ctrl+Alt+P+Q"])
def test_what_is_no_combination_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"not like Ctrl\+Alt\+P"):
        parse_combination(text)


def test_on_and_off_have_keys_of_their_own_and_a_toggle_may_have_one_besides() -> None:
    keys, wrong = chosen_keys({"toggle-pause": "Ctrl+Alt+Space", "hide": "", "persona hype": "Super+1"})
    named = {action: str(combination) for combination, action in keys.items()}
    assert {"pause", "resume", "show", "panic", "toggle-pause", "persona hype"} == set(named)
    assert named["pause"] == DEFAULT_KEYS["pause"] != named["resume"]
    assert not wrong


def test_what_cannot_be_is_told_and_the_others_stay() -> None:
    keys, wrong = chosen_keys({"panic": "X", "dance": "Ctrl+D", "ask": "Ctrl+Q", "mark": "Alt+Ctrl+P"})
    assert set(keys.values()) == {"pause", "resume", "show", "hide"}
    assert [line.partition(":")[0] for line in wrong] == [
        *("key for “panic”", "key for “dance”", "key for “ask”", "key for “mark”"),
    ]
    assert "is that of “pause” already" in wrong[-1]
