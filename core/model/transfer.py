"""One file from a server onto the disk, going on where an earlier try ended. Loads huggingface_hub, but no torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event

from huggingface_hub.errors import HfHubHTTPError, HTTPError
from huggingface_hub.utils import get_session, hf_raise_for_status

from core.errors import CheckpointError

PATIENCE_S = 10.0
"""For connecting, and between two pieces of a file."""
PAUSES_S = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Before each new try that follows a try which brought nothing."""
WORTH_ANOTHER_TRY = (408, 429, 500, 502, 503, 504)
OUT_OF_RANGE = 416


def size_of(file: Path) -> int:
    """Bytes of a file, 0 when it is not there."""
    return file.stat().st_size if file.is_file() else 0


def fetch_file(
    url: str, part: Path, size: int, headers: Mapping[str, str], advance: Callable[[int], None], cancelled: Event
) -> None:
    """Append to `part` until it has `size` bytes; what is there stays, also when this raises.

    `advance` hears of every piece's bytes, negative ones when a server made us start over. Raises CheckpointError when
    `cancelled`, and huggingface_hub's HTTPError when the server stays away.
    """
    tries = 0
    while (before := size_of(part)) != size:
        try:
            _append(url, part, size, headers, advance, cancelled)
        except HTTPError as error:
            if isinstance(error, HfHubHTTPError) and error.response.status_code not in WORTH_ANOTHER_TRY:
                raise
            tries = tries + 1 if size_of(part) <= before else 0
            if tries > len(PAUSES_S):
                raise
            cancelled.wait(PAUSES_S[max(0, tries - 1)])
            continue
        if size_of(part) <= before:  # an answer that ended well and brought nothing will not bring more
            raise CheckpointError("Download failed", f"{url} is shorter than the hub says; try again later")
    if not size:
        part.touch()


def _append(
    url: str, part: Path, size: int, headers: Mapping[str, str], advance: Callable[[int], None], cancelled: Event
) -> None:
    """One request for what is still missing."""
    check_cancelled(cancelled)
    start = size_of(part)
    ranged = {**headers, "Accept-Encoding": "identity", **({"Range": f"bytes={start}-"} if start else {})}
    with get_session().stream("GET", url, headers=ranged, timeout=PATIENCE_S, follow_redirects=True) as response:
        if response.is_error:
            response.read()  # the reason is in it
        if response.status_code != OUT_OF_RANGE:
            hf_raise_for_status(response)
        _require_file(url, response.headers.get("Content-Type", ""))
        if start and response.status_code != 206:  # this server sends whole files, or ours is longer than its
            part.unlink()
            advance(-start)
        if response.status_code == OUT_OF_RANGE:
            return
        with part.open("ab") as file:
            for piece in response.iter_raw():
                file.write(piece)
                advance(len(piece))
                check_cancelled(cancelled)
    if size_of(part) > size:
        part.unlink()
        raise CheckpointError("Download failed", f"{url} is longer than the hub says; try again later")


def _require_file(url: str, content_type: str) -> None:
    """Raises CheckpointError where a page came in the place of a file: a network's own, which wants a log-in."""
    if content_type.partition(";")[0].strip().lower() == "text/html":
        raise CheckpointError(
            "No network", f"a page came in the place of {url}; log in to this network in a browser, then try again"
        )


def check_cancelled(cancelled: Event) -> None:
    """Raises CheckpointError when a download is to end."""
    if cancelled.is_set():
        raise CheckpointError("Download stopped", "what was fetched is kept; the next start goes on from there")
