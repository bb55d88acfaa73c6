"""How much the commentator says: the values that can be chosen, in words."""

from __future__ import annotations

from app.texts import noop
from app.translation import tr
from app.window.combo_box import ComboBox

LIMIT = "≤ {} MB"
WORDS = {None: noop("Any number of words")} | dict.fromkeys((30, 60, 90, 120), noop("{:g} words a minute"))
SPEECH = {
    None: noop("Speaks as it likes"),
    0.2: noop("Speaks rarely"),
    0.4: noop("Speaks less"),
    0.7: noop("Speaks more"),
    0.95: noop("Speaks nearly always"),
}
"""Probability of silence from which it is silent -> what that sounds like."""
OTHER = {"words_per_minute": noop("{:g} words a minute"), "silence_threshold": noop("Silent from {:.0%}")}
"""For a value that no entry of the lists has."""


def choose(choice: ComboBox, value: float | None, form: str) -> None:
    """The entry of that value; one that is not in the list is added to it."""
    index = choice.findData(value)
    if index < 0:
        choice.addItem(tr(form).format(value), value)
        index = choice.count() - 1
    choice.setCurrentIndex(index)


def speech_rules() -> str:
    """What each way of speaking means, one a line."""
    rule = tr("{text}: silent when silence has a chance of {value:.0%}")
    return "\n".join(rule.format(text=tr(text), value=value) for value, text in SPEECH.items() if value)
