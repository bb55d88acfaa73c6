"""What a stream may use under its memory ceiling: how much of what was asked for, and how large its cache is made."""

from __future__ import annotations

from dataclasses import replace

from core.cache.kv_cache import Room
from core.engine.ceiling import Ceiling, Economy
from core.engine.context import KEEP_ALL, Context
from core.engine.ladder import Rung, highest_that_fits
from core.engine.sight import Sight
from core.types import Chunk

GROWTH = 1.5  # room reserved, of what is needed, where the most that may ever be needed is not reserved at once


class Budget:
    """Decides, and tells the context when not everything can be kept any more; reserves nothing itself.

    `text` is always the most tokens that a round may add besides its pictures.

    Attributes:
        ceiling: bytes, as the user set them. economy: what is used at present.
    """

    def __init__(self, context: Context, sight: Sight, ceiling: Ceiling) -> None:
        self.ceiling = ceiling
        self.economy = Economy()
        self._context = context
        self._sight = sight

    def limit(self, limit_bytes: int | None) -> None:
        """Set the ceiling anew; a mode that keeps everything may do so again until it is found too low."""
        self.ceiling = replace(self.ceiling, limit_bytes=limit_bytes)
        self._context.keeps_all = self._context.mode in KEEP_ALL

    def affordable(self, chunk: Chunk, text: int) -> Economy:
        """The highest rung whose full cache stays under the ceiling, and whether everything can still be kept."""
        ceiling = self.ceiling
        context = self._context

        def needed(rung: Rung) -> int:
            return ceiling.bytes_for(context.most_room(self._sight.tokens(chunk, rung), rung.vision))

        rung = highest_that_fits(needed, ceiling.most_bytes)
        if context.keeps_all and not ceiling.holds(context.room() + self._coming(chunk, rung, text)):
            context.keeps_all = False
        needs = needed(rung)
        short = needs if needs > ceiling.most_bytes else 0
        return Economy(rung, context.mode in KEEP_ALL and not context.keeps_all, short)

    def fits(self, kept: Room, chunk: Chunk, text: int) -> bool:
        """Whether what is reserved for these and for the coming round stays under the ceiling."""
        rung = self.economy.rung
        return self.ceiling.holds(self.room(kept + self._coming(chunk, rung, text), self._sight.tokens(chunk, rung)))

    def room(self, needed: Room, grid_tokens: int) -> Room:
        """What to reserve: the most that will ever be needed, so that memory is taken once; what is needed now where
        nothing is evicted, or where that is not to be had. With repeats left out the most is far more than is used, so
        room grows in steps towards it."""
        if self._context.keeps_all:
            return needed
        most = self._context.most_room(grid_tokens, self.economy.rung.vision)
        if self._sight.repeats is not None:
            most = most.up_to(self._context.cache.stepped(needed, GROWTH))
        return needed | most if self.ceiling.holds(most) else needed

    def _coming(self, chunk: Chunk, rung: Rung, text: int) -> Room:
        """The most that the coming round may add."""
        return Room(text, text) + self._context.pictures_room(self._sight.tokens(chunk, rung))
