"""No request that costs money is sent before somebody has said yes."""

from __future__ import annotations

import sys
from urllib.parse import urlsplit

from core.chat.connection import LOOPBACK
from core.chat.cost import Cost, Price
from core.errors import UsageError


def confirm_cost(step: str, cost: Cost, price: Price | None, url: str, *, yes: bool) -> None:
    """Say on stderr what `step` will cost, and unless `yes`, ask at the terminal. Raises UsageError without consent."""
    if not cost.requests:
        return
    sys.stderr.write(f"{step}: about {cost.told(price)}, to {url}\n")
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("No terminal to ask in", "say --yes to send these requests")
    sys.stderr.write("Go on? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UsageError("Not sent", "nothing was asked; what is done is kept")


def is_local(url: str) -> bool:
    """Whether that endpoint is on this machine."""
    return (urlsplit(url).hostname or "") in LOOPBACK
