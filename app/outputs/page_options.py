"""What can be chosen about the overlay page."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import UsageError

PORT = 4417
"""Where the page is unless another port is given."""


@dataclass(frozen=True, slots=True)
class PageOptions:
    """`[outputs.page]`.

    Attributes:
        port: where it listens; 0 is any that is free. on: whether it is served.
    """

    port: int = PORT
    on: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.port < 1 << 16:
            raise UsageError("Impossible port", f"The overlay page takes one from 0 to 65535, not {self.port}")
