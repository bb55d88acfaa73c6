"""How much the commentator says: the values that can be chosen, in words."""

from __future__ import annotations

from app.window.combo_box import ComboBox

LIMIT = "≤ {} MB"
WORDS = {None: "Any number of words"} | {n: f"{n} words a minute" for n in (30, 60, 90, 120)}
SPEECH = {
    None: "Speaks as it likes",
    0.2: "Speaks rarely",
    0.4: "Speaks less",
    0.7: "Speaks more",
    0.95: "Speaks nearly always",
}
"""Probability of silence from which it is silent -> what that sounds like."""
OTHER = {"words_per_minute": "{:g} words a minute", "silence_threshold": "Silent from {:.0%}"}
"""For a value that no entry of the lists has."""


def choose(choice: ComboBox, value: float | None, form: str) -> None:
    """The entry of that value; one that is not in the list is added to it."""
    index = choice.findData(value)
    if index < 0:
        choice.addItem(form.format(value), value)
        index = choice.count() - 1
    choice.setCurrentIndex(index)
