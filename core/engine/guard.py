"""The repetition guard: finds loops of lines (a known failure of long streams, after about 100 s)."""

from __future__ import annotations

from collections import deque

LONGEST_CYCLE = 3  # lines
LONGEST_STUTTER = 6  # tokens


class RepetitionGuard:
    """Watches the spoken lines; silence does not count.

    Attributes:
        repeats: how often a cycle of lines must come in a row to be a loop; 0 switches the guard off.
        broken: loops found so far.
    """

    def __init__(self, repeats: int) -> None:
        self.repeats = repeats
        self.broken = 0
        self._lines: deque[tuple[int, tuple[int, ...]]] = deque(maxlen=max(1, LONGEST_CYCLE * repeats))

    def note(self, round_: int, words: tuple[int, ...]) -> list[int]:
        """Add the words of a round. Returns the rounds whose words are a loop, without its first cycle; else []."""
        if not words or not self.repeats:
            return []
        self._lines.append((round_, words))
        looping = [round_] if stutters(words, self.repeats) else self._cycle()
        if looping:
            self.broken += 1
            self._lines.clear()
        return looping

    def _cycle(self) -> list[int]:
        lines = list(self._lines)
        for period in range(1, LONGEST_CYCLE + 1):
            recent = lines[-period * self.repeats :]
            cycles = [tuple(words for _, words in recent[n : n + period]) for n in range(0, len(recent), period)]
            if len(recent) == period * self.repeats and len(set(cycles)) == 1:
                return [round_ for round_, _ in recent[period:]]
        return []


def stutters(words: tuple[int, ...], repeats: int) -> bool:
    """Whether a line ends in a run of tokens that comes `repeats` times."""
    for period in range(1, LONGEST_STUTTER + 1):
        end = words[-period * repeats :]
        if len(end) == period * repeats and end == end[:period] * repeats:
            return True
    return False
